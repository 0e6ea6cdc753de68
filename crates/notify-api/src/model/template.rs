//! Templates, and how a message refers to one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::word::words;
use super::{Postage, TemplateId, Timestamp, UnreadableItem};
use crate::json;

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
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TemplateReference {
    /// The template.
    pub id: TemplateId,
    /// Its version, counted from 1; 0 if the answer does not say.
    #[serde(default, deserialize_with = "json::number_or_zero")]
    pub version: u32,
    /// Where the service says it is. The answer to a send names a page that the API does not serve, so request it by
    /// `id`.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub uri: String,
}

/// One version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Template {
    /// The template.
    pub id: TemplateId,
    /// Its name on the service's website.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub name: String,
    /// What kind of message it makes.
    #[serde(rename = "type", default = "json::unsaid", deserialize_with = "json::word")]
    pub template_type: TemplateType,
    /// When it was created.
    #[serde(default, deserialize_with = "json::option")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "json::option")]
    pub updated_at: Option<Timestamp>,
    /// The e-mail address of the person who created this version.
    #[serde(default, deserialize_with = "json::text")]
    pub created_by: Option<String>,
    /// The version, counted from 1; 0 if the answer does not say.
    #[serde(default, deserialize_with = "json::number_or_zero")]
    pub version: u32,
    /// The text, with its `((placeholders))`.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub body: String,
    /// The subject of an e-mail, or the heading of a letter, with its `((placeholders))`.
    #[serde(default, deserialize_with = "json::text")]
    pub subject: Option<String>,
    /// The placeholders to fill, as the template spells them.
    #[serde(default, deserialize_with = "json::entries")]
    pub personalisation: BTreeMap<String, PlaceholderRule>,
    /// How a letter is posted.
    #[serde(default, deserialize_with = "json::optional_word")]
    pub postage: Option<Postage>,
    /// The sender's address on a letter.
    #[serde(default, deserialize_with = "json::text")]
    pub letter_contact_block: Option<String>,
}

/// What the service says about a placeholder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[serde(from = "AnyRule")]
#[non_exhaustive]
pub struct PlaceholderRule {
    /// Whether a message needs a value for it. So far the service has said nothing but `true`.
    pub required: bool,
}

/// A rule in any form.
#[derive(Deserialize)]
#[serde(untagged)]
enum AnyRule {
    Rule { required: bool },
    Other(IgnoredAny),
}

impl From<AnyRule> for PlaceholderRule {
    fn from(rule: AnyRule) -> Self {
        match rule {
            AnyRule::Rule { required } => Self { required },
            // If the placeholder is named, the template has it.
            AnyRule::Other(_) => Self { required: true },
        }
    }
}

/// All templates of a service that are not archived, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[serde(from = "Listing")]
#[non_exhaustive]
pub struct TemplateList {
    /// The current version of each.
    pub templates: Vec<Template>,
    /// The items of the list that cannot be read.
    #[cfg_attr(feature = "testing", serde(skip_serializing))]
    pub unreadable: Vec<UnreadableItem>,
}

#[derive(Deserialize)]
struct Listing {
    templates: Vec<Box<RawValue>>,
}

impl From<Listing> for TemplateList {
    fn from(listing: Listing) -> Self {
        let (templates, unreadable) = json::elements("templates", listing.templates);
        Self { templates, unreadable }
    }
}
