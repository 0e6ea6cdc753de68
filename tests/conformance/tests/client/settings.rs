//! The settings of a client, in any order: each takes effect, or is an error.

use std::time::Duration;

use notify_http::{ApiKey, BaseUrl, BuildError, Client, Policy, Service, blocking};

use crate::fake::{Fake, response};
use crate::{KEY, SENT, builder, message};
use notify_testkit::http1::ScriptedServer;

fn fake() -> Fake {
    Fake::new(|_, _| Ok(response(201, SENT)))
}

#[tokio::test]
async fn a_timeout_applies_whether_the_policy_is_set_before_or_after_it() {
    let minute = Duration::from_secs(60);
    let policy = Policy::default().attempt_timeout(Duration::from_secs(100));
    let fake = fake();
    let build = |fake: &Fake| Client::builder(KEY).transport(fake.clone());
    let client = build(&fake).build().unwrap();
    for client in [
        build(&fake).timeout(minute).policy(policy).build().unwrap(),
        build(&fake).policy(policy).timeout(minute).build().unwrap(),
        client.timeout(minute).policy(policy),
        client.policy(policy).timeout(minute),
        build(&fake).timeout(minute).build().unwrap().policy(policy),
    ] {
        client.send(message()).await.unwrap();
    }
    for (_, limits) in fake.asked() {
        assert!(limits.timeout <= minute && limits.timeout > minute / 2, "{limits:?}");
    }
}

#[tokio::test]
async fn a_proxy_applies_together_with_a_reqwest_builder() {
    let proxy = ScriptedServer::start(|_| crate::server::whole(201, SENT).into_bytes()).unwrap();
    for built in [
        builder("http://notify.test").reqwest(reqwest::Client::builder).proxy(proxy.url()),
        builder("http://notify.test").proxy(proxy.url()).reqwest(reqwest::Client::builder),
    ] {
        built.allow_plain_http().build().unwrap().send(message()).await.unwrap();
    }
    assert_eq!(proxy.requests().len(), 2);
}

#[test]
fn a_setting_without_effect_is_an_error_that_names_it() {
    let named = |error: Result<Client, BuildError>| error.unwrap_err().to_string();
    let own = || Client::builder(KEY).transport(fake());
    let second = Duration::from_secs(1);
    for (error, setting) in [
        (named(own().connect_timeout(second).build()), "connect_timeout()"),
        (named(own().proxy("http://proxy.example").build()), "proxy()"),
        (named(own().no_proxy().build()), "no_proxy()"),
        (named(own().root_certificates("x").build()), "root_certificates()"),
        (named(own().reqwest(reqwest::Client::builder).build()), "reqwest()"),
        (
            named(Client::builder(KEY).root_certificates("x").reqwest(reqwest::Client::builder).build()),
            "root_certificates()",
        ),
    ] {
        assert!(error.starts_with(setting) && error.contains("no effect"), "{error}");
    }
    let blocking = blocking::Client::builder(KEY).transport(fake()).no_proxy().build().unwrap_err();
    assert!(matches!(blocking, BuildError::UnusedSetting { setting: "no_proxy", beside: "transport", .. }));
}

#[test]
fn a_key_and_a_base_url_can_be_text_or_typed_values() {
    let url: BaseUrl = "http://127.0.0.1:6011".parse().unwrap();
    let (key_text, url_text) = (KEY.to_owned(), url.as_str().to_owned());
    for client in [
        Client::builder(KEY).base_url("http://127.0.0.1:6011"),
        Client::builder(&key_text).base_url(&url_text),
        Client::builder(key_text.clone()).base_url(url_text.clone()),
        Client::builder(ApiKey::parse(KEY).unwrap()).base_url(&url),
        Client::builder(KEY).base_url(url.clone()).service(Service::gov_uk()),
    ] {
        client.build().unwrap().replace_key(ApiKey::parse(KEY).unwrap()).unwrap();
    }
    assert!(matches!(Client::new("a key that was cut"), Err(BuildError::ApiKey(_))));
    assert!(matches!(Client::builder(KEY).base_url("not a url").build(), Err(BuildError::BaseUrl(_))));
}
