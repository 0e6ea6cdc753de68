//! A template as its managers see it.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::gc::{TemplateCategoryId, TemplateFolderId};
use crate::json;
use crate::model::{Postage, ServiceId, TemplateId, TemplateType, Timestamp, UnreadableItem};

/// A template as its managers see it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ManagedTemplate {
    /// The template.
    pub id: TemplateId,
    /// The service it belongs to.
    #[serde(default, deserialize_with = "json::option")]
    pub service_id: Option<ServiceId>,
    /// The name of that service.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub service_name: String,
    /// Its name.
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
    /// The subject of an e-mail, with its `((placeholders))`.
    #[serde(default, deserialize_with = "json::text")]
    pub subject: Option<String>,
    /// How a letter is posted.
    #[serde(default, deserialize_with = "json::optional_word")]
    pub postage: Option<Postage>,
    /// Its category.
    #[serde(default, deserialize_with = "json::option")]
    pub template_category_id: Option<TemplateCategoryId>,
    /// The name of its category.
    #[serde(default, deserialize_with = "json::text")]
    pub template_category_name: Option<String>,
    /// The folder that it is in.
    #[serde(default, deserialize_with = "json::option")]
    pub folder_id: Option<TemplateFolderId>,
    /// Whether it is archived, and so makes no more messages.
    #[serde(default, deserialize_with = "json::flag")]
    pub archived: bool,
}

/// A category of templates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TemplateCategory {
    /// The category.
    #[serde(rename = "template_category_id")]
    pub id: TemplateCategoryId,
    /// Its name.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub name: String,
}

/// All categories of templates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Listing")]
#[non_exhaustive]
pub struct TemplateCategories {
    /// The categories.
    pub template_categories: Vec<TemplateCategory>,
    /// The items of the list that cannot be read.
    pub unreadable: Vec<UnreadableItem>,
}

#[derive(Deserialize)]
struct Listing {
    template_categories: Vec<Box<RawValue>>,
}

impl From<Listing> for TemplateCategories {
    fn from(listing: Listing) -> Self {
        let (template_categories, unreadable) =
            json::elements("template_categories", listing.template_categories);
        Self { template_categories, unreadable }
    }
}
