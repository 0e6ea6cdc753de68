//! A [`Value`] in Python's notation, which the service's messages quote: `None`, `True`, `[1, 'a']`.

use std::fmt::{self, Display, Formatter, Write};

use super::{Integer, Value, surrogate};

impl Value {
    /// The value as `repr()` spells it: like [`Display`], but with quotes around a string.
    pub(crate) fn repr(&self) -> impl Display {
        Repr(self)
    }
}

/// As `str()` spells it.
impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => f.write_str(text),
            other => Repr(other).fmt(f),
        }
    }
}

struct Repr<'a>(&'a Value);

impl Display for Repr<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("None"),
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Integer(Integer::Small(number)) => number.fmt(f),
            Value::Integer(Integer::Big(digits)) => digits.fmt(f),
            Value::Float(number) => float(*number, f),
            Value::String(text) => string(text, f),
            Value::Array(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    Self(item).fmt(f)?;
                }
                f.write_char(']')
            }
            Value::Object(object) => {
                f.write_char('{')?;
                for (index, (key, value)) in object.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    string(key, f)?;
                    f.write_str(": ")?;
                    Self(value).fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

/// The shortest digits that read back as the same number; an exponent outside 1e-4 to 1e16.
fn float(number: f64, f: &mut Formatter<'_>) -> fmt::Result {
    if !number.is_finite() {
        return f.write_str(match number {
            _ if number.is_nan() => "nan",
            _ if number > 0.0 => "inf",
            _ => "-inf",
        });
    }
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        return write!(f, "{digits}e{sign}{exponent:0>2}");
    }
    write!(f, "{number:?}")
}

/// Single quotes, or double ones if that saves escaping.
fn string(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for character in text.chars() {
        match character {
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\\' => f.write_str("\\\\")?,
            _ if character == quote => write!(f, "\\{character}")?,
            _ if is_printable(character) => f.write_char(character)?,
            _ => match surrogate::half(character).unwrap_or_else(|| u32::from(character)) {
                code @ ..=0xFF => write!(f, "\\x{code:02x}")?,
                code @ ..=0xFFFF => write!(f, "\\u{code:04x}")?,
                code => write!(f, "\\U{code:08x}")?,
            },
        }
    }
    f.write_char(quote)
}

/// Whether Python prints the character as it is. The standard library's escaping follows the same Unicode classes,
/// except that it also escapes a combining mark that follows no letter.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    let mut text = String::from("a");
    text.push(character);
    text.escape_debug().count() == 2
}

#[cfg(test)]
mod tests {
    use crate::python::json::read;

    fn repr(json: &str) -> String {
        read(json.as_bytes()).unwrap().repr().to_string()
    }

    #[test]
    fn values_are_spelled_as_python_does() {
        assert_eq!(
            repr(r#"[null,true,false,5,-0.0,1.5,"a",{"k":[]}]"#),
            "[None, True, False, 5, -0.0, 1.5, 'a', {'k': []}]"
        );
    }

    #[test]
    fn floats_turn_to_exponents_where_python_does() {
        let cases = [
            ("1e15", "1000000000000000.0"),
            ("1e16", "1e+16"),
            ("1.5e300", "1.5e+300"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("1e-300", "1e-300"),
            ("100.0", "100.0"),
            ("18446744073709551615", "18446744073709551615"),
        ];
        for (json, expected) in cases {
            assert_eq!(repr(json), expected);
        }
    }

    #[test]
    fn strings_choose_their_quotes_and_escape_what_cannot_be_seen() {
        assert_eq!(repr(r#""it's""#), "\"it's\"");
        assert_eq!(repr(r#""a'b\"c""#), r#"'a\'b"c'"#);
        assert_eq!(
            repr(r#""\u0000\n\u00a0\u200b\u2028é\u0301\ud83d\ude00""#),
            "'\\x00\\n\\xa0\\u200b\\u2028é\u{301}\u{1F600}'"
        );
    }
}
