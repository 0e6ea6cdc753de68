//! Text messages: what is sent, how many characters it has, and how many fragments are billed.

mod character_set;

use std::borrow::Cow;

use super::personalisation::{ListStyle, Personalisation};
use super::template::{FillOptions, Missing, Template};
use super::whitespace;

/// How many characters a text message may have, without the service's prefix.
pub(crate) const CHARACTER_LIMIT: usize = 918;

const OPTIONS: FillOptions =
    FillOptions { lists: ListStyle::Sentence, missing: Missing::Verbatim, escape: false };

/// A text message with its values filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SmsContent {
    filled: String,
    body: String,
    /// Whether one of its letters takes two bytes, and with it all the others.
    is_unicode: bool,
}

/// Fills in a text message.
///
/// # Errors
///
/// The character on which the service fails, if there is one: it can be neither sent nor replaced.
pub(crate) fn render(template: &Template, values: &Personalisation) -> Result<SmsContent, char> {
    let filled = template.fill(values, OPTIONS);
    let tidy = tidy(&filled);
    if let Some(c) = character_set::first_unreplaceable(&tidy) {
        return Err(c);
    }
    let body = character_set::sanitise(&tidy).into_owned();
    Ok(SmsContent { is_unicode: character_set::forces_unicode(&tidy), body, filled })
}

impl SmsContent {
    /// The text in characters that can be sent, without the service's prefix.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// The length that must not exceed [`CHARACTER_LIMIT`]: UTF-16 units of the body.
    pub(crate) fn characters(&self) -> usize {
        self.body.encode_utf16().count()
    }

    /// How many text messages a phone network splits it into, with the service's name in front if it is used as a
    /// prefix.
    pub(crate) fn fragments(&self, prefix: Option<&str>) -> usize {
        let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty()) else {
            return fragments_as(self.is_unicode, &self.body);
        };
        let sent = format!("{}: {}", prefix.trim_matches(whitespace::is_space), self.filled);
        let sent = tidy(&sent);
        fragments_as(character_set::forces_unicode(&sent), &character_set::sanitise(&sent))
    }
}

/// How many text messages a text is split into, in two bytes for each character or in the network's own alphabet.
fn fragments_as(is_unicode: bool, text: &str) -> usize {
    let units = text.encode_utf16().count();
    if is_unicode {
        fragments(units, 70, 67)
    } else {
        fragments(units + character_set::extended(text), 160, 153)
    }
}

/// How many text messages a phone network splits a text into, with the service's name in front if there is a prefix. It
/// is for services whose answers do not mention fragments.
pub(crate) fn fragments_of(body: &str, prefix: Option<&str>) -> usize {
    let text = prefixed(body, prefix);
    fragments_as(!text.chars().all(character_set::is_gsm), &text)
}

/// A text as it arrives: with the name of the service in front if there is a prefix.
pub(crate) fn prefixed<'a>(body: &'a str, prefix: Option<&str>) -> Cow<'a, str> {
    match prefix.map(str::trim).filter(|prefix| !prefix.is_empty()) {
        Some(prefix) => format!("{prefix}: {body}").into(),
        None => body.into(),
    }
}

/// A single message holds more than each part of a longer one: a part needs room to say which part it is.
fn fragments(units: usize, single: usize, joined: usize) -> usize {
    if units <= single { 1 } else { units.div_ceil(joined) }
}

/// Removes space before punctuation, normalises the space in each line, and leaves at most one empty line in a row.
fn tidy(text: &str) -> Cow<'_, str> {
    if is_tidy(text) { text.into() } else { tidied(text).into() }
}

fn tidied(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0;
    for line in whitespace::lines(&whitespace::close_up_punctuation(text)) {
        let line = whitespace::normalise(line);
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidy.push_str(&line);
            tidy.push('\n');
        }
    }
    tidy.trim_matches(whitespace::is_space).to_owned()
}

/// Whether a text plainly has nothing to tidy, as most have not. Each message goes through here, and looking costs a
/// fraction of tidying.
fn is_tidy(text: &str) -> bool {
    // It begins as if after an empty line.
    let mut before = [b'\n'; 2];
    let is_in_place = text.bytes().all(|byte| {
        let [_, last] = before;
        let fits = match byte {
            b' ' => !matches!(last, b' ' | b'\n'),
            b',' | b'.' => last != b' ',
            b'\n' => last != b' ' && before != [b'\n'; 2],
            other => other.is_ascii_graphic(),
        };
        before = [last, byte];
        fits
    });
    is_in_place && !matches!(before[1], b' ' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;
    use serde_json::{Value, json};

    fn sms(source: &str, values: &Value) -> SmsContent {
        render(&Template::parse(source), &Personalisation::from(&json::object(values))).unwrap()
    }

    #[test]
    fn what_looks_tidy_is_left_as_tidying_would_leave_it() {
        let mut texts = vec![String::new()];
        let mut begin = 0;
        for _ in 0..6 {
            let end = texts.len();
            for index in begin..end {
                texts.extend([' ', ',', '.', '\n', 'a'].map(|c| format!("{}{c}", texts[index])));
            }
            begin = end;
        }
        for text in texts.iter().filter(|text| is_tidy(text)) {
            assert_eq!(tidied(text), **text, "{text:?}");
        }
        assert!(
            is_tidy("Dear Kim,\n\nyour permit (17) is ready.") && !is_tidy("caf\u{e9}") && !is_tidy("a\tb")
        );
    }

    #[test]
    fn the_body_is_tidied_after_filling_in() {
        let content =
            sms(" Dear ((name)) ,\n\n\n\n((list)) .\u{2028}Bye\t", &json!({"name": [], "list": ["a", "b"]}));
        assert_eq!(content.body(), "Dear,\n\na and b.\nBye");
        assert_eq!(content.characters(), 19);
    }

    #[test]
    fn a_character_that_can_be_neither_sent_nor_replaced_spoils_the_text() {
        let values = Personalisation::from(&json::object(&json!({"x": "a\u{fad1}b\u{2f803}"})));
        assert_eq!(render(&Template::parse("((x))"), &values), Err('\u{fad1}'));
    }

    #[test]
    fn the_prefix_costs_but_is_not_counted() {
        let content = sms("((x))", &json!({"x": "a".repeat(158)}));
        assert_eq!((content.characters(), content.fragments(None)), (158, 1));
        assert_eq!((content.fragments(Some(" Org ")), content.fragments(Some(""))), (2, 1));
    }

    #[test]
    fn a_prefix_may_force_unicode() {
        let content = sms("((x))", &json!({"x": "a".repeat(70)}));
        assert_eq!((content.fragments(None), content.fragments(Some("Tŷ"))), (1, 2));
    }
}
