//! The HTML of an e-mail.

use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::render::content::{Template, whitespace};
use crate::render::field::{self, Style, Values};
use crate::render::mistune::{self, InlineRenderer, Renderer, Syntax};

use super::{MARKDOWN, escape, typography};

const VALUES: Style = Style { sanitise: escape::html, ..MARKDOWN };

/// Marks of a part in another language, with the start of the element that they stand for.
const LANGUAGES: [(&str, &str, &str); 2] =
    [("[[fr]]", "[[/fr]]", "<div lang=\"fr-ca\">"), ("[[en]]", "[[/en]]", "<div lang=\"en-ca\">")];

/// Marks of a part that is written from right to left.
const DIRECTIONS: [(&str, &str, &str); 1] = [("[[rtl]]", "[[/rtl]]", "<div dir=\"rtl\">")];

/// The HTML of an e-mail.
pub(in crate::service::gc_notify) fn page(template: &Template, values: &Values<'_>) -> String {
    let field = Template::parse_with_brackets(&escape::html(template.source()));
    page_of(&field::fill(&field, values, VALUES))
}

/// The HTML of an e-mail whose body has its values.
pub(in crate::service::gc_notify) fn page_of_filled(body: &str) -> String {
    page_of(&escape::html(body))
}

fn page_of(text: &str) -> String {
    let text = without_link(text).replace('\u{2028}', "");
    let text = fenced(&fenced(&format!("{text}\n"), &LANGUAGES), &DIRECTIONS);
    let html = mistune::render(&text, &Page);
    typography(&elements(&elements(&html, &LANGUAGES), &DIRECTIONS))
}

/// Puts a zero-width space into `gov.uk` where it is not part of an address, so that mail programs do not turn it into
/// a link.
fn without_link(text: &str) -> String {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)(?<![./])(gov)\.(uk)(?![/?])").expect("tests use it"));
    NAME.replace_all(text, "$1.\u{200b}$2").into_owned()
}

/// Makes marks blocks of their own, so that they do not become part of a paragraph.
fn fenced(text: &str, marks: &[(&str, &str, &str)]) -> String {
    if !balanced(text, marks) {
        return text.to_owned();
    }
    marks.iter().fold(text.to_owned(), |text, (open, close, _)| {
        // The first mark of an English part is not separated from the text before it.
        let before = if *open == "[[en]]" { "" } else { "\n" };
        text.replace(open, &format!("{before}```\n{open}\n```\n"))
            .replace(close, &format!("\n```\n{close}\n```\n"))
    })
}

/// The elements that marks stand for.
fn elements(html: &str, marks: &[(&str, &str, &str)]) -> String {
    if !balanced(html, marks) {
        return html.to_owned();
    }
    marks.iter().fold(html.to_owned(), |html, (open, close, element)| {
        html.replace(open, element).replace(close, "</div>")
    })
}

/// Marks count only if each kind is closed as often as it is opened.
fn balanced(text: &str, marks: &[(&str, &str, &str)]) -> bool {
    marks.iter().all(|(open, close, _)| text.matches(open).count() == text.matches(close).count())
}

const PARAGRAPH: &str = "Margin: 0 0 20px 0; font-size: 19px; line-height: 25px; color: #0B0C0C;";
const HEADING: &str =
    "Margin: 0 0 20px 0; padding: 0; font-size: 27px; line-height: 35px; font-weight: bold; color: #0B0C0C;";
const SUBHEADING: &str =
    "Margin: 0 0 15px 0; padding: 0; line-height: 26px; color: #0B0C0C;font-size: 24px; font-weight: bold;";
const RULE: &str = "border: 0; height: 1px; background: #BFC1C3; Margin: 30px 0 30px 0;";
const QUOTE: &str = "Margin: 0 0 20px 0; border-left: 10px solid #BFC1C3;padding: 15px 0 0.1px 15px; font-size: 19px; \
    line-height: 25px;";
const AROUND_LIST: &str = "<table role=\"presentation\" style=\"padding: 0 0 20px 0;\">";
const AROUND_INNER_LIST: &str = "<table role=\"presentation\" style=\"padding: 0;\">";
const CELL: &str = "font-family: Helvetica, Arial, sans-serif;";
const ITEM: &str = "Margin: 5px 0 5px; padding: 0 0 0 5px; font-size: 19px; line-height: 25px; color: #0B0C0C; \
    text-align:start;";
const LINK: &str = "word-wrap: break-word; word-break: break-word;";

/// The HTML that the service makes of Markdown.
struct Page;

impl InlineRenderer for Page {
    fn syntax(&self) -> Syntax {
        Syntax::GcNotify
    }

    fn linebreak(&self) -> String {
        "<br />".to_owned()
    }

    fn link(&self, link: &str, title: Option<&str>, content: &str) -> String {
        let title = title.filter(|title| !title.is_empty());
        let title = title.map(|title| format!(" title=\"{title}\"")).unwrap_or_default();
        format!("<a style=\"{LINK}\" href=\"{link}\"{title}>{content}</a>")
    }

    fn autolink(&self, link: &str, is_email: bool) -> String {
        if is_email { link.to_owned() } else { format!("<a style=\"{LINK}\" href=\"{link}\">{link}</a>") }
    }

    fn codespan(&self, text: &str) -> String {
        format!("<code>{text}</code>")
    }

    fn emphasis(&self, text: &str) -> String {
        format!("<em>{text}</em>")
    }

    fn double_emphasis(&self, text: &str) -> String {
        format!("<strong>{text}</strong>")
    }
}

impl Renderer for Page {
    fn block_quote(&self, text: &str) -> String {
        format!("<blockquote style=\"{QUOTE}\">{text}</blockquote>")
    }

    fn header(&self, text: &str, level: usize) -> String {
        match level {
            1 => format!("<h2 style=\"{HEADING}\">{text}</h2>"),
            2 => format!("<h3 style=\"{SUBHEADING}\">{text}</h3>"),
            _ => self.paragraph(text),
        }
    }

    fn hrule(&self) -> String {
        format!("<hr style=\"{RULE}\">")
    }

    fn list(&self, body: &str, ordered: bool) -> String {
        let (name, marks) = if ordered { ("ol", "decimal") } else { ("ul", "disc") };
        format!(
            "{AROUND_LIST}<tr><td style=\"{CELL}\"><{name} style=\"margin: 0; padding: 0; list-style-type: {marks}; \
             margin-inline-start: 20px;\">{body}</{name}></td></tr></table>"
        )
    }

    fn list_item(&self, text: &str) -> String {
        // A nested list has no margin below it.
        let text = text.replace(AROUND_LIST, AROUND_INNER_LIST);
        format!("<li style=\"{ITEM}\">{}</li>", text.trim_matches(whitespace::is_space))
    }

    fn paragraph(&self, text: &str) -> String {
        if text.chars().all(whitespace::is_space) {
            return String::new();
        }
        format!("<p style=\"{PARAGRAPH}\">{text}</p>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        page(&Template::parse(text), &Values::default())
    }

    #[test]
    fn parts_in_another_language_are_marked_up_if_their_marks_match() {
        assert_eq!(
            html("[[fr]]\noui\n[[/fr]]"),
            format!("<div lang=\"fr-ca\"><p style=\"{PARAGRAPH}\">oui</p></div>")
        );
        assert_eq!(html("[[fr]]oui[[/en]]"), format!("<p style=\"{PARAGRAPH}\">[[fr]]oui[[/en]]</p>"));
    }

    #[test]
    fn references_that_html_knows_stay() {
        assert_eq!(
            html("&copy; &nosuch; a&b"),
            format!("<p style=\"{PARAGRAPH}\">&copy; &amp;nosuch; a&amp;b</p>")
        );
    }
}
