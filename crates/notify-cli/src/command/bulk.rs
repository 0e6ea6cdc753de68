//! `notify bulk`
//!
//! ```text
//! table     a file, as rows of cells
//! columns   the header, by the service's rules
//! row       a row, judged as the service would
//! survey    all rows: how many, how many bad, what they cost
//! dry_run   what is said of them without sending
//! ```

mod columns;
mod dry_run;
mod row;
mod survey;
mod table;

use anyhow::Context as _;
use notify_http::GetTemplate;
use notify_http::model::TemplateType;

use crate::args::{BulkArgs, Options};
use crate::exit::{CommandError, ExitStatus};
use crate::output::text::escape;
use crate::service::Service;
use crate::setup;
use columns::{Columns, has_recipient};
use row::Judge;
use table::Table;

/// A list, and what judges its rows.
struct List {
    /// As the user named it.
    name: String,
    table: Table,
    judge: Judge,
}

/// Checks a list, and sends it.
pub(crate) async fn run(args: BulkArgs, options: &Options) -> Result<(), CommandError> {
    let service = Service::new(options)?;
    let list = open(&args, options, &service).await?;
    debug_assert!(args.dry_run);
    dry_run::run(&list, options)
}

/// Opens the list for the template, and refuses a header that the service would refuse.
async fn open(args: &BulkArgs, options: &Options, service: &Service) -> Result<List, CommandError> {
    let template = service.send(GetTemplate::new(args.template)).await?.into_inner();
    let kind = template.template_type.clone();
    if !matches!(kind, TemplateType::Sms | TemplateType::Email | TemplateType::Letter) {
        return Err(CommandError::usage(format!("templates of type {kind} cannot be sent to a list")));
    }
    let name = args.file.display().to_string();
    let table = Table::open(&args.file, |header| has_recipient(&kind, header))
        .with_context(|| format!("{name} cannot be used"))
        .map_err(CommandError::setup)?;
    let columns = Columns::new(&template, &table.header).map_err(|problems| {
        let error =
            anyhow::anyhow!("the header of {name} does not fit the template: {}", problems.join("; "));
        CommandError::new(ExitStatus::Setup, error).help(help_for(&table.header))
    })?;
    let service =
        setup::service(options)?.map_or(notify_http::Service::gov_uk().name(), |service| service.name());
    let service = service.parse().map_err(CommandError::setup)?;
    Ok(List { name, table, judge: Judge { template, columns, service } })
}

/// What to do about a header.
fn help_for(header: &[String]) -> String {
    match header {
        [only] if only.contains('\t') => {
            "the cells are separated by tabs: give the file a name that ends with .tsv".to_owned()
        }
        _ => {
            let names: Vec<_> = header.iter().map(|name| format!("`{}`", escape(name))).collect();
            format!("the first row has: {}", names.join(", "))
        }
    }
}
