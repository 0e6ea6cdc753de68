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
                subject: found.subject,
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
            content: LetterContent { subject: found.subject, body: found.body },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_list_does_not_say_is_not_invented() {
        let listed = |subject: Option<&str>| -> Notification {
            let template = serde_json::json!({ "id": "740e5834-3a29-46b4-9a6f-16142fde533a", "version": 1 });
            let message = serde_json::json!({
                "id": "61b71411-84f6-4e6b-9685-aa9ad893177c", "type": "email", "status": "sending",
                "template": template, "body": "Hello", "subject": subject,
            });
            serde_json::from_value(message).unwrap()
        };
        assert_eq!(SentEmail::found(listed(None)).unwrap().content.subject, None);
        assert_eq!(SentLetter::found(listed(None)).unwrap().content.subject, None);
        let subject = SentEmail::found(listed(Some("Your permit"))).unwrap().content.subject;
        assert_eq!(subject.as_deref(), Some("Your permit"));
    }
}
