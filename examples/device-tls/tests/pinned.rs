//! The pinned key against OpenSSL's server, with the right certificate and with forged ones.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot unwrap has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
use rand_core::OsRng;

const NAME: &str = "gateway.example";

/// A folder of keys and certificates.
struct Pki(PathBuf);

impl Pki {
    /// A root; the gateway's certificate of it; a certificate for another name of the same root; and one for the gateway's name
    /// that the owner of the other one has made.
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let pki = Self(folder);
        pki.certificate("root", "Private root", None, "CA:TRUE");
        pki.certificate("gateway", NAME, Some("root"), "CA:FALSE");
        pki.certificate("other", "other.example", Some("root"), "CA:FALSE");
        pki.certificate("forged", NAME, Some("other"), "CA:FALSE");
        pki
    }

    fn certificate(&self, file: &str, name: &str, issuer: Option<&str>, constraints: &str) {
        let (key, certificate) = (format!("{file}.key"), format!("{file}.pem"));
        let (subject, alternative) = (format!("/CN={name}"), format!("subjectAltName=DNS:{name}"));
        let constraints = format!("basicConstraints=critical,{constraints}");
        let mut words = vec![
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-sha256",
            "-days",
            "2",
            "-keyout",
            &key,
            "-out",
            &certificate,
            "-subj",
            &subject,
            "-addext",
            &constraints,
        ];
        let (issuer_key, issuer_pem);
        if let Some(issuer) = issuer {
            (issuer_key, issuer_pem) = (format!("{issuer}.key"), format!("{issuer}.pem"));
            words.extend(["-CA", &issuer_pem, "-CAkey", &issuer_key, "-addext", &alternative]);
        }
        self.openssl(&words);
    }

    fn openssl(&self, words: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl").args(words).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// The public key in a certificate: the last 65 bytes of its structure.
    fn key(&self, file: &str) -> [u8; 65] {
        let pem = format!("{file}.key");
        let structure = self.openssl(&["pkey", "-in", &pem, "-pubout", "-outform", "DER"]);
        structure[structure.len() - 65..].try_into().unwrap()
    }

    fn der(&self, file: &str) -> Vec<u8> {
        let pem = format!("{file}.pem");
        self.openssl(&["x509", "-in", &pem, "-outform", "DER"])
    }
}

/// OpenSSL's server, which prints what it is sent, and sends what it is told.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(pki: &Pki, certificate: &str, chain: Option<&str>) -> Self {
        // A port that was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (accept, key, pem) =
            (format!("127.0.0.1:{port}"), format!("{certificate}.key"), format!("{certificate}.pem"));
        let mut command = Command::new("openssl");
        command.args(["s_server", "-tls1_3", "-quiet", "-accept", &accept, "-key", &key, "-cert", &pem]);
        if let Some(chain) = chain {
            command.args(["-cert_chain", &format!("{chain}.pem")]);
        }
        let pipes = command.current_dir(&pki.0).stdin(Stdio::piped()).stdout(Stdio::piped());
        let process = pipes.stderr(Stdio::null()).spawn().unwrap();
        Self { process, port }
    }

    fn socket(&self) -> FromStd<TcpStream> {
        for _ in 0..100 {
            if let Ok(socket) = TcpStream::connect(("127.0.0.1", self.port)) {
                socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
                return FromStd::new(socket);
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not listen")
    }

    /// All that it was sent.
    fn received(mut self) -> String {
        let _ = self.process.kill();
        let mut text = String::new();
        self.process.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Connects with the gateway's key pinned.
fn pinned(pki: &Pki, server: &Server) -> Result<(), TlsError> {
    let (mut read, mut write) = (vec![0; 16_640], vec![0; 2_048]);
    let buffers = Buffers { read: &mut read, write: &mut write };
    let pinned = PinnedKey::new(&pki.key("gateway")).unwrap();
    connect(server.socket(), NAME, pinned, OsRng, buffers).map(|_| ())
}

#[test]
fn a_message_goes_to_the_server_that_has_the_key() {
    let pki = Pki::new("right");
    let mut server = Server::start(&pki, "gateway", None);
    let (mut read, mut write) = (vec![0; 16_640], vec![0; 2_048]);
    let buffers = Buffers { read: &mut read, write: &mut write };
    let pinned = PinnedKey::new(&pki.key("gateway")).unwrap();
    let mut connection = connect(server.socket(), NAME, pinned, OsRng, buffers).unwrap();

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
    let outcome = exchange(&mut connection, &mut call, &signer, &mut clock, || 7);
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
    let root = pki.der("root");
    for (certificate, chain) in [("gateway", None), ("forged", Some("other"))] {
        let server = Server::start(&pki, certificate, chain);
        let (mut read, mut write) = (vec![0; 16_640], vec![0; 2_048]);
        let mut connection = TlsConnection::new(server.socket(), &mut read, &mut write);
        let config = TlsConfig::new().with_server_name(NAME);
        let verifier = CertVerifier::new(Certificate::X509(&root[..]));
        let outcome = connection.open(TlsContext::new(&config, Rustpki(verifier)));
        assert!(outcome.is_ok(), "{certificate}: {outcome:?}");
    }
}
