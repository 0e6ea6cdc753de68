//! Compares an answer with the recorded one.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::exchange::Response;
use super::lenient;
use super::mask::Mask;
use crate::http1::RawResponse;

/// Longer values are cut off when a difference is printed.
const SHOWN: usize = 400;

/// One place where an answer differs from the recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: `status`, `Content-Type`, `Allow`, or a path into the body, such as `$.errors[0].message`.
    pub at: String,
    /// The recorded value.
    pub recorded: String,
    /// The answered value.
    pub answered: String,
}

impl Difference {
    fn new(at: &str, recorded: impl Into<String>, answered: impl Into<String>) -> Self {
        Self { at: at.to_owned(), recorded: recorded.into(), answered: answered.into() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.at)?;
        writeln!(f, "  recorded: {}", shortened(&self.recorded))?;
        write!(f, "  answered: {}", shortened(&self.answered))
    }
}

/// All differences that matter: the status, `Content-Type` exactly, `Allow` as a set, and the body. The masks belong
/// to the recorded and the answering server, both for this one request.
pub fn compare(
    recorded: &Response,
    recorded_mask: &mut Mask<'_>,
    answered: &RawResponse,
    answered_mask: &mut Mask<'_>,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut note = |at: &str, recorded: String, answered: String| {
        if recorded != answered {
            differences.push(Difference::new(at, recorded, answered));
        }
    };
    note("status", recorded.status.to_string(), answered.status.to_string());
    let header = |value: Option<&str>| value.unwrap_or("(absent)").to_owned();
    note(
        "Content-Type",
        header(recorded.header("Content-Type")),
        header(answered.headers.get("Content-Type")),
    );
    note("Allow", methods(recorded.header("Allow")), methods(answered.headers.get("Allow")));
    let text = String::from_utf8_lossy(&answered.body);
    if let Some(json) = &recorded.json {
        match serde_json::from_str(&lenient::strict(&text)) {
            Ok(answer) => {
                let answer = cut_as(json, answer);
                differences.extend(json_differences(&recorded_mask.json(json), &answered_mask.json(&answer)));
            }
            Err(error) => {
                differences.push(Difference::new(
                    "$",
                    json.to_string(),
                    format!("not JSON ({error}): {text}"),
                ));
            }
        }
    } else {
        match recorded.to_raw() {
            Ok(raw) if raw.body == answered.body => {}
            Ok(raw) => note(
                "body",
                recorded_mask.text(&String::from_utf8_lossy(&raw.body)),
                answered_mask.text(&text),
            ),
            Err(error) => note("body", error.to_string(), text.into_owned()),
        }
    }
    differences
}

/// All differences between two JSON values. The order of fields does not matter, and 1 and 1.0 are the same number.
pub fn json_differences(recorded: &Value, answered: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    compare_json("$", recorded, answered, &mut differences);
    differences
}

fn methods(allow: Option<&str>) -> String {
    let Some(allow) = allow else { return "(absent)".to_owned() };
    let methods: BTreeSet<&str> = allow.split(',').map(str::trim).collect();
    Vec::from_iter(methods).join(", ")
}

/// The answer with its lists shortened where the recorded ones are. A list of another length stays as it is, and so
/// shows up as a difference.
fn cut_as(recorded: &Value, answered: Value) -> Value {
    match (recorded, answered) {
        (Value::Array(recorded), Value::Array(mut answered)) => {
            if let Some((index, count)) =
                recorded.iter().enumerate().find_map(|(index, item)| Some((index, Response::cut(item)?)))
                && answered.len() + 1 == recorded.len() + count
            {
                answered.splice(index..index + count, [recorded[index].clone()]);
            }
            if recorded.len() == answered.len() {
                recorded.iter().zip(answered).map(|(recorded, answered)| cut_as(recorded, answered)).collect()
            } else {
                Value::Array(answered)
            }
        }
        (Value::Object(recorded), Value::Object(answered)) => answered
            .into_iter()
            .map(|(name, value)| {
                let value = match recorded.get(&name) {
                    Some(recorded) => cut_as(recorded, value),
                    None => value,
                };
                (name, value)
            })
            .collect(),
        (_, answered) => answered,
    }
}

fn compare_json(at: &str, recorded: &Value, answered: &Value, differences: &mut Vec<Difference>) {
    match (recorded, answered) {
        (Value::Object(recorded), Value::Object(answered)) => {
            let names: BTreeSet<&String> = recorded.keys().chain(answered.keys()).collect();
            for name in names {
                let at = format!("{at}.{name}");
                match (recorded.get(name), answered.get(name)) {
                    (Some(recorded), Some(answered)) => compare_json(&at, recorded, answered, differences),
                    (recorded, answered) => {
                        differences.push(Difference::new(&at, or_absent(recorded), or_absent(answered)));
                    }
                }
            }
        }
        (Value::Array(recorded), Value::Array(answered)) => {
            for index in 0..recorded.len().max(answered.len()) {
                let at = format!("{at}[{index}]");
                match (recorded.get(index), answered.get(index)) {
                    (Some(recorded), Some(answered)) => compare_json(&at, recorded, answered, differences),
                    (recorded, answered) => {
                        differences.push(Difference::new(&at, or_absent(recorded), or_absent(answered)));
                    }
                }
            }
        }
        // Compared as values: 1 and 1.0 are the same number.
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => {}
        (recorded, answered) if recorded == answered => {}
        (recorded, answered) => {
            differences.push(Difference::new(at, recorded.to_string(), answered.to_string()));
        }
    }
}

fn or_absent(value: Option<&Value>) -> String {
    value.map_or_else(|| "(absent)".to_owned(), Value::to_string)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} … ({} bytes in all)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
