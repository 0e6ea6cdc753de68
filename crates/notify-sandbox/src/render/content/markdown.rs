//! The Markdown of e-mails and letters, and its HTML: headings of two levels, lists, insets, lines, links.
//!
//! It has no emphasis, code, images or tables, because the service has none. `^` marks an inset, every line break
//! counts, and bullets may be `*`, `-` or `•`.

pub(super) mod inline;
pub(super) mod piece;

/// Deeper indents count as this deep: lists nest no further than anyone can follow.
const DEEPEST_INDENT: usize = 16;

/// Renders Markdown, already escaped for HTML, as a fragment of HTML.
pub(super) fn to_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    each_block(text, |block, lines| match block {
        Block::Blank => {}
        Block::Rule => html.push_str("<hr>"),
        Block::Heading(level, text) => heading(&mut html, *level, text),
        Block::Inset => html.extend(["<blockquote>", &to_html(&without_inset_marks(lines)), "</blockquote>"]),
        Block::Item(_) => list(&mut html, lines),
        Block::Text => paragraph(&mut html, &lines.join("\n")),
    });
    html
}

/// Renders each block of a text, with its lines.
fn each_block(text: &str, mut show: impl FnMut(&Block<'_>, &[&str])) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: &[&str] = &text.split('\n').collect::<Vec<_>>();
    while let Some(line) = lines.first() {
        let block = Block::of(line);
        let taken = match block {
            Block::Blank | Block::Rule | Block::Heading(..) => 1,
            Block::Inset => lines.iter().take_while(|line| !line.trim().is_empty()).count(),
            Block::Item(_) => list_length(lines),
            Block::Text => {
                // A list needs an empty line before it; within a paragraph its marks are text.
                let goes_on = |line: &&&str| matches!(Block::of(line), Block::Text | Block::Item(_));
                1 + lines[1..].iter().take_while(goes_on).count()
            }
        };
        show(&block, &lines[..taken]);
        lines = &lines[taken..];
    }
}

/// What a line begins.
enum Block<'a> {
    Blank,
    Rule,
    Heading(usize, &'a str),
    Inset,
    /// A list item with its mark.
    Item(Mark<'a>),
    Text,
}

/// The mark of a list item, and the text after it.
#[derive(Clone, Copy)]
struct Mark<'a> {
    indent: usize,
    ordered: bool,
    text: &'a str,
}

impl<'a> Block<'a> {
    fn of(line: &'a str) -> Self {
        let start = line.trim_start_matches(' ');
        if start.trim().is_empty() {
            Self::Blank
        } else if is_rule(start) {
            Self::Rule
        } else if let Some((level, text)) = heading_text(start) {
            Self::Heading(level, text)
        } else if start.starts_with('^') {
            Self::Inset
        } else if let Some((ordered, text)) = item_text(start) {
            Self::Item(Mark { indent: (line.len() - start.len()).min(DEEPEST_INDENT), ordered, text })
        } else {
            Self::Text
        }
    }
}

/// Three or more of one or more marks, with optional spaces between them.
fn is_rule(line: &str) -> bool {
    let marks = line.trim_end().replace(' ', "");
    marks.len() >= 3 && marks.chars().all(|c| matches!(c, '-' | '*' | '_'))
}

fn heading_text(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = text.trim_end().trim_end_matches('#').trim();
    ((1..=6).contains(&level) && !text.is_empty()).then_some((level, text))
}

fn item_text(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix(['*', '-', '•']) {
        return Some((false, text.trim()));
    }
    let text = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = (text.len() < line.len()).then(|| text.strip_prefix('.')).flatten()?;
    Some((true, text.trim()))
}

fn heading(html: &mut String, level: usize, text: &str) {
    match level {
        1 => element(html, "h2", text),
        2 => element(html, "h3", text),
        _ => paragraph(html, text),
    }
}

fn paragraph(html: &mut String, text: &str) {
    let text = text.trim();
    if !text.is_empty() {
        element(html, "p", text);
    }
}

fn element(html: &mut String, name: &str, text: &str) {
    html.extend(["<", name, ">", &inline::to_html(text), "</", name, ">"]);
}

/// Insets do not nest: however many marks a line has, they make one inset.
fn without_inset_marks(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim_start_matches(['^', ' '])).collect::<Vec<_>>().join("\n")
}

/// A list continues over items, their continuation lines, and single empty lines between items.
fn list_length(lines: &[&str]) -> usize {
    let mut length = 0;
    while let Some(line) = lines.get(length) {
        match Block::of(line) {
            Block::Item(_) | Block::Text => length += 1,
            Block::Blank
                if lines.get(length + 1).is_some_and(|line| matches!(Block::of(line), Block::Item(_))) =>
            {
                length += 1;
            }
            _ => break,
        }
    }
    length
}

fn list(html: &mut String, lines: &[&str]) {
    let Some(Block::Item(first)) = lines.first().map(|line| Block::of(line)) else { return };
    let name = if first.ordered { "ol" } else { "ul" };
    html.extend(["<", name, ">"]);
    let mut rest = lines;
    while let Some(Block::Item(mark)) = rest.first().map(|line| Block::of(line)) {
        let next_item =
            |line: &&str| matches!(Block::of(line), Block::Item(next) if next.indent <= first.indent);
        let length = 1 + rest[1..].iter().position(next_item).unwrap_or(rest.len() - 1);
        let (text, nested) = item(mark, &rest[1..length]);
        html.extend(["<li>", &inline::to_html(text.trim())]);
        list(html, nested);
        html.push_str("</li>");
        rest = &rest[length..];
    }
    html.extend(["</", name, ">"]);
}

/// An item's own text, over all its lines, and the lines of a nested list.
fn item<'a>(mark: Mark<'_>, lines: &'a [&'a str]) -> (String, &'a [&'a str]) {
    let nested =
        lines.iter().position(|line| matches!(Block::of(line), Block::Item(_))).unwrap_or(lines.len());
    let mut text = mark.text.to_owned();
    for line in &lines[..nested] {
        text.push('\n');
        text.push_str(line.trim());
    }
    (text, &lines[nested..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lines_insets_and_paragraphs() {
        assert_eq!(
            to_html("# One\n##Two ##\n### Three\ntext\nmore\n\n---\n^ inset\n^goes on\n\nend"),
            "<h2>One</h2><h3>Two</h3><p>Three</p><p>text<br>more</p><hr>\
             <blockquote><p>inset<br>goes on</p></blockquote><p>end</p>"
        );
    }

    #[test]
    fn lists_of_both_kinds_nest_and_need_an_empty_line_before_them() {
        assert_eq!(
            to_html("* a\n* b\n  c\n\n- d\n  - e\n\n\nx\n* y\n\n1. f\n2. g"),
            "<ul><li>a</li><li>b<br>c</li><li>d<ul><li>e</li></ul></li></ul><p>x<br>* y</p><ol><li>f</li><li>g</li></ol>"
        );
    }

    #[test]
    fn no_text_makes_it_panic_or_loop() {
        for text in [
            "",
            "\n",
            "*",
            "-\n-",
            "1.",
            "^",
            "^\n^",
            "#",
            "***",
            "* \n  * \n\n *",
            "\r\r\n",
            "•\n•",
            "^^^ a",
        ] {
            let _ = (to_html(text), piece::pieces(text));
        }
    }
}
