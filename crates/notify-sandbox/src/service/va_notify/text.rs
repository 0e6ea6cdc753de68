//! The texts of messages: with their values in previews, and without them everywhere else.

use crate::account::dialect::FilledTemplate;
use crate::account::template::Template as Whole;
use crate::python::json::{Object, Value};
use crate::render::content::{Template, html};
use crate::render::field::{self, Style, Values};
use crate::render::mistune::{self, InlineRenderer, Renderer};
use crate::service::sms::sent;
use crate::world::MessageType;

const REDACTED: &str = "<redacted>";

/// In the text of a message that was sent, every condition counts as met.
const SHOWN: Style = Style { is_yes: |_| true, ..Style::PLAIN };
const SUBJECT: Style = Style { sanitise: html::escape, ..Style::PLAIN };

/// What answers show of a text message: no value of the request.
pub(super) fn redacted_sms(template: &Whole) -> String {
    let values = redacted(template);
    sent(&field::fill(&template.body, &Values::of(&values), SHOWN), &[])
}

/// What answers show of an e-mail: its subject and its body.
pub(super) fn redacted_email(template: &Whole) -> (String, String) {
    let values = redacted(template);
    let shown = |field| field::fill(field, &Values::of(&values), SHOWN);
    (shown(&template.subject), shown(&template.body))
}

/// The values that replace those of a request.
fn redacted(template: &Whole) -> Object {
    let mut values = Object::EMPTY;
    for name in field::placeholders(&template.fields()) {
        values.insert(name, Value::String(REDACTED.to_owned()));
    }
    values
}

/// A template with its values.
pub(super) fn fill(template: &Whole, values: &Values<'_>, prefix: Option<&str>) -> FilledTemplate {
    if template.message_type == MessageType::Sms {
        return FilledTemplate::sms(sms(&template.body, values), prefix);
    }
    FilledTemplate {
        subject: Some(subject(&template.subject, values)),
        body: body(&template.body, values),
        html: (template.message_type == MessageType::Email).then(|| page(&template.body, values)),
        ..FilledTemplate::default()
    }
}

/// The text of a text message.
pub(super) fn sms(template: &Template, values: &Values<'_>) -> String {
    sent(&field::fill(template, values, Style::PLAIN), &[])
}

/// The body of an e-mail: Markdown.
pub(super) fn body(template: &Template, values: &Values<'_>) -> String {
    field::fill(template, values, Style::MARKDOWN)
}

/// The subject in a preview: HTML.
pub(super) fn subject(template: &Template, values: &Values<'_>) -> String {
    let field = Template::parse(&html::escape(template.source()));
    field::fill(&field, values, SUBJECT)
}

/// The HTML of an e-mail. Values may bring HTML of their own.
pub(super) fn page(template: &Template, values: &Values<'_>) -> String {
    page_of(&body(template, values))
}

/// The HTML of an e-mail whose body has its values.
pub(super) fn page_of(body: &str) -> String {
    mistune::render(body, &Page)
}

const PARAGRAPH: &str = "Margin: 0 0 20px 0; font-size: 16px; line-height: 25px; color: #323A45;";
const HEADING: &str = "Margin: 0 0 16px 0; padding: 0; font-size: 32px; line-height: 38px; font-weight: bold; color: #323A45; \
    font-family: Helvetica, Arial, sans-serif;";
const LIST: &str = "Margin: 0 0 0 20px; padding: 0 0 20px 0; list-style-type: ";
const ITEM: &str =
    "Margin: 5px 0 5px; padding: 0 0 0 5px; font-size: 16px; line-height: 25px; color: #323A45;";

const QUOTE: &str = "background: #F1F1F1; padding: 24px 24px 0.1px 24px; font-family: Helvetica, Arial, sans-serif; \
    font-size: 16px; line-height: 25px;";
const RULE: &str = "border: 0; height: 1px; background: #BFC1C3; Margin: 30px 0 30px 0;";
const LINK: &str = "word-wrap: break-word; color: #004795;";

/// The HTML that the service makes of Markdown.
struct Page;

impl InlineRenderer for Page {
    fn linebreak(&self) -> String {
        "<br />".to_owned()
    }

    fn link(&self, link: &str, _: Option<&str>, content: &str) -> String {
        format!("<a style=\"{LINK}\" target=\"_blank\" href=\"{}\">{content}</a>", mistune::escape(link))
    }

    fn autolink(&self, link: &str, is_email: bool) -> String {
        if is_email { link.to_owned() } else { self.link(link, None, link) }
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
        format!("<blockquote style=\"{QUOTE}\">\n{text}</blockquote>\n")
    }

    fn header(&self, text: &str, level: usize) -> String {
        format!("<h{level} style=\"{HEADING}\">{text}</h{level}>\n")
    }

    fn hrule(&self) -> String {
        format!("<hr style=\"{RULE}\" />\n")
    }

    fn list(&self, body: &str, ordered: bool) -> String {
        let (name, marks) = if ordered { ("ol", "decimal") } else { ("ul", "disc") };
        format!(
            "<{name} role=\"presentation\" style=\"{LIST}{marks}; font-family: Helvetica, Arial, sans-serif;\">\n{body}</{name}>\n"
        )
    }

    fn list_item(&self, text: &str) -> String {
        format!("<li style=\"{ITEM}\">{}</li>\n", text.trim())
    }

    fn paragraph(&self, text: &str) -> String {
        if text.trim().is_empty() { String::new() } else { format!("<p style=\"{PARAGRAPH}\">{text}</p>\n") }
    }
}
