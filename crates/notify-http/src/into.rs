//! What a key and a base URL can be made from.

use notify_api::{ApiKey, BaseUrl, InvalidBaseUrl, KeyParts, ParseApiKeyError, ParsePartsError, Signer};

/// What you can pass as an API key: its text, an [`ApiKey`] or a reference to one, or [`KeyParts`], a service id and a
/// secret that were issued separately, as by VA Notify. Nothing else implements this trait.
pub trait IntoApiKey: sealed::Key {}

/// What you can pass as a base URL: its text, or a [`BaseUrl`]. Nothing else implements this trait.
pub trait IntoBaseUrl: sealed::Url {}

impl<T: sealed::Key> IntoApiKey for T {}
impl<T: sealed::Url> IntoBaseUrl for T {}

/// What was given is not an API key. The error shows nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// The text of the key is damaged.
    #[error(transparent)]
    ApiKey(#[from] ParseApiKeyError),
    /// The service id or the secret is not valid.
    #[error(transparent)]
    Parts(#[from] ParsePartsError),
}

pub(crate) mod sealed {
    use super::{ApiKey, BaseUrl, InvalidBaseUrl, InvalidKey, KeyParts, Signer};

    pub trait Key {
        fn signer(self) -> Result<Signer, InvalidKey>;
    }

    impl Key for ApiKey {
        fn signer(self) -> Result<Signer, InvalidKey> {
            Ok(Signer::new(&self))
        }
    }

    impl Key for &ApiKey {
        fn signer(self) -> Result<Signer, InvalidKey> {
            Ok(Signer::new(self))
        }
    }

    impl Key for &str {
        fn signer(self) -> Result<Signer, InvalidKey> {
            ApiKey::parse(self)?.signer()
        }
    }

    impl Key for &String {
        fn signer(self) -> Result<Signer, InvalidKey> {
            self.as_str().signer()
        }
    }

    impl Key for String {
        fn signer(self) -> Result<Signer, InvalidKey> {
            self.as_str().signer()
        }
    }

    impl Key for KeyParts<'_> {
        fn signer(self) -> Result<Signer, InvalidKey> {
            Ok(Signer::from_parts(self)?)
        }
    }

    pub trait Url {
        fn base_url(self) -> Result<BaseUrl, InvalidBaseUrl>;
    }

    impl Url for BaseUrl {
        fn base_url(self) -> Result<BaseUrl, InvalidBaseUrl> {
            Ok(self)
        }
    }

    impl Url for &BaseUrl {
        fn base_url(self) -> Result<BaseUrl, InvalidBaseUrl> {
            Ok(self.clone())
        }
    }

    impl Url for &str {
        fn base_url(self) -> Result<BaseUrl, InvalidBaseUrl> {
            self.parse()
        }
    }

    impl Url for &String {
        fn base_url(self) -> Result<BaseUrl, InvalidBaseUrl> {
            self.parse()
        }
    }

    impl Url for String {
        fn base_url(self) -> Result<BaseUrl, InvalidBaseUrl> {
            self.parse()
        }
    }
}
