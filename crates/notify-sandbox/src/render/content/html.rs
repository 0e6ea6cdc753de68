//! Escaping for HTML as the service does it: what is already escaped stays unchanged.

/// References that the service leaves alone; it first turns every other one into its character.
const KEPT: [&str; 4] = ["&nbsp;", "&amp;", "&lpar;", "&rpar;"];

/// Characters between `&` and `;`.
const LONGEST_REFERENCE: usize = 32;

/// Makes text safe to stand in a page. Quotes are left, for they are safe outside attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(kept) = KEPT.into_iter().find(|kept| rest.starts_with(kept)) {
            escaped.push_str(kept);
            rest = &rest[kept.len()..];
            continue;
        }
        let (c, length) = reference(rest).unwrap_or((c, c.len_utf8()));
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
        rest = &rest[length..];
    }
    escaped
}

/// The text that a page would show: references become their characters.
pub(crate) fn unescape(html: &str) -> String {
    let kept = [("&nbsp;", '\u{a0}'), ("&amp;", '&'), ("&lpar;", '('), ("&rpar;", ')')];
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        let kept = kept.iter().find(|(name, _)| rest.starts_with(name)).map(|(name, c)| (*c, name.len()));
        let (c, length) = kept.or_else(|| reference(rest)).unwrap_or((c, c.len_utf8()));
        text.push(c);
        rest = &rest[length..];
    }
    text
}

/// Makes text safe inside a double-quoted attribute.
pub(super) fn escape_attribute(text: &str) -> String {
    text.replace('"', "&quot;")
}

/// The character of the reference that `text` begins with, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.strip_prefix('&')?.bytes().take(LONGEST_REFERENCE).position(|b| b == b';')?;
    let name = &text[1..=end];
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
        None => match name {
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "lsquo" => '‘',
            "rsquo" => '’',
            "ldquo" => '“',
            "rdquo" => '”',
            "ndash" => '–',
            "mdash" => '—',
            "hellip" => '…',
            "bull" => '•',
            "pound" => '£',
            "euro" => '€',
            "copy" => '©',
            _ => return None,
        },
    };
    Some((c, end + 2))
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
    fn what_was_escaped_comes_back() {
        for text in ["Tom & \"Jerry\" <1> (é)", "a &b; &", ""] {
            assert_eq!(unescape(&escape(text)), text);
        }
    }

    #[test]
    fn what_is_no_reference_is_text() {
        assert_eq!(
            escape("&; &#; &#xfffffff; &unknown; AT&T;"),
            "&amp;; &amp;#; &amp;#xfffffff; &amp;unknown; AT&amp;T;"
        );
        assert_eq!(escape("a & b; c"), "a &amp; b; c");
    }
}
