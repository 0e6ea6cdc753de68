//! Reports mistakes in the arguments without the recipients, values and keys that a misplaced argument may contain.

use clap::error::{ContextKind, ContextValue};

const MASK: &str = "…";

/// The places where clap repeats what was typed.
const REPEATED: [ContextKind; 3] =
    [ContextKind::InvalidArg, ContextKind::InvalidValue, ContextKind::InvalidSubcommand];

/// Masks whatever was typed, unless it is a single word or the name of an option.
pub(super) fn mask(mut error: clap::Error) -> clap::Error {
    for kind in REPEATED {
        let masked = match error.get(kind) {
            Some(ContextValue::String(typed)) if !is_harmless(typed) => masked(typed),
            _ => continue,
        };
        error.insert(kind, ContextValue::String(masked));
        // The suggestions repeat it too.
        error.remove(ContextKind::Suggested);
    }
    error
}

/// A word of lower-case letters, or an argument's own name as in `--to <NUMBER>`.
fn is_harmless(typed: &str) -> bool {
    let name = typed
        .split_once(' ')
        .filter(|(_, value)| value.starts_with(['<', '[']))
        .map_or(typed, |(name, _)| name);
    let is_positional = name.starts_with('<') && name.ends_with('>');
    is_positional || name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Keeps the name of an option and masks its value.
fn masked(typed: &str) -> String {
    match typed.split_once('=') {
        Some((name, _)) if name.starts_with("--") && is_harmless(name) => format!("{name}={MASK}"),
        _ => MASK.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names_are_shown_and_values_are_not() {
        for (typed, shown) in [
            ("lsit", true),
            ("--templat", true),
            ("--personalisation <NAME=VALUE>", true),
            ("<ID>", true),
            ("07700900123", false),
            ("kim@example.com", false),
            ("Kim", false),
            ("--to=07700900123", false),
        ] {
            assert_eq!(is_harmless(typed), shown, "{typed}");
        }
        assert_eq!(masked("--to=07700900123"), "--to=…");
        assert_eq!(masked("kim=Kim"), "…");
    }
}
