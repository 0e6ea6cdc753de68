//! With rustls, and a cryptography provider that the program must install.

use notify_http::{BuildError, Client, ListTemplates};

use crate::authority::Authority;
use crate::{KEY, builder};

/// A single test, because a provider is installed for the whole process.
#[tokio::test]
async fn building_fails_without_a_cryptography_provider_and_works_with_one() {
    let authority = Authority::new("ours");
    let url = format!("https://localhost:{}", authority.serve(&["localhost"], 4_000));
    let of_the_programs_own = || builder(&url).reqwest(reqwest::Client::builder);
    for built in [Client::new(KEY), builder(&url).build(), of_the_programs_own().build()] {
        let error = built.unwrap_err();
        assert!(matches!(error, BuildError::NoCryptoProvider), "{error:?}");
        assert!(error.to_string().contains("install_default()"), "{error}");
    }

    rustls::crypto::ring::default_provider().install_default().unwrap();
    let client = builder(&url).root_certificates(authority.pem.as_str()).build().unwrap();
    client.send(ListTemplates::new()).await.unwrap();
    of_the_programs_own().build().unwrap();
}
