//! Genuine and forged keys and certificates, and a server that uses them, made with OpenSSL. The test of the board in QEMU
//! uses them, too.

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// The gateway's name.
pub(crate) const NAME: &str = "gateway.example";

/// A folder of keys and certificates.
pub(crate) struct Pki(PathBuf);

impl Pki {
    /// A root; the gateway's certificate, signed by the root; a certificate for another name, signed by the same root; and a
    /// forged one for the gateway's name, signed with the key of that other certificate.
    pub(crate) fn new(test: &str) -> Self {
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

    /// What OpenSSL makes of these words in the folder.
    pub(crate) fn openssl(&self, words: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl").args(words).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// The public key in a certificate: the last 65 bytes of its structure.
    pub(crate) fn key(&self, file: &str) -> [u8; 65] {
        let pem = format!("{file}.key");
        let structure = self.openssl(&["pkey", "-in", &pem, "-pubout", "-outform", "DER"]);
        structure[structure.len() - 65..].try_into().unwrap()
    }
}

/// OpenSSL's server, which prints what it is sent, and sends what it is told.
pub(crate) struct Server {
    pub(crate) process: Child,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(pki: &Pki, certificate: &str, chain: Option<&str>) -> Self {
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

    /// Waits until it listens.
    pub(crate) fn stream(&self) -> TcpStream {
        for _ in 0..200 {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", self.port)) {
                return stream;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the server does not listen")
    }

    /// All that it was sent.
    pub(crate) fn received(mut self) -> String {
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
