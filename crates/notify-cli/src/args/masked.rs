//! Reports mistakes in the arguments without the recipients, values and keys that a misplaced argument may contain.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::CommandError;

const MASK: &str = "…";

/// Masks whatever was typed, unless it resembles a command or an option: any other word could be a value.
pub(super) fn mask(mut error: clap::Error) -> clap::Error {
    let typed = [
        (ContextKind::InvalidValue, false),
        (ContextKind::InvalidSubcommand, error.get(ContextKind::SuggestedSubcommand).is_some()),
        (ContextKind::InvalidArg, error.get(ContextKind::SuggestedArg).is_some()),
    ];
    for (kind, is_near_miss) in typed {
        if kind == ContextKind::InvalidArg && error.kind() != ErrorKind::UnknownArgument {
            // Of the arguments that this program knows, clap says the names.
            continue;
        }
        let masked = match error.get(kind) {
            Some(ContextValue::String(text)) if !text.is_empty() => masked(text, is_near_miss),
            _ => continue,
        };
        error.insert(kind, ContextValue::String(masked));
        // The advice to put it elsewhere repeats it.
        error.remove(ContextKind::Suggested);
    }
    error
}

/// Something that resembles a command or an option, as it was typed, but without the value of an option.
fn masked(typed: &str, is_near_miss: bool) -> String {
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    match typed.split_once('=') {
        _ if !is_near_miss => MASK.to_owned(),
        None if is_name(typed) => typed.to_owned(),
        Some((name, _)) if is_name(name) => format!("{name}={MASK}"),
        _ => MASK.to_owned(),
    }
}

/// Says which argument holds bytes that are not UTF-8, without showing it.
pub(super) fn not_utf8(args: &[OsString]) -> CommandError {
    let mut unreadable = (1..args.len()).filter(|position| args[*position].to_str().is_none());
    let which = match (unreadable.next(), unreadable.next()) {
        (Some(position), None) => format!("argument {position}"),
        _ => "an argument".to_owned(),
    };
    CommandError::usage(format!("{which} holds bytes that are not UTF-8"))
        .help("write it in UTF-8: the terminal or the script that it comes from may use another encoding")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_shown_and_values_are_not() {
        for (typed, shown) in [
            ("lsit", "lsit"),
            ("--templat", "--templat"),
            ("--templat=Kim", "--templat=…"),
            ("Kim", "…"),
            ("k@e", "…"),
        ] {
            assert_eq!(masked(typed, true), shown);
            assert_eq!(masked(typed, false), "…");
        }
    }
}
