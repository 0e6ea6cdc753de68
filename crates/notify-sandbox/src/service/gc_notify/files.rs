//! Files among the values. Each says how it is sent.

use crate::python::json::{Object, Value};
use crate::python::{base64, bytes};
use crate::time::Timestamp;
use crate::wire::refusal::Refusal;
use crate::wire::validate::{self, Kind, Property, Rule, Schema, SchemaError};

/// How many bytes a file may have.
const MAX_BYTES: usize = 10 * 1024 * 1024;

/// How many files a message may have.
const MAX_FILES: usize = 10;

/// How many characters all values may have together.
const MAX_VALUES: usize = 51_200;

const METHODS: &[&str] = &["attach", "link"];

const FILE: &Schema = &[
    Rule::Properties(&[Property("file", Kind::Text), Property("sending_method", Kind::TextOneOf(METHODS))]),
    Rule::Required(&["file", "sending_method"]),
];

/// An attached file needs a name. So does a file that does not say how it is sent.
const ATTACHED: &Schema = &[
    Rule::Properties(&[Property("filename", Kind::TextIfAnyBetween(3, 255))]),
    Rule::Required(&["filename"]),
];

/// The values that are objects: all of them are files.
fn files(values: &Object) -> impl Iterator<Item = (&str, &Object)> {
    values.iter().filter_map(|(name, value)| Some((name, value.as_object()?)))
}

/// The schema's errors about files, which it names after the object of all values.
pub(super) fn check_form(values: &Object, now: Timestamp) -> Vec<SchemaError> {
    let mut errors = Vec::new();
    for (_, file) in files(values) {
        let method = file.get("sending_method");
        let value = Value::Object(file.clone());
        errors.extend(validate::check(&value, FILE, now).err().unwrap_or_default());
        if method.is_none_or(|method| method.as_str() == Some("attach")) {
            errors.extend(validate::check(&value, ATTACHED, now).err().unwrap_or_default());
        }
    }
    errors.into_iter().map(|error| error.inside_unnamed("personalisation")).collect()
}

/// Errors in the values beyond their form: too many files, too large, not Base64.
pub(super) fn check(values: &Object) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    let size: usize = values
        .iter()
        .filter(|(_, value)| value.as_object().is_none())
        .map(|(_, value)| value.to_string().chars().count())
        .sum();
    if size > MAX_VALUES {
        errors.push(format!(
            "Personalisation variables size of {size} bytes is greater than allowed limit of {MAX_VALUES} bytes."
        ));
    }
    let with_file: Vec<_> = files(values).filter(|(_, file)| file.contains("file")).collect();
    let count = with_file.len();
    if count > MAX_FILES {
        errors.push(format!("File number exceed allowed limits of {MAX_FILES} with number of {count}."));
    }
    for (name, file) in with_file {
        let text = file.get("file").and_then(Value::as_str).unwrap_or_default();
        match decode(text).map(|bytes| bytes.len()) {
            Err(why) => errors.push(format!("{name} : {why} : Error decoding base64 field")),
            Ok(length) if length > MAX_BYTES => errors.push(match file.get("filename") {
                Some(filename) => format!(
                    "{name} : File size for {filename} is {length} and greater than allowed limit of {MAX_BYTES}."
                ),
                None => format!("{name} : 'filename' : Error decoding base64 field"),
            }),
            Ok(_) => {}
        }
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Refusal::Schema(
        errors.into_iter().map(|error| SchemaError::verbatim(&error, "a file is refused")).collect(),
    ))
}

/// Decodes as Python does: whatever is not a Base64 digit is skipped.
fn decode(text: &str) -> Result<Vec<u8>, String> {
    if !text.is_ascii() {
        return Err("string argument should contain only ASCII characters".to_owned());
    }
    base64::decode_or_say(text)
}

/// The values as a preview shows them: a file as Python writes an object with bytes in it.
pub(super) fn shown(values: &Object) -> Object {
    let mut shown = values.clone();
    for (name, file) in files(values) {
        let written = file.iter().map(|(key, value)| {
            let bytes = value.as_str().filter(|_| key == "file").and_then(|text| decode(text).ok());
            let value = bytes.map_or_else(|| value.repr().to_string(), |bytes| bytes::repr(&bytes));
            format!("{}: {value}", Value::String(key.to_owned()).repr())
        });
        let written: Vec<String> = written.collect();
        shown.insert(name, Value::String(format!("{{{}}}", written.join(", "))));
    }
    shown
}
