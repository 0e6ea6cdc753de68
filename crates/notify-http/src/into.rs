//! What a key and a base URL can be made from.

use notify_api::{ApiKey, BaseUrl, InvalidBaseUrl, ParseApiKeyError};

/// What you can pass as an API key: its text, or an [`ApiKey`]. Nothing else implements this trait.
pub trait IntoApiKey: sealed::Key {}

/// What you can pass as a base URL: its text, or a [`BaseUrl`]. Nothing else implements this trait.
pub trait IntoBaseUrl: sealed::Url {}

impl<T: sealed::Key> IntoApiKey for T {}
impl<T: sealed::Url> IntoBaseUrl for T {}

pub(crate) mod sealed {
    use super::{ApiKey, BaseUrl, InvalidBaseUrl, ParseApiKeyError};

    pub trait Key {
        fn api_key(self) -> Result<ApiKey, ParseApiKeyError>;
    }

    impl Key for ApiKey {
        fn api_key(self) -> Result<ApiKey, ParseApiKeyError> {
            Ok(self)
        }
    }

    impl Key for &str {
        fn api_key(self) -> Result<ApiKey, ParseApiKeyError> {
            ApiKey::parse(self)
        }
    }

    impl Key for &String {
        fn api_key(self) -> Result<ApiKey, ParseApiKeyError> {
            ApiKey::parse(self)
        }
    }

    impl Key for String {
        fn api_key(self) -> Result<ApiKey, ParseApiKeyError> {
            ApiKey::parse(&self)
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
