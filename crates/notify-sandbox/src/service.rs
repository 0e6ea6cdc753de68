//! The kinds of service that a sandbox can be. One sandbox is one of them.
//!
//! What a service does differently is in its own module, as a [`Dialect`]: its endpoints, its tokens, the order of its
//! checks, its words, its limits, its callbacks. A dialect has four parts. Each is declared by the module that uses it,
//! which names no service. To add a service, add a module here and a row to the list below.

mod caller;
mod gc_notify;
mod gov_uk;
mod letter;
mod notify_gov_au;
mod sms;
mod va_notify;

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::thread;
use std::time::SystemTime;

use crate::account::dialect::AccountDialect;
use crate::api::auth::inspect::{self, TokenInspection, TokenKey};
use crate::api::dialect::ApiDialect;
use crate::callbacks::CallbackDialect;
use crate::python::json;
use crate::recipient::validation::RecipientDialect;

/// How a service differs from GOV.UK Notify.
pub(crate) trait Dialect: AccountDialect + ApiDialect + CallbackDialect + RecipientDialect {}

impl<T: AccountDialect + ApiDialect + CallbackDialect + RecipientDialect> Dialect for T {}

/// A kind of service: the one that runs in a country.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// GOV.UK Notify, of the United Kingdom.
    #[default]
    GovUk,
    /// Notify.gov.au, of Australia.
    NotifyGovAu,
    /// GC Notify, of Canada.
    GcNotify,
    /// VA Notify, of the United States Department of Veterans Affairs.
    VaNotify,
}

/// A word that is not the name of a [`Service`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no service is called {0:?}: {names}", names = names())]
pub struct UnknownService(String);

impl Service {
    /// All of them, with their names and dialects.
    const LIST: [(Self, &'static str, &'static dyn Dialect); 4] = [
        (Self::GovUk, "govuk", &gov_uk::GovUk),
        (Self::NotifyGovAu, "au", &notify_gov_au::NotifyGovAu),
        (Self::GcNotify, "gc", &gc_notify::GcNotify),
        (Self::VaNotify, "va", &va_notify::VaNotify),
    ];

    /// All services.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::LIST.iter().map(|(service, ..)| *service)
    }

    /// The short name, as on a command line: `govuk`, `au`, `gc`, `va`.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What the service would answer to a token at this time, part by part. The signature is not checked.
    pub fn inspect_token(self, token: &[u8], now: SystemTime) -> TokenInspection {
        self.inspected(token, None, now)
    }

    /// The same, with a key to check the signature.
    pub fn verify_token(self, token: &[u8], key: TokenKey<'_>, now: SystemTime) -> TokenInspection {
        self.inspected(token, Some(key), now)
    }

    fn inspected(self, token: &[u8], key: Option<TokenKey<'_>>, now: SystemTime) -> TokenInspection {
        let inspect = || inspect::inspect(token, key, now.into(), self.dialect());
        thread::scope(|scope| {
            let reader = thread::Builder::new().stack_size(json::STACK).spawn_scoped(scope, inspect);
            reader.expect("a thread starts").join().expect("no token makes it panic")
        })
    }

    pub(crate) fn dialect(self) -> &'static dyn Dialect {
        self.row().2
    }

    fn row(self) -> &'static (Self, &'static str, &'static dyn Dialect) {
        Self::LIST.iter().find(|(service, ..)| *service == self).expect("the list has a row for each service")
    }
}

impl Display for Service {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Service {
    type Err = UnknownService;

    fn from_str(name: &str) -> Result<Self, UnknownService> {
        let named = Self::LIST.iter().find(|(_, known, _)| *known == name);
        named.map(|(service, ..)| *service).ok_or_else(|| UnknownService(name.to_owned()))
    }
}

fn names() -> String {
    format!("it is one of {}", Service::all().map(Service::as_str).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_a_name_of_its_own() {
        for service in Service::all() {
            assert_eq!(service.as_str().parse(), Ok(service));
        }
        let error = "uk".parse::<Service>().unwrap_err().to_string();
        assert!(error.contains("\"uk\"") && error.contains("govuk, au"), "{error}");
    }
}
