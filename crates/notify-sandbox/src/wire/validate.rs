//! Checks a body or a query against the schema of its operation. Reports every error, in the service's words and in the
//! order of its schema.

mod error;
mod format;
mod uri;

use crate::python::json::{Object, Value};
use crate::time::Timestamp;

use error::REQUIRED;
pub(crate) use error::SchemaError;
pub(crate) use format::{Format, not_within, not_within_next_day, weeks};

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
    /// It has no other properties.
    NoOthers,
    /// If it has the first of these, it has the second.
    Needs(&'static str, &'static str),
    /// It has one of these. With the message for when it has none.
    AnyOf(&'static [&'static str], &'static str),
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
    /// Anything that the format accepts, whatever its type.
    Checked(Format),
    /// An id in any notation.
    Id,
    /// A URI that starts with `https`.
    HttpsUrl,
    /// A string that starts with `https`.
    HttpsStart,
    /// A string of at least this many characters.
    TextFrom(usize),
    /// A string of at least and at most this many characters.
    TextBetween(usize, usize),
    /// A string of at most this many characters, or null.
    TextUpToOrNull(usize),
    /// A string that passes a check.
    Checking(fn(&str, Timestamp) -> Option<String>),
    /// The same, or null.
    CheckingOrNull(fn(&str, Timestamp) -> Option<String>),
    /// An id, or null.
    IdOrNull,
    /// A string that is not empty; if it is, the error says that it is required.
    Needed,
    /// An object of this form. An error inside names the object.
    Form(&'static Schema),
    /// An object.
    Object,
    /// An array of anything.
    List,
    /// The same, where an error inside is reported of the object as a whole.
    Parts(&'static Schema),
    /// An array of at least and at most this many items.
    ListBetween(usize, usize),
    /// A string, and one of these words.
    TextOneOf(&'static [&'static str]),
    /// Of this length if it is a string.
    TextIfAnyBetween(usize, usize),
    /// A list of anything, or null.
    ListOrNull,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of these words.
    ListOf(&'static [&'static str]),
}

/// Collects all errors, each message once.
pub(crate) fn check(value: &Value, schema: &Schema, now: Timestamp) -> Result<(), Vec<SchemaError>> {
    let mut found = Vec::new();
    for rule in schema {
        rule.check(value, schema, now, &mut found);
    }
    let errors = unique(found);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Each message once.
pub(crate) fn unique(found: Vec<SchemaError>) -> Vec<SchemaError> {
    let mut errors: Vec<SchemaError> = Vec::with_capacity(found.len());
    for error in found {
        if errors.iter().all(|known| known.message() != error.message()) {
            errors.push(error);
        }
    }
    errors
}

/// The error about a property that is not there.
pub(crate) fn missing(name: &str) -> SchemaError {
    SchemaError::of(name, REQUIRED)
}

/// Where the errors of a property belong: after those of the properties before it.
pub(crate) fn place_of(schema: &Schema, name: &str, errors: &[SchemaError]) -> usize {
    let before: Vec<&str> = schema
        .iter()
        .filter_map(|rule| match rule {
            Rule::Properties(properties) => Some(properties.iter().map(|Property(name, _)| *name)),
            _ => None,
        })
        .flatten()
        .take_while(|known| *known != name)
        .collect();
    let is_before = |error: &SchemaError| {
        let required = error.hint().ends_with(REQUIRED);
        !required && before.iter().any(|known| error.message().split(' ').next() == Some(known))
    };
    errors.iter().take_while(|error| is_before(error)).count()
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
                errors.extend(missing.map(|name| SchemaError::of(name, REQUIRED)));
            }
            Self::NoOthers => errors.extend(unexpected(object, schema)),
            Self::Needs(first, second) => {
                if object.contains(first) && !object.contains(second) {
                    errors.push(SchemaError::of(second, REQUIRED));
                }
            }
            Self::AnyOf(names, message) => {
                if !names.iter().any(|name| object.contains(name)) {
                    errors.push(SchemaError::new(&message.replace("{}", &value.repr().to_string()), message));
                }
            }
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
        if let Some(types) = self.types_missed_by(value) {
            let rule = format_args!("is not of type {types}");
            errors.push(SchemaError::quoting(name, &value.repr(), rule));
        }
        let text = value.as_str();
        let is_id = || text.and_then(crate::python::id::parse).is_some();
        let mut demand = |fits: bool, rule: &str| {
            if !fits {
                errors.push(SchemaError::of(name, rule));
            }
        };
        match self {
            Self::Text | Self::Object | Self::List | Self::ListOrNull => {}
            Self::TextFrom(least) => errors.extend(too_short(name, value, *least)),
            Self::TextUpTo(most) | Self::TextUpToOrNull(most) => errors.extend(too_long(name, value, *most)),
            Self::TextBetween(least, most) | Self::TextIfAnyBetween(least, most) => {
                errors.extend(too_short(name, value, *least));
                errors.extend(too_long(name, value, *most));
            }
            Self::Formatted(format) | Self::FormattedOrNull(format) | Self::Checked(format) => {
                errors.extend(format.complaint(name, value, now));
            }
            Self::Checking(check) | Self::CheckingOrNull(check) => {
                let complaint = text.and_then(|text| check(text, now));
                errors.extend(complaint.map(|complaint| SchemaError::of(name, complaint)));
            }
            Self::Id => demand(is_id(), "is not a valid UUID"),
            Self::IdOrNull => demand(*value == Value::Null || is_id(), "is not a valid UUID"),
            Self::HttpsUrl => demand(
                text.is_some_and(|text| text.starts_with("https") && uri::is_uri(text)),
                "is not a valid https url",
            ),
            Self::HttpsStart => {
                demand(text.is_some_and(|text| text.starts_with("https")), "is not a valid https url");
            }
            Self::Needed => demand(text.is_some_and(|text| !text.is_empty()), "is required"),
            Self::Form(schema) | Self::Parts(schema) => {
                let mut inner = Vec::new();
                if value.as_object().is_some() {
                    for rule in *schema {
                        rule.check(value, schema, now, &mut inner);
                    }
                }
                let is_form = matches!(self, Self::Form(_));
                let place = |error: SchemaError| {
                    if is_form { error.inside(name) } else { error.inside_unnamed(name) }
                };
                errors.extend(inner.into_iter().map(place));
            }
            Self::ListBetween(least, most) => {
                if let Value::Array(items) = value {
                    let fault = if items.len() < *least {
                        Some("is too short")
                    } else {
                        (items.len() > *most).then_some("is too long")
                    };
                    errors.extend(fault.map(|fault| SchemaError::quoting(name, &value.repr(), fault)));
                }
            }
            Self::TextOneOf(words) | Self::OneOf(words) => errors.extend(not_one_of(name, value, words)),
            Self::ListOf(words) => {
                if let Value::Array(items) = value {
                    errors.extend(items.iter().filter_map(|item| not_one_of(name, item, words)));
                }
            }
        }
    }

    /// The types that a value would have to be of, if it is of none of them.
    fn types_missed_by(&self, value: &Value) -> Option<&'static str> {
        let (is_string, is_null) = (value.as_str().is_some(), *value == Value::Null);
        let is_array = matches!(value, Value::Array(_));
        let (fits, types) = match self {
            Self::Text
            | Self::TextFrom(_)
            | Self::TextUpTo(_)
            | Self::TextBetween(..)
            | Self::TextOneOf(_)
            | Self::Formatted(_)
            | Self::Checking(_) => (is_string, "string"),
            Self::TextUpToOrNull(_) | Self::FormattedOrNull(_) | Self::CheckingOrNull(_) => {
                (is_string || is_null, "string, null")
            }
            Self::Object | Self::Form(_) | Self::Parts(_) => (value.as_object().is_some(), "object"),
            Self::List | Self::ListBetween(..) | Self::ListOf(_) => (is_array, "array"),
            Self::ListOrNull => (is_array || is_null, "array, null"),
            Self::TextIfAnyBetween(..)
            | Self::Checked(_)
            | Self::Id
            | Self::IdOrNull
            | Self::HttpsUrl
            | Self::HttpsStart
            | Self::Needed
            | Self::OneOf(_) => return None,
        };
        (!fits).then_some(types)
    }
}

fn too_short(name: &str, value: &Value, least: usize) -> Option<SchemaError> {
    let is_short = value.as_str().is_some_and(|text| text.chars().count() < least);
    is_short.then(|| SchemaError::quoting(name, &value.repr(), "is too short"))
}

fn too_long(name: &str, value: &Value, most: usize) -> Option<SchemaError> {
    let is_long = value.as_str().is_some_and(|text| text.chars().count() > most);
    is_long.then(|| SchemaError::quoting(name, &value.repr(), "is too long"))
}

fn not_one_of(name: &str, value: &Value, words: &[&str]) -> Option<SchemaError> {
    let known = value.as_str().is_some_and(|text| words.contains(&text));
    (!known).then(|| {
        SchemaError::quoting(name, &value.repr(), format_args!("is not one of [{}]", words.join(", ")))
    })
}
