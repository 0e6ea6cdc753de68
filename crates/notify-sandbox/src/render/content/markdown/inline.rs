//! The contents of a line: links, bare URLs, escapes, line breaks.

use crate::render::content::{html, whitespace};

/// Characters that a backslash makes literal.
const ESCAPABLE: &str = "\\`*{}[]()#+-.!_>~|";

/// Characters that a bare URL does not end with: they belong to the sentence around it.
const NOT_AT_END: &str = ".,:\"')]";

/// Renders the contents of a block.
pub(super) fn to_html(text: &str) -> String {
    let mut rendered = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\n' => {
                rendered.push_str("<br>");
                1
            }
            '\\' => escape(&mut rendered, rest),
            '[' => link(&mut rendered, rest),
            'h' => bare_url(&mut rendered, rest),
            _ => 0,
        };
        if taken == 0 {
            rendered.push(c);
        }
        rest = &rest[taken.max(c.len_utf8())..];
    }
    rendered
}

/// The contents of a block as printed in a letter: a link is its text and its target.
pub(super) fn to_print(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\n' => {
                printed.truncate(printed.trim_end_matches(' ').len());
                printed.push_str("<br>");
                1
            }
            '\\' => escape(&mut printed, rest),
            '[' => link_parts(rest).map_or(0, |(label, target)| {
                printed.extend([label, ": ", target]);
                label.len() + target.len() + "[]()".len()
            }),
            _ => 0,
        };
        if taken == 0 {
            printed.push(c);
        }
        rest = &rest[taken.max(c.len_utf8())..];
    }
    printed
}

/// Handles a backslash; returns the number of bytes consumed, 0 if it is just a backslash.
fn escape(rendered: &mut String, text: &str) -> usize {
    match text[1..].chars().next() {
        Some(c) if ESCAPABLE.contains(c) => {
            rendered.push(c);
            2
        }
        _ => 0,
    }
}

/// Handles `[text](target "title")`; returns its length, 0 if it is not a link.
fn link(rendered: &mut String, text: &str) -> usize {
    let Some((label, destination)) = link_parts(text) else { return 0 };
    let (target, title) = match destination.split_once(whitespace::is_space) {
        Some((target, title)) => (target, title.trim().trim_matches(['"', '\''])),
        None => (destination, ""),
    };
    let title = if title.is_empty() {
        String::new()
    } else {
        format!(" title=\"{}\"", html::escape_attribute(title))
    };
    anchor(rendered, target, &title, &to_html(label));
    label.len() + destination.len() + "[]()".len()
}

/// The label and the target of a link. Neither may contain brackets or a line break.
fn link_parts(text: &str) -> Option<(&str, &str)> {
    let label = &text[1..];
    let (label, rest) = label.split_at(label.find(['[', ']', '\n'])?);
    let destination = rest.strip_prefix("](")?;
    let (destination, rest) = destination.split_at(destination.find(['(', ')', '[', '\n'])?);
    rest.starts_with(')').then_some((label, destination))
}

/// Handles a bare URL; returns its length, 0 if there is none.
fn bare_url(rendered: &mut String, text: &str) -> usize {
    let Some(scheme) = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme)) else {
        return 0;
    };
    let end = text.find(|c| c == '<' || whitespace::is_space(c)).unwrap_or(text.len());
    let url = text[..end].trim_end_matches(|c| NOT_AT_END.contains(c));
    if url.len() <= scheme.len() {
        return 0;
    }
    anchor(rendered, url, "", url);
    url.len()
}

/// Only what a mail program may safely open becomes a link.
fn anchor(rendered: &mut String, target: &str, title: &str, label: &str) {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        None | Some("http" | "https" | "mailto" | "tel") => {
            let target = html::escape_attribute(target);
            rendered.extend(["<a href=\"", &target, "\"", title, ">", label, "</a>"]);
        }
        Some(_) => rendered.push_str(label),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_their_target_and_title() {
        assert_eq!(
            to_html("[a](https://b.c/?d \"e\") https://f.g/h. [x](javascript:y)"),
            "<a href=\"https://b.c/?d\" title=\"e\">a</a> <a href=\"https://f.g/h\">https://f.g/h</a>. x"
        );
    }

    #[test]
    fn what_is_no_link_is_text() {
        for text in ["[a] (b)", "[a](b", "http://", "[", "]", "\\", "\\a", "help"] {
            assert_eq!(to_html(text), text);
        }
        assert_eq!(to_html("\\[a\\]\\(\\) \\\\ é\nb"), "[a]() \\ é<br>b");
    }
}
