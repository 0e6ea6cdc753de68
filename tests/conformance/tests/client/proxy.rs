//! Proxies named by the program or by the environment.

use std::error::Error as _;
use std::process::Command;
use std::sync::Arc;

use notify_http::{Client, ClientBuilder, GetTemplate};
use notify_testkit::http1::{RawRequest, ScriptedServer};

use crate::server::whole;
use crate::{ID, KEY, SENT, impatient, message};

/// A host that does not exist: whatever reaches it went through a proxy.
const NOWHERE: &str = "http://notify.invalid";

/// A proxy that answers for every host.
fn proxy() -> ScriptedServer {
    ScriptedServer::start(|request| {
        if request.method == "CONNECT" { whole(502, "") } else { whole(201, SENT) }.into_bytes()
    })
    .unwrap()
}

fn to(url: &str) -> ClientBuilder<Client> {
    Client::builder(KEY).base_url(url).allow_plain_http().policy(impatient())
}

fn targets(server: &ScriptedServer) -> Vec<String> {
    server.requests().into_iter().map(|request| request.target).collect()
}

#[tokio::test]
async fn a_proxy_that_the_program_names_carries_every_request() {
    let (proxy, service) = (proxy(), proxy());
    to(NOWHERE).proxy(proxy.url()).build().unwrap().send(message()).await.unwrap();
    // A proxy set by the program also applies to this machine.
    to(&service.url()).proxy(proxy.url()).build().unwrap().send(message()).await.unwrap();
    let direct = format!("{}/v2/notifications/sms", service.url());
    assert_eq!(targets(&proxy), [format!("{NOWHERE}/v2/notifications/sms"), direct]);
    assert_eq!(service.requests(), []);
}

#[tokio::test]
async fn https_goes_through_a_tunnel_and_the_proxy_does_not_see_the_token() {
    let proxy = proxy();
    let url = proxy.url().replace("http://", "http://kim:secret@");
    let client = to("https://notify.invalid").proxy(url).build().unwrap();
    let error = client.send(message()).await.unwrap_err();
    // No tunnel, no message.
    assert!(error.is_not_sent(), "{error:?}");
    let [RawRequest { method, target, headers, .. }] = &proxy.requests()[..] else {
        panic!("not one request")
    };
    assert_eq!((&**method, &**target), ("CONNECT", "notify.invalid:443"));
    assert_eq!(headers.get("Proxy-Authorization"), Some("Basic a2ltOnNlY3JldA=="));
    assert_eq!(headers.get("Authorization"), None);
    let shown = format!("{error} {error:?} {:?} {client:?}", error.source());
    assert!(!shown.contains("secret") && !shown.contains("a2lt"), "{shown}");
}

#[tokio::test]
async fn a_proxy_that_wants_credentials_is_called_once_and_named() {
    for url in [NOWHERE, "https://notify.invalid"] {
        let proxy = ScriptedServer::start(|_| whole(407, "who are you?").into_bytes()).unwrap();
        let client = Client::builder(KEY).base_url(url).allow_plain_http();
        let client = client.proxy(proxy.url().replace("http://", "http://kim:secret@")).build().unwrap();
        let sent = client.send(message()).await.unwrap_err();
        let asked = client.send(GetTemplate::new(ID.parse().unwrap())).await.unwrap_err();
        assert_eq!(proxy.requests().len(), 2, "{url}");
        for error in [&sent, &asked] {
            assert!(error.is_not_sent() && !error.may_have_been_sent(), "{error:?}");
            let named = format!("the proxy {} answered 407 Proxy Authentication Required", proxy.url());
            assert!(error.to_string().ends_with(&named), "{error}");
            assert!(error.remedy().unwrap().contains("the proxy wants a user name and password"));
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }
}

#[test]
fn a_proxys_password_is_not_shown() {
    let builder = to(NOWHERE).proxy("http://kim:secret@[::");
    assert!(!format!("{builder:?}").contains("secret"));
    let error = builder.build().unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.source().map(ToString::to_string));
    assert!(!shown.contains("secret"), "{shown}");
}

/// The environment is read once per process, so each of these runs [`child`] in its own.
fn in_environment(variables: &[(&str, &str)], base_url: &str, by: &str) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "proxy::child", "--ignored", "--quiet"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        child.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    child.envs(variables.iter().copied()).env("CHILD_BASE_URL", base_url).env("CHILD_BY", by);
    child.output().unwrap().status.success()
}

/// Sends one message to the service that the environment names; passes if the message was taken.
#[tokio::test]
#[ignore = "a part of the tests of the environment, which run it in processes of their own"]
async fn child() {
    let builder = to(&std::env::var("CHILD_BASE_URL").unwrap());
    let builder = match &*std::env::var("CHILD_BY").unwrap() {
        "no proxy" => builder.no_proxy(),
        "a builder" => builder.reqwest(reqwest::Client::builder),
        _ => builder,
    };
    builder.build().unwrap().send(message()).await.unwrap();
}

#[test]
fn the_proxy_that_the_environment_names_is_used() {
    for (variable, by) in
        [("HTTP_PROXY", ""), ("http_proxy", ""), ("ALL_PROXY", ""), ("HTTP_PROXY", "a builder")]
    {
        let proxy = proxy();
        assert!(in_environment(&[(variable, &proxy.url())], NOWHERE, by), "{variable} {by}");
        assert_eq!(targets(&proxy), [format!("{NOWHERE}/v2/notifications/sms")], "{variable} {by}");
    }
    let proxy = proxy();
    assert!(!in_environment(&[("HTTPS_PROXY", &proxy.url())], "https://notify.invalid", ""));
    assert_eq!(targets(&proxy), ["notify.invalid:443"]);
}

#[test]
fn no_proxy_and_the_programs_settings_override_the_environment() {
    let proxy = Arc::new(proxy());
    let named = ("HTTP_PROXY", &*proxy.url());
    assert!(!in_environment(&[named, ("NO_PROXY", "notify.invalid")], NOWHERE, ""));
    assert!(!in_environment(&[named, ("NO_PROXY", ".invalid")], NOWHERE, ""));
    assert!(!in_environment(&[named], NOWHERE, "no proxy"));
    assert_eq!(proxy.requests(), []);
    assert!(in_environment(&[named, ("NO_PROXY", "example.com")], NOWHERE, ""));
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn requests_to_this_machine_stay_on_it() {
    let (proxy, service) = (proxy(), proxy());
    let named = [("HTTP_PROXY", &*proxy.url()), ("ALL_PROXY", &*proxy.url())];
    let by_name = service.url().replace("127.0.0.1", "localhost");
    for url in [service.url(), by_name] {
        assert!(in_environment(&named, &url, ""), "{url}");
    }
    assert_eq!(proxy.requests(), []);
    assert_eq!(service.requests().len(), 2);
}
