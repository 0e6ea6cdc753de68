//! Markdown in the dialect of mistune 0.8, the library that some services render with: its grammar, and what a service's
//! renderer makes of each part.
//!
//! In scope: all that its lexers tell apart, with its habits, for the text that comes out shows them. Out of scope: what
//! the cells of a table look like, since no service shows tables.

mod block;
mod inline;

use std::sync::LazyLock;

use fancy_regex::{Regex, RegexBuilder};

use block::{Block, Parsed};
use inline::Inline;

/// What becomes of each part of a text. Defaults are those of the library.
pub(crate) trait Renderer {
    fn block_code(&self, code: &str) -> String {
        code.to_owned()
    }

    fn block_quote(&self, text: &str) -> String {
        text.to_owned()
    }

    fn block_html(&self, html: &str) -> String {
        html.to_owned()
    }

    fn header(&self, text: &str, level: usize) -> String;

    fn hrule(&self) -> String;

    fn list(&self, body: &str, ordered: bool) -> String;

    fn list_item(&self, text: &str) -> String;

    fn paragraph(&self, text: &str) -> String;

    fn newline(&self) -> String;

    fn linebreak(&self) -> String;

    fn link(&self, link: &str, title: Option<&str>, content: &str) -> String;

    fn autolink(&self, link: &str, is_email: bool) -> String;

    fn codespan(&self, text: &str) -> String;

    fn emphasis(&self, text: &str) -> String;

    fn double_emphasis(&self, text: &str) -> String;

    fn strikethrough(&self, text: &str) -> String {
        text.to_owned()
    }

    fn inline_html(&self, html: &str) -> String {
        html.to_owned()
    }

    fn text(&self, text: &str) -> String {
        escape(text)
    }
}

/// Renders a text.
pub(crate) fn render(text: &str, renderer: &dyn Renderer) -> String {
    let Parsed { blocks, links, footnotes } = block::parse(&preprocess(text));
    let mut inline = Inline::new(renderer, links, footnotes);
    let mut notes = Vec::new();
    let mut page = String::new();
    for block in &blocks {
        page.push_str(&output(block, renderer, &mut inline, &mut notes));
    }
    // Only notes that something refers to are shown, in the order of the references.
    let mut shown: Vec<(usize, String)> =
        notes.into_iter().filter_map(|(key, text)| Some((inline.reference(&key)?, text))).collect();
    shown.sort_by_key(|(index, _)| *index);
    page.extend(shown.into_iter().map(|(_, text)| text));
    page
}

fn output(
    block: &Block,
    renderer: &dyn Renderer,
    inline: &mut Inline<'_>,
    notes: &mut Vec<(String, String)>,
) -> String {
    match block {
        Block::Newline => renderer.newline(),
        Block::Rule => renderer.hrule(),
        Block::Heading(level, text) => renderer.header(&inline.render(text), *level),
        Block::Code(code) => renderer.block_code(code),
        Block::Table(cells) => {
            for cell in cells {
                inline.render(cell);
            }
            String::new()
        }
        Block::Quote(blocks) => {
            let body: String = blocks.iter().map(|block| output(block, renderer, inline, notes)).collect();
            renderer.block_quote(&body)
        }
        Block::List { ordered, items } => {
            let mut body = String::new();
            for (loose, blocks) in items {
                let item: String = merged(blocks)
                    .iter()
                    .map(|block| match block {
                        Block::Text(text) if !loose => inline.render(text),
                        block => output(block, renderer, inline, notes),
                    })
                    .collect();
                body.push_str(&renderer.list_item(&item));
            }
            renderer.list(&body, *ordered)
        }
        Block::Html(html) => renderer.block_html(html),
        Block::Paragraph(text) | Block::Text(text) => renderer.paragraph(&inline.render(text)),
        Block::Footnote(key, blocks) => {
            inline.enter_footnote();
            let text = merged(blocks).iter().map(|block| output(block, renderer, inline, notes)).collect();
            inline.leave_footnote();
            notes.push((key.clone(), text));
            String::new()
        }
    }
}

/// Texts that follow each other are one.
fn merged(blocks: &[Block]) -> Vec<Block> {
    let mut merged: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match (merged.last_mut(), block) {
            (Some(Block::Text(text)), Block::Text(more)) => {
                text.push('\n');
                text.push_str(more);
            }
            _ => merged.push(block.clone()),
        }
    }
    merged
}

/// Line ends of one kind, no tabs, nothing on lines of spaces.
fn preprocess(text: &str) -> String {
    const TAB: usize = 4;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut expanded = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' => {
                let width = TAB - column % TAB;
                expanded.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\n' => {
                expanded.push(c);
                column = 0;
            }
            c => {
                expanded.push(c);
                column += 1;
            }
        }
    }
    let expanded = expanded.replace('\u{2424}', "\n");
    let line = |line: &'_ str| if line.chars().all(|c| c == ' ') { String::new() } else { line.to_owned() };
    expanded.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Makes text safe to stand in a page, except for references.
pub(crate) fn escape(text: &str) -> String {
    static AMPERSAND: LazyLock<Regex> = LazyLock::new(|| pattern(r"&(?!#?\w+;)"));
    AMPERSAND.replace_all(text, "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Makes text safe to stand in an attribute, except for references.
pub(crate) fn escape_quotes(text: &str) -> String {
    escape(text).replace('"', "&quot;").replace('\'', "&#39;")
}

/// How a reference names what it refers to.
fn key(name: &str) -> String {
    static SPACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+"));
    SPACE.replace_all(&escape_quotes(&name.to_lowercase()), " ").into_owned()
}

/// A pattern of the grammar. What takes it longer than this counts as no match: the library itself would not come back.
fn pattern(source: &str) -> Regex {
    const PATIENCE: usize = 5_000_000;
    RegexBuilder::new(source)
        .backtrack_limit(PATIENCE)
        .build()
        .expect("the grammar is a constant, and tests use all of it")
}
