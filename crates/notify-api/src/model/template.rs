//! Templates, and what a message says of its own.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::word::words;
use super::{Postage, TemplateId, Timestamp};

words!(
    /// What kind of message a template makes.
    TemplateType {
        /// Text messages.
        Sms = "sms",
        /// E-mails.
        Email = "email",
        /// Letters.
        Letter = "letter",
    }
);

/// Which version of which template a message was made from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TemplateReference {
    /// The template.
    pub id: TemplateId,
    /// Its version, counted from 1.
    pub version: u32,
    /// Where the service says it is; the answer to a send names a page which the API does not serve, so ask by `id`.
    pub uri: String,
}

/// A template as it stood in one version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Template {
    /// The template.
    pub id: TemplateId,
    /// Its name on the service's website.
    pub name: String,
    /// What kind of message it makes.
    #[serde(rename = "type")]
    pub template_type: TemplateType,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
    /// The e-mail address of the person who created this version.
    pub created_by: Option<String>,
    /// The version, counted from 1.
    pub version: u32,
    /// The text, with its `((placeholders))`.
    pub body: String,
    /// The subject of an e-mail, or the heading of a letter, with its `((placeholders))`.
    pub subject: Option<String>,
    /// The placeholders to be filled, as the template spells them.
    #[serde(default)]
    pub personalisation: BTreeMap<String, PlaceholderRule>,
    /// How a letter is posted.
    pub postage: Option<Postage>,
    /// The sender's address on a letter.
    pub letter_contact_block: Option<String>,
}

/// What the service says of a placeholder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PlaceholderRule {
    /// Whether a message needs a value for it; the service has said nothing but `true` so far.
    pub required: bool,
}

/// All templates of a service which are not archived, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TemplateList {
    /// The current version of each.
    pub templates: Vec<Template>,
}
