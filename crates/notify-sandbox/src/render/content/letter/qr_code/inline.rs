//! The contents of a paragraph: links, pictures, bare URLs, escapes, line breaks.

use crate::render::content::whitespace;

/// The contents of a paragraph as rendered.
pub(super) fn shown(text: &str) -> String {
    const ESCAPABLE: &str = "\\`*{}[]()#+-.!_>~|";
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match c {
            '\n' if !rest.trim_matches(whitespace::is_space).is_empty() => {
                shown.truncate(shown.trim_end_matches(' ').len());
                shown.push_str("<br>");
            }
            '\\' if rest[1..].starts_with(|c| ESCAPABLE.contains(c)) => {
                shown.push_str(&rest[1..2]);
                taken = 2;
            }
            'h' => match url(rest) {
                Some(url) => {
                    push_url(&mut shown, url);
                    taken = url.len();
                }
                None => shown.push(c),
            },
            '!' | '[' => match Link::at(rest) {
                Some(link) => {
                    if c == '[' {
                        shown.extend(["[", &self::shown(link.label), "](", link.target]);
                        shown.extend(link.title.iter().flat_map(|title| [" \"", title, "\""]));
                        shown.push(')');
                    }
                    taken = link.length;
                }
                None => shown.push(c),
            },
            _ => shown.push(c),
        }
        rest = &rest[taken..];
    }
    shown
}

const SCHEMES: [&str; 2] = ["https://", "http://"];

/// The bare URL that a text begins with.
fn url(text: &str) -> Option<&str> {
    const NOT_AT_END: &str = ".,:\"')]";
    let scheme = SCHEMES.into_iter().find(|scheme| text.starts_with(scheme))?;
    let end = text.find(|c| c == '<' || whitespace::is_space(c)).unwrap_or(text.len());
    let url = text[..end].trim_end_matches(|c| NOT_AT_END.contains(c));
    // One character is not enough.
    (url.len() > scheme.len() && url[scheme.len()..].chars().nth(1).is_some()).then_some(url)
}

/// Writes a URL unchanged, unless it contains another one: the service removes both schemes, and restores only what
/// looks like one.
fn push_url(shown: &mut String, url: &str) {
    let bare = SCHEMES.into_iter().rev().fold(url.to_owned(), |url, scheme| url.replace(scheme, ""));
    let scheme: String = url.chars().take(url.chars().count() - bare.chars().count()).collect();
    if SCHEMES.contains(&scheme.as_str()) {
        shown.push_str(url);
    } else {
        shown.extend(["<strong data-original-protocol='", &scheme, "'>", &bare, "</strong>"]);
    }
}

/// A link, or with `!` before it a picture, which letters do not have.
struct Link<'a> {
    label: &'a str,
    target: &'a str,
    title: Option<&'a str>,
    length: usize,
}

impl<'a> Link<'a> {
    fn at(text: &'a str) -> Option<Self> {
        let start = text.strip_prefix('!').unwrap_or(text).strip_prefix('[')?;
        let (label, rest) = start.split_at(start.find([']', '['])?);
        let destination = rest.strip_prefix("](")?;
        let (destination, rest) = destination.split_at(destination.find(')')?);
        let destination = destination.trim_matches(whitespace::is_space);
        let (target, title) = match destination.split_once(whitespace::is_space) {
            Some((target, title)) if title.len() > 1 && title.ends_with(['"', '\'']) => {
                let title = title.trim_matches(whitespace::is_space);
                match title.strip_prefix(['"', '\'']).and_then(|title| title.strip_suffix(['"', '\''])) {
                    Some(title) => (target, Some(title)),
                    None => (destination, None),
                }
            }
            _ => (destination, None),
        };
        Some(Self { label, target, title, length: text.len() - rest.len() + 1 })
    }
}
