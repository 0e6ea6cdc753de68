//! The pinned key against OpenSSL's server, with the right certificate and with forged ones.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot unwrap has failed")]

mod openssl;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use embedded_io_adapters::std::FromStd;
use embedded_tls::blocking::{
    Aes128GcmSha256, Certificate, CryptoProvider, TlsClock, TlsConfig, TlsConnection, TlsContext, TlsError,
    TlsVerifier,
};
use embedded_tls::pki::CertVerifier;
use notify_device_tls::{Buffers, PinnedKey, connect, exchange};
use notify_embedded::{Call, Message, Outcome, Service, TemplateId};
use notify_jwt::{ApiKey, Clock, Signer};
use openssl::{NAME, Pki, Server};
use rand_core::OsRng;

fn socket(server: &Server) -> FromStd<TcpStream> {
    let stream = server.stream();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    FromStd::new(stream)
}

/// Connects with the gateway's key pinned.
fn pinned(pki: &Pki, server: &Server) -> Result<(), TlsError> {
    let (mut read, mut write) = (vec![0; 16_640], vec![0; 2_048]);
    let buffers = Buffers { read: &mut read, write: &mut write };
    let pinned = PinnedKey::new(&pki.key("gateway")).unwrap();
    connect(socket(server), NAME, pinned, OsRng, buffers).map(|_| ())
}

#[test]
fn a_message_goes_to_the_server_that_has_the_key() {
    let pki = Pki::new("right");
    let mut server = Server::start(&pki, "gateway", None);
    let (mut read, mut write) = (vec![0; 16_640], vec![0; 2_048]);
    let buffers = Buffers { read: &mut read, write: &mut write };
    let pinned = PinnedKey::new(&pki.key("gateway")).unwrap();
    let mut connection = connect(socket(&server), NAME, pinned, OsRng, buffers).unwrap();

    // The gateway answers once the request is there.
    let (mut stdin, stdout) = (server.process.stdin.take().unwrap(), server.process.stdout.take().unwrap());
    let gateway = thread::spawn(move || {
        let mut request = Vec::new();
        for line in BufReader::new(stdout).lines() {
            request.push(line.unwrap());
            if request.last().unwrap().is_empty() {
                break;
            }
        }
        let body = r#"{"id":"c3c56b78-5cd6-40db-a6e2-ff640bfd498d","template":{"id":"740e5834-3a29-46b4-9a6f-16142fde533a"}}"#;
        write!(stdin, "HTTP/1.1 201 CREATED\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        stdin.flush().unwrap();
        (request, stdin)
    });
    let key = "61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137";
    let signer = Signer::new(&ApiKey::parse(key).unwrap());
    let mut clock = Clock::starting_at(1_795_430_454);
    let template = TemplateId::from_static("740e5834-3a29-46b4-9a6f-16142fde533a");
    let mut call = Call::new(Service::gov_uk().at_host(NAME), Message::sms(template, "+447900900123"));
    let keep = |call: &Call<'_>, _: &Clock| call.under_way().map(drop).ok_or(());
    let outcome = exchange(&mut connection, &mut call, &signer, &mut clock, || 7, keep).unwrap();
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let (request, _) = gateway.join().unwrap();
    assert_eq!(request[0], "POST /v2/notifications/sms HTTP/1.1");
    assert_eq!(request[1], "Host: gateway.example");
    assert!(request[2].starts_with("Authorization: Bearer eyJ"));
}

#[test]
fn a_certificate_that_a_leaf_has_signed_is_refused_and_nothing_is_sent() {
    let pki = Pki::new("forged");
    let server = Server::start(&pki, "forged", Some("other"));
    assert!(matches!(pinned(&pki, &server), Err(TlsError::InvalidCertificate)));
    assert_eq!(server.received(), "");
    // Alone, it has the right name, and not the key.
    let server = Server::start(&pki, "forged", None);
    assert!(matches!(pinned(&pki, &server), Err(TlsError::InvalidSignature)));
    assert_eq!(server.received(), "");
}

#[test]
fn another_server_of_the_same_root_is_refused() {
    let pki = Pki::new("other");
    let server = Server::start(&pki, "other", None);
    assert!(matches!(pinned(&pki, &server), Err(TlsError::InvalidSignature)));
}

struct Now;

impl TlsClock for Now {
    fn now() -> Option<u64> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.ok().map(|since| since.as_secs())
    }
}

/// The verifier that comes with embedded-tls.
struct Rustpki<'r>(CertVerifier<'r, Aes128GcmSha256, Now, 4096>);

impl CryptoProvider for Rustpki<'_> {
    type CipherSuite = Aes128GcmSha256;
    type Signature = [u8; 0];

    fn rng(&mut self) -> impl embedded_tls::CryptoRngCore {
        OsRng
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, TlsError> {
        Ok(&mut self.0)
    }
}

/// Why a verifier of our own: if this fails some day, the library has learned it.
#[test]
fn the_verifier_of_the_library_accepts_what_a_leaf_has_signed() {
    let pki = Pki::new("rustpki");
    let root = pki.openssl(&["x509", "-in", "root.pem", "-outform", "DER"]);
    for (certificate, chain) in [("gateway", None), ("forged", Some("other"))] {
        let server = Server::start(&pki, certificate, chain);
        let (mut read, mut write) = (vec![0; 16_640], vec![0; 2_048]);
        let mut connection = TlsConnection::new(socket(&server), &mut read, &mut write);
        let config = TlsConfig::new().with_server_name(NAME);
        let verifier = CertVerifier::new(Certificate::X509(&root[..]));
        let outcome = connection.open(TlsContext::new(&config, Rustpki(verifier)));
        assert!(outcome.is_ok(), "{certificate}: {outcome:?}");
    }
}
