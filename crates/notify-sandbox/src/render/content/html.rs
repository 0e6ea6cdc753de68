//! Escaping for HTML as the service does it: what is already escaped stays unchanged.

use crate::python;

/// References that the service leaves alone; it first turns every other one into its character.
const KEPT: [(&str, char); 2] = [("&nbsp;", '\u{a0}'), ("&amp;", '&')];

/// Escapes text for a page. Quotes are left alone, because they are safe outside attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((kept, _)) = kept(rest) {
            escaped.push_str(kept);
            rest = &rest[kept.len()..];
            continue;
        }
        let length = reference_length(rest).unwrap_or_else(|| c.len_utf8());
        for c in python::html::unescape(&rest[..length]).chars() {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                c => escaped.push(c),
            }
        }
        rest = &rest[length..];
    }
    escaped
}

/// The text that a page would show: references become their characters.
pub(crate) fn unescape(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        if let Some((kept, shown)) = kept(rest) {
            text.push(shown);
            rest = &rest[kept.len()..];
            continue;
        }
        let length = reference_length(rest).unwrap_or_else(|| c.len_utf8());
        text.push_str(&python::html::unescape(&rest[..length]));
        rest = &rest[length..];
    }
    text
}

fn kept(text: &str) -> Option<(&'static str, char)> {
    KEPT.into_iter().find(|(name, _)| text.starts_with(name))
}

/// The length of what may be a reference at the start of a text. It must end with a semicolon.
fn reference_length(text: &str) -> Option<usize> {
    const LONGEST_NAME: usize = 32;
    let body = text.strip_prefix('&')?;
    let end = body.char_indices().take(LONGEST_NAME + 1).find(|(_, c)| *c == ';').map(|(at, _)| at);
    let end = match body.strip_prefix('#') {
        // However long the number.
        Some(_) => body.find(';'),
        None => end,
    }?;
    let name = &body[..end];
    let is_reference = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => !hex.is_empty() && hex.chars().all(|c| c.is_ascii_hexdigit()),
            None => !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()),
        },
        None => !name.is_empty() && !name.contains(['\t', '\n', '\u{c}', ' ', '<', '&', '#']),
    };
    is_reference.then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_once() {
        assert_eq!(escape("<b> & \"c\" 'd'"), "&lt;b&gt; &amp; \"c\" 'd'");
        assert_eq!(escape("&lt;b&gt; &amp; &nbsp;&#60;&#x3E;"), "&lt;b&gt; &amp; &nbsp;&lt;&gt;");
    }

    #[test]
    fn every_reference_that_html_knows_becomes_its_character() {
        assert_eq!(escape("&eacute;&#233;&#x80;&notit;&lpar;&rpar;&#xfffffff;"), "éé€¬it;()\u{fffd}");
    }

    #[test]
    fn what_was_escaped_comes_back() {
        for text in ["Tom & \"Jerry\" <1> (é)", "a &b; &", ""] {
            assert_eq!(unescape(&escape(text)), text);
        }
    }

    #[test]
    fn an_unknown_reference_is_text() {
        assert_eq!(
            escape("&; &#; &#xg; &unknown; AT&T; &copy"),
            "&amp;; &amp;#; &amp;#xg; &amp;unknown; AT&amp;T; &amp;copy"
        );
        assert_eq!(escape("a & b; c"), "a &amp; b; c");
    }
}
