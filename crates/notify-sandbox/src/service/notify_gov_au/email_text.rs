//! The text of an e-mail or a letter: Markdown, rendered for programs that show no HTML.

use crate::python::html;
use crate::render::content::{Template, typography, whitespace};
use crate::render::field::{self, Style, Values};
use crate::render::mistune::{self, InlineRenderer, Renderer};

use crate::service::sms::close_up;

/// Characters in the line under a heading.
const WIDTH: usize = 65;

/// A placeholder for the mark of an item until the kind of its list is known.
const MARK: &str = "\u{f8ff}\u{f8fe}\u{f8ff}";

/// The body that answers show.
pub(super) fn body(template: &Template, values: &Values<'_>) -> String {
    let filled = field::fill(template, values, Style::MARKDOWN);
    let rendered = typography(&mistune::render(&without_link(&filled), &PlainText));
    let text = html::unescape(&rendered);
    format!("{}\n", text.trim_start_matches(whitespace::is_space))
}

/// The subject that answers show.
pub(super) fn subject(template: &Template, values: &Values<'_>) -> String {
    let source = template.source().replace(['\r', '\n'], "").replace('\t', " ");
    let field = Template::parse(source.trim_matches(whitespace::is_space));
    typography(&field::fill(&field, values, Style::PLAIN))
}

/// Curly quotes, en dashes, no spaces before punctuation.
fn typography(text: &str) -> String {
    let curled = typography::curl(&close_up(text));
    typography::join_with_en_dashes(&typography::straighten_in_addresses(&curled), &DASHES)
}

/// Puts a zero-width space into `gov.au` where it is not part of an address, so that mail programs do not turn it into
/// a link.
fn without_link(text: &str) -> String {
    const NAME: &str = "gov.au";
    let mut unlinked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_name = rest.get(..NAME.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAME))
            && !unlinked.ends_with(['.', '/'])
            && !rest[NAME.len()..].starts_with(['/', '?']);
        if is_name {
            unlinked.push_str(&rest[..4]);
            unlinked.push('\u{200b}');
            unlinked.push_str(&rest[4..NAME.len()]);
            rest = &rest[NAME.len()..];
        } else {
            unlinked.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    unlinked
}

/// The characters that become an en dash between spaces: here a bar is one, too.
const DASHES: [char; 4] = ['-', '–', '—', '|'];

/// Markdown without its marks, except those of emphasis.
struct PlainText;

impl InlineRenderer for PlainText {
    fn linebreak(&self) -> String {
        "\n".to_owned()
    }

    fn link(&self, link: &str, title: Option<&str>, content: &str) -> String {
        let title = title.filter(|title| !title.is_empty()).map(|title| format!(" ({title})"));
        format!("{content}{}: {link}", title.unwrap_or_default())
    }

    fn autolink(&self, link: &str, _: bool) -> String {
        link.to_owned()
    }

    fn emphasis(&self, text: &str) -> String {
        format!("*{text}*")
    }

    fn double_emphasis(&self, text: &str) -> String {
        format!("**{text}**")
    }
}

impl Renderer for PlainText {
    fn header(&self, text: &str, level: usize) -> String {
        if level == 1 { format!("\n\n\n{text}\n{}", "-".repeat(WIDTH)) } else { self.paragraph(text) }
    }

    fn hrule(&self) -> String {
        self.paragraph(&"=".repeat(WIDTH))
    }

    fn list(&self, body: &str, ordered: bool) -> String {
        let mut marked = String::from("\n");
        for (index, part) in body.split(MARK).enumerate() {
            match (index, ordered) {
                (0, _) => {}
                (number, true) => marked.extend([&number.to_string(), "."]),
                (_, false) => marked.push('•'),
            }
            marked.push_str(part);
        }
        marked
    }

    fn list_item(&self, text: &str) -> String {
        format!("\n{MARK} {}", text.trim_matches(whitespace::is_space))
    }

    fn paragraph(&self, text: &str) -> String {
        if text.trim_matches(whitespace::is_space).is_empty() { String::new() } else { format!("\n\n{text}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        body(&Template::parse(source), &Values::default())
    }

    #[test]
    fn headings_are_underlined_and_items_marked() {
        assert_eq!(
            text("Hi,\n\n# Top\n\n* a\n* b\n\n1. c\n2. d"),
            format!("Hi,\n\n\nTop\n{}\n\n• a\n• b\n\n1. c\n2. d\n", "-".repeat(WIDTH))
        );
    }

    #[test]
    fn government_domains_are_not_links() {
        assert_eq!(text("gov.au, a.gov.au GOV.AU? gov.au/x"), "gov.\u{200b}au, a.gov.au GOV.AU? gov.au/x\n");
    }
}
