//! With rustls, and cryptography that is the program's to install.

use notify_http::{BuildError, Client, ListTemplates};

use crate::authority::Authority;
use crate::{KEY, builder};

/// One test, since what is installed is installed for the whole process.
#[tokio::test]
async fn without_cryptography_building_is_an_error_and_with_it_all_is_well() {
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
