//! What a letter asks to have printed as a QR code: all of a paragraph behind `qr:`.
//!
//! The service looks at each paragraph on its way to the page, so what its Markdown does not take for a paragraph is no
//! code either: code by indent, a heading of the first level, an item of a list. A link stays as it was written.

use crate::content::whitespace;

/// The data of each code in a letter's body, which is Markdown, escaped for HTML.
pub(super) fn find(body: &str) -> Vec<String> {
    paragraphs(body)
        .into_iter()
        .filter_map(|paragraph| data(&inline(&paragraph)).map(str::to_owned))
        .collect()
}

fn data(paragraph: &str) -> Option<&str> {
    let (mark, rest) = paragraph.split_at_checked("qr".len())?;
    let data = rest.trim_start_matches(whitespace::is_space).strip_prefix(':')?;
    let data = data.trim_start_matches(whitespace::is_space);
    (mark.eq_ignore_ascii_case("qr") && !data.is_empty()).then_some(data)
}

/// The paragraphs: a heading below the first level is one, too, and an inset has its own.
fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace(['\u{a0}', '\u{2424}'], " ");
    let lines: Vec<String> = text.split('\n').map(expand_tabs).collect();
    let lines: Vec<&str> =
        lines.iter().map(|line| if line.trim_matches(' ').is_empty() { "" } else { line }).collect();
    let mut paragraphs = Vec::new();
    let mut rest = &lines[..];
    while let Some(line) = rest.first() {
        let taken = if line.is_empty() || is_rule(line) || is_indented(line) || is_definition(line) {
            1
        } else if let Some(length) = fence(rest).or_else(|| table(rest)) {
            length
        } else if let Some((level, text)) = heading(line) {
            paragraphs.extend((level > 1).then(|| text.to_owned()));
            1
        } else if let Some(level) = underlined(rest) {
            paragraphs.extend((level > 1).then(|| (*line).to_owned()));
            2
        } else if inset_mark(line).is_some() {
            let length = inset(rest);
            let inside =
                rest[..length].iter().map(|line| inset_mark(line).unwrap_or(line)).collect::<Vec<_>>();
            paragraphs.append(&mut self::paragraphs(&inside.join("\n")));
            length
        } else if is_item(line) {
            list(rest)
        } else {
            let goes_on = (1..rest.len()).take_while(|at| !interrupts(&rest[*at..])).count();
            paragraphs.push(rest[..=goes_on].join("\n"));
            1 + goes_on
        };
        rest = &rest[taken..];
    }
    paragraphs
}

/// Whether the first of these lines ends the paragraph before it.
fn interrupts(lines: &[&str]) -> bool {
    let line = lines[0];
    line.is_empty()
        || is_rule(line)
        || is_definition(line)
        || heading(line).is_some()
        || is_spaced_item(line)
        || fence(lines).is_some()
        || underlined(lines).is_some()
}

fn expand_tabs(line: &str) -> String {
    let mut expanded = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            let width = 4 - column % 4;
            expanded.extend(std::iter::repeat_n(' ', width));
            column += width;
        } else {
            expanded.push(c);
            column += 1;
        }
    }
    expanded
}

fn is_indented(line: &str) -> bool {
    line.starts_with("    ")
}

/// Three or more marks, which need not be the same, with spaces between them.
fn is_rule(line: &str) -> bool {
    let marks = line.replace(' ', "");
    !is_indented(line) && marks.len() >= 3 && marks.bytes().all(|mark| b"-*_".contains(&mark))
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim_start_matches(' ');
    // What is more than six is text, and so is the last if nothing else is.
    let level = (line.len() - line.trim_start_matches('#').len()).min(6).min(line.len().saturating_sub(1));
    let text = line[level..].trim_end_matches(' ').trim_end_matches('#').trim_matches(' ');
    (level > 0).then_some((level, text))
}

/// The level of the heading that the second line makes of the first.
fn underlined(lines: &[&str]) -> Option<usize> {
    let line = lines.get(1)?.trim_matches(' ');
    let is_line = !line.is_empty() && line.bytes().all(|byte| matches!(byte, b'=' | b'-'));
    is_line.then(|| if line.ends_with('=') { 1 } else { 2 })
}

/// How many lines are between one fence and the next, both of them included.
fn fence(lines: &[&str]) -> Option<usize> {
    let line = lines.first()?.trim_start_matches(' ');
    let mark = ["`", "~"].into_iter().find(|mark| line.starts_with(&mark.repeat(3)))?;
    let fence = &line[..line.len() - line.trim_start_matches(mark).len()];
    if line[fence.len()..].trim_matches(' ').contains([' ', '`']) {
        return None;
    }
    lines.iter().skip(2).position(|line| line.trim_matches(' ') == fence).map(|at| at + 3)
}

/// How many lines are a table: one with bars, one that rules columns off, and more with bars.
fn table(lines: &[&str]) -> Option<usize> {
    let is_ruled = |line: &&&str| {
        let line = line.trim_matches(' ');
        line.starts_with(['-', ':', '|'])
            && line.contains('|')
            && line.contains('-')
            && line.bytes().all(|byte| b"-:| ".contains(&byte))
    };
    let has_bar = |line: &&&str| line.contains('|');
    lines.first().filter(has_bar)?;
    lines.get(1).filter(is_ruled)?;
    Some(2 + lines[2..].iter().take_while(has_bar).count())
}

/// What a line says where a link, or a footnote, is only defined.
fn is_definition(line: &str) -> bool {
    let Some((name, target)) =
        line.trim_start_matches(' ').strip_prefix('[').and_then(|line| line.split_once("]:"))
    else {
        return false;
    };
    let target = target.trim_matches(' ');
    let is_footnote = name.strip_prefix('^').is_some_and(|name| !name.is_empty()) && line.starts_with('[');
    let is_link =
        !name.is_empty() && !name.contains(['^', ']']) && !target.is_empty() && !target.contains(' ');
    is_footnote || is_link
}

/// A line without the mark of an inset.
fn inset_mark(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ').strip_prefix('^').filter(|text| !text.is_empty())?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

/// An inset goes on to the next empty line, and over it if another one follows.
fn inset(lines: &[&str]) -> usize {
    let mut length = 0;
    while lines.get(length).is_some_and(|line| inset_mark(line).is_some()) {
        length += lines[length..].iter().take_while(|line| !line.is_empty()).count();
        length += lines[length..].iter().take_while(|line| line.is_empty()).count();
    }
    length
}

/// What is behind the mark of an item.
fn item(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(' ');
    let numbered = || {
        let text = line.trim_start_matches(|c: char| c.is_ascii_digit());
        (text.len() < line.len()).then(|| text.strip_prefix('.')).flatten()
    };
    line.strip_prefix(['*', '-', '•']).or_else(numbered)
}

fn is_item(line: &str) -> bool {
    item(line).is_some()
}

/// Whether a line begins a list even within a paragraph: a bullet of three other kinds, a space, and a text.
fn is_spaced_item(line: &str) -> bool {
    let start = line.trim_start_matches(' ');
    let text = start.strip_prefix('+').or_else(|| item(start).filter(|_| !start.starts_with('•')));
    text.and_then(|text| text.strip_prefix(' ')).is_some_and(|text| !text.is_empty())
}

/// A list goes on over all lines up to an empty one, and over that if an item or an indent follows.
fn list(lines: &[&str]) -> usize {
    let mut length = 1;
    while let Some(line) = lines.get(length) {
        if is_rule(line) {
            break;
        }
        if line.is_empty() {
            let follows = lines[length..].iter().find(|line| !line.is_empty());
            if !follows.is_some_and(|line| {
                line.starts_with(' ') || item(line).is_some_and(|text| text.starts_with(' '))
            }) {
                break;
            }
        }
        length += 1;
    }
    length
}

/// The inside of a paragraph as it comes to the page.
fn inline(text: &str) -> String {
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
                        shown.extend(["[", &inline(link.label), "](", link.target]);
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

/// Writes a URL as it is, unless there is another one in it: the service takes out both schemes, and puts back only what
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_behind_the_mark_is_a_code() {
        for (body, data) in [
            ("qr: x", "x"),
            ("QR :\tx ", "x "),
            ("## qr: a", "a"),
            ("###qr: a ###", "a"),
            ("^ qr: a", "a"),
            ("^ ^qr: a", "a"),
            ("qr: x\n---", "x"),
            ("qr: a\nb\n---", "a"),
            ("qr: a\n    b", "a<br>    b"),
            ("qr: a  \r\nb", "a<br>b"),
            ("qr:\nx", "<br>x"),
            ("qr: a\n* b", "a"),
            ("qr: a\n*b", "a<br>*b"),
            ("qr: a\n^ b", "a<br>^ b"),
            ("qr: a\n# b", "a"),
            ("* a\n\nqr: b", "b"),
            ("qr: \\*a\\< \\&amp;", "*a\\< \\&amp;"),
            ("qr: ![a](b)c", "c"),
            ("qr: https://a.b/?c=d\\*.", "https://a.b/?c=d\\*."),
            ("qr: http://a?u=http://b", "<strong data-original-protocol='http://a?u=htt'>a?u=b</strong>"),
            ("qr: a\n# ", "a"),
        ] {
            assert_eq!(find(body), [data], "{body}");
        }
    }

    #[test]
    fn a_link_stays_as_it_was_written() {
        assert_eq!(find("qr: [a](b) [c\\*](d \"e\") [f](g"), ["[a](b) [c*](d \"e\") [f](g"]);
        for body in ["[qr](https://a.b)", "[qr: a](b)"] {
            assert_eq!(find(body), Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn what_is_no_paragraph_is_no_code() {
        for body in [
            "# qr: a",
            "qr: a\n===",
            "    qr: a",
            "\tqr: a",
            " qr: a",
            "^     qr: a",
            "* qr: a",
            "* a\n\n  qr: b",
            "1. a\nqr: b",
            "a\nqr: b",
            "a\n    qr: b",
            "```\nqr: a\n```",
            "qr: a|b\n--|--\nqr: c|d",
            "qr",
            "qr:",
            "qr a: b",
            "qr\n: a",
        ] {
            assert_eq!(find(body), Vec::<String>::new(), "{body}");
        }
    }
}
