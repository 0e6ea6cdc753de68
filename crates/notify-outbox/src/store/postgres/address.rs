//! The URL of a database, and how it asks for TLS.

use std::path::PathBuf;

use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};

use super::{PostgresStore, tls};

/// Why the URL of a database cannot be used. The error shows nothing of the URL.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct InvalidUrl {
    what: &'static str,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl InvalidUrl {
    const fn new(what: &'static str) -> Self {
        Self { what, source: None }
    }
}

impl PostgresStore {
    /// The store at this URL, such as `postgres://notify:secret@db1,db2/app?target_session_attrs=read-write`. Nothing
    /// is connected yet.
    ///
    /// Over a network, the connection uses TLS, with rustls. `sslmode` says how:
    ///
    /// - `verify-full`: the server proves that it has this name, to an authority that the machine trusts, or that is in the
    ///   PEM file `sslrootcert`. That is what happens to every host but this one if nothing is said. `verify-ca` means
    ///   the same.
    /// - `require`: by TLS, whoever answers, as with PostgreSQL's own programs. With an `sslrootcert` it means
    ///   `verify-full`.
    /// - `prefer`: as `require` if the server offers TLS, and in the clear if it does not. That is what happens on this
    ///   host if nothing is said. `allow` means the same.
    /// - `disable`: in the clear.
    ///
    /// # Errors
    ///
    /// If it is not such a URL, has an unknown parameter, or its certificates cannot be read.
    pub fn at(url: &str) -> Result<Self, InvalidUrl> {
        let Address { config, mode, roots } = Address::read(url)?;
        let failed = |source| InvalidUrl {
            what: "TLS to the database cannot be set up: is sslrootcert a file of certificates?",
            source: Some(source),
        };
        Ok(match mode {
            Mode::Plain => Self::new(config, NoTls),
            Mode::Anybody => Self::new(config, tls::unverified().map_err(failed)?),
            Mode::Verified => Self::new(config, tls::verified(roots.as_deref()).map_err(failed)?),
        })
    }
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Mode {
    Plain,
    Anybody,
    Verified,
}

struct Address {
    config: Config,
    mode: Mode,
    roots: Option<PathBuf>,
}

impl Address {
    fn read(url: &str) -> Result<Self, InvalidUrl> {
        const FORM: &str = "the URL of the database cannot be read: write postgres://USER:PASSWORD@HOST/DATABASE, \
                            with special characters as in %40 for @";
        let (before, options) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut roots, mut others) = (None, None, Vec::new());
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = Some(value),
                _ => others.push(option),
            }
        }
        let roots = roots.filter(|roots| *roots != "system").map(decoded).transpose()?.map(PathBuf::from);
        let scheme = before.split_once("://").map(|(scheme, _)| scheme);
        if !matches!(scheme, Some("postgres" | "postgresql")) {
            return Err(InvalidUrl::new(FORM));
        }
        // The parser's own words could quote a part of a password.
        let mut config: Config =
            format!("{before}?{}", others.join("&")).parse().map_err(|_| InvalidUrl::new(FORM))?;
        if config.get_hosts().is_empty() {
            return Err(InvalidUrl::new("the URL of the database names no host"));
        }
        let is_here = config.get_hosts().iter().all(is_this_machine);
        let is_socket = config.get_hosts().iter().all(is_socket);
        let (mode, asks) = match mode {
            Some("disable") => (Mode::Plain, SslMode::Disable),
            // No network, and no TLS: PostgreSQL offers none for sockets.
            _ if is_socket => (Mode::Plain, SslMode::Disable),
            Some("allow" | "prefer") => (Mode::Anybody, SslMode::Prefer),
            None if is_here => (Mode::Anybody, SslMode::Prefer),
            Some("require") if roots.is_none() => (Mode::Anybody, SslMode::Require),
            None | Some("require" | "verify-ca" | "verify-full") => (Mode::Verified, SslMode::Require),
            Some(_) => {
                return Err(InvalidUrl::new(
                    "sslmode in the URL of the database is none of disable, prefer, require and verify-full",
                ));
            }
        };
        config.ssl_mode(asks).application_name("notify-outbox");
        Ok(Self { config, mode, roots })
    }
}

fn is_socket(host: &Host) -> bool {
    !matches!(host, Host::Tcp(_))
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// A value with percent-encoding removed.
fn decoded(value: &str) -> Result<String, InvalidUrl> {
    let problem = || InvalidUrl::new("sslrootcert in the URL of the database is not the name of a file");
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digit =
                |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or_else(problem);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            u8::try_from(high * 16 + low).map_err(|_| problem())?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).map_err(|_| problem())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_has_to_prove_who_it_is_unless_the_url_says_otherwise() {
        for (url, mode) in [
            ("postgres://u:p@db.example/app", Mode::Verified),
            ("postgres://u:p@db1.example,localhost/app", Mode::Verified),
            ("postgresql://u@db.example/app?sslmode=verify-ca", Mode::Verified),
            ("postgres://u@db.example/app?sslmode=require", Mode::Anybody),
            ("postgres://u@db.example/app?sslmode=require&sslrootcert=/etc/ca.pem", Mode::Verified),
            ("postgres://u@db.example/app?sslmode=disable", Mode::Plain),
            ("postgres://u@localhost/app", Mode::Anybody),
            ("postgres://u@127.0.0.1:5433/app?connect_timeout=3", Mode::Anybody),
            ("postgres://u@[::1]/app?sslmode=verify-full", Mode::Verified),
            ("postgres://u@%2Frun%2Fpostgresql/app", Mode::Plain),
            ("postgres:///app?host=/run/postgresql", Mode::Plain),
        ] {
            assert_eq!(Address::read(url).unwrap().mode, mode, "{url}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_read_is_refused_and_nothing_of_it_shown() {
        for url in [
            "postgres://u:secret@db/app?sslmode=secret",
            "postgres://u:secret@db/app?secret=secret",
            "postgres://u:secret@db:secret/app",
            "mysql://u:secret@db/app",
            "postgres:///secret",
        ] {
            let error = PostgresStore::at(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
        let error = PostgresStore::at("postgres://u@db/app?sslrootcert=/no%20where").unwrap_err();
        assert!(error.to_string().contains("sslrootcert"));
        assert_eq!(decoded("/a%20b").unwrap(), "/a b");
    }
}
