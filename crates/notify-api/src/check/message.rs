//! Whether the service is certain to refuse a message.

use std::borrow::Cow;
use std::fmt;

use super::content::{self, Lists};
use super::personalisation::missing;
use super::sms_text::{SmsText, is_space};
use crate::model::{PersonalisationValue, Template, TemplateType};
use crate::printable::Printable;
use crate::{Endpoint, InvalidRequest, SendEmail, SendLetter, SendSms, Service};

/// How many bytes the text of an e-mail may have, with its placeholders filled in.
pub const MAX_EMAIL_BYTES: usize = 2_000_000;

/// What is known about a message before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum CheckResult {
    /// The service will refuse it, for these reasons at least.
    Refused(Vec<Problem>),
    /// No reason for a refusal is known. The service decides.
    Unknown,
}

impl CheckResult {
    /// Whether the service is certain to refuse the message.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

/// Why the service will refuse a message. `Display` names fields and placeholders, but no values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The client itself would not send it.
    InvalidRequest(InvalidRequest),
    /// The template makes messages of this other kind.
    TemplateType(TemplateType),
    /// These placeholders have no value.
    MissingPersonalisation(Vec<String>),
    /// With its placeholders filled in, it is empty.
    MessageEmpty,
    /// With its placeholders filled in, it is too long: characters of a text message, bytes of an e-mail.
    #[non_exhaustive]
    MessageTooLong {
        /// Its length, or a lower bound of it.
        length: usize,
        /// The longest that is allowed.
        limit: usize,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(reason) => reason.fmt(f),
            Self::TemplateType(kind) => write!(f, "the template is one for another kind of message: {kind}"),
            Self::MissingPersonalisation(names) => {
                write!(f, "placeholders without a value: {}", Printable(&names.join(", ")))
            }
            Self::MessageEmpty => f.write_str("the message is empty"),
            Self::MessageTooLong { length, limit } => {
                write!(f, "the message is too long: {length}, and {limit} are allowed")
            }
        }
    }
}

/// Checks a text message of GOV.UK Notify against its template.
///
/// If the template is not the message's own, the result is unknown.
///
/// # Examples
///
/// ```
/// # use notify_api::{SendSms, check::{self, CheckResult}, model::Template};
/// # let json = r#"{"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "type": "sms", "name": "n", "version": 1,
/// #     "created_at": "2026-11-23T10:42:43.906471Z", "body": "Dear ((name))",
/// #     "personalisation": {"name": {"required": true}}}"#;
/// # let template: Template = serde_json::from_str(json)?;
/// let message = SendSms::new(template.id, "+447900900123");
/// assert!(check::sms(&message, &template).is_refused());
/// assert_eq!(check::sms(&message.personalisation("name", "Kim"), &template), CheckResult::Unknown);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn sms(message: &SendSms, template: &Template) -> CheckResult {
    sms_at(Service::gov_uk(), message, template)
}

/// The same for any service, each of which has a limit of its own.
///
/// # Examples
///
/// ```
/// # use notify_api::{SendSms, Service, check, model::Template};
/// # let json = r#"{"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "type": "sms", "name": "n", "version": 1,
/// #     "created_at": "2026-11-23T10:42:43.906471Z", "body": "((text))",
/// #     "personalisation": {"text": {"required": true}}}"#;
/// # let template: Template = serde_json::from_str(json)?;
/// let message = SendSms::new(template.id, "+16135550123").personalisation("text", "a".repeat(613));
/// assert!(check::sms_at(Service::gc_notify(), &message, &template).is_refused());
/// assert!(!check::sms_at(Service::gov_uk(), &message, &template).is_refused());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn sms_at(service: Service, message: &SendSms, template: &Template) -> CheckResult {
    if message.template() != template.id {
        return CheckResult::Unknown;
    }
    let values = message.values();
    let is_given = |name: &str| values.get(name).is_some();
    judge(message, template, &TemplateType::Sms, is_given, || {
        let text = SmsText::of(template, values);
        if text.as_str().is_empty() {
            return Some(Problem::MessageEmpty);
        }
        let (length, limit) = (text.length_at(service), service.max_sms_characters()?);
        (length > limit).then_some(Problem::MessageTooLong { length, limit })
    })
}

/// Checks an e-mail against its template, files included. Only the service knows how long the links to files are, so
/// here they count as nothing.
///
/// If the template is not the message's own, the result is unknown.
///
/// # Examples
///
/// ```
/// # use notify_api::{SendEmail, check::{self, CheckResult}, model::Template};
/// fn problems(message: &SendEmail, template: &Template) -> Vec<String> {
///     match check::email(message, template) {
///         CheckResult::Refused(problems) => problems.iter().map(ToString::to_string).collect(),
///         CheckResult::Unknown => Vec::new(),
///     }
/// }
/// ```
pub fn email(message: &SendEmail, template: &Template) -> CheckResult {
    if message.template() != template.id {
        return CheckResult::Unknown;
    }
    let (values, has_file) = (message.values(), |name: &str| message.has_file(name));
    let is_given = |name: &str| has_file(name) || values.get(name).is_some();
    judge(message, template, &TemplateType::Email, is_given, || {
        let text = content::fill(&template.body, Lists::Bullets, |name| {
            let link = || has_file(name).then(|| Cow::Owned(PersonalisationValue::Text(String::new())));
            values.get(name).map(Cow::Borrowed).or_else(link)
        });
        let (length, limit) = (text.trim_matches(is_space).len(), MAX_EMAIL_BYTES);
        if length == 0 && !message.has_files() {
            return Some(Problem::MessageEmpty);
        }
        (length > limit).then_some(Problem::MessageTooLong { length, limit })
    })
}

/// Checks a letter against its template. Only the service can judge its address and its length.
///
/// If the template is not the message's own, the result is unknown.
///
/// # Examples
///
/// ```
/// # use notify_api::{SendLetter, check, model::Template};
/// fn is_worth_sending(message: &SendLetter, template: &Template) -> bool {
///     !check::letter(message, template).is_refused()
/// }
/// ```
pub fn letter(message: &SendLetter, template: &Template) -> CheckResult {
    if message.template() != template.id {
        return CheckResult::Unknown;
    }
    let is_given = |name: &str| message.values().get(name).is_some();
    judge(message, template, &TemplateType::Letter, is_given, || None)
}

fn judge<E: Endpoint>(
    message: &E,
    template: &Template,
    kind: &TemplateType,
    is_given: impl Fn(&str) -> bool,
    text_problem: impl FnOnce() -> Option<Problem>,
) -> CheckResult {
    let mut problems = Vec::new();
    problems.extend(message.request().err().map(Problem::InvalidRequest));
    if template.template_type == *kind {
        let missing = missing(template, is_given);
        if missing.is_empty() {
            problems.extend(text_problem());
        } else {
            problems.push(Problem::MissingPersonalisation(missing));
        }
    } else {
        problems.push(Problem::TemplateType(template.template_type.clone()));
    }
    if problems.is_empty() { CheckResult::Unknown } else { CheckResult::Refused(problems) }
}
