//! Splits a text into blocks. Rules are tried in a fixed order, and the first that matches consumes its match.

mod grammar;
mod table;

use std::collections::HashMap;

use super::pattern::{captures, group};
use super::{Syntax, key};

pub(super) use grammar::{ATTRIBUTE, VALID_END};
use grammar::{DEFAULT, Grammar, IN_FOOTNOTES, IN_LISTS, Rule};

/// How deep lists and quotes may nest. Anything deeper is text.
const DEEPEST: usize = 6;

/// A block as it is written, with the blocks inside it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    Newline,
    Rule,
    Heading(usize, String),
    Code(String),
    /// Its cells.
    Table(Vec<String>),
    Quote(Vec<Self>),
    List {
        ordered: bool,
        /// Each with whether its texts are paragraphs.
        items: Vec<(bool, Vec<Self>)>,
    },
    Html(String),
    Paragraph(String),
    Text(String),
    Footnote(String, Vec<Self>),
}

/// Links by key: where they lead, and a title.
pub(super) type Links = HashMap<String, (String, Option<String>)>;

/// A parsed text.
pub(super) struct Parsed {
    pub(super) blocks: Vec<Source>,
    pub(super) links: Links,
    /// The keys of the footnotes that are defined.
    pub(super) footnotes: Vec<String>,
}

/// Parses a text.
pub(super) fn parse(text: &str, syntax: Syntax) -> Parsed {
    let grammar = Grammar::of(syntax);
    let mut lexer = Lexer { grammar, links: HashMap::new(), footnotes: Vec::new(), lists: 0, quotes: 0 };
    let blocks = lexer.parse(text, DEFAULT);
    Parsed { blocks, links: lexer.links, footnotes: lexer.footnotes }
}

struct Lexer {
    grammar: &'static Grammar,
    links: Links,
    footnotes: Vec<String>,
    lists: usize,
    quotes: usize,
}

impl Lexer {
    fn parse(&mut self, text: &str, rules: &[Rule]) -> Vec<Source> {
        let mut rest = text.trim_end_matches('\n');
        let mut blocks = Vec::new();
        while !rest.is_empty() {
            let taken = rules.iter().find_map(|rule| self.apply(*rule, rest, &mut blocks));
            // If no rule matches, the next character is text.
            let taken = taken.filter(|taken| *taken > 0).unwrap_or_else(|| {
                let first = rest.chars().next().map_or(1, char::len_utf8);
                blocks.push(Source::Text(rest[..first].to_owned()));
                first
            });
            rest = &rest[taken..];
        }
        blocks
    }

    /// Applies a rule, and returns the length of its match.
    fn apply(&mut self, rule: Rule, text: &str, blocks: &mut Vec<Source>) -> Option<usize> {
        let grammar = self.grammar;
        if let Rule::Paragraph = rule {
            return self.paragraph(text, blocks);
        }
        let pattern = match rule {
            Rule::Newline => &grammar.newline,
            Rule::Line => &grammar.rule,
            Rule::Code => &grammar.code,
            Rule::Fences => &grammar.fences,
            Rule::Heading => &grammar.heading,
            Rule::OpenTable => &grammar.open_table,
            Rule::Underlined => &grammar.underlined,
            Rule::Quote => &grammar.quote,
            Rule::List => &grammar.list,
            Rule::Html => &grammar.html,
            Rule::LinkDefinition => &grammar.link,
            Rule::FootnoteDefinition => &grammar.footnote,
            Rule::Table => &grammar.table,
            Rule::Paragraph | Rule::Text => &grammar.text,
        };
        let found = captures(pattern, text)?;
        let whole = group(&found, 0);
        let block = match rule {
            Rule::Newline => (whole.len() > 1).then_some(Source::Newline),
            Rule::Line => Some(Source::Rule),
            Rule::Code => Some(Source::Code(outdented(whole, 4, 4))),
            Rule::Fences => Some(Source::Code(group(&found, 3).to_owned())),
            Rule::Heading => Some(Source::Heading(group(&found, 1).len(), group(&found, 2).to_owned())),
            Rule::Underlined => {
                let level = if group(&found, 2) == "=" { 1 } else { 2 };
                Some(Source::Heading(level, group(&found, 1).to_owned()))
            }
            Rule::OpenTable => Some(Source::Table(table::cells(&found, false))),
            Rule::Table => Some(Source::Table(table::cells(&found, true))),
            Rule::Quote => Some(self.quote(whole)),
            Rule::List => Some(self.list(whole, group(&found, 2))),
            Rule::Html => Some(Source::Html(match found.get(1) {
                Some(tag) => {
                    let tag = tag.as_str();
                    format!("<{tag}{}>{}</{tag}>", group(&found, 2), group(&found, 3))
                }
                None => whole.to_owned(),
            })),
            Rule::LinkDefinition => {
                let title = found.get(3).map(|title| title.as_str().to_owned());
                self.links.insert(key(group(&found, 1)), (group(&found, 2).to_owned(), title));
                None
            }
            Rule::FootnoteDefinition => self.footnote(group(&found, 1), group(&found, 2)),
            Rule::Paragraph | Rule::Text => Some(Source::Text(whole.to_owned())),
        };
        blocks.extend(block);
        Some(whole.len())
    }

    fn quote(&mut self, whole: &str) -> Source {
        self.quotes += 1;
        let blocks = if self.quotes > DEEPEST {
            vec![Source::Text(whole.to_owned())]
        } else {
            let line = |line: &'_ str| {
                let text = line.trim_start_matches(' ');
                match text.strip_prefix('^') {
                    Some(text) => text.strip_prefix(' ').unwrap_or(text).to_owned(),
                    None => line.to_owned(),
                }
            };
            let inside = whole.split('\n').map(line).collect::<Vec<_>>().join("\n");
            self.parse(&inside, DEFAULT)
        };
        self.quotes -= 1;
        Source::Quote(blocks)
    }

    fn list(&mut self, whole: &str, bullet: &str) -> Source {
        self.lists += 1;
        let items = if self.lists > DEEPEST {
            vec![(false, vec![Source::Text(whole.to_owned())])]
        } else {
            self.items(whole)
        };
        self.lists -= 1;
        Source::List { ordered: bullet.contains('.'), items }
    }

    fn items(&mut self, whole: &str) -> Vec<(bool, Vec<Source>)> {
        let grammar = self.grammar;
        let found: Vec<&str> = grammar
            .list_item
            .captures_iter(whole)
            .filter_map(|found| found.ok()?.get(1).map(|item| item.as_str()))
            .collect();
        let mut next_is_loose = false;
        let mut items = Vec::with_capacity(found.len());
        for (index, whole) in found.iter().enumerate() {
            let item = grammar.bullet.replace(whole, "");
            let item = if item.contains("\n ") {
                let width = whole.chars().count() - item.chars().count();
                outdented(&item, 1, width)
            } else {
                item.into_owned()
            };
            let mut loose = next_is_loose || grammar.loose.is_match(&item).unwrap_or(false);
            if index + 1 < found.len() && !item.is_empty() {
                next_is_loose = item.ends_with('\n');
                loose = loose || next_is_loose;
            }
            items.push((loose, self.parse(&item, IN_LISTS)));
        }
        items
    }

    fn footnote(&mut self, name: &str, text: &str) -> Option<Source> {
        let key = key(name);
        if self.footnotes.contains(&key) {
            return None;
        }
        self.footnotes.push(key.clone());
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or_default();
        let rest: Vec<&str> = lines.collect();
        let indents = rest.iter().map(|line| line.len() - line.trim_start().len());
        let indent = indents.filter(|indent| *indent > 0).min().unwrap_or(0);
        let mut outdented = first.to_owned();
        for line in rest {
            outdented.push('\n');
            outdented.push_str(line.get(indent..).unwrap_or_default());
        }
        let blocks = self.parse(&outdented, IN_FOOTNOTES);
        Some(Source::Footnote(key, blocks))
    }

    /// Lines, up to one that is empty or begins another block.
    fn paragraph(&self, text: &str, blocks: &mut Vec<Source>) -> Option<usize> {
        let grammar = self.grammar;
        let mut end = 0;
        while let Some(line) = captures(&grammar.text, &text[end..]) {
            end += group(&line, 0).len();
            if !text[end..].starts_with('\n') {
                break;
            }
            let next = &text[end + 1..];
            if grammar.ends_paragraph.iter().any(|start| start.is_match(next).unwrap_or(false)) {
                break;
            }
            end += 1;
        }
        if end == 0 {
            return None;
        }
        let whole = &text[..end];
        blocks.push(Source::Paragraph(whole.trim_end_matches('\n').to_owned()));
        let newlines = text[end..].len() - text[end..].trim_start_matches('\n').len();
        Some(end + newlines)
    }
}

/// Removes up to `most` spaces from the start of each line, and none from a line that has fewer than `least`.
fn outdented(text: &str, least: usize, most: usize) -> String {
    let line = |line: &'_ str| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if spaces < least { line.to_owned() } else { line[spaces.min(most)..].to_owned() }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}
