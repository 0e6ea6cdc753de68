//! How TLS is set up.
//!
//! rustls with ring is the smallest sound option: it needs neither cmake nor a library of the system. (The crate's
//! front page has the measurements.) Each client gets its provider directly, so nothing has to be installed for the
//! whole process, and reqwest, which panics if rustls has no provider, never looks for one. A provider that the
//! program installed takes precedence.

use crate::BuildError;

/// Whether TLS is compiled in at all.
pub(crate) const IS_COMPILED_IN: bool = cfg!(any(feature = "rustls-no-provider", feature = "native-tls"));

/// Sets up TLS that trusts what the machine trusts, plus these certificates.
pub(crate) fn set_up(
    builder: reqwest::ClientBuilder,
    roots_pem: &[Vec<u8>],
) -> Result<reqwest::ClientBuilder, BuildError> {
    #[cfg(feature = "rustls-no-provider")]
    if let Some(provider) = rustls_backend::provider() {
        return Ok(builder.tls_backend_preconfigured(rustls_backend::config(provider, roots_pem)?));
    }
    #[cfg(feature = "native-tls")]
    return native_tls_backend::set_up(builder, roots_pem);
    #[cfg(all(feature = "rustls-no-provider", not(feature = "native-tls")))]
    return Err(BuildError::NoCryptoProvider);
    #[cfg(not(any(feature = "rustls-no-provider", feature = "native-tls")))]
    return if roots_pem.is_empty() { Ok(builder) } else { Err(BuildError::NoTls) };
}

/// Sets up TLS that trusts nobody, for connections without it: reqwest wants some, and what the machine trusts need not be read.
pub(crate) fn leave_out(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, BuildError> {
    #[cfg(feature = "rustls-no-provider")]
    if let Some(provider) = rustls_backend::provider() {
        return Ok(builder.tls_backend_preconfigured(rustls_backend::without_roots(provider)?));
    }
    set_up(builder, &[])
}

/// Makes sure that reqwest does not panic when it sets up TLS for the program's own builder.
#[cfg_attr(
    not(feature = "rustls-no-provider"),
    expect(clippy::unnecessary_wraps, reason = "nothing can be missing where nothing is needed")
)]
pub(crate) fn make_ready() -> Result<(), BuildError> {
    #[cfg(feature = "rustls-no-provider")]
    match rustls_backend::provider() {
        // If another thread was faster, its provider is just as good.
        Some(provider) => drop(rustls::crypto::CryptoProvider::clone(&provider).install_default()),
        // reqwest uses the system's library if that is compiled in.
        None if cfg!(feature = "native-tls") => {}
        None => return Err(BuildError::NoCryptoProvider),
    }
    Ok(())
}

#[cfg(feature = "rustls-no-provider")]
mod rustls_backend {
    use std::sync::Arc;

    use rustls::crypto::CryptoProvider;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::Verifier;

    use crate::BuildError;

    /// The provider that the program installed, or ring.
    pub(super) fn provider() -> Option<Arc<CryptoProvider>> {
        #[cfg(feature = "rustls")]
        let ring = Some(rustls::crypto::ring::default_provider());
        #[cfg(not(feature = "rustls"))]
        let ring = None;
        CryptoProvider::get_default().cloned().or_else(|| ring.map(Arc::new))
    }

    pub(super) fn config(
        provider: Arc<CryptoProvider>,
        roots_pem: &[Vec<u8>],
    ) -> Result<ClientConfig, BuildError> {
        let verifier = verifier(Arc::clone(&provider), roots(roots_pem)?).map_err(BuildError::http)?;
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(BuildError::http)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth())
    }

    pub(super) fn without_roots(provider: Arc<CryptoProvider>) -> Result<ClientConfig, BuildError> {
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(BuildError::http)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth())
    }

    fn roots(roots_pem: &[Vec<u8>]) -> Result<Vec<CertificateDer<'static>>, BuildError> {
        let mut roots = Vec::new();
        for pem in roots_pem {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                roots.push(certificate.map_err(|_| BuildError::RootCertificate)?);
            }
            if roots.len() == before {
                return Err(BuildError::RootCertificate);
            }
        }
        Ok(roots)
    }

    #[cfg(not(target_os = "android"))]
    fn verifier(
        provider: Arc<CryptoProvider>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Result<Verifier, rustls::Error> {
        Verifier::new_with_extra_roots(roots, provider)
    }

    /// On Android the verifier asks the system, which has its own certificate store.
    #[cfg(target_os = "android")]
    fn verifier(
        provider: Arc<CryptoProvider>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Result<Verifier, rustls::Error> {
        if roots.is_empty() {
            return Verifier::new(provider);
        }
        Err(rustls::Error::General("on Android, add certificates to the system's store instead".to_owned()))
    }
}

#[cfg(feature = "native-tls")]
mod native_tls_backend {
    use reqwest::Certificate;

    use crate::BuildError;

    pub(super) fn set_up(
        builder: reqwest::ClientBuilder,
        roots_pem: &[Vec<u8>],
    ) -> Result<reqwest::ClientBuilder, BuildError> {
        let mut roots = Vec::new();
        for pem in roots_pem {
            let certificates = Certificate::from_pem_bundle(pem).map_err(|_| BuildError::RootCertificate)?;
            if certificates.is_empty() {
                return Err(BuildError::RootCertificate);
            }
            roots.extend(certificates);
        }
        Ok(builder.tls_backend_native().tls_certs_merge(roots))
    }
}
