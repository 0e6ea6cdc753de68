//! The content of a cell.

use serde::Serialize;

/// The content of a cell, or of all cells of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(in super::super) enum Value {
    Nothing,
    Text(String),
    List(Vec<Option<String>>),
}

impl Value {
    /// The content of these cells.
    pub(super) fn of(mut cells: Vec<Option<String>>) -> Self {
        match cells.len() {
            0 => Self::Nothing,
            1 => cells.remove(0).map_or(Self::Nothing, Self::Text),
            _ if cells.iter().all(Option::is_none) => Self::Nothing,
            _ => Self::List(cells),
        }
    }

    /// All texts in it.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Self::Nothing => (None, &[][..]),
            Self::Text(text) => (Some(text), &[][..]),
            Self::List(items) => (None, &items[..]),
        };
        one.into_iter().chain(many.iter().flatten()).map(String::as_str)
    }
}

/// What a spreadsheet program shows in place of the value of a formula that has none.
const FORMULA_ERRORS: [&str; 9] =
    ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];

/// What is odd about a text that the service takes all the same.
pub(super) fn oddity(text: &str) -> Option<String> {
    if FORMULA_ERRORS.contains(&text) {
        return Some(format!("its formula has no value, and {text} is sent in place of one"));
    }
    text.contains('\0').then(|| "it has a NUL character, as in a damaged file".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_formula_without_a_value_and_a_damaged_file_leave_is_odd() {
        for text in FORMULA_ERRORS {
            assert!(oddity(text).unwrap().contains(text));
        }
        assert!(oddity("a\0b").unwrap().contains("NUL"));
        for text in ["", "#1", "N/A", "Flat #N/A"] {
            assert_eq!(oddity(text), None, "{text}");
        }
    }
}
