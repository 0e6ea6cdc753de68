//! The Notify services, and what differs between them.

use std::fmt;

/// A Notify service: its name, where it is, and whether a lookup can prove that it did not take a message.
///
/// A client takes the service from its base URL. Name it where the URL does not tell, such as behind a gateway.
///
/// US Notify has removed its v2 API and is not among them.
///
/// # Examples
///
/// ```
/// use notify_api::{ApiKey, Service, Session};
///
/// # let key = ApiKey::parse("k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")?;
/// let session = Session::builder(&key)
///     .base_url("https://notify.gateway.example".parse()?)
///     .service(Service::gov_uk())
///     .build();
/// assert!(session.proves_absence());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Service(&'static Facts);

#[derive(PartialEq, Eq)]
struct Facts {
    name: &'static str,
    title: &'static str,
    base_url: &'static str,
    /// The domain of its hosts.
    domain: &'static str,
    /// Whether its own source bounds the time of a request. Without a bound, a message that is not listed yet may
    /// still come.
    bounds_requests: bool,
}

const GOV_UK: Facts = Facts {
    name: "govuk",
    title: "GOV.UK Notify",
    base_url: "https://api.notifications.service.gov.uk",
    domain: "notifications.service.gov.uk",
    bounds_requests: true,
};
const NOTIFY_GOV_AU: Facts = Facts {
    name: "au",
    title: "Notify.gov.au",
    base_url: "https://rest-api.notify.gov.au",
    domain: "notify.gov.au",
    bounds_requests: false,
};
const GC_NOTIFY: Facts = Facts {
    name: "gc",
    title: "GC Notify",
    base_url: "https://api.notification.canada.ca",
    domain: "notification.canada.ca",
    bounds_requests: false,
};
const VA_NOTIFY: Facts = Facts {
    name: "va",
    title: "VA Notify",
    base_url: "https://api.va.gov/vanotify",
    domain: "va.gov",
    bounds_requests: false,
};

impl Service {
    /// Every service, GOV.UK Notify first.
    pub const ALL: [Self; 4] = [Self::gov_uk(), Self::notify_gov_au(), Self::gc_notify(), Self::va_notify()];

    /// GOV.UK Notify.
    pub const fn gov_uk() -> Self {
        Self(&GOV_UK)
    }

    /// Notify.gov.au. Its source bounds no request.
    pub const fn notify_gov_au() -> Self {
        Self(&NOTIFY_GOV_AU)
    }

    /// GC Notify. It saves messages in batches, which may come minutes after it took them.
    pub const fn gc_notify() -> Self {
        Self(&GC_NOTIFY)
    }

    /// VA Notify. Its source bounds no request.
    pub const fn va_notify() -> Self {
        Self(&VA_NOTIFY)
    }

    /// The service with this short name: `govuk`, `au`, `gc` or `va`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// The short name: `govuk`, `au`, `gc` or `va`.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Where the service is.
    pub const fn base_url(self) -> &'static str {
        self.0.base_url
    }

    /// Whether a lookup can prove that the service did not take a message. Only GOV.UK Notify gives up on a request
    /// after a known time; of every other service a lookup can find a message, and never prove that it will not come.
    pub const fn proves_absence(self) -> bool {
        self.0.bounds_requests
    }

    /// The service that this host belongs to, if it is known.
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
}
