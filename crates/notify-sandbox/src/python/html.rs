//! Character references, as Python's `html.unescape` reads them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// All named references of HTML, some of which need no semicolon.
static NAMED: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let lines = include_str!("entities.txt").lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let (name, points) = line.split_once(' ')?;
        let characters = points
            .split(' ')
            .filter_map(|point| u32::from_str_radix(point, 16).ok().and_then(char::from_u32));
        Some((name, characters.collect()))
    };
    lines.filter_map(row).collect()
});

/// The longest name, with its semicolon.
const LONGEST: usize = 32;

/// What browsers show for the numbers of control characters: the characters of Windows-1252.
const WINDOWS: [u16; 32] = [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
    0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
    0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
];

/// The text with its references replaced.
pub(crate) fn unescape(text: &str) -> String {
    let mut unescaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        unescaped.push_str(&rest[..at]);
        let (shown, length) = reference(&rest[at..]).unwrap_or_else(|| ("&".to_owned(), 1));
        unescaped.push_str(&shown);
        rest = &rest[at + length..];
    }
    unescaped + rest
}

/// Whether a text begins with a reference that HTML knows, closed by a semicolon.
pub(crate) fn begins_with_reference(text: &str) -> bool {
    let Some(end) = text.strip_prefix('&').and_then(|body| body.find(';')) else { return false };
    let name = &text[1..=end + 1];
    match name.strip_prefix('#') {
        Some(number) => numbered(number).is_some_and(|(_, length)| length + 1 == name.len()),
        None => NAMED.contains_key(name),
    }
}

/// What the reference at the start of a text stands for, and its length.
fn reference(text: &str) -> Option<(String, usize)> {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        return numbered(number).map(|(shown, length)| (shown, length + "&#".len()));
    }
    let end = body
        .char_indices()
        .take(LONGEST)
        .find(|(_, c)| matches!(c, '\t' | '\n' | '\u{c}' | ' ' | '<' | '&' | '#' | ';'))
        .map_or_else(|| body.char_indices().nth(LONGEST).map_or(body.len(), |(at, _)| at), |(at, _)| at);
    if end == 0 {
        return None;
    }
    let end = if body[end..].starts_with(';') { end + 1 } else { end };
    let name = &body[..end];
    if let Some(shown) = NAMED.get(name) {
        return Some((shown.clone(), end + 1));
    }
    // The longest prefix that is itself a name.
    let starts = name.char_indices().map(|(at, _)| at).filter(|at| *at > 1).rev();
    starts.into_iter().find_map(|at| Some((NAMED.get(&name[..at])?.clone(), at + 1)))
}

fn numbered(text: &str) -> Option<(String, usize)> {
    let (digits, radix, prefix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (text, 10, 0),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    if length == 0 {
        return None;
    }
    let semicolon = usize::from(digits[length..].starts_with(';'));
    let number = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let shown = match number {
        0 | 0xd800..=0xdfff | 0x11_0000.. => "\u{fffd}".to_owned(),
        0x80..=0x9f => {
            let point = WINDOWS[usize::try_from(number - 0x80).unwrap_or(0)];
            char::from_u32(point.into()).map(String::from).unwrap_or_default()
        }
        0x1..=0x8 | 0xe..=0x1f | 0x7f | 0xb | 0xfdd0..=0xfdef => String::new(),
        number if number & 0xfffe == 0xfffe => String::new(),
        0xd => "\r".to_owned(),
        number => char::from_u32(number).map(String::from).unwrap_or_default(),
    };
    Some((shown, prefix + length + semicolon))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_their_characters() {
        for (text, shown) in [
            ("a &amp; b &lt;c&gt; &quot;&#39;", "a & b <c> \"'"),
            ("&copy; &copy2 &notit; &notin; &unknown; &;", "© ©2 ¬it; ∉ &unknown; &;"),
            ("&#169;&#xa9&#x80;&#0;&#x110000;&#1;&#", "©©€\u{fffd}\u{fffd}&#"),
            ("AT&T &amp;amp;", "AT&T &amp;"),
        ] {
            assert_eq!(unescape(text), shown);
        }
    }
}
