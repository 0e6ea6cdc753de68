//! Each fault of a certificate or a proxy has a remedy of its own.
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify_testkit::http1::{RawResponse, Server, UNUSED_ADDRESS};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fixture::{End, Fixture, KEY, folder, notify_at};

/// An authority that the program trusts once its file is named.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(test: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, test);
        let key = KeyPair::generate().unwrap();
        let file = folder(&format!("tls-{test}")).join("authority.pem");
        fs::write(&file, params.self_signed(&key).unwrap().pem()).unwrap();
        Self { issuer: Issuer::new(params, key), file }
    }

    /// The URL of a server with a certificate for this name, valid in these years.
    fn serves(&self, name: &str, [from, until]: [i32; 2]) -> String {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        serve(certificate.der().clone(), &key)
    }
}

/// The URL of a server that shows this certificate.
fn serve(certificate: rustls::pki_types::CertificateDer<'static>, key: &KeyPair) -> String {
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .unwrap();
    let config = Arc::new(config);
    let server = Server::start(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        stream.read_exact(&mut [0; 16])?;
        let answer = RawResponse::new(200, r#"{"templates":[]}"#).header("Connection", "close");
        stream.write_all(&answer.to_bytes())?;
        stream.conn.send_close_notify();
        stream.flush()?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    });
    format!("https://localhost:{}", server.unwrap().detach().port())
}

/// How the program ends against a server, trusting the authorities in this file.
fn end(url: &str, trusted: &Path) -> End {
    let mut command = notify_at(url, KEY, ["templates", "--timeout", "1"]);
    End::of(command.env("SSL_CERT_FILE", trusted).env_remove("SSL_CERT_DIR"))
}

const VALID: [i32; 2] = [2020, 4000];

#[test]
fn an_invalid_certificate_is_reported_with_what_to_do() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let good = end(&ours.serves("localhost", VALID), &ours.file);
    assert_eq!(good.status, 0, "{good:?}");
    for (url, remedy) in [
        (other.serves("localhost", VALID), "name its file in SSL_CERT_FILE"),
        (ours.serves("localhost", [2000, 2001]), "out of date by this machine's clock: check the clock"),
        (ours.serves("localhost", [3000, 4000]), "not valid yet by this machine's clock: check the clock"),
        (ours.serves("notify.example", VALID), "another host's: check the base URL"),
    ] {
        end(&url, &ours.file).failed(6).says(&[remedy, "invalid peer certificate"]);
    }
}

#[test]
fn a_certificate_that_signed_itself_is_trusted_once_it_is_named_unless_it_is_an_authoritys() {
    let folder = folder("tls-self-signed");
    let (key, file) = (KeyPair::generate().unwrap(), folder.join("own.pem"));
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    fs::write(&file, certificate.pem()).unwrap();
    let url = serve(certificate.der().clone(), &key);
    end(&url, &folder.join("none.pem")).failed(3).says(&[
        "No CA certificates",
        "ca-certificates",
        "SSL_CERT_FILE; it is set, but the file cannot be opened",
    ]);
    let trusted = end(&url, &file);
    assert_eq!(trusted.status, 0, "{trusted:?}");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    fs::write(&file, certificate.pem()).unwrap();
    end(&serve(certificate.der().clone(), &key), &file)
        .failed(6)
        .says(&["one of its own, signed by that authority"]);
}

#[test]
fn a_machine_without_certificates_can_use_a_sandbox() {
    let (fixture, nowhere) = (Fixture::new(), folder("tls-none").join("none.pem"));
    for args in [&["templates"][..], &["sandbox", "messages"], &["demo"]] {
        let mut command = fixture.notify(args.iter().copied());
        let end = End::of(command.env("SSL_CERT_FILE", &nowhere).env_remove("SSL_CERT_DIR"));
        assert_eq!((end.status, &*end.stderr), (0, ""), "{args:?}: {end:?}");
    }
}

#[test]
fn a_server_with_tls_is_told_from_one_without() {
    let ours = Authority::new("scheme");
    let plain = ours.serves("localhost", VALID).replace("https:", "http:");
    end(&plain, &ours.file).says(&["does not speak HTTP", "https://"]);
    let sandbox = Fixture::new().sandbox.url().replace("http:", "https:");
    end(&sandbox, &ours.file).failed(6).says(&["help: "]);
}

#[test]
fn a_proxy_that_cannot_be_reached_or_refuses_is_named_and_its_password_is_not() {
    let through = |proxy: &str| {
        let mut command = notify_at("https://notify.example", KEY, ["templates", "--timeout", "1"]);
        let end = End::of(command.env("HTTPS_PROXY", proxy));
        assert!(!end.stderr.contains("hunter2"), "{end:?}");
        end.failed(6)
    };
    through(&format!("http://kim:hunter2@{UNUSED_ADDRESS}"))
        .says(&["the proxy cannot be reached", "HTTPS_PROXY"]);
    through("http://kim:hunter2@proxy.invalid:3128").says(&["the proxy cannot be reached", "HTTPS_PROXY"]);
    let refusal = RawResponse::new(407, "").header("Connection", "close").to_bytes();
    let proxy = Server::answering(move |mut connection| connection.write(&refusal)).unwrap();
    let url = proxy.url().replace("http://", "http://kim:hunter2@");
    through(&url).says(&["407", "the proxy wants a user name and password"]);
}
