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

/// How to write a value that can only be guessed at.
const EXAMPLE: &str = r#"write it like {"name": "Kim", "items": 3, "late": true, "lines": ["one", "two"]}"#;

fn read(path: &Path) -> Result<Vec<(String, PersonalisationValue)>, CommandError> {
    parse(&input::read_text(path)?).map_err(|(why, help)| {
        CommandError::setup(anyhow::anyhow!("the personalisation file {} {why}", path.display())).help(help)
    })
}

/// Says what is wrong without showing a value, and how to correct it.
fn parse(text: &str) -> Result<Vec<(String, PersonalisationValue)>, (String, String)> {
    let values: BTreeMap<String, serde_json::Value> = serde_json::from_str(text).map_err(|error| {
        let why = format!("is not a JSON object (line {}, column {})", error.line(), error.column());
        (why, EXAMPLE.to_owned())
    })?;
    values.into_iter().map(read_value).collect()
}

fn read_value(
    (name, value): (String, serde_json::Value),
) -> Result<(String, PersonalisationValue), (String, String)> {
    if value.is_f64() {
        // The service would print 2.50 as 2.5, and 1e3 as 1000.0.
        let why = format!("has a number with a fraction or an exponent for `{name}`");
        let help =
            format!("put it in quotes, written as it is to appear in the message, like \"{name}\": \"2.50\"");
        return Err((why, help));
    }
    match PersonalisationValue::deserialize(value) {
        Ok(value) => Ok((name, value)),
        // The error message lists the possible kinds of value.
        Err(expected) => {
            Err((format!("has a value for `{name}` that is not {expected}"), EXAMPLE.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_that_the_service_takes_is_read() {
        let values = parse(r#"{"a": "x", "b": -3, "c": true, "d": ["x", "y"]}"#).unwrap();
        let expected: [(&str, PersonalisationValue); 4] = [
            ("a", "x".into()),
            ("b", (-3).into()),
            ("c", true.into()),
            ("d", vec!["x".to_owned(), "y".to_owned()].into()),
        ];
        assert!(values == expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn what_the_service_would_misprint_is_refused_by_name_and_not_shown() {
        for text in
            [r#"{"total": 0.5}"#, r#"{"total": 1e3}"#, r#"{"total": null}"#, r#"{"total": {"x": "Kim"}}"#]
        {
            let (why, help) = parse(text).unwrap_err();
            assert!(why.contains("`total`") && !why.contains("Kim"), "{why}");
            assert_eq!(help.contains("in quotes"), why.contains("fraction"), "{why}: {help}");
        }
        assert_eq!(parse(r#"{"name": "Kim""#).unwrap_err().0, "is not a JSON object (line 1, column 14)");
    }
}
