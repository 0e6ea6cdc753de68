//! The Notify services, as far as a device has to tell them apart.

/// A Notify service, and where a device reaches it.
///
/// Nothing here makes a connection. The host is what the device connects to, and what the certificate must name; the
/// requests repeat it in their `Host` line.
///
/// ```
/// use notify_embedded::Service;
///
/// assert_eq!(Service::gov_uk().host(), "api.notifications.service.gov.uk");
/// // A gateway that passes everything on to GOV.UK Notify.
/// let gateway = Service::gov_uk().at_host("10.0.0.1:8080");
/// assert!(gateway.proves_absence());
/// // A service of which nothing is known.
/// assert!(!Service::at("notify.example").proves_absence());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service<'h> {
    which: Which,
    host: &'h str,
    path: &'h str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    GovUk,
    NotifyGovAu,
    GcNotify,
    VaNotify,
    Unknown,
}

/// The services that are known, and the domains of their hosts.
const DOMAINS: [(Which, &str); 4] = [
    (Which::GovUk, "notifications.service.gov.uk"),
    (Which::NotifyGovAu, "notify.gov.au"),
    (Which::GcNotify, "notification.canada.ca"),
    (Which::VaNotify, "va.gov"),
];

/// The numbers for smoke tests of each service. It takes messages to them, and lists none.
const SMOKE_TESTS: [(Which, &[&[u8]]); 3] = [
    (Which::GovUk, &[b"7700900000", b"7700900111", b"7700900222"]),
    (
        Which::NotifyGovAu,
        &[b"426305772", b"426305773", b"426305774", b"400900000", b"400900111", b"400900222"],
    ),
    (Which::GcNotify, &[b"6132532222", b"6132532223", b"6132532224"]),
];

impl<'h> Service<'h> {
    /// GOV.UK Notify.
    pub const fn gov_uk() -> Self {
        Self { which: Which::GovUk, host: "api.notifications.service.gov.uk", path: "" }
    }

    /// Notify.gov.au.
    pub const fn notify_gov_au() -> Self {
        Self { which: Which::NotifyGovAu, host: "rest-api.notify.gov.au", path: "" }
    }

    /// GC Notify, of Canada.
    pub const fn gc_notify() -> Self {
        Self { which: Which::GcNotify, host: "api.notification.canada.ca", path: "" }
    }

    /// VA Notify, of the United States Department of Veterans Affairs.
    pub const fn va_notify() -> Self {
        Self { which: Which::VaNotify, host: "api.va.gov", path: "/vanotify" }
    }

    /// A service of which nothing is known but its host, with the port if it is not the usual one. It proves nothing
    /// absent; name the service instead if you know it.
    pub const fn at(host: &'h str) -> Self {
        Self { which: Which::Unknown, host, path: "" }
    }

    /// The same service at another host, such as a gateway or a sandbox, with the port if it is not the usual one. There
    /// it has no path before its own.
    #[must_use]
    pub const fn at_host(self, host: &str) -> Service<'_> {
        Service { which: self.which, host, path: "" }
    }

    /// A path before the service's own, such as `/notify`: it begins with a slash, and ends without.
    #[must_use]
    pub const fn with_path(self, path: &'h str) -> Self {
        Self { path, ..self }
    }

    /// The host, with the port if it is not the usual one.
    pub const fn host(&self) -> &'h str {
        self.host
    }

    /// The path before the service's own, empty for most.
    pub const fn path(&self) -> &'h str {
        self.path
    }

    /// Whether the host and the path can stand in a request. A call makes none to a service that is not well formed. A
    /// constant can be checked when it is compiled:
    ///
    /// ```
    /// use notify_embedded::Service;
    ///
    /// const GATEWAY: Service<'static> = Service::gov_uk().at_host("10.0.0.1:8080").with_path("/notify");
    /// const _: () = assert!(GATEWAY.is_well_formed());
    /// assert!(!Service::at("https://notify.example").is_well_formed());
    /// ```
    pub const fn is_well_formed(&self) -> bool {
        let (host, path) = (self.host.as_bytes(), self.path.as_bytes());
        let is_path = matches!(path, [] | [b'/', .., b'!'..=b'.' | b'0'..=b'~']);
        !host.is_empty() && is_path && is_visible(host, b'/') && is_visible(path, b'?')
    }

    /// Whether a lookup can prove that the service did not take a message. Only GOV.UK Notify gives up on a request after a
    /// known time. At every other service, a lookup can find a message but never prove that it will not come.
    pub const fn proves_absence(&self) -> bool {
        matches!(self.which, Which::GovUk)
    }

    /// The last digits of the numbers for smoke tests; of a service that is not known, those of all.
    pub(crate) fn smoke_test_numbers(&self) -> impl Iterator<Item = &'static [u8]> + use<> {
        // VA Notify inherited those of GC Notify.
        let which = if self.which == Which::VaNotify { Which::GcNotify } else { self.which };
        SMOKE_TESTS
            .iter()
            .filter(move |(service, _)| which == Which::Unknown || which == *service)
            .flat_map(|(_, numbers)| numbers.iter().copied())
    }

    /// Whether this host is known to be another service's.
    pub(crate) fn is_not_at(&self, host: &[u8]) -> bool {
        let host = host.strip_suffix(b".").unwrap_or(host);
        let owner = DOMAINS.iter().find(|(_, domain)| {
            let rest = host.len().checked_sub(domain.len()).and_then(|at| host.split_at_checked(at));
            rest.is_some_and(|(before, end)| {
                end.eq_ignore_ascii_case(domain.as_bytes()) && (before.is_empty() || before.ends_with(b"."))
            })
        });
        self.which != Which::Unknown && owner.is_some_and(|(which, _)| *which != self.which)
    }
}

/// Whether a text is visible ASCII, without this character.
#[inline(never)]
const fn is_visible(text: &[u8], without: u8) -> bool {
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        if !matches!(byte, b'!'..=b'~') || *byte == without {
            return false;
        }
        rest = tail;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_another_service_is_known() {
        let uk = Service::gov_uk();
        assert!(uk.is_not_at(b"api.notification.canada.ca") && uk.is_not_at(b"DEV-API.VA.GOV."));
        assert!(!uk.is_not_at(b"api.notifications.service.gov.uk") && !uk.is_not_at(b"nova.gov"));
        assert!(!uk.is_not_at(b"10.0.2.2") && !uk.is_not_at(b""));
        assert!(!Service::at("x").is_not_at(b"api.va.gov"));
    }
}
