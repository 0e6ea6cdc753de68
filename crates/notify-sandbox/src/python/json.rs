//! JSON as the service parses it: as tolerant as Python's parser, but with the limits that ours needs.
//!
//! A body may start with a byte order mark, be UTF-16 or UTF-32, contain `NaN` or half a surrogate pair, and repeat a
//! key (the last value wins, in the place of the first). Numbers are distinct where Python's are: `5` is not `5.0`, and
//! no integer is too long.

mod encoding;
mod reader;
mod repr;
pub(crate) mod surrogate;

use serde::{Serialize, Serializer};

pub(crate) use reader::{ReadError, read};

/// The stack, in bytes, that is needed to [read] the deepest possible value, with room for code that walks it.
pub(crate) const STACK: usize = 32 * 1024 * 1024;

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
    /// An object without properties.
    pub(crate) const EMPTY: Self = Self(Vec::new());

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

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(name, value)| (name.as_str(), value))
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

    /// As JSON, with `NaN` and its like as Python writes them.
    pub(crate) fn to_json(&self) -> String {
        match self {
            Self::Array(items) => {
                let items: Vec<String> = items.iter().map(Self::to_json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Object(object) => {
                let field = |(name, value): (&str, &Self)| {
                    format!("{}:{}", serde_json::Value::from(name), value.to_json())
                };
                format!("{{{}}}", object.iter().map(field).collect::<Vec<_>>().join(","))
            }
            Self::Float(value) if value.is_nan() => "NaN".to_owned(),
            Self::Float(value) if value.is_infinite() => {
                if *value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
            }
            Self::Integer(Integer::Big(digits)) => digits.to_string(),
            other => serde_json::to_string(other).unwrap_or_else(|_| "null".to_owned()),
        }
    }

    /// Whether any text in it (a key, or a value at any depth) satisfies the predicate.
    pub(crate) fn any_text(&self, predicate: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::String(text) => predicate(text),
            Self::Array(items) => items.iter().any(|item| item.any_text(predicate)),
            Self::Object(object) => {
                object.iter().any(|(key, value)| predicate(key) || value.any_text(predicate))
            }
            Self::Null | Self::Bool(_) | Self::Integer(_) | Self::Float(_) => false,
        }
    }

    /// Whether the value is true to Python.
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
}

/// As JSON again. What JSON cannot represent becomes null, and a long integer becomes the nearest number that others
/// can read.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(Integer::Small(value)) => serializer.serialize_i64(*value),
            Self::Integer(Integer::Big(digits)) => {
                serializer.serialize_f64(digits.parse().unwrap_or(f64::NAN))
            }
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(object) => serializer.collect_map(object.iter()),
        }
    }
}

/// An object for a test.
#[cfg(test)]
pub(crate) fn object(value: &serde_json::Value) -> Object {
    match read(value.to_string().as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("{other:?} is not an object"),
    }
}
