//! A refusal that only one service has.

use std::borrow::Cow;

use super::Refusal;
use super::table::{Entry, Envelope, row};

/// A refusal in words of its own. If they quote the request, there is a hint that does not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CustomRefusal {
    status: u16,
    class: &'static str,
    message: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    envelope: Envelope,
}

impl CustomRefusal {
    pub(crate) fn new(status: u16, class: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, class, message: message.into(), hint: None, envelope: Envelope::Versioned }
    }

    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "BadRequestError", message)
    }

    /// In the form that everything outside the versioned API has.
    pub(crate) fn general(status: u16, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(status, "", message).in_envelope(Envelope::General)
    }

    pub(crate) fn in_envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = envelope;
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn entry(&self) -> Entry<'_> {
        let hint = self.hint.as_deref().unwrap_or(&self.message);
        Entry { envelope: self.envelope, ..row(self.status, self.class, &*self.message).hint(hint) }
    }
}

impl From<CustomRefusal> for Refusal {
    fn from(refusal: CustomRefusal) -> Self {
        Self::Custom(Box::new(refusal))
    }
}
