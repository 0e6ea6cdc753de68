//! A letter as the printer gets it: the pieces of its pages from top to bottom.

use crate::render::content::html;
use crate::render::mistune::{self, Block, InlineRenderer, Syntax};

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
    print(&mistune::blocks(&html::escape(body), &Print), &mut pieces);
    pieces
}

fn print(blocks: &[Block], pieces: &mut Vec<Piece>) {
    for block in blocks {
        match block {
            Block::Newline => {}
            Block::Rule => pieces.push(Piece::PageBreak),
            Block::Heading(1, text) => pieces.push(Piece::Heading(lines(text).join(" "))),
            Block::Heading(_, text)
            | Block::Paragraph(text)
            | Block::Text(text)
            | Block::Code(text)
            | Block::Html(text) => pieces.push(Piece::Paragraph(lines(text))),
            Block::Quote(blocks) => print(blocks, pieces),
            Block::List { ordered, items } => print_list(*ordered, items, 0, pieces),
        }
    }
}

/// The items of a numbered list are counted afresh, whatever numbers the list has.
fn print_list(ordered: bool, items: &[Vec<Block>], depth: u32, pieces: &mut Vec<Piece>) {
    for (index, item) in items.iter().enumerate() {
        let mark = if ordered { format!("{}.", index + 1) } else { "•".to_owned() };
        let own = pieces.len();
        pieces.push(Piece::Item { is_first: index == 0 && depth == 0, depth, mark, lines: Vec::new() });
        print_item(item, own, depth, pieces);
    }
}

/// The text of an item is printed beside its mark, wherever in the item it is; its lists follow below.
fn print_item(blocks: &[Block], own: usize, depth: u32, pieces: &mut Vec<Piece>) {
    for block in blocks {
        match block {
            Block::Newline | Block::Rule => {}
            Block::Heading(_, text)
            | Block::Paragraph(text)
            | Block::Text(text)
            | Block::Code(text)
            | Block::Html(text) => {
                if let Some(Piece::Item { lines: beside, .. }) = pieces.get_mut(own) {
                    beside.extend(lines(text));
                }
            }
            Block::Quote(blocks) => print_item(blocks, own, depth, pieces),
            Block::List { ordered, items } => print_list(*ordered, items, depth + 1, pieces),
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.trim().lines().map(|line| html::unescape(line.trim())).collect()
}

/// Prints the contents of a line: a link becomes its text and its address.
struct Print;

impl InlineRenderer for Print {
    fn syntax(&self) -> Syntax {
        Syntax::GovUk
    }

    fn linebreak(&self) -> String {
        "\n".to_owned()
    }

    fn link(&self, link: &str, _: Option<&str>, content: &str) -> String {
        format!("{content}: {link}")
    }

    fn autolink(&self, link: &str, _: bool) -> String {
        link.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(lines: &[&str]) -> Piece {
        Piece::Paragraph(lines.iter().map(|&line| line.to_owned()).collect())
    }

    fn item(is_first: bool, depth: u32, mark: &str, lines: &[&str]) -> Piece {
        Piece::Item {
            is_first,
            depth,
            mark: mark.to_owned(),
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_printed_has_no_markdown_left() {
        let text = "# One\n## Two\na\n[b](https://c.d)\n\n7. e\n  * f\n    g\n* h\n\n^ \\*i\n***";
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

    #[test]
    fn a_list_needs_no_empty_line_before_it_and_markup_is_text() {
        assert_eq!(
            pieces("<b>a</b> & b:\n* c\n\n* d"),
            [paragraph(&["<b>a</b> & b:"]), item(true, 0, "•", &["c"]), item(false, 0, "•", &["d"])]
        );
    }
}
