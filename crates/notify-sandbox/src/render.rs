//! How a message looks: its text, its HTML, its PDF.
//!
//! What a sibling of GOV.UK Notify renders differently (Markdown, the page around an e-mail, character sets) belongs here.

pub(crate) mod content;
pub(crate) mod field;
pub(crate) mod mistune;
pub(crate) mod pdf;
