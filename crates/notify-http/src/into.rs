//! What a key and a base URL can be given as.

use notify_api::{ApiKey, BaseUrl, InvalidBaseUrl, ParseApiKeyError};

/// What can be given as an API key: the text of one, or an [`ApiKey`]. Nothing else implements it.
pub trait IntoApiKey: sealed::Key {}

/// What can be given as a base URL: the text of one, or a [`BaseUrl`]. Nothing else implements it.
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
