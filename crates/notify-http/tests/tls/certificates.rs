//! Which servers a client trusts.

use std::io::Write as _;

use notify_http::{BuildError, Client, Error, ListTemplates};
use notify_testkit::http1::{RawResponse, Server};

use crate::authority::Authority;
use crate::builder;

/// A year in the distant future.
const LONG: i32 = 4_000;

async fn ask(client: &Client) -> Result<(), Error> {
    client.send(ListTemplates::new()).await.map(drop)
}

/// A client that also trusts this authority.
fn trusting(authority: &Authority, url: &str) -> Client {
    builder(url).root_certificates(authority.pem.as_str()).build().unwrap()
}

async fn assert_refuses(client: &Client) {
    let error = ask(client).await.unwrap_err();
    // Whoever the server was, it got nothing to read: neither token nor message.
    assert!(error.is_not_sent() && !error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_certificate_of_a_custom_authority_is_trusted_if_the_authority_was_given() {
    let authority = Authority::new("Sandbox Borough Council");
    for (name, url) in [("localhost", "https://localhost"), ("127.0.0.1", "https://127.0.0.1")] {
        let url = format!("{url}:{}", authority.serve(&[name], LONG));
        ask(&trusting(&authority, &url)).await.unwrap();
        assert_refuses(&builder(&url).build().unwrap()).await;
    }
}

#[tokio::test]
async fn several_authorities_can_be_given_in_one_text_and_in_several() {
    let (one, two, three) = (Authority::new("one"), Authority::new("two"), Authority::new("three"));
    for authority in [&one, &two, &three] {
        let url = format!("https://localhost:{}", authority.serve(&["localhost"], LONG));
        let both = format!("{}\n# the other one\n{}", one.pem, two.pem);
        let client =
            builder(&url).root_certificates(both).root_certificates(three.pem.as_str()).build().unwrap();
        ask(&client).await.unwrap();
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_or_time_or_by_another_authority_is_not_trusted() {
    let authority = Authority::new("ours");
    let other = Authority::new("ours");
    let url = |port: u16| format!("https://localhost:{port}");
    assert_refuses(&trusting(&authority, &url(authority.serve(&["notify.example"], LONG)))).await;
    assert_refuses(&trusting(&authority, &url(authority.serve(&["localhost"], 2_000)))).await;
    assert_refuses(&trusting(&authority, &url(other.serve(&["localhost"], LONG)))).await;
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_gets_nothing() {
    let server =
        Server::start(|mut stream| stream.write_all(&RawResponse::new(200, "{}").to_bytes())).unwrap();
    assert_refuses(&builder(&format!("https://localhost:{}", server.address().port())).build().unwrap())
        .await;
}

#[tokio::test]
async fn the_programs_own_builder_brings_its_own_certificates() {
    let authority = Authority::new("ours");
    let url = format!("https://localhost:{}", authority.serve(&["localhost"], LONG));
    let root = reqwest::Certificate::from_pem(authority.pem.as_bytes()).unwrap();
    let trusts = move || reqwest::Client::builder().tls_certs_only([root.clone()]);
    ask(&builder(&url).reqwest(trusts).build().unwrap()).await.unwrap();
    assert_refuses(&builder(&url).reqwest(reqwest::Client::builder).build().unwrap()).await;
}

#[test]
fn a_text_that_is_not_a_certificate_is_an_error_when_the_client_is_built() {
    for pem in ["", "not PEM", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        let error = builder("https://localhost").root_certificates(pem).build().unwrap_err();
        assert!(matches!(error, BuildError::RootCertificate), "{pem:?}: {error:?}");
    }
}
