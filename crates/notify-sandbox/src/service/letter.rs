//! What the siblings require of letters: they share an earlier version of the software.

use crate::wire::validate::{Kind, Property, Rule, Schema};

/// A letter made from a template.
pub(super) const LETTER: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("template_id", Kind::Id),
        Property("personalisation", Kind::Form(ADDRESS)),
    ]),
    Rule::Required(&["template_id", "personalisation"]),
    Rule::NoOthers,
];

/// The parts of an address that a letter needs.
pub(super) const ADDRESS: &Schema = &[
    Rule::Properties(&[
        Property("address_line_1", Kind::Needed),
        Property("address_line_2", Kind::Needed),
        Property("postcode", Kind::Needed),
    ]),
    Rule::Required(&["address_line_1", "address_line_2", "postcode"]),
];

/// A letter that comes as a PDF.
pub(super) const PDF: &Schema = &[
    Rule::Object,
    Rule::Properties(&[
        Property("reference", Kind::Text),
        Property("content", Kind::Text),
        Property("postage", Kind::Checking(|text, _| not_a_postage(text))),
    ]),
    Rule::Required(&["reference", "content"]),
    Rule::NoOthers,
];

fn not_a_postage(text: &str) -> Option<String> {
    (!["first", "second"].contains(&text)).then(|| "invalid. It must be either first or second.".to_owned())
}
