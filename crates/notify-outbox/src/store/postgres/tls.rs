//! TLS by rustls, as the URL requests it.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// TLS to a server that proves its identity to the authorities in a file, or to those that the machine trusts.
pub(super) fn verified(roots: Option<&Path>) -> Result<MakeRustlsConnect, Failed> {
    let provider = provider();
    let verifier: Arc<dyn ServerCertVerifier> = match roots {
        Some(file) => {
            let mut store = RootCertStore::empty();
            for certificate in CertificateDer::pem_file_iter(file)? {
                store.add(certificate?)?;
            }
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(&provider)).build()?
        }
        None => Arc::new(rustls_platform_verifier::Verifier::new(Arc::clone(&provider))?),
    };
    connect(provider, verifier)
}

/// TLS to any server, without checking its identity.
pub(super) fn unverified() -> Result<MakeRustlsConnect, Failed> {
    let provider = provider();
    let verifier = Arc::new(Anybody(Arc::clone(&provider)));
    connect(provider, verifier)
}

fn connect(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<MakeRustlsConnect, Failed> {
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// The provider that the program installed, or ring.
fn provider() -> Arc<CryptoProvider> {
    let ring = || Arc::new(rustls::crypto::ring::default_provider());
    CryptoProvider::get_default().cloned().unwrap_or_else(ring)
}

/// Accepts every certificate, but still requires the server to have its key.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
