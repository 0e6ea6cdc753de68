//! The values of placeholders, from arguments and files.

use std::collections::BTreeMap;
use std::path::Path;

use notify_http::model::{Personalisation, PersonalisationValue};
use serde::Deserialize;

use crate::args::TemplateArgs;
use crate::exit::CommandError;
use crate::input;

/// The values from the arguments, and those from the file that no argument replaces.
pub(crate) fn collect(args: &TemplateArgs) -> Result<Personalisation, CommandError> {
    let typed = args.personalisation.iter().map(|(name, value)| (name, value.as_str()));
    let mut personalisation: Personalisation = typed.collect();
    if let Some(path) = &args.personalisation_file {
        let mut values = read(path)?;
        values.retain(|(name, _)| personalisation.get(name).is_none());
        personalisation.extend(values);
    }
    Ok(personalisation)
}

fn read(path: &Path) -> Result<Vec<(String, PersonalisationValue)>, CommandError> {
    parse(&input::read(path)?).map_err(|why| {
        CommandError::setup(anyhow::anyhow!("the personalisation file {} {why}", path.display()))
            .help(r#"write it like {"name": "Kim", "items": 3, "late": true, "lines": ["one", "two"]}"#)
    })
}

/// Says what is wrong without showing a value.
fn parse(text: &[u8]) -> Result<Vec<(String, PersonalisationValue)>, String> {
    // Some editors write a byte order mark.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let values: BTreeMap<String, serde_json::Value> = serde_json::from_slice(text).map_err(|error| {
        format!("is not a JSON object (line {}, column {})", error.line(), error.column())
    })?;
    let read = |(name, value)| match PersonalisationValue::deserialize(value) {
        Ok(value) => Ok((name, value)),
        // The error message lists the possible kinds of value.
        Err(expected) => Err(format!("has a value for `{name}` that is not {expected}")),
    };
    values.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_that_the_service_takes_is_read() {
        let values = parse(br#"{"a": "x", "b": -3, "c": true, "d": ["x", "y"]}"#).unwrap();
        let expected: [(&str, PersonalisationValue); 4] = [
            ("a", "x".into()),
            ("b", (-3).into()),
            ("c", true.into()),
            ("d", vec!["x".to_owned(), "y".to_owned()].into()),
        ];
        assert!(values == expected.map(|(name, value)| (name.to_owned(), value)));
        let marked = parse(b"\xef\xbb\xbf{\"a\": \"x\"}").unwrap();
        assert!(marked == values[..1]);
    }

    #[test]
    fn what_the_service_would_misprint_is_refused_by_name_and_not_shown() {
        for text in [r#"{"total": 0.5}"#, r#"{"total": null}"#, r#"{"total": {"x": "Kim"}}"#] {
            let why = parse(text.as_bytes()).unwrap_err();
            assert!(why.contains("`total`") && !why.contains("Kim"), "{why}");
        }
        assert_eq!(parse(br#"{"name": "Kim""#).unwrap_err(), "is not a JSON object (line 1, column 14)");
    }
}
