//! The blocks of a text. Rules are tried in a fixed order, and the first that matches takes what it matches.

use std::collections::HashMap;
use std::sync::LazyLock;

use fancy_regex::Regex;

use super::{key, pattern};

/// How deep lists and quotes nest; below, they are text.
const DEEPEST: usize = 6;

/// A block, with those in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
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

/// A text taken apart.
pub(super) struct Parsed {
    pub(super) blocks: Vec<Block>,
    pub(super) links: Links,
    /// The keys of the footnotes that are defined.
    pub(super) footnotes: Vec<String>,
}

/// Takes a text apart.
pub(super) fn parse(text: &str) -> Parsed {
    let mut lexer = Lexer { links: HashMap::new(), footnotes: Vec::new(), lists: 0, quotes: 0 };
    let blocks = lexer.parse(text, DEFAULT);
    Parsed { blocks, links: lexer.links, footnotes: lexer.footnotes }
}

#[derive(Clone, Copy)]
enum Rule {
    Newline,
    Line,
    Code,
    Fences,
    Heading,
    OpenTable,
    Underlined,
    Quote,
    List,
    Html,
    LinkDefinition,
    FootnoteDefinition,
    Table,
    Paragraph,
    Text,
}

const DEFAULT: &[Rule] = &[
    Rule::Newline,
    Rule::Line,
    Rule::Code,
    Rule::Fences,
    Rule::Heading,
    Rule::OpenTable,
    Rule::Underlined,
    Rule::Quote,
    Rule::List,
    Rule::Html,
    Rule::LinkDefinition,
    Rule::FootnoteDefinition,
    Rule::Table,
    Rule::Paragraph,
    Rule::Text,
];

const IN_LISTS: &[Rule] = &[
    Rule::Newline,
    Rule::Code,
    Rule::Fences,
    Rule::Underlined,
    Rule::Line,
    Rule::Quote,
    Rule::List,
    Rule::Html,
    Rule::Text,
];

const IN_FOOTNOTES: &[Rule] = &[
    Rule::Newline,
    Rule::Code,
    Rule::Fences,
    Rule::Heading,
    Rule::OpenTable,
    Rule::Underlined,
    Rule::Line,
    Rule::Quote,
    Rule::List,
    Rule::Html,
    Rule::Table,
    Rule::Paragraph,
    Rule::Text,
];

/// Elements that stand within lines.
const INLINE_TAGS: &str = "a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|\
                           bdi|bdo|span|br|wbr|ins|del|img|font";

/// What the name of an element is not followed by.
pub(super) const VALID_END: &str = r"(?!:/|[^\w\s@]*@)\b";

pub(super) const ATTRIBUTE: &str = r#"\s*[a-zA-Z\-](?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s'">]+))?"#;

const LINK_DEFINITION: &str = r#" *\[([^^\]]+)\]: *<?([^\s>]+)>?(?: +["(]([^\n]+)[")])? *(?:\n+|$)"#;

const FOOTNOTE_DEFINITION: &str = r"\[\^([^\]]+)\]: *([^\n]*(?:\n+|$)(?: {1,}[^\n]*(?:\n+|$))*)";

const FENCES: &str = r"^ *(`{3,}|~{3,}) *([^`\s]+)? *\n([\s\S]+?)\s*\1 *(?:\n+|$)";

fn block_tag() -> String {
    format!(r"(?!(?:{INLINE_TAGS})\b)\w+{VALID_END}")
}

struct Grammar {
    newline: Regex,
    rule: Regex,
    code: Regex,
    fences: Regex,
    heading: Regex,
    open_table: Regex,
    underlined: Regex,
    quote: Regex,
    list: Regex,
    list_item: Regex,
    bullet: Regex,
    html: Regex,
    link: Regex,
    footnote: Regex,
    table: Regex,
    text: Regex,
    /// What a paragraph ends before.
    ends_paragraph: Vec<Regex>,
    loose: Regex,
}

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let tag = block_tag();
    let html = format!(
        r"^ *(?:<!--[\s\S]*?-->|<({tag})((?:{ATTRIBUTE})*?)>([\s\S]*?)</\1>|<{tag}(?:{ATTRIBUTE})*?\s*/?>) *(?:\n{{2,}}|\s*$)"
    );
    let list = format!(
        r"^( *)(?=[*+-]|\d+\.)(([*+-])?(?:\d+\.)?) [\s\S]+?(?:\n+(?=\1?(?:[-*_] *){{3,}}(?:\n+|$))|\n+(?={LINK_DEFINITION})|\n+(?={FOOTNOTE_DEFINITION})|\n+(?=\1(?(3)\d+\.|[*+-]) )|\n{{2,}}(?! )(?!\1(?:[*+-]|\d+\.) )\n*|\s*$)"
    );
    let rule = r"^ {0,3}[-*_](?: *[-*_]){2,} *(?:\n+|$)";
    let heading = r"^ *(#{1,6}) *([^\n]+?) *#* *(?:\n+|$)";
    let underlined = r"^([^\n]+)\n *(=|-)+ *(?:\n+|$)";
    let (link, footnote) = (format!("^{LINK_DEFINITION}"), format!("^{FOOTNOTE_DEFINITION}"));
    let ends = [
        FENCES,
        r"^ *(?=[*+-]|\d+\.)[*+-]?(?:\d+\.)? [\s\S]",
        rule,
        heading,
        underlined,
        // The mark of quotes elsewhere; here it is another.
        r"^ *>[^\n]",
        &link,
        &footnote,
        &format!("^<{tag}"),
    ];
    Grammar {
        newline: pattern(r"^\n+"),
        rule: pattern(rule),
        code: pattern(r"^( {4}[^\n]+\n*)+"),
        fences: pattern(FENCES),
        heading: pattern(heading),
        open_table: pattern(r"^ *(\S.*\|.*)\n *([-:]+ *\|[-| :]*)\n((?:.*\|.*(?:\n|$))*)\n*"),
        underlined: pattern(underlined),
        quote: pattern(r"^( *\^[^\n]+(\n[^\n]+)*\n*)+"),
        list: pattern(&list),
        list_item: pattern(r"(?m)^(( *)(?:[*+-]|\d+\.) [^\n]*(?:\n(?!\2(?:[*+-]|\d+\.) )[^\n]*)*)"),
        bullet: pattern(r"^ *(?:[*+-]|\d+\.) +"),
        html: pattern(&html),
        link: pattern(&link),
        footnote: pattern(&footnote),
        table: pattern(r"^ *\|(.+)\n *\|( *[-:]+[-| :]*)\n((?: *\|.*(?:\n|$))*)\n*"),
        text: pattern(r"^[^\n]+"),
        ends_paragraph: ends.into_iter().map(pattern).collect(),
        loose: pattern(r"\n\n(?!\s*$)"),
    }
});

pub(super) type Captures<'t> = fancy_regex::Captures<'t, str>;

/// What a pattern matches at the start of a text.
pub(super) fn captures<'t>(pattern: &Regex, text: &'t str) -> Option<Captures<'t>> {
    pattern.captures(text).ok().flatten()
}

fn group<'t>(captures: &Captures<'t>, index: usize) -> &'t str {
    captures.get(index).map_or("", |group| group.as_str())
}

struct Lexer {
    links: Links,
    footnotes: Vec<String>,
    lists: usize,
    quotes: usize,
}

impl Lexer {
    fn parse(&mut self, text: &str, rules: &[Rule]) -> Vec<Block> {
        let mut rest = text.trim_end_matches('\n');
        let mut blocks = Vec::new();
        while !rest.is_empty() {
            let taken = rules.iter().find_map(|rule| self.apply(*rule, rest, &mut blocks));
            // What no rule matches, if there is such a thing, is a character of text.
            let taken = taken.filter(|taken| *taken > 0).unwrap_or_else(|| {
                let first = rest.chars().next().map_or(1, char::len_utf8);
                blocks.push(Block::Text(rest[..first].to_owned()));
                first
            });
            rest = &rest[taken..];
        }
        blocks
    }

    /// Applies a rule; gives the length that it takes, if it matches.
    fn apply(&mut self, rule: Rule, text: &str, blocks: &mut Vec<Block>) -> Option<usize> {
        let grammar = &*GRAMMAR;
        if let Rule::Paragraph = rule {
            return paragraph(text, blocks);
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
            Rule::Newline => (whole.len() > 1).then_some(Block::Newline),
            Rule::Line => Some(Block::Rule),
            Rule::Code => Some(Block::Code(outdented(whole, 4, 4))),
            Rule::Fences => Some(Block::Code(group(&found, 3).to_owned())),
            Rule::Heading => Some(Block::Heading(group(&found, 1).len(), group(&found, 2).to_owned())),
            Rule::Underlined => {
                let level = if group(&found, 2) == "=" { 1 } else { 2 };
                Some(Block::Heading(level, group(&found, 1).to_owned()))
            }
            Rule::OpenTable | Rule::Table => {
                let cells = [1, 3].into_iter().flat_map(|index| group(&found, index).split(['|', '\n']));
                Some(Block::Table(cells.map(|cell| cell.trim().to_owned()).collect()))
            }
            Rule::Quote => Some(self.quote(whole)),
            Rule::List => Some(self.list(whole, group(&found, 2))),
            Rule::Html => Some(Block::Html(match found.get(1) {
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
            Rule::Paragraph | Rule::Text => Some(Block::Text(whole.to_owned())),
        };
        blocks.extend(block);
        Some(whole.len())
    }

    fn quote(&mut self, whole: &str) -> Block {
        self.quotes += 1;
        let blocks = if self.quotes > DEEPEST {
            vec![Block::Text(whole.to_owned())]
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
        Block::Quote(blocks)
    }

    fn list(&mut self, whole: &str, bullet: &str) -> Block {
        self.lists += 1;
        let items = if self.lists > DEEPEST {
            vec![(false, vec![Block::Text(whole.to_owned())])]
        } else {
            self.items(whole)
        };
        self.lists -= 1;
        Block::List { ordered: bullet.contains('.'), items }
    }

    fn items(&mut self, whole: &str) -> Vec<(bool, Vec<Block>)> {
        let grammar = &*GRAMMAR;
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

    fn footnote(&mut self, name: &str, text: &str) -> Option<Block> {
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
        Some(Block::Footnote(key, blocks))
    }
}

/// Takes off spaces at the start of each line: at most so many, and none if there are fewer than the least.
fn outdented(text: &str, least: usize, most: usize) -> String {
    let line = |line: &'_ str| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if spaces < least { line.to_owned() } else { line[spaces.min(most)..].to_owned() }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Lines, up to one that is empty or begins something else.
fn paragraph(text: &str, blocks: &mut Vec<Block>) -> Option<usize> {
    let grammar = &*GRAMMAR;
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
    blocks.push(Block::Paragraph(whole.trim_end_matches('\n').to_owned()));
    let newlines = text[end..].len() - text[end..].trim_start_matches('\n').len();
    Some(end + newlines)
}
