//! Finds what looks like a URL: a host with a dot in it, perhaps with a scheme before and a path or query behind.

use crate::content::whitespace;

/// A run of text that looks like a URL.
pub(super) struct Url<'a> {
    pub(super) text: &'a str,
    scheme: usize,
    host: usize,
}

impl Url<'_> {
    /// Whether there is neither scheme nor path: nothing that a mail program would follow as it stands.
    pub(super) fn is_bare_host(&self) -> bool {
        self.scheme == 0 && self.scheme + self.host == self.text.len()
    }
}

/// Replaces each URL in `text`.
pub(super) fn replace_all(text: &str, replace: impl Fn(Url<'_>) -> String) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(url) = starts_url(before, c).then(|| url(rest)).flatten() {
            before = url.text.chars().next_back();
            rest = &rest[url.text.len()..];
            replaced.push_str(&replace(url));
        } else {
            before = Some(c);
            rest = &rest[c.len_utf8()..];
            replaced.push(c);
        }
    }
    replaced
}

/// A URL starts at the edge of a word, but not behind `@` (that is an e-mail address) or a dot.
fn starts_url(before: Option<char>, c: char) -> bool {
    let is_edge = before.is_some_and(is_word) != is_word(c);
    is_edge && !matches!(before, Some('@' | '.'))
}

/// The URL at the very beginning of `text`.
fn url(text: &str) -> Option<Url<'_>> {
    let schemes = ["https://", "http://"].into_iter();
    let scheme = schemes.map(str::len).find(|length| {
        text.get(..*length)
            .is_some_and(|start| ["https://", "http://"].contains(&start.to_ascii_lowercase().as_str()))
    });
    let with_scheme = scheme.and_then(|scheme| Some((scheme, host(&text[scheme..])?)));
    let (scheme, host) = with_scheme.or_else(|| Some((0, host(text)?)))?;
    let behind = &text[scheme + host..];
    let path = if behind.starts_with(['/', '?', '#']) {
        behind.find(|c| c == '<' || whitespace::is_space(c)).unwrap_or(behind.len())
    } else {
        0
    };
    Some(Url { text: &text[..scheme + host + path], scheme, host })
}

/// The length of the longest host at the beginning of `text`: labels, each with a dot, and a top-level domain of letters.
fn host(text: &str) -> Option<usize> {
    let mut longest = None;
    let mut label = 0;
    loop {
        let length = text[label..].find(|c| !is_word(c) && c != '-').unwrap_or(text.len() - label);
        if length == 0 || !text[label + length..].starts_with('.') {
            return longest;
        }
        label += length + 1;
        longest = top_level_domain(&text[label..]).map(|length| label + length).or(longest);
    }
}

/// The length of the top-level domain at the beginning of `text`: 2 to 63 letters which end at the edge of a word, and not
/// before `@`.
fn top_level_domain(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let behind = text[length..].chars().next();
    ((2..=63).contains(&length) && !behind.is_some_and(|c| c == '@' || is_word(c))).then_some(length)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str) -> String {
        replace_all(text, |url| format!("<{}{}>", if url.is_bare_host() { "host " } else { "" }, url.text))
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
        ] {
            assert_eq!(marked(text), expected);
        }
    }
}
