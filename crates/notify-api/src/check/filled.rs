//! How a message reads with its placeholders filled.

use std::borrow::Cow;
use std::fmt;

use super::content::{self, Lists};
use super::sms_text::{SmsText, is_space};
use crate::model::{Personalisation, Template, TemplateType};

/// A message with its placeholders filled, before the service renders it: Markdown stays Markdown.
///
/// `Debug` leaves out the text.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filled {
    /// The subject of an e-mail, or the heading of a letter.
    pub subject: Option<String>,
    /// The text. For a text message it is the text that arrives: [`SmsText`].
    pub body: String,
}

impl Filled {
    /// Fills a template. A placeholder without a value stays as it is, except in a text message, where it is left out.
    ///
    /// # Examples
    ///
    /// ```
    /// use notify_api::check::Filled;
    /// use notify_api::model::{Personalisation, Template};
    ///
    /// # let json = r#"{"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "type": "email", "name": "n", "version": 1,
    /// #     "created_at": "2026-11-23T10:42:43.906471Z", "subject": "For ((name))", "body": "Dear ((name))",
    /// #     "personalisation": {"name": {"required": true}}}"#;
    /// # let template: Template = serde_json::from_str(json)?;
    /// let filled = Filled::new(&template, &Personalisation::from_iter([("name", "Kim")]));
    /// assert_eq!((filled.subject.as_deref(), &*filled.body), (Some("For Kim"), "Dear Kim"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn new(template: &Template, values: &Personalisation) -> Self {
        let value = |name: &str| values.get(name).map(Cow::Borrowed);
        let subject = template.subject.as_deref().map(|subject| content::fill(subject, Lists::InLine, value));
        let body = if template.template_type == TemplateType::Sms {
            SmsText::of(template, values).as_str().to_owned()
        } else {
            content::fill(&template.body, Lists::Bullets, value)
        };
        Self { subject, body }
    }

    /// Whether the message is empty. The service refuses empty messages.
    pub fn is_empty(&self) -> bool {
        self.body.trim_matches(is_space).is_empty()
    }
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filled").finish_non_exhaustive()
    }
}
