//! Letters: the subject and body of the answer.

pub(super) mod piece;
mod qr_code;

use super::personalisation::{ListStyle, Personalisation};
use super::template::{FillOptions, Missing, Template};
use super::{typography, whitespace};

/// How many bytes a QR code may hold so that a phone can still read it from paper.
pub(crate) const LONGEST_QR_CODE: usize = 504;

/// A letter is laid out as a page, so its subject is filled in as HTML.
const SUBJECT: FillOptions =
    FillOptions { lists: ListStyle::Sentence, missing: Missing::Verbatim, escape: true };

/// A letter with its values filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LetterContent {
    subject: String,
    body: String,
    is_empty: bool,
}

/// What a letter prints as QR codes.
///
/// The service looks at the body after it was escaped for HTML.
pub(crate) fn qr_codes(body: &Template, values: &Personalisation) -> Vec<String> {
    qr_code::find(
        &body.escaped().fill(&values.with_escaped_names(), FillOptions { escape: true, ..FillOptions::BODY }),
    )
}

/// Fills in a letter.
pub(crate) fn render(subject: &Template, body: &Template, values: &Personalisation) -> LetterContent {
    let text = body
        .fill(values, FillOptions { missing: Missing::Verbatim, ..FillOptions::BODY })
        .trim_matches(whitespace::is_space)
        .to_owned();
    let subject = subject.escaped().fill(&values.with_escaped_names(), SUBJECT);
    LetterContent {
        subject: whitespace::normalise(&typography::refine(&subject)),
        is_empty: body.may_render_empty() && text.is_empty(),
        body: text,
    }
}

impl LetterContent {
    /// The subject, escaped for HTML, with typographic quotes and dashes.
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
    fn the_subject_is_html_and_the_body_is_not() {
        let values = Personalisation::from(&json::object(&json!({"n": "Tom & \"Jerry\""})));
        let content = render(&Template::parse("For ((n)) <1>"), &Template::parse("Dear ((n)) <1>"), &values);
        assert_eq!(content.subject(), "For Tom &amp; “Jerry” &lt;1&gt;");
        assert_eq!(content.body(), "Dear Tom & \"Jerry\" <1>");
    }

    #[test]
    fn a_qr_code_holds_its_text_escaped_for_html() {
        let values = Personalisation::from(&json::object(&json!({"link": "https://a.b/?c&d ", "l": ["x"]})));
        let codes = qr_codes(&Template::parse("Scan:\n\nqr:((link))\n\nBye ((l))"), &values);
        assert_eq!(codes, ["https://a.b/?c&amp;d "]);
    }
}
