//! The service's own words when it refuses.

use crate::digits::decimal;
use crate::json::{Event, Name};
use crate::word::Word;

/// The class of an error. The services' longest has 47 characters.
pub(crate) type Class = Word<48>;

/// What the service says when a token's time is wrong (docs/service-behaviour.md#authentication).
const CLOCK: &[u8] = b"Error: Your system clock must be accurate to within 30 seconds";

/// The service's own words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words<'t> {
    /// The class of the first error; empty in the envelope that has none.
    pub(crate) class: &'t Class,
    /// Whether the token's time is wrong.
    pub(crate) is_clock: bool,
    /// Whether the message came too fast.
    pub(crate) is_rate_limit: bool,
}

/// What an answer says in the two envelopes of the service (docs/service-behaviour.md#envelopes).
///
/// A gateway may report errors in JSON too. The service names a class for each, and its `status_code` is that of the
/// answer.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate finding")]
pub(super) struct Refused {
    /// The status that the body gives.
    status_code: Option<u32>,
    /// Whether the body has another form than the service's.
    is_foreign: bool,
    /// Whether there was an error in the list.
    has_errors: bool,
    /// Of the error that is being read.
    has_class: bool,
    is_auth: bool,
    is_about_clock: bool,
    /// The class of the first error.
    class: Class,
    is_clock: bool,
    is_rate_limit: bool,
    /// Whether the other envelope reports an error.
    is_error: bool,
}

impl Refused {
    pub(super) const fn nothing() -> Self {
        Self {
            status_code: None,
            is_foreign: false,
            has_errors: false,
            has_class: false,
            is_auth: false,
            is_about_clock: false,
            class: Class::EMPTY,
            is_clock: false,
            is_rate_limit: false,
            is_error: false,
        }
    }

    pub(super) fn words(&self, status: u16) -> Option<Words<'_>> {
        let is_of_another = self.status_code.is_some_and(|code| code != u32::from(status));
        if self.is_foreign || is_of_another || !(self.has_errors || self.is_error) {
            return None;
        }
        let is_clock = status == 403 && self.is_clock;
        Some(Words { class: &self.class, is_clock, is_rate_limit: status == 429 && self.is_rate_limit })
    }

    pub(super) fn take(&mut self, path: &[Name], event: Event<'_>) {
        match (path, event) {
            ([Name::StatusCode], Event::Word(code)) => self.status_code = decimal(code),
            ([Name::Errors], Event::List | Event::End) => {}
            ([Name::Errors, Name::Item], Event::Object) => {
                self.has_errors = true;
                (self.has_class, self.is_auth, self.is_about_clock) = (false, false, false);
            }
            ([Name::Errors, Name::Item], Event::End) => {
                self.is_foreign |= !self.has_class;
                self.is_clock |= self.is_auth && self.is_about_clock;
            }
            ([Name::Errors] | [Name::Errors, Name::Item], _) => self.is_foreign = true,
            ([Name::Errors, Name::Item, Name::Error], Event::Text(class, _)) => self.class(class),
            ([Name::Errors, Name::Item, Name::Message], Event::Text(text, true)) => {
                self.is_about_clock = text == CLOCK;
            }
            ([Name::Result], Event::Text(b"error", true)) => self.is_error = true,
            _ => {}
        }
    }

    fn class(&mut self, class: &[u8]) {
        self.has_class = true;
        self.is_auth = class == b"AuthError";
        self.is_rate_limit |= class == b"RateLimitError" || class == b"RateLimitExceeded";
        if self.class == Class::EMPTY {
            self.class.keep(class);
        }
    }
}
