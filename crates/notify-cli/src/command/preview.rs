//! `notify preview`

use notify_http::PreviewTemplate;
use notify_http::model::TemplatePreview;

use crate::args::{Options, PreviewArgs};
use crate::exit::CommandError;
use crate::output::fields::Fields;
use crate::output::{answer, csv};
use crate::personalisation;
use crate::service::Service;

/// Shows what a message would say.
pub(crate) async fn run(args: PreviewArgs, options: &Options) -> Result<(), CommandError> {
    let values = personalisation::collect(&args.template)?;
    let request = PreviewTemplate::new(args.template.template).personalisations(values);
    let (preview, raw) = Service::new(options)?.send(request).await?.into_parts();
    answer(options, &raw, &show(preview), csv::TEMPLATE)
}

fn show(preview: TemplatePreview) -> Fields {
    Fields::new()
        .field("template", format!("{} version {}", preview.id, preview.version))
        .field("type", preview.template_type)
        .optional("postage", preview.postage)
        .optional("subject", preview.subject)
        .field("body", preview.body)
}
