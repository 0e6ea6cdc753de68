//! The HTML of an e-mail's body.

use std::sync::LazyLock;

use fancy_regex::Regex;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::render::content::{typography, whitespace};
use crate::render::mistune::{self, InlineRenderer, Renderer, Syntax};

/// The HTML of Markdown that is escaped for HTML already.
pub(super) fn html(text: &str) -> String {
    let text = whitespace::without_unsupported(&without_link(text));
    typography::refine(&mistune::render(&format!("{text}\n"), &Page))
}

/// Puts a zero-width space inside `gov.uk`, so that mail programs do not turn it into a link, unless an address
/// continues after it.
fn without_link(text: &str) -> String {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(^|[\s\x1c-\x1f])([#*^]?)(gov)\.(uk)(?![/?#])").expect("tests use it")
    });
    NAME.replace_all(text, "$1$2$3.\u{200b}$4").into_owned()
}

const PARAGRAPH: &str = "Margin: 0 0 20px 0; font-size: 19px; line-height: 25px; color: #0B0C0C;";
const HEADING: &str = "Margin: 0 0 15px 0; padding: 10px 0 0 0; font-size: 27px; line-height: 35px; font-weight: bold; \
    color: #0B0C0C;";
const SUBHEADING: &str = "Margin: 0 0 15px 0; padding: 10px 0 0 0; font-size: 19px; line-height: 25px; font-weight: bold; \
    color: #0B0C0C;";
const RULE: &str = "border: 0; height: 1px; background: #B1B4B6; Margin: 30px 0 30px 0;";
const AROUND_QUOTE: &str = "Margin: 0 0 20px 0;";
const QUOTE: &str = "Margin: 0; border-left: 10px solid #B1B4B6;padding: 15px 0 0.1px 15px; font-size: 19px; line-height: 25px;";
const AROUND_LIST: &str = "padding: 0 0 20px 0;";
const CELL: &str = "font-family: Helvetica, Arial, sans-serif;";
const LIST: &str = "Margin: 0 0 0 20px; padding: 0; list-style-type:";
const ITEM: &str =
    "Margin: 5px 0 5px; padding: 0 0 0 5px; font-size: 19px;line-height: 25px; color: #0B0C0C;";
const LINK: &str = "word-wrap: break-word; color: #1D70B8;";

struct Page;

impl InlineRenderer for Page {
    fn syntax(&self) -> Syntax {
        Syntax::GovUk
    }

    fn linebreak(&self) -> String {
        "<br>".to_owned()
    }

    fn link(&self, link: &str, title: Option<&str>, content: &str) -> String {
        let title = title.filter(|title| !title.is_empty());
        let title = title.map(|title| format!(" title=\"{title}\"")).unwrap_or_default();
        let content = if content.is_empty() { link } else { content };
        format!("<a style=\"{LINK}\" href=\"{}\"{title}>{content}</a>", address(link))
    }

    fn autolink(&self, link: &str, is_email: bool) -> String {
        if is_email { link.to_owned() } else { self.link(link, None, "") }
    }
}

impl Renderer for Page {
    fn block_quote(&self, text: &str) -> String {
        format!("<div style=\"{AROUND_QUOTE}\"><blockquote style=\"{QUOTE}\">{text}</blockquote></div>")
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
            "<table role=\"presentation\" style=\"{AROUND_LIST}\"><tr><td style=\"{CELL}\">\
             <{name} style=\"{LIST} {marks};\">{body}</{name}></td></tr></table>"
        )
    }

    fn list_item(&self, text: &str) -> String {
        format!("<li style=\"{ITEM}\">{}</li>", text.trim_matches(whitespace::is_space))
    }

    fn paragraph(&self, text: &str) -> String {
        if text.chars().all(whitespace::is_space) {
            return String::new();
        }
        format!("<p style=\"{PARAGRAPH}\">{text}</p>")
    }
}

/// Where a link leads. It may be percent-encoded already, so percent signs stay.
fn address(link: &str) -> String {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'_')
        .remove(b'.')
        .remove(b'-')
        .remove(b'~')
        .remove(b':')
        .remove(b'/')
        .remove(b'?')
        .remove(b'#')
        .remove(b'=')
        .remove(b'&')
        .remove(b';')
        .remove(b'%');
    const SCHEMES: [&str; 6] = ["ftp:", "file:", "http:", "https:", "mailto:", "tel:"];
    let lower = link.to_lowercase();
    let scheme = if SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) { "" } else { "http://" };
    format!("{scheme}{}", utf8_percent_encode(link, ENCODED))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> String {
        format!("<p style=\"{PARAGRAPH}\">{text}</p>")
    }

    fn link(href: &str, text: &str) -> String {
        format!("<a style=\"{LINK}\" href=\"{href}\">{text}</a>")
    }

    #[test]
    fn links_lead_where_they_say_and_a_scheme_is_added() {
        for (text, href, shown) in [
            ("[a](b.c/d)", "http://b.c/d", "a"),
            ("[a](HTTPS://b.c/d e)", "HTTPS://b.c/d%20e", "a"),
            ("[](tel:+44)", "tel:%2B44", "tel:+44"),
            ("[a](mailto:b@c.d?x=%20&y)", "mailto:b%40c.d?x=%20&y", "a"),
            ("https://a.b/(c)?d=é;", "https://a.b/%28c%29?d=%C3%A9;", "https://a.b/(c)?d=é;"),
        ] {
            assert_eq!(html(text), paragraph(&link(href, shown)), "{text}");
        }
        assert_eq!(
            html("[a](b 'c')"),
            paragraph(&format!("<a style=\"{LINK}\" href=\"http://b\" title=\"c\">a</a>"))
        );
    }

    #[test]
    fn the_government_domain_is_not_a_link() {
        assert_eq!(
            html("gov.uk #GOV.UK a.gov.uk gov.uk/x gov.uk."),
            paragraph("gov.\u{200b}uk #GOV.\u{200b}UK a.gov.uk gov.uk/x gov.\u{200b}uk.")
        );
    }

    #[test]
    fn tables_images_and_headings_are_left_out_or_stay_as_they_are() {
        assert_eq!(html("_a_ *a* **b** `c` ~~d~~"), paragraph("_a_ *a* **b** `c` ~~d~~"));
        assert_eq!(html("|a|b|\n|-|-|\n|1|2|\n\n![a](b)"), "");
        assert_eq!(html("> a"), paragraph("&gt; a"));
    }
}
