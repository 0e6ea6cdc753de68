//! What a message is made from.

use std::path::PathBuf;

use clap::Args;
use notify_http::model::TemplateId;

/// A template, and the values of its placeholders.
#[derive(Args)]
pub(crate) struct TemplateArgs {
    /// The id of the template; `notify templates` lists them
    #[arg(long, short, value_name = "ID")]
    pub(crate) template: TemplateId,
    /// The value of one placeholder of the template; repeat it for each placeholder
    #[arg(long, short, value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(crate) personalisation: Vec<(String, String)>,
    /// A JSON file with an object of such values; `-` for stdin
    ///
    /// A value is a text, a whole number, true or false, or a list of texts. Values in a file do not appear in the
    /// process list. --personalisation takes precedence over the file.
    #[arg(long, value_name = "FILE")]
    pub(crate) personalisation_file: Option<PathBuf>,
}

/// How to find a message again.
#[derive(Args)]
pub(crate) struct ReferenceArgs {
    /// A text to find the message by; other messages may have the same one
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    /// Promise that no other message has or will ever have the text of --reference
    ///
    /// If the answer is lost, the message is then looked up by its reference. It is sent again only if the service
    /// certainly did not take it.
    #[arg(long, requires = "reference")]
    unique_reference: bool,
    /// Generate a random reference, which no other message has; this is the default without --reference
    #[arg(long, conflicts_with = "reference")]
    generate_reference: bool,
}

/// The text to find a message by.
pub(crate) enum Reference {
    /// Other messages may have it too.
    Shared(String),
    /// No other message has it.
    Unique(String),
    /// Generate a random one: without a reference, a message whose answer is lost cannot be found again.
    Random,
}

impl From<ReferenceArgs> for Reference {
    fn from(args: ReferenceArgs) -> Self {
        match args.reference {
            Some(text) if args.unique_reference => Self::Unique(text),
            Some(text) => Self::Shared(text),
            None => Self::Random,
        }
    }
}

/// Reads `name=value`.
pub(super) fn name_and_value(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected name=value, such as name=Kim"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_any_character_and_a_name_any_but_the_equals_sign() {
        let pair = |text| name_and_value(text).map(|(name, value)| format!("{name}|{value}"));
        assert_eq!(pair("a=b=c").as_deref(), Ok("a|b=c"));
        assert_eq!(pair("full name=").as_deref(), Ok("full name|"));
        assert!(pair("=b").is_err() && pair("name").is_err());
    }
}
