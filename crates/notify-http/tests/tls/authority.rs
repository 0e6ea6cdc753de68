//! A service behind TLS, with certificates made for the test.

use std::io::{self, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use notify_testkit::http1::{RawRequest, RawResponse, Server};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The authority that signs the servers' certificates; nobody trusts it by default.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate, as clients get it.
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Starts a service whose certificate is for these names, valid until this year. Returns its port.
    pub(crate) fn serve(&self, names: &[&str], until: i32) -> u16 {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        let config = Arc::new(config);
        let server =
            Server::start(move |stream| answer(ServerConnection::new(Arc::clone(&config)).unwrap(), stream));
        server.unwrap().detach().port()
    }
}

/// Answers one request with an empty list of templates.
fn answer(connection: ServerConnection, stream: TcpStream) -> io::Result<()> {
    let mut stream = BufReader::new(StreamOwned::new(connection, stream));
    if RawRequest::read(&mut stream)?.is_none() {
        return Ok(());
    }
    let stream = stream.get_mut();
    let answer = RawResponse::new(200, r#"{"templates":[]}"#).header("Connection", "close");
    stream.write_all(&answer.to_bytes())?;
    stream.conn.send_close_notify();
    stream.flush()?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}
