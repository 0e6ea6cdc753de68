//! Host names in all scripts, converted to ASCII as Python does: by the rules of 2003 (RFC 3490 and RFC 3491), which
//! accept much that today's rules refuse, and vice versa.

use std::borrow::Cow;

use idna::punycode;
use unicode_normalization::UnicodeNormalization as _;

use crate::python::case;

/// The prefix of a label in Punycode.
const PREFIX: &str = "xn--";

/// The characters of scripts that run from right to left (RFC 3454, table D.1).
const RIGHT_TO_LEFT: [(char, char); 34] = [
    ('\u{5be}', '\u{5be}'),
    ('\u{5c0}', '\u{5c0}'),
    ('\u{5c3}', '\u{5c3}'),
    ('\u{5d0}', '\u{5ea}'),
    ('\u{5f0}', '\u{5f4}'),
    ('\u{61b}', '\u{61b}'),
    ('\u{61f}', '\u{61f}'),
    ('\u{621}', '\u{63a}'),
    ('\u{640}', '\u{64a}'),
    ('\u{66d}', '\u{66f}'),
    ('\u{671}', '\u{6d5}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{6e5}', '\u{6e6}'),
    ('\u{6fa}', '\u{6fe}'),
    ('\u{700}', '\u{70d}'),
    ('\u{710}', '\u{710}'),
    ('\u{712}', '\u{72c}'),
    ('\u{780}', '\u{7a5}'),
    ('\u{7b1}', '\u{7b1}'),
    ('\u{200f}', '\u{200f}'),
    ('\u{fb1d}', '\u{fb1d}'),
    ('\u{fb1f}', '\u{fb28}'),
    ('\u{fb2a}', '\u{fb36}'),
    ('\u{fb38}', '\u{fb3c}'),
    ('\u{fb3e}', '\u{fb3e}'),
    ('\u{fb40}', '\u{fb41}'),
    ('\u{fb43}', '\u{fb44}'),
    ('\u{fb46}', '\u{fbb1}'),
    ('\u{fbd3}', '\u{fd3d}'),
    ('\u{fd50}', '\u{fd8f}'),
    ('\u{fd92}', '\u{fdc7}'),
    ('\u{fdf0}', '\u{fdfc}'),
    ('\u{fe70}', '\u{fe74}'),
    ('\u{fe76}', '\u{fefc}'),
];

/// The host in ASCII, or `None` if it cannot be converted.
pub(super) fn to_ascii(host: &str) -> Option<String> {
    let labels: Option<Vec<_>> = host.split(is_dot).map(label_to_ascii).collect();
    Some(labels?.join("."))
}

/// The full stops that separate labels in the scripts of the world (RFC 3490, section 3.1).
fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

/// An ASCII label is accepted unchanged, even if it claims to be Punycode.
fn label_to_ascii(label: &str) -> Option<Cow<'_, str>> {
    if label.is_ascii() {
        return Some(label.into());
    }
    let prepared = prepare(label);
    if prepared.contains(is_prohibited) || !runs_one_way(&prepared) {
        None
    } else if prepared.is_ascii() {
        Some(prepared.into())
    } else if prepared.starts_with(PREFIX) {
        None
    } else {
        punycode::encode_str(&prepared).map(|encoded| format!("{PREFIX}{encoded}").into())
    }
}

/// Removes invisible characters, folds to lower case, and normalises (RFC 3454, tables B.1 and B.2).
fn prepare(label: &str) -> String {
    let visible: String = label.chars().filter(|c| !is_invisible(*c)).collect();
    let folded: String = case::lower(&visible).replace('ß', "ss").nfkc().collect();
    case::lower(&folded).nfkc().collect()
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{1806}'
            | '\u{180b}'..='\u{180d}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

/// Spaces, controls, private characters, and others that do not belong in a name (RFC 3454, tables C.1.2 to C.9).
fn is_prohibited(c: char) -> bool {
    let is_space = !c.is_ascii() && c.is_whitespace();
    let is_control = !c.is_ascii() && c.is_control();
    let is_no_character = u32::from(c) & 0xfffe == 0xfffe;
    is_space
        || is_control
        || is_no_character
        || matches!(
            c,
            '\u{340}'
                | '\u{341}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{180e}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2061}'..='\u{2063}'
                | '\u{206a}'..='\u{206f}'
                | '\u{2ff0}'..='\u{2ffb}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{fff9}'..='\u{fffd}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0001}'
                | '\u{e0020}'..='\u{e007f}'
                | '\u{f0000}'..='\u{10ffff}'
        )
}

/// A label with a right-to-left character must have no left-to-right one, and must begin and end with a right-to-left
/// one (RFC 3454, section 6).
fn runs_one_way(label: &str) -> bool {
    if !label.contains(is_right_to_left) {
        return true;
    }
    label.starts_with(is_right_to_left)
        && label.ends_with(is_right_to_left)
        && !label.contains(is_left_to_right)
}

fn is_right_to_left(c: char) -> bool {
    RIGHT_TO_LEFT.iter().any(|(first, last)| (*first..=*last).contains(&c))
}

/// Letters of other scripts. The points of Hebrew, Arabic, Syriac and Thaana have the direction of the letter they
/// belong to.
fn is_left_to_right(c: char) -> bool {
    c.is_alphabetic() && !is_right_to_left(c) && !matches!(c, '\u{345}' | '\u{591}'..='\u{8ff}' | '\u{fb1e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_written_in_ascii_by_the_rules_of_2003() {
        for (host, ascii) in [
            ("Example.CO", "Example.CO"),
            ("bücher.de", "xn--bcher-kva.de"),
            ("BÜCHER．de", "xn--bcher-kva.de"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("\u{212a}.co", "k.co"),
            ("a\u{ad}b.co", "ab.co"),
            ("\u{2488}a.co", "1.a.co"),
            ("Fuẞball.de", "fussball.de"),
            ("א.co", "xn--4db.co"),
        ] {
            assert_eq!(to_ascii(host).as_deref(), Some(ascii), "{host}");
        }
        // Today's rules refuse them.
        for host in ["\u{301}a.co", "٠.co", "\u{378}.co", "\u{e01}\u{e33}.co", "אב.0.co"] {
            assert!(to_ascii(host).is_some(), "{host}");
        }
    }

    #[test]
    fn characters_that_are_prohibited_in_a_name_are_refused() {
        for host in [
            "a\u{1680}.co",
            "\u{85}.co",
            "\u{e000}.co",
            "\u{fffd}.co",
            "\u{fdd0}.co",
            "\u{1ffff}.co",
            "\u{2061}.co",
            "aא.co",
            "א1.co",
            "1א.co",
            "xn--é.co",
            "א\u{5b0}.co",
        ] {
            assert_eq!(to_ascii(host), None, "{host}");
        }
    }
}
