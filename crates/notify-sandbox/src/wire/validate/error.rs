//! What is wrong with a body or a query, in the service's words.

use std::fmt::Display;

/// The rule that a required property breaks by its absence.
pub(super) const REQUIRED: &str = "is a required property";

/// One error: a message, and a hint for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaError {
    message: String,
    hint: String,
}

impl SchemaError {
    /// A message, and a hint that must not contain values. The service drops single quotes.
    pub(super) fn new(message: &impl ToString, hint: &impl ToString) -> Self {
        Self { message: message.to_string().replace('\'', ""), hint: hint.to_string() }
    }

    /// A message in exactly these words.
    pub(crate) fn verbatim(message: &str, hint: &str) -> Self {
        Self { message: message.to_owned(), hint: hint.to_owned() }
    }

    /// A message about a property that does not quote its value.
    pub(super) fn of(name: &str, rule: impl Display) -> Self {
        let text = format!("{name} {rule}");
        Self::new(&text, &text)
    }

    /// A message about a property that quotes its value.
    pub(super) fn quoting(name: &str, value: &impl Display, rule: impl Display) -> Self {
        Self::new(&format!("{name} {value} {rule}"), &format!("{name} {rule}"))
    }

    /// The error inside a property of this name.
    pub(crate) fn inside(self, name: &str) -> Self {
        Self { message: format!("{name} {}", self.message), hint: format!("{name} {}", self.hint) }
    }

    /// The same for services that name only the outer property: an error about a value loses the value's own name, an
    /// error about a missing value keeps it.
    pub(crate) fn inside_unnamed(self, outer: &str) -> Self {
        let rename = |text: &str| match text.split_once(' ') {
            Some((_, rest)) if rest != REQUIRED => format!("{outer} {rest}"),
            _ => format!("{outer} {text}"),
        };
        Self { message: rename(&self.message), hint: rename(&self.hint) }
    }

    /// In the service's words.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The same without the values of the request.
    pub(crate) fn hint(&self) -> &str {
        &self.hint
    }
}
