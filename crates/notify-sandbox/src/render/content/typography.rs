//! Typographic refinements: curly quotes, en dashes, no space before commas and full stops.
//!
//! The service runs `SmartyPants` over subjects and pages. Its rules are applied here in the same order, because they
//! depend on each other.

use super::whitespace;
use crate::python::digits;
use crate::python::word::is_word;

/// Elements in which quotes are left alone.
const UNTOUCHED: [&str; 9] = ["pre", "samp", "code", "tt", "kbd", "script", "style", "math", "a"];

/// Refines text that may contain HTML tags.
pub(super) fn refine(text: &str) -> String {
    let quoted = curl(&whitespace::close_up_punctuation(text));
    join_with_en_dashes(&straighten_in_addresses(&quoted), &DASHES)
}

/// Curls the quotes of all text between tags, except inside elements that show text as it is.
pub(crate) fn curl(text: &str) -> String {
    let mut curled = String::with_capacity(text.len());
    let mut open: Vec<&str> = Vec::new();
    let mut before = None;
    for token in tokens(text) {
        match token {
            Token::Tag(tag) => {
                curled.push_str(tag);
                match untouched(tag) {
                    Some((name, true)) if open.last() == Some(&name) => drop(open.pop()),
                    Some((name, false)) => open.push(name),
                    _ => {}
                }
            }
            Token::Text(text) => {
                if open.is_empty() {
                    curled.push_str(&curl_run(text, before));
                } else {
                    curled.push_str(text);
                }
                before = text.chars().next_back();
            }
        }
    }
    curled
}

enum Token<'a> {
    Tag(&'a str),
    Text(&'a str),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        if start > 0 {
            tokens.push(Token::Text(&rest[..start]));
        }
        tokens.push(Token::Tag(&rest[start..=start + length]));
        rest = &rest[start + length + 1..];
    }
    if !rest.is_empty() {
        tokens.push(Token::Text(rest));
    }
    tokens
}

/// The name of a verbatim element that `tag` opens or, with `true`, closes.
fn untouched(tag: &str) -> Option<(&'static str, bool)> {
    let inside = tag.strip_prefix('<')?;
    let (inside, closes) = inside.strip_prefix('/').map_or((inside, false), |inside| (inside, true));
    let named = |name: &&str| inside.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    UNTOUCHED.into_iter().find(named).map(|name| (name, closes))
}

/// Curls the quotes of one run of text; `before` is the last character of the run before it.
fn curl_run(text: &str, before: Option<char>) -> String {
    let follows_text = before.is_some_and(|c| !whitespace::is_space(c));
    let text = match text {
        "'" => return (if follows_text { "’" } else { "‘" }).to_owned(),
        "\"" => return (if follows_text { "”" } else { "“" }).to_owned(),
        text => escapes(text),
    };
    let text: Vec<char> = text.chars().collect();
    let text = pairs(&text);
    let text = decades(&text);
    let text = openings(&text, '\'', '‘');
    let text = closings(&text, '\'', '’', |after| match after.first() {
        Some(c) if whitespace::is_space(*c) || digits::value(*c).is_some() || is_genitive(after) => None,
        _ => Some(0),
    });
    let text = closings(&text, '\'', '’', |after| {
        (after.first().is_some_and(|c| whitespace::is_space(*c)) || is_genitive(after)).then_some(1)
    });
    let text = replace(&text, '\'', |_, _| '‘');
    let text = openings(&text, '"', '“');
    let text = replace(&text, '"', |_, after| match after.first() {
        Some(c) if whitespace::is_space(*c) => '”',
        _ => '"',
    });
    let text = replace(&text, '"', |before, after| match after.first() {
        Some(c) if before.is_empty() && c.is_ascii_punctuation() && *c != '&' => '”',
        _ => '"',
    });
    let text = closings(&text, '"', '”', |_| Some(0));
    let text = replace(&text, '"', |_, _| '“');
    entities(text.into_iter().collect())
}

/// Escaped characters become references, so that nothing below takes them for quotes.
fn escapes(text: &str) -> String {
    let mut escaped = text.replace("\\\\", "&#92;");
    for c in ['"', '\'', '.', '-', '`'] {
        escaped = escaped.replace(&format!("\\{c}"), &format!("&#{};", u32::from(c)));
    }
    escaped
}

/// The references that may stand for the quotes and dashes.
fn entities(text: String) -> String {
    let references = [
        ("&#8211;", "–"),
        ("&#8212;", "—"),
        ("&#8216;", "‘"),
        ("&#8217;", "’"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&#8230;", "…"),
    ];
    references.into_iter().fold(text, |text, (reference, c)| text.replace(reference, c))
}

/// Two different quotes before a word open a quotation within a quotation.
fn pairs(text: &[char]) -> Vec<char> {
    let mut curled = text.to_vec();
    let mut at = 0;
    while at + 2 < curled.len() {
        let opened = match (curled[at], curled[at + 1]) {
            ('"', '\'') => ['“', '‘'],
            ('\'', '"') => ['‘', '“'],
            _ => ['\0'; 2],
        };
        if opened[0] != '\0' && is_word(curled[at + 2]) {
            curled[at..at + 2].copy_from_slice(&opened);
            at += 1;
        }
        at += 1;
    }
    curled
}

/// An apostrophe may stand for a century if it directly follows a word.
fn decades(text: &[char]) -> Vec<char> {
    replace(text, '\'', |before, after| match after {
        [tens, years, 's', ..]
            if [tens, years].iter().all(|digit| digits::value(**digit).is_some())
                && before.last().is_some_and(|c| is_word(*c)) =>
        {
            '’'
        }
        _ => '\'',
    })
}

/// A quote between a space or a dash and a word is an opening one.
fn openings(text: &[char], quote: char, opening: char) -> Vec<char> {
    const DASHES: [&str; 7] = ["&nbsp;", "--", "&mdash;", "&ndash;", "&#8211;", "&#8212;", "&#x201"];
    replace(text, quote, |before, after| {
        let follows_gap = before.last().is_some_and(|c| whitespace::is_space(*c)) || {
            let before = if let [start @ .., '3' | '4', ';'] = before { start } else { before };
            DASHES.into_iter().any(|dash| ends_with(before, dash))
        };
        if follows_gap && after.first().is_some_and(|c| is_word(*c)) { opening } else { quote }
    })
}

/// A quote after a character that no opening quote can follow is a closing one, if `suits` accepts what follows.
/// `suits` returns how many of the following characters are consumed with the quote: no other quote can close after
/// them.
fn closings(
    text: &[char],
    quote: char,
    closing: char,
    suits: impl Fn(&[char]) -> Option<usize>,
) -> Vec<char> {
    let mut curled = text.to_vec();
    let mut at = 0;
    while at + 1 < text.len() {
        let can_close = !matches!(text[at], ' ' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-');
        let suits = (can_close && text[at + 1] == quote).then(|| suits(&text[at + 2..])).flatten();
        at += match suits {
            Some(used) => {
                curled[at + 1] = closing;
                2 + used
            }
            None => 1,
        };
    }
    curled
}

/// Replaces each `quote` by what `choose` returns for the text before and after it.
fn replace(text: &[char], quote: char, choose: impl Fn(&[char], &[char]) -> char) -> Vec<char> {
    let choose =
        |(at, c): (usize, &char)| if *c == quote { choose(&text[..at], &text[at + 1..]) } else { *c };
    text.iter().enumerate().map(choose).collect()
}

/// Whether the text continues with the `s` of a genitive.
fn is_genitive(text: &[char]) -> bool {
    matches!(text, ['s', rest @ ..] if !rest.first().is_some_and(|c| is_word(*c)))
}

fn ends_with(text: &[char], end: &str) -> bool {
    let mut text = text.iter().rev();
    end.chars().rev().all(|c| text.next() == Some(&c))
}

/// Takes curly single quotes out of anything that looks like an e-mail address.
pub(crate) fn straighten_in_addresses(text: &str) -> String {
    let mut straight = String::with_capacity(text.len());
    // Of two addresses separated by a single space, only the first is found: it has consumed the space.
    let mut separated = true;
    for piece in text.split_inclusive(whitespace::is_space) {
        let word = piece.trim_end_matches(whitespace::is_space);
        let is_address = word.char_indices().any(|(at, c)| c == '@' && at > 0 && at + 1 < word.len());
        if separated && is_address {
            straight.push_str(&word.replace(['‘', '’'], "'"));
            straight.push_str(&piece[word.len()..]);
            separated = piece.ends_with('\n');
        } else {
            straight.push_str(piece);
            separated = true;
        }
    }
    straight
}

/// The characters that become an en dash between spaces.
const DASHES: [char; 3] = ['-', '–', '—'];

/// Turns up to three dashes between spaces into one en dash.
pub(crate) fn join_with_en_dashes(text: &str, dashes: &[char]) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(whitespace::is_space) {
        let (before, gap) = rest.split_at(start);
        let from = gap.trim_start_matches(whitespace::is_space);
        let after = from.trim_start_matches(dashes);
        let count = from[..from.len() - after.len()].chars().count();
        let words = after.trim_start_matches(whitespace::is_space);
        joined.push_str(before);
        if (1..=3).contains(&count) && words.len() < after.len() {
            joined.push_str(" – ");
            rest = words;
        } else {
            joined.push_str(&gap[..gap.len() - from.len()]);
            rest = from;
        }
    }
    joined.push_str(rest);
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_curl_by_what_surrounds_them() {
        for (plain, curled) in [
            ("\"Isn't this 'fun'?\"", "“Isn’t this ‘fun’?”"),
            ("'Tis the dogs' day, the '80s, Ada's", "‘Tis the dogs’ day, the ‘80s, Ada’s"),
            ("He said, \"'Quoted' words.\"", "He said, “‘Quoted’ words.”"),
            ("(\"a\") [\"b\"] {'c'}", "(“a”) [“b”] {‘c’}"),
            ("say \\\"this\\\" and John\\. Smith", "say &#34;this&#34; and John&#46; Smith"),
            ("&#8220;x&#8221;", "“x”"),
            ("\"", "“"),
            ("'so'½ 'so'1 '²²s", "‘so’½ ‘so‘1 ‘²²s"),
            ("a's' b \"\" c", "a’s‘ b “” c"),
        ] {
            assert_eq!(refine(plain), curled);
        }
    }

    #[test]
    fn tags_and_links_are_left_alone() {
        assert_eq!(
            refine("<p class=\"x\">\"a\" <a href=\"y\">'b'</a> <b>it</b>'s 1 < 2</p>"),
            "<p class=\"x\">“a” <a href=\"y\">'b'</a> <b>it</b>‘s 1 < 2</p>"
        );
    }

    #[test]
    fn addresses_keep_straight_quotes() {
        assert_eq!(refine("Ask o'neil@example.com or 'me'"), "Ask o'neil@example.com or ‘me’");
        assert_eq!(refine("a'b@c.d e'f@g.h\ni'j@k.l"), "a'b@c.d e’f@g.h\ni'j@k.l");
    }

    #[test]
    fn dashes_between_spaces_become_one_en_dash() {
        assert_eq!(refine("a - b -- c — d ---- e f-g - "), "a – b – c – d ---- e f-g – ");
    }
}
