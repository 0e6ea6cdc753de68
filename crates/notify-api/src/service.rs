//! The Notify services, one per module, and how they differ.
//!
//! Each module holds the facts of its service. It defines its own type only if the body of a request or an answer
//! differs from GOV.UK Notify's. A new service needs a module, and a line in [`Service::ALL`].

pub mod au;
mod extended;
pub mod gc;
mod gov_uk;
mod message;
mod not_offered;
pub mod va;

use std::fmt;

pub use extended::{Extended, ExtendedPage};
pub use not_offered::NotOffered;

use crate::Operation;
use crate::error::Line;

/// A Notify service: its name, its base URL, what it offers, its limits, and whether a lookup can prove that it did not
/// take a message.
///
/// A client of a service uses that service's base URL, unless you give another. If you give only a base URL, the client
/// infers the service from it. Name both for a sandbox or a gateway, where the URL does not tell.
///
/// US Notify is not supported. It removed its v2 API on 2024-05-30, and what remains has other bodies, answers and
/// errors.
///
/// # Examples
///
/// ```
/// use notify_api::{ApiKey, Service, Session};
///
/// # let key = ApiKey::parse("k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")?;
/// let session = Session::builder(&key).service(Service::gc_notify()).build();
/// assert_eq!(session.base_url().as_str(), "https://api.notification.canada.ca");
/// assert!(!session.proves_absence());
/// # Ok::<(), notify_api::ParseApiKeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Service(&'static Properties);

/// The facts about a service.
#[derive(PartialEq, Eq)]
struct Properties {
    name: &'static str,
    title: &'static str,
    base_url: &'static str,
    /// The domain of its hosts.
    domain: &'static str,
    /// Whether its own source bounds the time of a request. Without a bound, a message that is not listed yet may still
    /// come.
    bounds_requests: bool,
    /// The default limit of a service, in messages a minute.
    messages_per_minute: u32,
    max_sms_characters: Option<usize>,
    sms_length: SmsLength,
    max_file_bytes: Option<usize>,
    /// The path templates of the operations of [`GOV.UK Notify`](Service::gov_uk) that it lacks.
    lacks: &'static [&'static str],
    /// The last digits of the smoke-test numbers, which it accepts but never lists.
    smoke_test_numbers: &'static [&'static str],
    /// Its own wording of refusals, in addition to that of GOV.UK Notify.
    refusals: &'static [Line],
}

/// How a service counts the characters of a text message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmsLength {
    /// In units of UTF-16, without the name of the service.
    Utf16,
    /// In bytes of UTF-8, after it has taken the accents off letters that phones may lack.
    Utf8,
    /// In characters, those of the extension table twice, with the name of the service.
    Gsm,
}

/// How smoke-test addresses begin, at every service.
const SMOKE_TEST_ADDRESS: &str = "simulate-delivered";

impl Service {
    /// Every service, GOV.UK Notify first.
    pub const ALL: [Self; 4] = [Self::gov_uk(), Self::notify_gov_au(), Self::gc_notify(), Self::va_notify()];

    /// The service with this short name: `govuk`, `au`, `gc` or `va`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// The short name: `govuk`, `au`, `gc` or `va`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Where the service is, with its path prefix if it has one.
    pub const fn base_url(self) -> &'static str {
        self.0.base_url
    }

    /// Whether a lookup can prove that the service did not take a message. Only GOV.UK Notify gives up on a request
    /// after a known time. At every other service, a lookup can find a message but never prove that it will not come.
    pub const fn proves_absence(self) -> bool {
        self.0.bounds_requests
    }

    /// How many messages a minute the service takes by default. Clients keep this pace unless you set another.
    pub const fn messages_per_minute(self) -> u32 {
        self.0.messages_per_minute
    }

    /// How many characters a text message may have; `None` if the service sets no bound. Each service counts in its own
    /// way: [`SmsText::length_at`](crate::check::SmsText::length_at).
    pub const fn max_sms_characters(self) -> Option<usize> {
        self.0.max_sms_characters
    }

    /// How it counts the characters of a text message.
    pub(crate) const fn sms_length(self) -> SmsLength {
        self.0.sms_length
    }

    /// How many bytes a file may have; `None` if the service takes no files.
    pub const fn max_file_bytes(self) -> Option<usize> {
        self.0.max_file_bytes
    }

    /// Whether the service has an operation. A call of one that it lacks sends nothing, and ends in an error for which
    /// [`Error::is_not_offered`](crate::Error::is_not_offered) holds.
    pub fn offers(self, operation: &Operation) -> bool {
        operation.is_offered_by(self) && !self.0.lacks.contains(&operation.path())
    }

    /// Whether the service takes messages to the number with these digits but keeps none, so that no lookup finds them.
    pub(crate) fn is_smoke_test(self, digits: &str) -> bool {
        self.0.smoke_test_numbers.iter().any(|number| digits.ends_with(number))
    }

    /// The service's own wording of refusals.
    pub(crate) fn refusals(self) -> &'static [Line] {
        self.0.refusals
    }

    /// How smoke-test addresses begin, at every service.
    pub(crate) const fn smoke_test_address() -> &'static str {
        SMOKE_TEST_ADDRESS
    }

    /// The service that owns this host, if it is known.
    pub(crate) fn at_host(host: &str) -> Option<Self> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        Self::ALL.into_iter().find(|service| {
            host.strip_suffix(service.0.domain)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.title)
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({})", self.0.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_host_names_its_service() {
        for (host, service) in [
            ("api.notifications.service.gov.uk", Some(Service::gov_uk())),
            ("API.Notification.Canada.ca.", Some(Service::gc_notify())),
            ("notification.canada.ca", Some(Service::gc_notify())),
            ("dev-api.va.gov", Some(Service::va_notify())),
            ("rest-api.notify.gov.au", Some(Service::notify_gov_au())),
            ("nova.gov", None),
            ("notify.gateway.example", None),
            ("localhost", None),
        ] {
            assert_eq!(Service::at_host(host), service, "{host}");
        }
    }

    #[test]
    fn gov_uk_notify_alone_proves_absence() {
        let proving = Service::ALL.into_iter().filter(|service| service.proves_absence());
        assert_eq!(proving.collect::<Vec<_>>(), [Service::gov_uk()]);
        assert_eq!(Service::named("gc"), Some(Service::gc_notify()));
        assert_eq!(Service::named("us"), None);
    }

    #[test]
    fn what_a_service_lacks_is_an_operation_of_gov_uk_notify() {
        use crate::{
            Endpoint as _, GetLetterPdf, ListReceivedTextMessages, SendLetter, SendPrecompiledLetter, SendSms,
        };
        let all = [
            SendSms::OPERATION,
            SendLetter::OPERATION,
            SendPrecompiledLetter::OPERATION,
            GetLetterPdf::OPERATION,
            ListReceivedTextMessages::OPERATION,
        ];
        for service in Service::ALL {
            let is_known = |path: &&str| all.iter().any(|operation| operation.path() == *path);
            assert!(service.0.lacks.iter().all(is_known), "{service}");
        }
        let offered = |service: Service| all.iter().filter(|operation| service.offers(operation)).count();
        assert_eq!(Service::ALL.map(offered), [5, 4, 2, 1]);
        assert!(Service::ALL.into_iter().all(|service| service.offers(&SendSms::OPERATION)));
        assert!(!Service::va_notify().offers(&ListReceivedTextMessages::OPERATION));
    }
}
