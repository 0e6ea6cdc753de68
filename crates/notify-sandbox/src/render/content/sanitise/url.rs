//! Finds what looks like a URL: a host with a dot, optionally with a scheme before and a path or query after it.

use crate::python::word::is_word;
use crate::render::content::whitespace;

/// Letters that Python's patterns treat like ASCII letters when they ignore case.
const LATIN_IN_ANY_CASE: [char; 4] = ['İ', 'ı', 'ſ', '\u{212a}'];

/// A run of text that looks like a URL.
pub(super) struct Url<'a> {
    pub(super) text: &'a str,
    scheme: usize,
    host: usize,
}

impl Url<'_> {
    /// Whether this is a plain host with neither scheme nor path, which no mail program would turn into a link. One
    /// with letters of other scripts is not plain, although it is found.
    pub(super) fn is_bare_host(&self) -> bool {
        let is_plain = |c: char| c.is_ascii() || LATIN_IN_ANY_CASE.contains(&c);
        self.scheme == 0 && self.host == self.text.len() && self.text.chars().all(is_plain)
    }
}

/// Replaces each URL in `text`.
pub(super) fn replace_all(text: &str, replace: impl Fn(Url<'_>) -> String) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut before = None;
    // No host begins before this point: one that began earlier would have had the same possible ends, and found none.
    let mut hostless = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let found = if starts_url(before, c) { find(text, at, &mut hostless) } else { None };
        let taken = found.as_ref().map_or(c.len_utf8(), |url| url.text.len());
        before = text[at..at + taken].chars().next_back();
        match found {
            Some(url) => replaced.push_str(&replace(url)),
            None => replaced.push(c),
        }
        at += taken;
    }
    replaced
}

/// A URL starts at a word boundary, but not after `@` (that is an e-mail address) or a dot.
fn starts_url(before: Option<char>, c: char) -> bool {
    let is_edge = before.is_some_and(is_word) != is_word(c);
    is_edge && !matches!(before, Some('@' | '.'))
}

/// The URL that begins at `start`.
fn find<'a>(text: &'a str, start: usize, hostless: &mut usize) -> Option<Url<'a>> {
    let scheme = scheme(&text[start..]);
    let mut host = |scheme| Some((scheme, host(text, start + scheme, hostless)?));
    let (scheme, host) = scheme.and_then(&mut host).or_else(|| host(0))?;
    let behind = &text[start + scheme + host..];
    let path = if behind.starts_with(['/', '?', '#']) {
        behind.find(|c| c == '<' || whitespace::is_space(c)).unwrap_or(behind.len())
    } else {
        0
    };
    Some(Url { text: &text[start..start + scheme + host + path], scheme, host })
}

/// The length of the scheme at the beginning of `text`.
fn scheme(text: &str) -> Option<usize> {
    let begins =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["https://", "http://"].into_iter().find(begins).map(str::len)
}

/// The length of the longest host that begins at `start`: labels, each with a dot, and a top-level domain of letters.
fn host(text: &str, start: usize, hostless: &mut usize) -> Option<usize> {
    if start < *hostless {
        return None;
    }
    let mut longest = None;
    let mut label = start;
    loop {
        let rest = &text[label..];
        let length = rest.find(|c| !is_word(c) && c != '-').unwrap_or(rest.len());
        if length == 0 || !rest[length..].starts_with('.') {
            if longest.is_none() {
                *hostless = label + length;
            }
            return longest;
        }
        label += length + 1;
        longest = top_level_domain(&text[label..]).map(|length| label + length - start).or(longest);
    }
}

/// The length of the top-level domain at the start of `text`: 2 to 63 letters that end at a word boundary, and not
/// before `@`.
fn top_level_domain(text: &str) -> Option<usize> {
    let is_letter = |c: &char| c.is_ascii_alphabetic() || LATIN_IN_ANY_CASE.contains(c);
    let letters = text.chars().take_while(is_letter).count();
    let length = text.chars().take(letters).map(char::len_utf8).sum();
    let behind = text[length..].chars().next();
    ((2..=63).contains(&letters) && !behind.is_some_and(|c| c == '@' || is_word(c))).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> String {
        replace_all(text, |url| format!("<{}{}>", if url.is_bare_host() { "host " } else { "" }, url.text))
    }

    #[test]
    fn long_runs_without_a_host_take_no_longer_than_their_length() {
        for run in ["-a", "a.-", "http://", "a.b-"] {
            let text = run.repeat(200_000);
            assert_eq!(marked(&text), text);
        }
    }

    #[test]
    fn hosts_and_links_are_found_where_words_begin() {
        for (text, expected) in [
            ("see EXAMPLE.com, HTTPS://a.b-c.org/x?y z", "see <host EXAMPLE.com>, <HTTPS://a.b-c.org/x?y> z"),
            ("first.last@example.com", "first.last@example.com"),
            ("x@foo-bar.com", "x@foo<host -bar.com>"),
            ("example.com.123 1.2.com", "<host example.com>.123 <host 1.2.com>"),
            ("http://localhost/x https://a.co", "http://localhost/x <https://a.co>"),
            ("münchen.de#top<b>", "<münchen.de#top><b>"),
            ("a.b 3.14 ...com .com e.g. x.com_y", "a.b 3.14 ...com .com e.g. x.com_y"),
            ("a.bc.d-e", "<host a.bc>.d-e"),
            ("x.coſ x.é", "<host x.coſ> x.é"),
            ("é.fr münchen.de x.fr", "<é.fr> <münchen.de> <host x.fr>"),
            ("x-http://a.bc/ y-a.1.-z.bc", "x-<http://a.bc/> <host y-a.1.-z.bc>"),
        ] {
            assert_eq!(marked(text), expected);
        }
    }
}
