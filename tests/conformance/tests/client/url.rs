//! Where requests go, and which settings a client refuses.

use std::io::{BufReader, Write as _};

use notify_http::{BuildError, Client, GetTemplate};
use notify_testkit::http1::{RawRequest, ScriptedServer, Server};

use crate::server::{last, whole};
use crate::{ID, KEY, SENT, builder, message};

#[tokio::test]
async fn a_path_prefix_is_kept() {
    let server = ScriptedServer::start(|_| whole(201, SENT).into_bytes()).unwrap();
    for prefix in ["/vanotify", "/vanotify/", ""] {
        builder(&format!("{}{prefix}", server.url())).build().unwrap().send(message()).await.unwrap();
    }
    let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(
        targets,
        ["/vanotify/v2/notifications/sms", "/vanotify/v2/notifications/sms", "/v2/notifications/sms"]
    );
}

#[test]
fn an_unusable_base_url_is_refused_when_the_client_is_built() {
    for url in [
        "https://notify.example:99999",
        "http://127.0.0.1:0",
        "https://256.256.256.256",
        "https://1.2.3.4.5",
        "https://notify%00.example",
    ] {
        let error = builder(url).build().unwrap_err();
        assert!(matches!(error, BuildError::BaseUrl(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn what_is_sent_is_what_the_service_expects() {
    let server = ScriptedServer::start(|_| whole(404, "").into_bytes()).unwrap();
    let client = builder(&server.url()).build().unwrap();
    client.send(GetTemplate::new(ID.parse().unwrap())).await.unwrap_err();
    client.send(message()).await.unwrap_err();
    let [asked, sent] = &server.requests()[..] else { panic!("{:?}", server.requests()) };
    let names = |request: &RawRequest| {
        let mut names: Vec<String> =
            request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(asked), ["accept", "authorization", "host", "user-agent"]);
    assert_eq!(
        names(sent),
        ["accept", "authorization", "content-length", "content-type", "host", "user-agent"]
    );
    let agent = asked.headers.get("User-Agent").unwrap();
    assert!(agent.starts_with("NOTIFY-API-RUST-CLIENT/"), "{agent}");
}

fn refused(built: Result<Client, BuildError>) -> BuildError {
    built.expect_err("it cannot be built")
}

#[test]
fn plain_http_to_another_machine_must_be_allowed_explicitly() {
    for url in ["http://notify.example", "http://10.0.0.1:3000", "http://localhost.example"] {
        let error = refused(Client::builder(KEY).base_url(url).build());
        assert!(matches!(error, BuildError::PlainHttp), "{error:?}");
        assert!(error.to_string().contains("allow_plain_http"));
        Client::builder(KEY).base_url(url).allow_plain_http().build().unwrap();
    }
    for url in ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:1", "https://notify.example"] {
        Client::builder(KEY).base_url(url).build().unwrap();
    }
}

#[test]
fn every_wrong_setting_is_reported_when_the_client_is_built() {
    let built = |builder: notify_http::ClientBuilder<Client>| refused(builder.build());
    assert!(matches!(refused(Client::new("not a key")), BuildError::ApiKey(_)));
    assert!(matches!(built(Client::builder(KEY).base_url("notify")), BuildError::BaseUrl(_)));
    assert!(matches!(built(Client::builder(KEY).user_agent("a\nb")), BuildError::UserAgent));
    assert!(matches!(built(Client::builder(KEY).proxy("::")), BuildError::Proxy(_)));
    for pem in ["", "not PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = built(Client::builder(KEY).root_certificates(pem));
        assert!(matches!(error, BuildError::RootCertificate | BuildError::Http(_)), "{pem:?}: {error:?}");
    }
}

/// Listens on this address of this machine; not every machine has both.
fn listening(address: std::net::IpAddr) -> Option<u16> {
    let server = Server::start_at(address, |mut stream| {
        let request = RawRequest::read(&mut BufReader::new(stream.try_clone()?))?;
        request.map_or(Ok(()), |_| stream.write_all(last(201, SENT).as_bytes()))
    });
    let server = server.ok().or_else(|| {
        assert!(address.is_ipv6());
        None
    })?;
    Some(server.detach().port())
}

#[tokio::test]
async fn names_of_this_machine_are_not_resolved_over_the_network() {
    for address in ["127.0.0.1", "::1"] {
        let Some(port) = listening(address.parse().unwrap()) else { continue };
        for host in ["notify.localhost", "a.b.LOCALHOST", "localhost"] {
            let url = format!("http://{host}:{port}");
            builder(&url).build().unwrap().send(message()).await.unwrap();
            // Whatever a custom builder says about them.
            let own =
                move || reqwest::Client::builder().no_proxy().resolve(host, ([192, 0, 2, 1], port).into());
            builder(&url).reqwest(own).build().unwrap().send(message()).await.unwrap();
            let blocking = crate::blocking::client(&url);
            tokio::task::spawn_blocking(move || blocking.send(message())).await.unwrap().unwrap();
        }
    }
}
