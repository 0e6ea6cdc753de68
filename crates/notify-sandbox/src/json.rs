//! JSON as the service reads it: tolerant where Python's reader is, and bounded where ours must be.
//!
//! A body may start with a byte order mark or be UTF-16, say `NaN`, and repeat a key (the last value wins, at the
//! place of the first). Numbers keep apart what Python keeps apart: `5` is not `5.0`, and no integer is too long.

mod reader;
mod repr;

pub(crate) use reader::read;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(Integer),
    Float(f64),
    String(String),
    Array(Vec<Value>),
    Object(Object),
}

/// An integer: nearly always small, but Python sets no limit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Integer {
    Small(i64),
    /// Decimal digits in their shortest form, with a sign if negative.
    Big(Box<str>),
}

/// An object: keys in the order of their first appearance, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object(Vec<(String, Value)>);

impl Object {
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets a key, in its old place if it has one.
    pub(crate) fn insert(&mut self, key: &str, value: Value) {
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl Value {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether Python would take the value for true.
    pub(crate) fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Integer(value) => *value != Integer::Small(0),
            Self::Float(value) => *value != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::Array(items) => !items.is_empty(),
            Self::Object(object) => !object.0.is_empty(),
        }
    }

    /// The value for the template renderer, which speaks `serde_json`. What that cannot hold (`NaN`, long integers,
    /// the order of an object's keys) goes over as the text that Python would print for it.
    pub(crate) fn to_serde(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Integer(Integer::Small(value)) => (*value).into(),
            Self::Float(value) if value.is_finite() => (*value).into(),
            Self::String(text) => text.as_str().into(),
            Self::Array(items) => items.iter().map(Self::to_serde).collect(),
            Self::Integer(Integer::Big(_)) | Self::Float(_) | Self::Object(_) => self.to_string().into(),
        }
    }
}
