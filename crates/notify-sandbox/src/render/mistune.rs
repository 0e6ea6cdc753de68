//! Markdown in the dialect of mistune 0.8, the library that some services render with: its grammar, and a trait for a
//! service's renderer.
//!
//! In scope: everything that its lexers distinguish, quirks included, because they show in the output. Out of scope:
//! the look of a table's cells, since no service shows tables.

mod block;
mod inline;
mod pattern;
mod renderer;

use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::python::case;

use block::{Parsed, Source};
use inline::Inline;
use pattern::pattern;
pub(crate) use renderer::{InlineRenderer, Renderer, Syntax};

/// A block whose contents are rendered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    Newline,
    Rule,
    Heading(usize, String),
    Code(String),
    Quote(Vec<Self>),
    List {
        ordered: bool,
        items: Vec<Vec<Self>>,
    },
    Html(String),
    Paragraph(String),
    /// Text in an item of a list that is not a paragraph.
    Text(String),
}

/// Renders a text.
pub(crate) fn render(text: &str, renderer: &dyn Renderer) -> String {
    together(&blocks(text, renderer), renderer)
}

/// The blocks of a text.
pub(crate) fn blocks(text: &str, spans: &dyn InlineRenderer) -> Vec<Block> {
    let Parsed { blocks, links, footnotes } = block::parse(&preprocess(text), spans.syntax());
    let mut inline = Inline::new(spans, links, footnotes);
    let mut notes = Vec::new();
    let mut shown = render_blocks(&blocks, &mut inline, &mut notes);
    // Only notes that something refers to are shown, in the order of the references.
    let mut notes: Vec<(usize, Vec<Block>)> =
        notes.into_iter().filter_map(|(key, blocks)| Some((inline.reference(&key)?, blocks))).collect();
    notes.sort_by_key(|(index, _)| *index);
    shown.extend(notes.into_iter().flat_map(|(_, blocks)| blocks));
    shown
}

/// The blocks of each note, by its key.
type Notes = Vec<(String, Vec<Block>)>;

fn render_blocks(blocks: &[Source], inline: &mut Inline<'_>, notes: &mut Notes) -> Vec<Block> {
    blocks.iter().filter_map(|block| render_block(block, inline, notes)).collect()
}

fn render_block(block: &Source, inline: &mut Inline<'_>, notes: &mut Notes) -> Option<Block> {
    Some(match block {
        Source::Newline => Block::Newline,
        Source::Rule => Block::Rule,
        Source::Heading(level, text) => Block::Heading(*level, inline.render(text)),
        Source::Code(code) => Block::Code(code.clone()),
        Source::Table(cells) => {
            for cell in cells {
                inline.render(cell);
            }
            return None;
        }
        Source::Quote(blocks) => Block::Quote(render_blocks(blocks, inline, notes)),
        Source::List { ordered, items } => {
            let item = |(loose, blocks): &(bool, Vec<Source>)| {
                let block = |block: &Source| match block {
                    Source::Text(text) if !loose => Some(Block::Text(inline.render(text))),
                    block => render_block(block, inline, notes),
                };
                merged(blocks).iter().filter_map(block).collect()
            };
            Block::List { ordered: *ordered, items: items.iter().map(item).collect() }
        }
        Source::Html(html) => Block::Html(html.clone()),
        Source::Paragraph(text) | Source::Text(text) => Block::Paragraph(inline.render(text)),
        Source::Footnote(key, blocks) => {
            inline.enter_footnote();
            let blocks = render_blocks(&merged(blocks), inline, notes);
            inline.leave_footnote();
            notes.push((key.clone(), blocks));
            return None;
        }
    })
}

fn together(blocks: &[Block], renderer: &dyn Renderer) -> String {
    blocks.iter().map(|block| output(block, renderer)).collect()
}

fn output(block: &Block, renderer: &dyn Renderer) -> String {
    match block {
        Block::Newline => renderer.newline(),
        Block::Rule => renderer.hrule(),
        Block::Heading(level, text) => renderer.header(text, *level),
        Block::Code(code) => renderer.block_code(code),
        Block::Quote(blocks) => renderer.block_quote(&together(blocks, renderer)),
        Block::List { ordered, items } => {
            let body: String =
                items.iter().map(|item| renderer.list_item(&together(item, renderer))).collect();
            renderer.list(&body, *ordered)
        }
        Block::Html(html) => renderer.block_html(html),
        Block::Paragraph(text) => renderer.paragraph(text),
        Block::Text(text) => text.clone(),
    }
}

/// Joins adjacent texts into one.
fn merged(blocks: &[Source]) -> Vec<Source> {
    let mut merged: Vec<Source> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match (merged.last_mut(), block) {
            (Some(Source::Text(text)), Source::Text(more)) => {
                text.push('\n');
                text.push_str(more);
            }
            _ => merged.push(block.clone()),
        }
    }
    merged
}

/// Normalises line ends, expands tabs, and empties lines of spaces.
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

/// Escapes text for a page, except for references.
pub(crate) fn escape(text: &str) -> String {
    static AMPERSAND: LazyLock<Regex> = LazyLock::new(|| pattern(r"&(?!#?\w+;)"));
    AMPERSAND.replace_all(text, "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Escapes text for an attribute, except for references.
pub(crate) fn escape_quotes(text: &str) -> String {
    escape(text).replace('"', "&quot;").replace('\'', "&#39;")
}

/// The key under which a reference finds its target.
fn key(name: &str) -> String {
    static SPACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+"));
    SPACE.replace_all(&escape_quotes(&case::lower(name)), " ").into_owned()
}
