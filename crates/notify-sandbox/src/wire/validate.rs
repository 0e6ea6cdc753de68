//! Checks a body or a query against the schema of its operation. Reports every error, in the service's words and in the
//! order of its schema.

mod format;
mod uri;

use std::fmt::Display;

use crate::python::json::{Object, Value};
use crate::time::Timestamp;

pub(crate) use format::{Format, weeks};

/// The schema of an operation: rules, applied in order.
pub(crate) type Schema = [Rule];

/// A rule about a whole body.
pub(crate) enum Rule {
    /// It is an object.
    Object,
    /// If it has these properties, they are as described.
    Properties(&'static [Property]),
    /// It has these properties.
    Required(&'static [&'static str]),
    /// It has no properties but those described.
    NoOthers,
    /// It does not have both of these. With the message for when it does.
    NotBoth([&'static str; 2], &'static str),
}

/// A property and what it must be.
pub(crate) struct Property(pub(crate) &'static str, pub(crate) Kind);

/// What a property must be.
pub(crate) enum Kind {
    /// A string.
    Text,
    /// A string of at most this many characters.
    TextUpTo(usize),
    /// A string in a format.
    Formatted(Format),
    /// A string in a format, or null.
    FormattedOrNull(Format),
    /// Anything that the format takes, whatever its type.
    Checked(Format),
    /// An id in any notation.
    Id,
    /// A URI that starts with `https`.
    HttpsUrl,
    /// An object.
    Object,
    /// A list of anything, or null.
    ListOrNull,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of these words.
    ListOf(&'static [&'static str]),
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaError {
    message: String,
    hint: String,
}

impl SchemaError {
    /// A message, and a hint that must not contain values. The service drops single quotes.
    fn new(message: &impl ToString, hint: &impl ToString) -> Self {
        Self { message: message.to_string().replace('\'', ""), hint: hint.to_string() }
    }

    /// A message about a property that does not quote its value.
    fn of(name: &str, rule: impl Display) -> Self {
        let text = format!("{name} {rule}");
        Self::new(&text, &text)
    }

    /// A message about a property that quotes its value.
    fn quoting(name: &str, value: &impl Display, rule: impl Display) -> Self {
        Self::new(&format!("{name} {value} {rule}"), &format!("{name} {rule}"))
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

/// Collects all errors, each message once.
pub(crate) fn check(value: &Value, schema: &Schema, now: Timestamp) -> Result<(), Vec<SchemaError>> {
    let mut found = Vec::new();
    for rule in schema {
        rule.check(value, schema, now, &mut found);
    }
    let mut errors: Vec<SchemaError> = Vec::with_capacity(found.len());
    for error in found {
        if errors.iter().all(|known| known.message != error.message) {
            errors.push(error);
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

impl Rule {
    fn check(&self, value: &Value, schema: &Schema, now: Timestamp, errors: &mut Vec<SchemaError>) {
        let Some(object) = value.as_object() else {
            if matches!(self, Self::Object) {
                errors.push(SchemaError::new(
                    &format!("{} is not of type object", value.repr()),
                    &"the body is not an object",
                ));
            }
            return;
        };
        match self {
            Self::Object => {}
            Self::Properties(properties) => {
                for Property(name, kind) in *properties {
                    if let Some(value) = object.get(name) {
                        kind.check(name, value, now, errors);
                    }
                }
            }
            Self::Required(names) => {
                let missing = names.iter().filter(|name| !object.contains(name));
                errors.extend(missing.map(|name| SchemaError::of(name, "is a required property")));
            }
            Self::NoOthers => errors.extend(unexpected(object, schema)),
            Self::NotBoth(names, message) => {
                if names.iter().all(|name| object.contains(name)) {
                    errors.push(SchemaError::new(message, message));
                }
            }
        }
    }
}

/// The error about properties that no rule describes.
fn unexpected(object: &Object, schema: &Schema) -> Option<SchemaError> {
    let is_described = |key: &str| {
        schema.iter().any(|rule| match rule {
            Rule::Properties(properties) => properties.iter().any(|Property(name, _)| *name == key),
            _ => false,
        })
    };
    let mut others: Vec<&str> = object.keys().filter(|key| !is_described(key)).collect();
    others.sort_unstable();
    let verb = match others.len() {
        0 => return None,
        1 => "was",
        _ => "were",
    };
    let names: Vec<String> =
        others.iter().map(|name| Value::String((*name).to_owned()).repr().to_string()).collect();
    let text = format!("Additional properties are not allowed ({} {verb} unexpected)", names.join(", "));
    Some(SchemaError::new(
        &text,
        &format!("{} unknown {}", others.len(), if others.len() == 1 { "property" } else { "properties" }),
    ))
}

impl Kind {
    fn check(&self, name: &str, value: &Value, now: Timestamp, errors: &mut Vec<SchemaError>) {
        let mut expect = |fits: bool, types: &str| {
            if !fits {
                errors.push(SchemaError::quoting(
                    name,
                    &value.repr(),
                    format_args!("is not of type {types}"),
                ));
            }
        };
        let is_string = value.as_str().is_some();
        match self {
            Self::Text => expect(is_string, "string"),
            Self::TextUpTo(length) => {
                expect(is_string, "string");
                if value.as_str().is_some_and(|text| text.chars().count() > *length) {
                    errors.push(SchemaError::quoting(name, &value.repr(), "is too long"));
                }
            }
            Self::Formatted(format) => {
                expect(is_string, "string");
                errors.extend(format.complaint(name, value, now));
            }
            Self::FormattedOrNull(format) => {
                expect(is_string || *value == Value::Null, "string, null");
                errors.extend(format.complaint(name, value, now));
            }
            Self::Checked(format) => errors.extend(format.complaint(name, value, now)),
            Self::Id => {
                if value.as_str().and_then(crate::python::id::parse).is_none() {
                    errors.push(SchemaError::of(name, "is not a valid UUID"));
                }
            }
            Self::HttpsUrl => {
                if !value.as_str().is_some_and(|text| text.starts_with("https") && uri::is_uri(text)) {
                    errors.push(SchemaError::of(name, "is not a valid https url"));
                }
            }
            Self::Object => expect(value.as_object().is_some(), "object"),
            Self::ListOrNull => expect(matches!(value, Value::Array(_) | Value::Null), "array, null"),
            Self::OneOf(words) => errors.extend(not_one_of(name, value, words)),
            Self::ListOf(words) => match value {
                Value::Array(items) => {
                    errors.extend(items.iter().filter_map(|item| not_one_of(name, item, words)));
                }
                _ => expect(false, "array"),
            },
        }
    }
}

fn not_one_of(name: &str, value: &Value, words: &[&str]) -> Option<SchemaError> {
    let known = value.as_str().is_some_and(|text| words.contains(&text));
    (!known).then(|| {
        SchemaError::quoting(name, &value.repr(), format_args!("is not one of [{}]", words.join(", ")))
    })
}
