//! Questions to ask an error, grouped by what you can do about it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Error, ErrorKind, Evidence, Failure, Refusal, ServiceError};
use crate::{Effect, NotOffered};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A refused request still takes its share of the service's bucket, so a whole second has to pass
/// (docs/service-behaviour.md#the-rate-limit).
pub(crate) const AFTER_RATE_LIMIT: Duration = Duration::from_secs(1);

/// # In short
impl Error {
    /// What the failure comes down to. If the service gave several reasons, the kind of the first.
    pub fn kind(&self) -> ErrorKind {
        match &self.0.failure {
            Failure::Invalid(_) => ErrorKind::InvalidRequest,
            Failure::NotOffered(_) => ErrorKind::NotOffered,
            Failure::DeadlineExceeded(_) | Failure::Expired => ErrorKind::DeadlineExceeded,
            Failure::NotSent(_) => ErrorKind::NotSent,
            Failure::Lost(_) => ErrorKind::Lost,
            Failure::Unreadable { .. } => ErrorKind::Unreadable,
            Failure::OfAnother(_) => ErrorKind::MixedUp,
            Failure::Refused(refusal) => refusal.kind(),
        }
    }

    /// Whether you can safely send the same request again later: it only came too early, or did not get through. Never
    /// true while a message [may have been sent](Self::may_have_been_sent).
    ///
    /// The call itself has already retried as often as its [`Policy`](crate::Policy) allows.
    /// [`retry_at`](Self::retry_at) names the moment, if the service did.
    pub fn is_retryable(&self) -> bool {
        self.kind().is_retryable() && !self.may_have_been_sent()
    }
}

/// # Before the service
impl Error {
    /// Nothing was sent, because the arguments are invalid.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.failure, Failure::Invalid(_))
    }

    /// Nothing was sent, because the service does not offer what was asked. [`not_offered`](Self::not_offered) says
    /// which service, which operation, and who offers it.
    pub fn is_not_offered(&self) -> bool {
        self.not_offered().is_some()
    }

    /// The service and the operation that it does not offer.
    pub fn not_offered(&self) -> Option<&NotOffered> {
        match &self.0.failure {
            Failure::NotOffered(reason) => Some(reason),
            _ => None,
        }
    }

    /// Nothing was sent, because the call's time ran out before it could leave, or would have: the rate limiter's next
    /// permit comes later.
    pub fn is_deadline_exceeded(&self) -> bool {
        matches!(self.0.failure, Failure::DeadlineExceeded(_) | Failure::Expired)
    }

    /// Nothing reached the service: no connection was made, or the proxy let nothing through (407). Also true if an
    /// answer was lost, and lookups proved that the message was not taken.
    pub fn is_not_sent(&self) -> bool {
        match &self.0.failure {
            Failure::NotSent(_) => true,
            Failure::Refused(refusal) => refusal.is_from_proxy(),
            Failure::Lost(_) => self.0.evidence == Evidence::Absent,
            _ => false,
        }
    }

    /// The call timed out: before it left, while connecting, or while waiting for the answer.
    pub fn is_timeout(&self) -> bool {
        match &self.0.failure {
            Failure::NotSent(cause) | Failure::Lost(cause) => cause.is_timeout(),
            Failure::Expired => true,
            _ => false,
        }
    }

    /// The message is in doubt: the service may have taken it, and no reliable answer confirms or denies it. The same
    /// goes for a change to something that the service keeps, such as a template.
    ///
    /// If you send it again, it may be sent twice. Look the message up by its reference first.
    pub fn may_have_been_sent(&self) -> bool {
        self.effect() != Effect::Reads && self.0.evidence != Evidence::Absent && self.0.failure.is_ambiguous()
    }

    /// The service did what was asked, but its answer cannot be read. Do not send the request again.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0.failure, Failure::Unreadable { .. })
    }

    /// The answer to a message was about another message: something between here and the service mixes up answers.
    pub fn is_mixed_up(&self) -> bool {
        matches!(self.0.failure, Failure::OfAnother(_))
    }

    /// Something between here and the service answered, such as a proxy: check the base URL and the network.
    /// [`body`](Self::body) holds the beginning of what it said.
    pub fn is_not_from_service(&self) -> bool {
        self.refusal().is_some_and(|refusal| refusal.errors().is_empty())
    }
}

/// # The key and the limits
impl Error {
    /// The service refused the token because of its time: this machine's clock is off, or the network is slow.
    pub fn is_clock_refused(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_clock)
    }

    /// The service refused the API key, or the token made with it (401 or 403), for a reason other than its time.
    /// [`remedy`](Self::remedy) says how to put it right.
    pub fn is_key_refused(&self) -> bool {
        self.has_kind(ErrorKind::ApiKey)
    }

    /// This type of key may not do this. A team key sends only to the team and the guest list, and sends no letters.
    pub fn is_key_type_refused(&self) -> bool {
        self.has_kind(ErrorKind::KeyType)
    }

    /// The service is in trial mode. Until it goes live, it sends only to its team and its guest list, and sends no
    /// letters.
    pub fn is_trial_mode(&self) -> bool {
        self.has_kind(ErrorKind::TrialMode)
    }

    /// The service's settings do not allow it. A manager of the service can change them on its website.
    pub fn is_not_permitted(&self) -> bool {
        self.has_kind(ErrorKind::Permission)
    }

    /// Too many messages in the last seconds: wait a little ([`retry_at`](Self::retry_at)) and send again.
    pub fn is_rate_limited(&self) -> bool {
        self.refusal().is_some_and(Refusal::is_rate_limit)
    }

    /// The service's messages for today are used up. Send after midnight UTC ([`retry_at`](Self::retry_at)), or have
    /// the limit raised.
    pub fn is_daily_limit(&self) -> bool {
        self.has_kind(ErrorKind::DailyLimit)
    }

    /// The service's messages for the year are used up; only GC Notify counts these. Have the limit raised.
    pub fn is_annual_limit(&self) -> bool {
        self.has_kind(ErrorKind::AnnualLimit)
    }

    /// The limit that was reached: messages a minute if [`is_rate_limited`](Self::is_rate_limited), messages a day if
    /// [`is_daily_limit`](Self::is_daily_limit).
    pub fn limit(&self) -> Option<u32> {
        let refusal = self.refusal()?;
        let daily = |error: &ServiceError| {
            let (_, rest) = error.message().split_once('(')?;
            rest.split_once(": ").map_or(rest, |(_, number)| number).split_once(')')?.0.parse().ok()
        };
        refusal.rate_limit().or_else(|| self.of_kind(ErrorKind::DailyLimit).find_map(daily))
    }

    /// When the same request can succeed, if the refusal says so. After too many messages, that is a second later, or
    /// when `Retry-After` says, up to [`Policy::LONGEST_RETRY_AFTER`](crate::Policy::LONGEST_RETRY_AFTER). After the
    /// day's messages are used up, it is the next midnight UTC.
    ///
    /// Call this as soon as the error arrives: the time of a `Retry-After` counts from `now`.
    ///
    /// # Examples
    ///
    /// ```
    /// # use notify_api::Error;
    /// # use std::time::SystemTime;
    /// fn postpone(error: &Error) -> Option<SystemTime> {
    ///     error.retry_at(SystemTime::now())
    /// }
    /// ```
    pub fn retry_at(&self, now: SystemTime) -> Option<SystemTime> {
        if self.is_daily_limit() {
            // In Unix time all days have the same length, and the first began at midnight UTC.
            let today = now.duration_since(UNIX_EPOCH).ok()?.as_secs() / DAY.as_secs();
            return UNIX_EPOCH.checked_add(Duration::from_secs((today + 1) * DAY.as_secs()));
        }
        let refusal = self.refusal().filter(|refusal| refusal.is_rate_limit())?;
        now.checked_add(AFTER_RATE_LIMIT.max(refusal.retry_after()))
    }
}

/// # The message
impl Error {
    /// The service cannot send to this phone number, e-mail address or postal address. Change it.
    pub fn is_recipient_refused(&self) -> bool {
        self.has_kind(ErrorKind::Recipient)
    }

    /// The template does not exist, is archived, or makes another kind of message.
    pub fn is_template_refused(&self) -> bool {
        self.has_kind(ErrorKind::Template)
    }

    /// Placeholders of the template have no value; [`missing_personalisation`](Self::missing_personalisation) names
    /// them.
    pub fn is_personalisation_missing(&self) -> bool {
        self.has_kind(ErrorKind::MissingPersonalisation)
    }

    /// The placeholders without a value, in the order of the template. The service separates names by `, `, so a name
    /// that contains it comes in pieces.
    pub fn missing_personalisation(&self) -> impl Iterator<Item = &str> {
        self.of_kind(ErrorKind::MissingPersonalisation).flat_map(ServiceError::names)
    }

    /// With its placeholders filled in, the message is empty.
    pub fn is_message_empty(&self) -> bool {
        self.has_kind(ErrorKind::MessageEmpty)
    }

    /// With its placeholders filled in, the message is too long, or the link of a QR code is.
    pub fn is_message_too_long(&self) -> bool {
        self.has_kind(ErrorKind::MessageTooLong)
    }

    /// The service does not accept a file, because of its size, type, name or options, or because it has a virus.
    pub fn is_file_refused(&self) -> bool {
        self.has_kind(ErrorKind::File) || self.sends() && self.has_kind(ErrorKind::Virus)
    }

    /// Fields other than the recipient are wrong; [`refused_fields`](Self::refused_fields) names them.
    pub fn is_field_refused(&self) -> bool {
        self.has_kind(ErrorKind::Field)
    }

    /// The fields that are wrong, as the API spells them. For invalid arguments, also the placeholder.
    pub fn refused_fields(&self) -> impl Iterator<Item = &str> {
        let own = match &self.0.failure {
            Failure::Invalid(reason) => reason.field(),
            _ => None,
        };
        let told = self.errors().iter().filter(|error| error.kind() != ErrorKind::MissingPersonalisation);
        own.into_iter().chain(told.flat_map(ServiceError::names))
    }

    /// The service cannot read the request as a whole: something changes it on the way, or an endpoint of your own is
    /// wrong.
    pub fn is_malformed(&self) -> bool {
        self.has_kind(ErrorKind::Malformed)
    }
}

/// # What is asked for
impl Error {
    /// There is no such message or template, or the service no longer keeps the message.
    ///
    /// A 404 about anything else does not count: see [`is_unknown_operation`](Self::is_unknown_operation) and
    /// [`is_not_from_service`](Self::is_not_from_service).
    pub fn is_not_found(&self) -> bool {
        self.has_kind(ErrorKind::NotFound)
    }

    /// The PDF of the letter is still being made. Ask again in a few seconds.
    ///
    /// The service also says so of letters that were cancelled or broke the letter specification, and these never get a
    /// PDF. Check the letter's status before you keep asking.
    pub fn is_not_ready(&self) -> bool {
        self.has_kind(ErrorKind::NotReady)
    }

    /// There will never be a PDF: the message is not a letter, or the letter failed.
    pub fn is_pdf_unavailable(&self) -> bool {
        self.has_kind(ErrorKind::NoPdf) || !self.sends() && self.has_kind(ErrorKind::Virus)
    }

    /// The service at this address has no such operation: check the base URL and its path.
    pub fn is_unknown_operation(&self) -> bool {
        self.has_kind(ErrorKind::UnknownOperation)
    }

    /// The service reports an internal error, with a 5xx. Try again later. If it was a message, first
    /// check whether it [`may_have_been_sent`](Self::may_have_been_sent).
    pub fn is_server_error(&self) -> bool {
        self.has_kind(ErrorKind::ServerError)
    }
}

impl Error {
    fn sends(&self) -> bool {
        self.effect() == Effect::Sends
    }

    fn of_kind(&self, kind: ErrorKind) -> impl Iterator<Item = &ServiceError> {
        self.errors().iter().filter(move |error| error.kind() == kind)
    }

    fn has_kind(&self, kind: ErrorKind) -> bool {
        self.of_kind(kind).next().is_some()
    }
}
