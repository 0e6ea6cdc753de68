//! Operations that create and change the templates of a service. Their keys must have permission to manage templates.

mod archive_template;
mod create_template;
mod get_template;
mod list_template_categories;
mod template;
mod update_template;

pub use archive_template::ArchiveTemplate;
pub use create_template::{CreateTemplate, TemplateContent};
pub use get_template::GetTemplate;
pub use list_template_categories::ListTemplateCategories;
pub use template::{ManagedTemplate, TemplateCategories, TemplateCategory};
pub use update_template::UpdateTemplate;

use http::Method;

use super::ALONE;
use crate::model::TemplateId;
use crate::{Effect, Operation};

/// An operation on one template.
const fn of_template(name: &'static str, method: Method, effect: Effect) -> Operation {
    Operation::new(name, method, "/v2/manage-template/{id}", effect).only(ALONE)
}

fn path_of(id: TemplateId) -> String {
    format!("/v2/manage-template/{id}")
}
