//! Without a feature for TLS.

use std::io::{BufRead as _, BufReader, Write as _};

use notify_http::{BuildError, Client, ListTemplates};

use crate::server::listen;
use crate::{KEY, builder};

#[test]
fn https_is_an_error_when_the_client_is_built() {
    // GOV.UK Notify itself is one such service.
    for built in [Client::new(KEY), builder("https://localhost").build()] {
        let error = built.unwrap_err();
        assert!(matches!(error, BuildError::NoTls), "{error:?}");
        assert!(error.to_string().contains("feature `rustls`"), "{error}");
    }
    // Nothing would ever look at them.
    let with_certificates = builder("http://localhost").root_certificates("-----BEGIN CERTIFICATE-----");
    assert!(matches!(with_certificates.build(), Err(BuildError::NoTls)));
}

#[tokio::test]
async fn a_sandbox_needs_none() {
    let body = r#"{"templates":[]}"#;
    let answer = format!("HTTP/1.1 200 O\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let port = listen(move |mut stream| {
        // What is closed with something unread is broken off.
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
        stream.write_all(answer.as_bytes())
    });
    let client = builder(&format!("http://localhost:{port}")).build().unwrap();
    client.send(ListTemplates::new()).await.unwrap();
}
