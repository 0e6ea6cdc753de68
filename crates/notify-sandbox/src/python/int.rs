//! Python's `int()`, as far as JSON is concerned.

use super::digits;
use super::json::{Integer, Value};

/// What Python's `int()` makes of a value.
#[derive(Debug, PartialEq)]
pub(crate) enum PyInt {
    /// The number, limited to what 128 bits hold.
    Number(i128),
    /// Not a number, but of a type that could be one.
    NotANumber,
    /// Of a type that never is one.
    OfWrongType,
    Infinite,
}

/// How many digits a text may have to be converted.
const MAX_DIGITS: usize = 4300;

impl PyInt {
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Bool(value) => Self::Number(i128::from(*value)),
            Value::Integer(Integer::Small(number)) => Self::Number(i128::from(*number)),
            Value::Integer(Integer::Big(digits)) => {
                let beyond = if digits.starts_with('-') { i128::MIN } else { i128::MAX };
                Self::Number(digits.parse().unwrap_or(beyond))
            }
            Value::Float(number) if number.is_nan() => Self::NotANumber,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "truncation is the rule, saturation is enough"
            )]
            Value::Float(number) if number.is_finite() => Self::Number(*number as i128),
            Value::String(text) => Self::parse(text),
            Value::Float(_) => Self::Infinite,
            Value::Null | Value::Array(_) | Value::Object(_) => Self::OfWrongType,
        }
    }

    /// Digits of any script, with white space around, a sign before and single underscores between them.
    fn parse(text: &str) -> Self {
        let text = digits::to_ascii(text.trim());
        let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
        let grouped = digits
            .split('_')
            .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
        if !grouped || digits.bytes().filter(u8::is_ascii_digit).count() > MAX_DIGITS {
            return Self::NotANumber;
        }
        let beyond = if text.starts_with('-') { i128::MIN } else { i128::MAX };
        Self::Number(text.replace('_', "").parse().unwrap_or(beyond))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json::read;

    #[test]
    fn whole_numbers_are_read_as_python_does() {
        let cases = [
            ("17", PyInt::Number(17)),
            ("17.9", PyInt::Number(17)),
            ("-17.9", PyInt::Number(-17)),
            ("1e3", PyInt::Number(1000)),
            ("true", PyInt::Number(1)),
            (r#"" 1_7 ""#, PyInt::Number(17)),
            (r#""-17""#, PyInt::Number(-17)),
            (r#""1__7""#, PyInt::NotANumber),
            (r#""17.5""#, PyInt::NotANumber),
            (r#""17\u001f""#, PyInt::NotANumber),
            (r#""""#, PyInt::NotANumber),
            (&format!("\"{}\"", "9".repeat(40)), PyInt::Number(i128::MAX)),
            (&format!("\"-{}\"", "9".repeat(40)), PyInt::Number(i128::MIN)),
            ("NaN", PyInt::NotANumber),
            ("\"\u{ff11}\u{667}\u{2003}\\n\"", PyInt::Number(17)),
            (&format!("\"{}\"", "9".repeat(4301)), PyInt::NotANumber),
            ("Infinity", PyInt::Infinite),
            ("1e400", PyInt::Infinite),
            ("null", PyInt::OfWrongType),
            ("[17]", PyInt::OfWrongType),
            ("{}", PyInt::OfWrongType),
        ];
        for (json, expected) in cases {
            assert_eq!(PyInt::of(&read(json.as_bytes()).unwrap()), expected, "{json}");
        }
    }
}
