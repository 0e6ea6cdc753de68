//! E-mails: the subject and body of the answer, and the HTML of a preview.

mod page;

use super::personalisation::{ListStyle, Personalisation};
use super::template::{FillOptions, Missing, Template};
use super::{typography, whitespace};

/// How many bytes of UTF-8 an e-mail's body may have with its values filled in.
pub(crate) const BYTE_LIMIT: usize = 2_000_000;

const SUBJECT: FillOptions =
    FillOptions { lists: ListStyle::Sentence, missing: Missing::Verbatim, escape: false };

/// An e-mail with its values filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EmailContent {
    subject: String,
    body: String,
    is_empty: bool,
}

/// Fills in an e-mail.
pub(crate) fn render(subject: &Template, body: &Template, values: &Personalisation) -> EmailContent {
    let text = body
        .fill(values, FillOptions { missing: Missing::Verbatim, ..FillOptions::BODY })
        .trim_matches(whitespace::is_space)
        .to_owned();
    EmailContent {
        subject: whitespace::normalise(&typography::refine(&subject.fill(values, SUBJECT))),
        is_empty: body.may_render_empty() && text.is_empty(),
        body: text,
    }
}

/// The e-mail's body as a fragment of HTML.
pub(crate) fn html(body: &Template, values: &Personalisation) -> String {
    let text =
        body.escaped().fill(&values.with_escaped_names(), FillOptions { escape: true, ..FillOptions::BODY });
    page::html(&text)
}

/// The HTML of a body that already has its values.
pub(crate) fn html_of_rendered(body: &str) -> String {
    page::html(&super::html::escape(body))
}

impl EmailContent {
    /// The subject, with typographic quotes and dashes.
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// The body: Markdown, trimmed.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// Whether nothing is left to send, by the service's rules.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;
    use serde_json::json;

    #[test]
    fn values_reach_subject_and_body_unescaped() {
        let values = Personalisation::from(&json::object(&json!({"n": "<b>&", "l": ["x", "y"]})));
        let content = render(&Template::parse(" ((n)) - ((l)) "), &Template::parse("\n((l))\n"), &values);
        assert_eq!((content.subject(), content.body()), ("<b>& – x and y", "* x\n* y"));
    }

    #[test]
    fn only_a_template_of_nothing_but_placeholders_can_be_empty() {
        let values = Personalisation::from(&json::object(&json!({"a": "", "c": "no"})));
        for (body, empty) in
            [("((a))", true), ("((c??x))((a))", true), ("", true), (" ((a))", false), ("x", false)]
        {
            let content = render(&Template::parse("s"), &Template::parse(body), &values);
            assert_eq!(content.is_empty(), empty, "{body:?}");
        }
    }

    #[test]
    fn the_page_shows_values_but_never_runs_them() {
        let values = Personalisation::from(&json::object(&json!({"a & b": "<script>alert('x')</script>"})));
        let html = html(&Template::parse("# Hello\n\n((a & b))"), &values);
        assert!(html.contains("&lt;script&gt;alert(‘x’)&lt;/script&gt;"), "{html}");
    }

    #[test]
    fn the_page_leaves_out_what_mail_programs_show_as_boxes() {
        let values = Personalisation::from(&json::object(&json!({"a": "x\u{2028}y\u{3164}z"})));
        assert!(html(&Template::parse("((a))"), &values).contains("xyz"));
        assert!(html_of_rendered("x\u{2028}y").contains("xy"));
    }
}
