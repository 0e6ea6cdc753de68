//! `notify template`

use notify_http::model::Template;
use notify_http::{GetTemplate, GetTemplateVersion};

use crate::args::{GetTemplateArgs, Options};
use crate::exit::CommandError;
use crate::output::fields::Fields;
use crate::output::time::moment;
use crate::output::{answer, csv};
use crate::service::Service;

/// Shows one template.
pub(crate) async fn run(args: GetTemplateArgs, options: &Options) -> Result<(), CommandError> {
    let service = Service::new(options)?;
    let template = match args.version {
        Some(version) => service.send(GetTemplateVersion::new(args.id, version)).await?,
        None => service.send(GetTemplate::new(args.id)).await?,
    };
    answer(options, template.raw(), &show(&template), csv::TEMPLATE)
}

fn show(template: &Template) -> Fields {
    Fields::new()
        .field("id", template.id)
        .field("name", &template.name)
        .field("type", &template.template_type)
        .field("version", template.version)
        .optional("created", template.created_at.map(moment))
        .optional("updated", template.updated_at.map(moment))
        .optional("postage", template.postage.as_ref())
        .field("placeholders", super::templates::placeholders(template))
        .optional("subject", template.subject.as_ref())
        .field("body", &template.body)
}
