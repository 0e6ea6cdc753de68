//! Without a feature for TLS.

use std::io::Write as _;

use notify_http::{BuildError, Client, ListTemplates};

use crate::server::{Authority, listen};
use crate::{KEY, builder};

#[test]
fn https_is_an_error_when_the_client_is_built() {
    // GOV.UK Notify itself is one such service.
    for built in [Client::new(KEY), builder("https://localhost").build()] {
        let error = built.unwrap_err();
        assert!(matches!(error, BuildError::NoTls), "{error:?}");
        assert!(error.to_string().contains("feature `rustls`"), "{error}");
    }
    let pem = Authority::new("ours").pem;
    assert!(matches!(builder("http://localhost").root_certificates(pem).build(), Err(BuildError::NoTls)));
}

#[tokio::test]
async fn a_sandbox_needs_none() {
    let body = r#"{"templates":[]}"#;
    let answer = format!("HTTP/1.1 200 O\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let port = listen(move |mut stream| stream.write_all(answer.as_bytes()));
    let client = builder(&format!("http://localhost:{port}")).build().unwrap();
    client.send(ListTemplates::new()).await.unwrap();
}
