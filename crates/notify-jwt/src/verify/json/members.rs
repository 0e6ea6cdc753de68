//! One flat JSON object, member by member.
//!
//! By hand and not derived: serde-json-core does not decode escapes, so `"\u0061ud"` is a name to it that nobody asked for,
//! while another reader of the same token sees `aud`. A derived reader passes over such a name without a word.

use crate::verify::error::ParseTokenError;
use core::fmt;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

/// What is read of an object.
pub(super) trait Members<'j> {
    /// Reads the value of the member of this name.
    fn member<M: MapAccess<'j>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error>;
}

/// The value of a name that must not come twice.
pub(super) struct Once<T> {
    has_come: bool,
    /// `None` also if it was `null`, which is not a value.
    pub(super) value: Option<T>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { has_come: false, value: None }
    }
}

impl<T> Once<T> {
    /// Reads the value that comes next.
    pub(super) fn read<'j, M: MapAccess<'j>>(&mut self, map: &mut M) -> Result<(), M::Error>
    where
        T: Deserialize<'j>,
    {
        if self.has_come {
            return Err(M::Error::custom(""));
        }
        self.has_come = true;
        self.value = map.next_value()?;
        Ok(())
    }
}

/// Reads an object with nothing nested in it, where it is: a small stack has no room for a copy.
///
/// # Errors
///
/// [`ParseTokenError::Escape`] if one of its names has an escape, and otherwise `malformed`.
pub(super) fn read<'j, T: Members<'j>>(
    json: &'j [u8],
    members: &mut T,
    malformed: ParseTokenError,
) -> Result<(), ParseTokenError> {
    let mut has_escape = false;
    let mut deserializer = serde_json_core::de::Deserializer::new(json, None);
    let object = Object { has_escape: &mut has_escape, members };
    let is_read = object.deserialize(&mut deserializer).is_ok() && deserializer.end().is_ok();
    match (has_escape, is_read && is_flat(json)) {
        (true, _) => Err(ParseTokenError::Escape),
        (false, true) => Ok(()),
        (false, false) => Err(malformed),
    }
}

/// Whether there is one bracket, that of the object itself. One inside a string counts too.
fn is_flat(json: &[u8]) -> bool {
    json.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() == 1
}

/// Reads an object, and notes whether one of its names has an escape, even if it cannot be read to its end.
struct Object<'m, T> {
    has_escape: &'m mut bool,
    members: &'m mut T,
}

impl<'j, T: Members<'j>> DeserializeSeed<'j> for Object<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'j>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'j, T: Members<'j>> Visitor<'j> for Object<'_, T> {
    type Value = ();

    fn expecting(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn visit_map<M: MapAccess<'j>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(name) = map.next_key::<&str>()? {
            if name.as_bytes().contains(&b'\\') {
                *self.has_escape = true;
                return Err(M::Error::custom(""));
            }
            self.members.member(name, &mut map)?;
        }
        Ok(())
    }
}

/// A text, a number or a word that nobody needs.
///
/// serde's own type for this reads what is nested too, by recursion. A stranger must not choose how much of a small stack that
/// takes.
pub(super) struct Ignored;

impl<'j> Deserialize<'j> for Ignored {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_ignored_any(Self)
    }
}

impl Visitor<'_> for Ignored {
    type Value = Self;

    fn expecting(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}
