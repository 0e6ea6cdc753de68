//! HTTPS, with a certificate that is generated at the start.
//!
//! Each sandbox creates its own certificate authority. The authority signs one certificate; then its key is discarded,
//! and never reaches the disk. A client that trusts the authority trusts only the names that were requested.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long the certificates are valid: some clients refuse those that are valid for years.
const VALIDITY: Duration = Duration::from_secs(365 * 86_400);

/// How far the clock of a client may be behind.
const LENIENCY: Duration = Duration::from_secs(86_400);

/// The names that a sandbox always has: those of the machine for itself.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A certificate with its key, and the authority that signed it.
pub(crate) struct Identity {
    pub(crate) acceptor: TlsAcceptor,
    /// The certificate of the authority, in PEM.
    pub(crate) authority: String,
}

impl Identity {
    /// Generates a certificate for these names besides the machine's own.
    ///
    /// # Errors
    ///
    /// If one of them cannot be in a certificate.
    pub(crate) fn new(more: &[String]) -> io::Result<Self> {
        make(more).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
    }
}

fn make(more: &[String]) -> Result<Identity, Box<dyn std::error::Error + Send + Sync>> {
    let mut names: Vec<String> = OWN_NAMES.map(str::to_owned).to_vec();
    for name in more {
        ServerName::try_from(name.as_str())
            .map_err(|_| format!("{name:?} cannot be the name in a certificate"))?;
    }
    names.extend(more.iter().filter(|name| !OWN_NAMES.contains(&name.as_str())).cloned());

    let now = SystemTime::now();
    let mut authority = CertificateParams::default();
    (authority.not_before, authority.not_after) = ((now - LENIENCY).into(), (now + VALIDITY).into());
    authority.distinguished_name.push(DnType::CommonName, "Notify sandbox, for tests");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.iter().map(|name| subtree(name)).collect(),
        excluded_subtrees: Vec::new(),
    });
    let key = KeyPair::generate()?;
    let pem = authority.self_signed(&key)?.pem();
    let issuer = Issuer::new(authority, key);

    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Notify sandbox");
    (params.not_before, params.not_after) = ((now - LENIENCY).into(), (now + VALIDITY).into());
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &issuer)?;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity { acceptor: TlsAcceptor::from(Arc::new(config)), authority: pem })
}

/// A connection after its handshake, unless that fails or takes too long.
pub(super) async fn accept(acceptor: &TlsAcceptor, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
    timeout(HANDSHAKE, acceptor.accept(stream)).await.ok()?.ok()
}

/// The name constraint that permits a name.
fn subtree(name: &str) -> GeneralSubtree {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => GeneralSubtree::IpAddress(CidrSubnet::V4(address.octets(), [255; 4])),
        Ok(IpAddr::V6(address)) => GeneralSubtree::IpAddress(CidrSubnet::V6(address.octets(), [255; 16])),
        Err(_) => GeneralSubtree::DnsName(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream as Socket;

    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

    use crate::Sandbox;

    /// The answer of a sandbox to a client that trusts its authority and uses this name.
    fn ask(sandbox: &Sandbox, name: &str, target: &str) -> std::io::Result<String> {
        let pem = sandbox.ca_certificate().unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.unwrap().with_root_certificates(roots).with_no_client_auth();
        let name_to_check = ServerName::try_from(name.to_owned()).unwrap();
        let connection = ClientConnection::new(config.into(), name_to_check).unwrap();
        let mut stream = StreamOwned::new(connection, Socket::connect(("127.0.0.1", sandbox.port()))?);
        write!(stream, "GET {target} HTTP/1.1\r\nHost: {name}\r\nX-Sandbox: 1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        // Some clients end without a close.
        let _ = stream.read_to_string(&mut answer);
        Ok(answer)
    }

    #[test]
    fn a_client_that_trusts_the_authority_can_connect_by_each_requested_name() {
        let name = "api.notifications.service.gov.uk";
        let sandbox = Sandbox::builder().tls([name]).start().unwrap();
        assert!(sandbox.url().starts_with("https://127.0.0.1:"), "{}", sandbox.url());
        for known in [name, "localhost", "127.0.0.1"] {
            assert!(ask(&sandbox, known, "/_status").unwrap().starts_with("HTTP/1.1 200"), "{known}");
        }
        let overview = ask(&sandbox, "localhost", "/sandbox/").unwrap();
        assert!(overview.contains(&format!("\"url\":\"{}\"", sandbox.url())), "{overview}");
    }

    #[test]
    fn the_certificate_has_only_the_requested_names() {
        let sandbox = Sandbox::builder().tls([""; 0]).start().unwrap();
        let error = ask(&sandbox, "api.notifications.service.gov.uk", "/_status").unwrap_err();
        assert!(error.to_string().contains("certificate"), "{error}");
        assert!(Sandbox::builder().tls(["no name"]).start().is_err());
    }

    #[test]
    fn each_sandbox_has_a_certificate_authority_of_its_own() {
        let [one, other] = [(); 2].map(|()| Sandbox::builder().tls(["localhost"]).start().unwrap());
        assert_ne!(one.ca_certificate(), other.ca_certificate());
        assert_eq!(Sandbox::start().unwrap().ca_certificate(), None);
        assert!(!one.ca_certificate().unwrap().contains("PRIVATE"));
    }
}
