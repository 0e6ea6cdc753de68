//! The text of a template, and what fills its placeholders.

use std::borrow::Cow;

use crate::model::PersonalisationValue;
use crate::model::placeholder_key as key;

/// The values that make a conditional placeholder show its text.
const SHOWS: [&str; 7] = ["yes", "y", "true", "t", "1", "include", "show"];

/// Zero-width white space, which the service removes everywhere. The separators of lines and of paragraphs count as
/// such.
pub(super) const ZERO_WIDTH: [char; 8] =
    ['\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2028}', '\u{2029}', '\u{2060}', '\u{feff}'];

/// No-break spaces, which the service removes from the items of lists.
const NO_BREAK: [char; 2] = ['\u{a0}', '\u{202f}'];

/// A piece of a template's text.
enum Piece<'a> {
    Text(&'a str),
    Placeholder(Placeholder<'a>),
}

/// `((name))` or `((name??text))`.
#[derive(Clone, Copy)]
struct Placeholder<'a> {
    name: &'a str,
    /// The text to show if the value says so.
    conditional: Option<&'a str>,
}

/// How a list is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lists {
    /// `a, b and c`.
    InLine,
    /// As bullets in Markdown.
    Bullets,
}

/// The pieces of a text. Placeholders do not nest: one is two opening brackets, anything but brackets, and two closing
/// brackets. Everything else stands for itself.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (at, end) = next_placeholder(rest).unwrap_or((rest.len(), rest.len()));
        if at > 0 {
            let (text, from) = rest.split_at(at);
            rest = from;
            return Some(Piece::Text(text));
        }
        let inside = rest.get(2..end.checked_sub(2)?)?;
        rest = &rest[end..];
        let (name, conditional) =
            inside.split_once("??").map_or((inside, None), |(name, text)| (name, Some(text)));
        Some(Piece::Placeholder(Placeholder { name, conditional }))
    })
}

/// Where the next placeholder begins and ends.
fn next_placeholder(text: &str) -> Option<(usize, usize)> {
    text.match_indices("))").find_map(|(close, _)| {
        let begin = text[..close].rfind(['(', ')'])?;
        let is_open = text[..=begin].ends_with("((") && begin + 1 < close;
        is_open.then(|| (begin - 1, close + 2))
    })
}

/// The names of the placeholders in a text, each once, in its first spelling.
pub(super) fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Placeholder(Placeholder { name, .. }) = piece
            && !names.iter().any(|known| key(known) == key(name))
        {
            names.push(name);
        }
    }
    names
}

/// The text with its placeholders filled. A placeholder without a value stays as it is.
pub(super) fn fill<'a>(
    text: &str,
    lists: Lists,
    value: impl Fn(&str) -> Option<Cow<'a, PersonalisationValue>>,
) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Placeholder(placeholder) => match (value(placeholder.name), placeholder.conditional) {
                (Some(value), None) => filled.push_str(&written(&value, lists)),
                (Some(value), Some(text)) => {
                    if SHOWS.contains(&&*written(&value, lists).to_lowercase()) {
                        filled.push_str(text);
                    }
                }
                (None, None) => filled.extend(["((", placeholder.name, "))"]),
                (None, Some(text)) => filled.extend(["((", placeholder.name, "??", text, "))"]),
            },
        }
    }
    filled
}

/// A value as the service writes it.
fn written(value: &PersonalisationValue, lists: Lists) -> Cow<'_, str> {
    match value {
        PersonalisationValue::Text(text) => text.into(),
        PersonalisationValue::Number(number) => number.to_string().into(),
        PersonalisationValue::Bool(true) => "True".into(),
        PersonalisationValue::Bool(false) => "False".into(),
        PersonalisationValue::List(items) => {
            let items: Vec<String> =
                items.iter().map(|item| trimmed(item)).filter(|item| !item.is_empty()).collect();
            match (lists, &items[..]) {
                (_, []) => "".into(),
                (Lists::Bullets, items) => format!("\n\n* {}", items.join("\n* ")).into(),
                (Lists::InLine, [only]) => only.clone().into(),
                (Lists::InLine, [first @ .., last]) => format!("{} and {last}", first.join(", ")).into(),
            }
        }
    }
}

/// An item of a list. The service removes obscure white space from it, and trims the rest.
fn trimmed(item: &str) -> String {
    let plain: String = item.chars().filter(|c| !ZERO_WIDTH.contains(c) && !NO_BREAK.contains(c)).collect();
    plain.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_not_a_placeholder_stays_unchanged() {
        for (text, names, filled) in [
            ("", vec![], ""),
            ("((", vec![], "(("),
            ("()))((", vec![], "()))(("),
            ("(())", vec![], "(())"),
            ("((a)", vec![], "((a)"),
            ("(((a)))", vec!["a"], "(x)"),
            ("((a))b((c))", vec!["a", "c"], "xbx"),
            ("((a((b))c))", vec!["b"], "((axc))"),
            ("((é\n))", vec!["é\n"], "x"),
        ] {
            assert_eq!(placeholders(text), names, "{text}");
            let value = |_: &str| Some(Cow::Owned("x".into()));
            assert_eq!(fill(text, Lists::InLine, value), filled, "{text}");
        }
    }

    #[test]
    fn lists_are_written_as_the_message_reads() {
        let items = [" a\u{200b}", "", " ", "\u{2028}\u{202f}", "\u{202f}b\u{2029}", "c"];
        let list = PersonalisationValue::List(items.map(str::to_owned).to_vec());
        assert_eq!(written(&list, Lists::InLine), "a, b and c");
        assert_eq!(written(&list, Lists::Bullets), "\n\n* a\n* b\n* c");
        assert_eq!(written(&PersonalisationValue::List(vec!["a".to_owned()]), Lists::InLine), "a");
        assert_eq!(written(&PersonalisationValue::List(Vec::new()), Lists::Bullets), "");
    }
}
