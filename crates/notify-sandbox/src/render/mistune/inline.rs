//! Renders the inside of a block: links, emphasis, code, line breaks.

use std::collections::HashMap;
use std::sync::LazyLock;

use fancy_regex::Regex;

use super::block::{ATTRIBUTE, Links, VALID_END};
use super::pattern::{Captures, captures, pattern};
use super::{InlineRenderer, Syntax, key};

struct Grammar {
    escape: Regex,
    html: Regex,
    autolink: Regex,
    url: Regex,
    long_url: Regex,
    footnote: Regex,
    link: Regex,
    reference: Regex,
    short_reference: Regex,
    double_emphasis: Regex,
    emphasis: Regex,
    code: Regex,
    line_break: Regex,
    strikethrough: Regex,
}

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    const LABEL: &str = r"^!?\[((?:\[[^^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]";
    Grammar {
        escape: pattern(r"^\\([\\`*{}\[\]()#+\-.!_>~|])"),
        html: pattern(&format!(
            r"^(?:<!--[\s\S]*?-->|<(\w+{VALID_END})((?:{ATTRIBUTE})*?)\s*>([\s\S]*?)</\1>|<\w+{VALID_END}(?:{ATTRIBUTE})*?\s*/?>)"
        )),
        autolink: pattern(r"^<([^ >]+(@|:)[^ >]+)>"),
        url: pattern(r#"^(https?://[^\s<]+[^<.,:;"')\]\s])"#),
        long_url: pattern(r#"^(https?://[^\s<]+[^<.,:"')\]\s])"#),
        footnote: pattern(r"^\[\^([^\]]+)\]"),
        link: pattern(&format!(r#"{LABEL}\(\s*(<)?([\s\S]*?)(?(2)>)(?:\s+['"]([\s\S]*?)['"])?\s*\)"#)),
        reference: pattern(&format!(r"{LABEL}\s*\[([^^\]]*)\]")),
        short_reference: pattern(r"^!?\[((?:\[[^\]]*\]|[^\[\]])*)\]"),
        double_emphasis: pattern(r"^_{2}([\s\S]+?)_{2}(?!_)|^\*{2}([\s\S]+?)\*{2}(?!\*)"),
        emphasis: pattern(r"^\b_((?:__|[^_])+?)_\b|^\*((?:\*\*|[^*])+?)\*(?!\*)"),
        code: pattern(r"^(`+)\s*([\s\S]*?[^`])\s*\1(?!`)"),
        line_break: pattern(r"^ *\n(?!\s*$)"),
        strikethrough: pattern(r"^~~(?=\S)([\s\S]*?\S)~~"),
    }
});

/// Renders the inside of blocks.
pub(super) struct Inline<'r> {
    renderer: &'r dyn InlineRenderer,
    links: Links,
    /// The order of the first reference to each, counted from 1; 0 if there is none.
    footnotes: HashMap<String, usize>,
    references: usize,
    in_link: bool,
    in_footnote: bool,
}

impl<'r> Inline<'r> {
    pub(super) fn new(renderer: &'r dyn InlineRenderer, links: Links, footnotes: Vec<String>) -> Self {
        let footnotes = footnotes.into_iter().map(|key| (key, 0)).collect();
        Self { renderer, links, footnotes, references: 0, in_link: false, in_footnote: false }
    }

    pub(super) fn enter_footnote(&mut self) {
        self.in_footnote = true;
    }

    pub(super) fn leave_footnote(&mut self) {
        self.in_footnote = false;
    }

    /// The order of the first reference to a footnote, if there is one.
    pub(super) fn reference(&self, key: &str) -> Option<usize> {
        self.footnotes.get(key).copied().filter(|index| *index > 0)
    }

    pub(super) fn render(&mut self, text: &str) -> String {
        let mut rest = text.trim_end_matches('\n');
        let mut rendered = String::with_capacity(rest.len());
        while let Some(first) = rest.chars().next() {
            let (shown, taken) = self.special(first, rest).unwrap_or_else(|| {
                let length = plain(rest);
                (self.renderer.text(&rest[..length]), length)
            });
            rendered.push_str(&shown);
            rest = &rest[taken..];
        }
        rendered
    }

    /// The construct at the start of a text, rendered, and its length; `None` if the text begins with plain text.
    fn special(&mut self, first: char, text: &str) -> Option<(String, usize)> {
        let grammar = &*GRAMMAR;
        let renderer = self.renderer;
        let whole = |found: &Captures<'_>| found.get(0).map_or(0, |whole| whole.as_str().len());
        let part = |found: &Captures<'_>, index| found.get(index).map(|part| part.as_str().to_owned());
        match first {
            '\\' => {
                let found = captures(&grammar.escape, text)?;
                Some((renderer.text(&part(&found, 1)?), whole(&found)))
            }
            '<' => {
                if let Some(found) = captures(&grammar.html, text) {
                    return Some((renderer.inline_html(&part(&found, 0)?), whole(&found)));
                }
                let found = captures(&grammar.autolink, text)?;
                let is_email = part(&found, 2).as_deref() == Some("@");
                Some((renderer.autolink(&part(&found, 1)?, is_email), whole(&found)))
            }
            'h' => {
                let url = match renderer.syntax() {
                    Syntax::Library => &grammar.url,
                    Syntax::GovUk | Syntax::GcNotify => &grammar.long_url,
                };
                let found = captures(url, text)?;
                let link = part(&found, 1)?;
                let shown = if self.in_link { renderer.text(&link) } else { renderer.autolink(&link, false) };
                Some((shown, whole(&found)))
            }
            '!' | '[' => self.link(text),
            '_' | '*' | '`' | '~' if renderer.syntax() == Syntax::GovUk => None,
            '_' | '*' => {
                if let Some(found) = captures(&grammar.double_emphasis, text) {
                    let inside = part(&found, 2).or_else(|| part(&found, 1))?;
                    let inside = self.render(&inside);
                    return Some((renderer.double_emphasis(&inside), whole(&found)));
                }
                let found = captures(&grammar.emphasis, text)?;
                let inside = part(&found, 2).or_else(|| part(&found, 1))?;
                let inside = self.render(&inside);
                Some((renderer.emphasis(&inside), whole(&found)))
            }
            '`' => {
                let found = captures(&grammar.code, text)?;
                Some((renderer.codespan(&part(&found, 2)?), whole(&found)))
            }
            ' ' | '\n' => {
                let found = captures(&grammar.line_break, text)?;
                Some((renderer.linebreak(), whole(&found)))
            }
            '~' => {
                let found = captures(&grammar.strikethrough, text)?;
                let inside = self.render(&part(&found, 1)?);
                Some((renderer.strikethrough(&inside), whole(&found)))
            }
            _ => None,
        }
    }

    /// A footnote, a link, or a reference to one.
    fn link(&mut self, text: &str) -> Option<(String, usize)> {
        let grammar = &*GRAMMAR;
        // Otherwise a text of nothing but opening brackets would be searched from each of them to its end.
        if !text.contains(']') {
            return None;
        }
        if !self.in_footnote
            && let Some(found) = captures(&grammar.footnote, text)
        {
            let name = key(found.get(1).map_or("", |name| name.as_str()));
            if let Some(index @ 0) = self.footnotes.get_mut(&name) {
                self.references += 1;
                *index = self.references;
                return Some((String::new(), found.get(0)?.as_str().len()));
            }
        }
        if let Some(found) = captures(&grammar.link, text) {
            let (link, title) = (found.get(3)?.as_str(), found.get(4).map(|title| title.as_str()));
            return Some(self.linked(&found, link, title));
        }
        if let Some(found) = captures(&grammar.reference, text) {
            let name = found.get(2).map_or("", |name| name.as_str());
            let name = if name.is_empty() { found.get(1)?.as_str() } else { name };
            if let Some((link, title)) = self.links.get(&key(name)).cloned() {
                return Some(self.linked(&found, &link, title.as_deref()));
            }
        }
        let found = captures(&grammar.short_reference, text)?;
        let (link, title) = self.links.get(&key(found.get(1)?.as_str())).cloned()?;
        Some(self.linked(&found, &link, title.as_deref()))
    }

    fn linked(&mut self, found: &Captures<'_>, link: &str, title: Option<&str>) -> (String, usize) {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        if whole.starts_with('!') {
            // No service shows images.
            return (String::new(), whole.len());
        }
        self.in_link = true;
        let content = self.render(found.get(1).map_or("", |content| content.as_str()));
        self.in_link = false;
        (self.renderer.link(link, title, &content), whole.len())
    }
}

/// The length of the plain text at the start of a text: at least one character, up to where something else may begin.
fn plain(text: &str) -> usize {
    let stops = |at: usize, c: char| match c {
        '\\' | '<' | '!' | '[' | '_' | '*' | '`' | '~' | '\n' => true,
        'h' => text[at..].starts_with("http://") || text[at..].starts_with("https://"),
        ' ' => text[at..].trim_start_matches(' ').starts_with('\n'),
        _ => false,
    };
    text.char_indices().skip(1).find(|(at, c)| stops(*at, *c)).map_or(text.len(), |(at, _)| at)
}
