//! A template with its placeholders filled.

use serde::Deserialize;

use super::masked::debug_only;
use super::{Postage, TemplateId, TemplateType};

/// What a message made from a template would say.
///
/// `Debug` leaves out the texts.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TemplatePreview {
    /// The template.
    pub id: TemplateId,
    /// What kind of message it makes.
    #[serde(rename = "type")]
    pub template_type: TemplateType,
    /// Its version, counted from 1.
    pub version: u32,
    /// The text, filled in.
    pub body: String,
    /// The subject of an e-mail, or the heading of a letter, filled in.
    pub subject: Option<String>,
    /// The body of an e-mail as the recipient's mail program gets it.
    pub html: Option<String>,
    /// How a letter is posted.
    pub postage: Option<Postage>,
}

debug_only! {
    TemplatePreview { id, template_type, version, postage }
}
