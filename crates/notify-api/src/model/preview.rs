//! A template with its placeholders filled.

use serde::Deserialize;

use super::masked::debug_only;
use super::{Postage, TemplateId, TemplateType};
use crate::json;

/// The text of a message made from a template.
///
/// `Debug` leaves out the texts.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TemplatePreview {
    /// The template.
    pub id: TemplateId,
    /// What kind of message it makes.
    #[serde(rename = "type", default = "json::unsaid", deserialize_with = "json::word")]
    pub template_type: TemplateType,
    /// Its version, counted from 1; 0 if the answer does not say.
    #[serde(default, deserialize_with = "json::number_or_zero")]
    pub version: u32,
    /// The text, filled in.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub body: String,
    /// The subject of an e-mail, or the heading of a letter, filled in.
    #[serde(default, deserialize_with = "json::text")]
    pub subject: Option<String>,
    /// The body of an e-mail as the recipient's mail program receives it.
    #[serde(default, deserialize_with = "json::text")]
    pub html: Option<String>,
    /// How a letter is posted.
    #[serde(default, deserialize_with = "json::optional_word")]
    pub postage: Option<Postage>,
}

debug_only! {
    TemplatePreview { id, template_type, version, postage }
}
