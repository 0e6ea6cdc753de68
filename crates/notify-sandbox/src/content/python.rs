//! How Python writes a JSON value as text: the service fills placeholders with `str(value)`.

use serde_json::{Number, Value};
use std::fmt::Write;

/// Writes `value` as Python's `str` does.
pub(crate) fn str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// Writes `value` as Python's `repr` does, which is how it appears inside lists and objects.
fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => repr_number(number),
        Value::String(text) => repr_text(text),
        Value::Array(items) => format!("[{}]", items.iter().map(repr).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}: {}", repr_text(key), repr(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

fn repr_number(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => repr_float(float),
        _ => number.to_string(),
    }
}

/// The shortest digits that read back as `float`, laid out as Python does: an exponent of two digits or more, and only
/// below 10⁻⁴ or from 10¹⁶.
fn repr_float(float: f64) -> String {
    let scientific = format!("{float:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let plain = float.to_string();
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

fn repr_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c == quote => quoted.extend(['\\', c]),
            c if is_printable(c) => quoted.push(c),
            c => escape(&mut quoted, u32::from(c)),
        }
    }
    quoted.push(quote);
    quoted
}

fn escape(quoted: &mut String, code: u32) {
    let written = match code {
        0..=0xff => write!(quoted, "\\x{code:02x}"),
        0x100..=0xffff => write!(quoted, "\\u{code:04x}"),
        _ => write!(quoted, "\\U{code:08x}"),
    };
    written.expect("writing to a String cannot fail");
}

/// Python escapes what has no glyph: controls, separators other than the space, format characters, private use.
fn is_printable(c: char) -> bool {
    !(c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn scalars_look_as_python_prints_them() {
        for (value, expected) in [
            (json!("it's"), "it's"),
            (json!(null), "None"),
            (json!(true), "True"),
            (json!(7), "7"),
            (json!(-0.5), "-0.5"),
            (json!(2.0), "2.0"),
            (json!(1e15), "1000000000000000.0"),
            (json!(1e16), "1e+16"),
            (json!(0.0001), "0.0001"),
            (json!(0.00001), "1e-05"),
            (json!(1.5e300), "1.5e+300"),
            (json!(u64::MAX), "18446744073709551615"),
        ] {
            assert_eq!(str(&value), expected);
        }
    }

    #[test]
    fn nested_values_are_written_as_their_source_would_be() {
        assert_eq!(str(&json!({"a": [1, "x", null, {"b": false}]})), "{'a': [1, 'x', None, {'b': False}]}");
        assert_eq!(
            str(&json!(["it's", "say \"hi\"", "it's \"both\""])),
            r#"["it's", 'say "hi"', 'it\'s "both"']"#
        );
        assert_eq!(str(&json!(["a\nb\u{200b}\u{1}é"])), "['a\\nb\\u200b\\x01é']");
    }
}
