//! Without a TLS feature.

use notify_http::{BuildError, Client, ListTemplates};
use notify_testkit::http1::{RawResponse, Server};

use crate::{KEY, builder};

#[test]
fn https_is_an_error_when_the_client_is_built() {
    // GOV.UK Notify itself is one such service.
    for built in [Client::new(KEY), builder("https://localhost").build()] {
        let error = built.unwrap_err();
        assert!(matches!(error, BuildError::NoTls), "{error:?}");
        assert!(error.to_string().contains("feature `rustls`"), "{error}");
    }
    // Nothing would ever use them.
    let with_certificates = builder("http://localhost").root_certificates("-----BEGIN CERTIFICATE-----");
    assert!(matches!(with_certificates.build(), Err(BuildError::NoTls)));
}

#[tokio::test]
async fn a_sandbox_needs_no_tls() {
    let answer = RawResponse::new(200, r#"{"templates":[]}"#).to_bytes();
    let server = Server::answering(move |mut connection| connection.write(&answer)).unwrap();
    let client = builder(&server.url()).build().unwrap();
    client.send(ListTemplates::new()).await.unwrap();
}
