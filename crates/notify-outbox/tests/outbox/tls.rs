//! A database that is reached over a network, by TLS.

use std::fs;
use std::net::TcpListener;

use notify_outbox::{PostgresStore, Store as _};
use notify_testkit::postgres::Server;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use crate::file::Folder;
use crate::{NOW, server};

/// An authority that nobody trusts by default, and a certificate of it for `localhost`.
fn certificates(folder: &std::path::Path) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    fs::write(folder.join("authority.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    fs::write(folder.join("certificate.pem"), params.signed_by(&key, &issuer).unwrap().pem()).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test --only outbox"]
async fn the_url_says_whether_the_database_has_to_prove_who_it_is() {
    const PASSWORD: &str = "open sesame";
    let folder = Folder::new();
    let place = folder.file().parent().unwrap().to_owned();
    certificates(&place);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::with_tls(&place, port);
    let mut config = server::config(server.folder(), "postgres");
    let admin = server::connect(config.port(port)).await;
    admin.batch_execute(&format!("CREATE ROLE guarded SUPERUSER LOGIN PASSWORD '{PASSWORD}'")).await.unwrap();
    let at = |host: &str, options: &str| {
        let url = format!("postgres://guarded:open%20sesame@{host}:{port}/postgres?{options}");
        PostgresStore::at(&url).unwrap()
    };
    let authority = format!("sslrootcert={}", place.join("authority.pem").display());
    let full = format!("sslmode=verify-full&{authority}");
    at("localhost", &full).init().await.unwrap();
    // The password goes over TLS alone: the server takes it no other way.
    for (host, options, succeeds) in [
        ("localhost", full.as_str(), true),
        ("localhost", "sslmode=require", true),
        ("localhost", "sslmode=require&channel_binding=require", true),
        ("localhost", "", true),
        // Another name than its certificate has.
        ("127.0.0.1", full.as_str(), false),
        ("127.0.0.1", "sslmode=require", true),
        // An authority that is not known here.
        ("localhost", "sslmode=verify-full", false),
        ("localhost", "sslmode=disable", false),
    ] {
        let counted = at(host, options).counts(NOW).await;
        assert_eq!(counted.is_ok(), succeeds, "{host} {options}: {counted:?}");
        let shown = format!("{counted:?} {:?}", at(host, options));
        assert!(!shown.contains(PASSWORD) && !shown.contains("open%20"), "{shown}");
    }
    // The connection is encrypted where the store believes it.
    let encrypted = at("localhost", &full);
    encrypted.counts(NOW).await.unwrap();
    let row = admin
        .query_one(
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
             WHERE ssl AND application_name = 'notify-outbox'",
            &[],
        )
        .await
        .unwrap();
    assert!(row.get::<_, i64>(0) > 0);
}
