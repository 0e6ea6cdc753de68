//! Messages that lookups found by their reference, after the answer to their sending was lost.

use std::collections::BTreeMap;

use super::{EmailContent, LetterContent, SentEmail, SentLetter, SentPrecompiledLetter, SentSms, SmsContent};
use crate::model::Notification;

impl SentSms {
    /// Rebuilds the lost answer from the listed message. `None` if that does not name its template, by which it was
    /// recognised.
    pub(crate) fn found(found: Notification) -> Option<Self> {
        Some(Self {
            uri: None,
            id: found.id,
            reference: found.reference,
            content: SmsContent { body: found.body, from_number: None },
            template: found.template?,
        })
    }
}

impl SentEmail {
    /// As [`SentSms::found`].
    pub(crate) fn found(found: Notification) -> Option<Self> {
        Some(Self {
            uri: None,
            id: found.id,
            reference: found.reference,
            content: EmailContent {
                subject: found.subject.unwrap_or_default(),
                body: found.body,
                from_email: None,
                one_click_unsubscribe_url: found.one_click_unsubscribe_url,
            },
            template: found.template?,
            sanitised_content: BTreeMap::new(),
        })
    }
}

impl SentLetter {
    /// As [`SentSms::found`].
    pub(crate) fn found(found: Notification) -> Option<Self> {
        Some(Self {
            uri: None,
            id: found.id,
            reference: found.reference,
            content: LetterContent { subject: found.subject.unwrap_or_default(), body: found.body },
            template: found.template?,
        })
    }
}

impl SentPrecompiledLetter {
    /// Rebuilds the lost answer from the listed letter.
    pub(crate) fn found(found: Notification) -> Self {
        Self { id: found.id, reference: found.reference, postage: found.postage }
    }
}
