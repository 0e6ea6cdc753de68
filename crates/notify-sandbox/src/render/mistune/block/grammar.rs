//! What each kind of block looks like, and which kinds may appear where.

use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::render::mistune::Syntax;
use crate::render::mistune::pattern::pattern;

#[derive(Clone, Copy)]
pub(super) enum Rule {
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

pub(super) const DEFAULT: &[Rule] = &[
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

pub(super) const IN_LISTS: &[Rule] = &[
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

pub(super) const IN_FOOTNOTES: &[Rule] = &[
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

/// Elements that appear within lines.
const INLINE_TAGS: &str = "a|em|strong|small|s|cite|q|dfn|abbr|data|time|code|var|samp|kbd|sub|sup|i|b|u|mark|ruby|rt|rp|\
                           bdi|bdo|span|br|wbr|ins|del|img|font";

/// What may not follow the name of an element.
pub(in crate::render::mistune) const VALID_END: &str = r"(?!:/|[^\w\s@]*@)\b";

pub(in crate::render::mistune) const ATTRIBUTE: &str =
    r#"\s*[a-zA-Z\-](?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s'">]+))?"#;

const RULE: &str = r"^ {0,3}[-*_](?: *[-*_]){2,} *(?:\n+|$)";

const HEADING: &str = r"^ *(#{1,6}) *([^\n]+?) *#* *(?:\n+|$)";

const UNDERLINED: &str = r"^([^\n]+)\n *(=|-)+ *(?:\n+|$)";

const LINK_DEFINITION: &str = r#" *\[([^^\]]+)\]: *<?([^\s>]+)>?(?: +["(]([^\n]+)[")])? *(?:\n+|$)"#;

const FOOTNOTE_DEFINITION: &str = r"\[\^([^\]]+)\]: *([^\n]*(?:\n+|$)(?: {1,}[^\n]*(?:\n+|$))*)";

const FENCES: &str = r"^ *(`{3,}|~{3,}) *([^`\s]+)? *\n([\s\S]+?)\s*\1 *(?:\n+|$)";

/// One set of patterns.
pub(super) struct Grammar {
    pub(super) newline: Regex,
    pub(super) rule: Regex,
    pub(super) code: Regex,
    pub(super) fences: Regex,
    pub(super) heading: Regex,
    pub(super) open_table: Regex,
    pub(super) underlined: Regex,
    pub(super) quote: Regex,
    pub(super) list: Regex,
    pub(super) list_item: Regex,
    pub(super) bullet: Regex,
    pub(super) html: Regex,
    pub(super) link: Regex,
    pub(super) footnote: Regex,
    pub(super) table: Regex,
    pub(super) text: Regex,
    /// What ends a paragraph.
    pub(super) ends_paragraph: Vec<Regex>,
    pub(super) loose: Regex,
}

impl Grammar {
    pub(super) fn of(syntax: Syntax) -> &'static Self {
        static LIBRARY: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(Syntax::Library));
        static GOV_UK: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(Syntax::GovUk));
        static GC_NOTIFY: LazyLock<Grammar> = LazyLock::new(|| Grammar::new(Syntax::GcNotify));
        match syntax {
            Syntax::Library => &LIBRARY,
            Syntax::GovUk => &GOV_UK,
            Syntax::GcNotify => &GC_NOTIFY,
        }
    }

    fn new(syntax: Syntax) -> Self {
        let tag = format!(r"(?!(?:{INLINE_TAGS})\b)\w+{VALID_END}");
        let html = format!(
            r"^ *(?:<!--[\s\S]*?-->|<({tag})((?:{ATTRIBUTE})*?)>([\s\S]*?)</\1>|<{tag}(?:{ATTRIBUTE})*?\s*/?>) *(?:\n{{2,}}|\s*$)"
        );
        let (link, footnote) = (format!("^{LINK_DEFINITION}"), format!("^{FOOTNOTE_DEFINITION}"));
        let (list, list_item, bullet) = lists(syntax);
        let ends = [
            FENCES,
            r"^ *(?=[*+-]|\d+\.)[*+-]?(?:\d+\.)? [\s\S]",
            RULE,
            HEADING,
            UNDERLINED,
            // The library's mark for quotes. Services use another, and that one does not end a paragraph.
            r"^ *>[^\n]",
            &link,
            &footnote,
            &format!("^<{tag}"),
        ];
        Self {
            newline: pattern(r"^\n+"),
            rule: pattern(RULE),
            code: pattern(r"^( {4}[^\n]+\n*)+"),
            fences: pattern(FENCES),
            heading: pattern(HEADING),
            open_table: pattern(r"^ *(\S.*\|.*)\n *([-:]+ *\|[-| :]*)\n((?:.*\|.*(?:\n|$))*)\n*"),
            underlined: pattern(UNDERLINED),
            quote: pattern(r"^( *\^[^\n]+(\n[^\n]+)*\n*)+"),
            list: pattern(&list),
            list_item: pattern(list_item),
            bullet: pattern(bullet),
            html: pattern(&html),
            link: pattern(&link),
            footnote: pattern(&footnote),
            table: pattern(r"^ *\|(.+)\n *\|( *[-:]+[-| :]*)\n((?: *\|.*(?:\n|$))*)\n*"),
            text: pattern(r"^[^\n]+"),
            ends_paragraph: ends.into_iter().map(pattern).collect(),
            loose: pattern(r"\n\n(?!\s*$)"),
        }
    }
}

/// A list, its items, and their marks. The second group of a list is its first mark.
fn lists(syntax: Syntax) -> (String, &'static str, &'static str) {
    let definitions = format!(r"\n+(?={LINK_DEFINITION})|\n+(?={FOOTNOTE_DEFINITION})");
    match syntax {
        Syntax::Library => (
            format!(
                r"^( *)(?=[*+-]|\d+\.)(([*+-])?(?:\d+\.)?) [\s\S]+?(?:\n+(?=\1?(?:[-*_] *){{3,}}(?:\n+|$))|{definitions}|\n+(?=\1(?(3)\d+\.|[*+-]) )|\n{{2,}}(?! )(?!\1(?:[*+-]|\d+\.) )\n*|\s*$)"
            ),
            r"(?m)^(( *)(?:[*+-]|\d+\.) [^\n]*(?:\n(?!\2(?:[*+-]|\d+\.) )[^\n]*)*)",
            r"^ *(?:[*+-]|\d+\.) +",
        ),
        Syntax::GovUk => (
            with_bullets(r"^( *)([•*-]|\d+\.)", &definitions),
            r"(?m)^(( *)(?:[•*-]|\d+\.)[^\n]*(?:\n(?!\2(?:[•*-]|\d+\.))[^\n]*)*)",
            r"^ *(?:[•*-]|\d+\.)",
        ),
        Syntax::GcNotify => (
            with_bullets(r"^( *)([•*-]|\d+\.) ([^*]|[*]{2})", &definitions),
            r"(?m)^(( *)(?:[•*-]|\d+\.) [^\n]*(?:\n(?!\2(?:[•*-]|\d+\.))[^\n]*)*)",
            r"^ *(?:[•*-]|\d+\.)",
        ),
    }
}

/// A list with the given start, where `•` is a bullet too.
fn with_bullets(start: &str, definitions: &str) -> String {
    format!(
        r"{start}[\s\S]+?(?:\n+(?=\1?(?:[-*_] *){{3,}}(?:\n+|$))|{definitions}|\n{{2,}}(?! )(?!\1(?:[•*-]|\d+\.) )\n*|\s*$)"
    )
}
