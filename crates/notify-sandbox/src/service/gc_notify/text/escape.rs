//! Escaping for HTML as the service does it.

use crate::python;

/// Escapes text for a page. References that HTML knows stay unchanged.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' if !python::html::begins_with_reference(&text[at..]) => escaped.push_str("&amp;"),
            c => escaped.push(c),
        }
    }
    escaped
}
