//! A letter as the printer gets it: the pieces of its pages from top to bottom.

use super::{Block, Mark, each_block, inline, without_inset_marks};

/// A part of a letter's body, in the order of the page. Its texts contain no more Markdown.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    Heading(String),
    /// Its lines.
    Paragraph(Vec<String>),
    Item {
        /// Whether it begins a list.
        is_first: bool,
        depth: u32,
        /// A bullet, or a number.
        mark: String,
        lines: Vec<String>,
    },
    PageBreak,
}

/// Splits a body for the printer: headings below the first level are paragraphs there, and a thematic break is a page
/// break.
pub(crate) fn pieces(body: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    print(body, &mut pieces);
    pieces
}

fn print(text: &str, pieces: &mut Vec<Piece>) {
    each_block(text, |block, lines| match block {
        Block::Blank => {}
        Block::Rule => pieces.push(Piece::PageBreak),
        Block::Heading(1, text) => pieces.push(Piece::Heading(inline::to_print(text))),
        Block::Heading(_, text) => pieces.push(Piece::Paragraph(vec![inline::to_print(text)])),
        Block::Inset => print(&without_inset_marks(lines), pieces),
        Block::Item(_) => print_list(lines, pieces),
        Block::Text => {
            pieces.push(Piece::Paragraph(lines.iter().map(|line| inline::to_print(line.trim())).collect()));
        }
    });
}

/// The depth of items, from the indents of their marks. The first mark of a list decides whether all are numbered; the
/// numbers count the items, whatever they say.
fn print_list(lines: &[&str], pieces: &mut Vec<Piece>) {
    let mut open: Vec<(Mark<'_>, u32)> = Vec::new();
    let mut is_first = true;
    for line in lines {
        match (Block::of(line), pieces.last_mut()) {
            (Block::Item(mark), _) => {
                while open.last().is_some_and(|(first, _)| first.indent > mark.indent) {
                    open.pop();
                }
                match open.last_mut() {
                    Some((first, count)) if first.indent == mark.indent => *count += 1,
                    _ => open.push((mark, 1)),
                }
                let (first, number) = open.last().copied().unwrap_or((mark, 1));
                pieces.push(Piece::Item {
                    is_first: std::mem::take(&mut is_first),
                    depth: u32::try_from(open.len() - 1).unwrap_or(0),
                    mark: if first.ordered { format!("{number}.") } else { "•".to_owned() },
                    lines: vec![inline::to_print(mark.text)],
                });
            }
            (Block::Blank, _) => {}
            (_, Some(Piece::Item { lines, .. })) => lines.push(inline::to_print(line.trim())),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_has_no_markdown_left() {
        let text = "# One\n## Two\na\n[b](https://c.d)\n\n7. e\n  * f\n    g\n* h\n\n^ \\*i\n***";
        let paragraph =
            |lines: &[&str]| Piece::Paragraph(lines.iter().map(|&line| line.to_owned()).collect());
        let item = |is_first, depth, mark: &str, lines: &[&str]| Piece::Item {
            is_first,
            depth,
            mark: mark.to_owned(),
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
        };
        assert_eq!(
            pieces(text),
            [
                Piece::Heading("One".to_owned()),
                paragraph(&["Two"]),
                paragraph(&["a", "b: https://c.d"]),
                item(true, 0, "1.", &["e"]),
                item(false, 1, "•", &["f", "g"]),
                item(false, 0, "2.", &["h"]),
                paragraph(&["*i"]),
                Piece::PageBreak,
            ]
        );
    }
}
