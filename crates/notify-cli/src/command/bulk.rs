//! `notify bulk`
//!
//! ```text
//! table            a file, as rows of cells
//! columns          the header, by the service's rules
//! row              a row, checked as the service would
//! seen_recipients  finds duplicates
//! survey           all rows: how many, how many bad, how many fragments
//! price            what messages cost, as far as the service tells
//! dry_run          the report without sending
//! confirmation     asks once before anything is sent
//! journal          what has become of each row, on the disk
//! sending          the worker between journal and service
//! gc_job           the whole list in one request
//! arrival          how far the messages have got
//! results          the file with what became of each row
//! ending           the summary, and the exit status
//! files            the journal and the result file, beside the list
//! ```

mod arrival;
mod columns;
mod confirmation;
mod dry_run;
mod ending;
mod files;
mod gc_job;
mod journal;
mod price;
mod results;
mod row;
mod seen_recipients;
mod sending;
mod survey;
mod table;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use notify_http::model::TemplateType;
use notify_http::{GetTemplate, Policy, TokenBucket};
use notify_outbox::{NotifyClient, SqliteStore, Store as _};

use crate::args::{BulkArgs, Format, Options};
use crate::exit::{CommandError, ExitStatus};
use crate::input::{self, is_standard};
use crate::interrupt::Interrupt;
use crate::output::text::escape;
use crate::service::{self, Service};
use crate::setup::KeyText;
use arrival::Arrivals;
use columns::{Columns, has_recipient};
use confirmation::Confirmation;
use ending::Ending;
use files::Files;
use journal::Journal;
pub(crate) use journal::{is_journal, row_of_list};
use price::Price;
use row::RowChecker;
use sending::{Run, RunResult};
use table::Table;

/// A list, and the rules for its rows.
#[derive(Debug)]
struct List {
    /// The name that the user gave it.
    name: String,
    table: Table,
    checker: RowChecker,
    price: Price,
}

/// Checks a list, and sends it.
pub(crate) async fn run(args: BulkArgs, options: &Options) -> Result<(), CommandError> {
    let key = KeyText::find(options)?;
    let service = Service::with_key(options, &key)?;
    let list = Arc::new(open(&args, options, &service).await?);
    if args.dry_run {
        return dry_run::run(&list, options);
    }
    let facts = service.facts();
    if args.gc_bulk && facts != notify_http::Service::gc_notify() {
        let error = "only GC Notify takes a list as one job";
        return Err(CommandError::usage(error).help("name it with --service gc, or leave --gc-bulk out"));
    }
    let files = Files::of(&args)?;
    let journal = Journal::find(files.journal.clone(), &key)?;
    let mut hasher = journal.list_hasher();
    dry_run::say_oddities(&list);
    let survey = match journal.messages() {
        // An earlier run has checked the rows and reported what it found.
        Some(messages) => list.survey_again(messages, |row| _ = hasher.add(row))?,
        None => list.survey(|row, checked| {
            hasher.add(row);
            dry_run::say(checked);
            Ok(())
        })?,
    };
    let (rows, found) = journal.check(&list, hasher)?;
    let client = client(&args, options, &key, facts)?;
    let store = if let Some(store) = found {
        let ending = Ending { list: &list, store: &store, files: &files, options };
        if ending.is_finished().await? {
            let arrivals = follow(&args, &client, &store).await?;
            return ending.say_finished(&survey, arrivals).await;
        }
        Confirmation::Continue { left: ending.left().await? }.ask(&args, &list, &service, &key)?;
        dry_run::say_version(&list, journal.version());
        store
    } else {
        if survey.bad > 0 && !args.skip_bad_rows {
            return dry_run::refuse_bad_rows(&survey);
        }
        if survey.good() == 0 {
            return Err(CommandError::setup(anyhow::anyhow!("{} has no rows to send", list.name)));
        }
        Confirmation::Begin { survey: &survey }.ask(&args, &list, &service, &key)?;
        journal.begin(&list, &survey, rows)?
    };
    // If this machine's clock is wrong, the client learns it now rather than from the first message: whatever waits for
    // midnight waits by the service's clock.
    client.inner().send(GetTemplate::new(args.template)).await?;
    let run = if args.gc_bulk {
        gc_job::send(client.inner(), &list, &journal.hasher, &store, survey.good()).await?;
        Ok(RunResult { counts: store.counts(0).await?, stop: None })
    } else {
        let interrupt = Interrupt::listen().map_err(CommandError::local)?;
        let sending = Run {
            list: list.clone(),
            hasher: journal.hasher.clone(),
            store: store.clone(),
            client: client.clone(),
            at_once: at_once(&args, facts),
            waits_for_midnight: args.wait_for_midnight,
            reconciles_for: reconciles_for(&args, facts),
        };
        sending.run(interrupt).await
    };
    let is_over = matches!(&run, Ok(RunResult { stop: None, .. }));
    let arrivals = if is_over { follow(&args, &client, &store).await? } else { None };
    let ending = Ending { list: &list, store: &store, files: &files, options };
    ending.end(run, &survey, arrivals)
}

/// Follows the messages, if the user wants that.
async fn follow(
    args: &BulkArgs,
    client: &NotifyClient,
    store: &SqliteStore,
) -> Result<Option<Arrivals>, CommandError> {
    if args.wait { arrival::follow(client.inner(), store).await.map(Some) } else { Ok(None) }
}

/// Opens the list for the template, and refuses a header that the service would refuse.
async fn open(args: &BulkArgs, options: &Options, service: &Service) -> Result<List, CommandError> {
    let template = service.send(GetTemplate::new(args.template)).await?.into_inner();
    let kind = template.template_type.clone();
    if !matches!(kind, TemplateType::Sms | TemplateType::Email | TemplateType::Letter) {
        return Err(CommandError::usage(format!("templates of type {kind} cannot be sent to a list")));
    }
    let stdin = is_standard(&args.file).then(input::stdin).transpose()?;
    let name = if stdin.is_some() { "stdin".to_owned() } else { args.file.display().to_string() };
    let table = Table::open(&args.file, stdin, |header| has_recipient(&kind, header))
        .with_context(|| format!("{name} cannot be used"))
        .map_err(CommandError::setup)?;
    let columns = Columns::new(&template, &table.header).map_err(|problems| {
        let error =
            anyhow::anyhow!("the header of {name} does not fit the template: {}", problems.join("; "));
        CommandError::new(ExitStatus::Setup, error).help(help_for(&table.header))
    })?;
    // Nobody is shown it there.
    let is_shown = !args.yes && (!args.dry_run || options.format() == Format::Text);
    let price = if is_shown { Price::ask(service, &template).await } else { Price::Unknown };
    let checker = RowChecker {
        template,
        columns,
        facts: service.facts(),
        service_name: args.service_name.clone(),
        service: service.facts().name().parse().map_err(CommandError::setup)?,
        sms_sender_id: args.sms_sender_id,
        email_reply_to_id: args.email_reply_to_id,
    };
    Ok(List { name, table, checker, price })
}

/// What to do about a header.
fn help_for(header: &[String]) -> String {
    match header {
        [only] if only.contains('\t') => {
            "the cells are separated by tabs: give the file a name that ends with .tsv".to_owned()
        }
        [] => "it is empty".to_owned(),
        _ => {
            let names: Vec<_> = header.iter().map(|name| format!("`{}`", escape(name))).collect();
            format!("the first row has: {}", names.join(", "))
        }
    }
}

fn client(
    args: &BulkArgs,
    options: &Options,
    key: &KeyText,
    facts: notify_http::Service,
) -> Result<NotifyClient, CommandError> {
    let (builder, _) = service::builder(options, key)?;
    let builder = match args.per_minute {
        Some(limit) => builder.rate_limiter(TokenBucket::per_minute(limit)),
        None => builder,
    };
    let client = builder.service(facts).build();
    let client = NotifyClient::new(client.map_err(|error| key.unusable(error))?);
    Ok(match options.timeout {
        Some(timeout) => client.policy(Policy::default().attempt_timeout(timeout)),
        None => client,
    })
}

/// How many messages are under way at once, at least and at most. After a crash, this many are in doubt.
const FEWEST: u32 = 16;
const MOST: u32 = 256;

/// As many as leave within two seconds.
fn at_once(args: &BulkArgs, facts: notify_http::Service) -> usize {
    let per_minute = args.per_minute.unwrap_or_else(|| facts.messages_per_minute());
    (per_minute / 30).clamp(FEWEST, MOST) as usize
}

/// How long messages in doubt are looked up when nothing else is left. Where absence can be proved, it takes less time.
fn reconciles_for(args: &BulkArgs, facts: notify_http::Service) -> Duration {
    let default = if facts.proves_absence() { 300 } else { 60 };
    Duration::from_secs(args.reconcile_for.unwrap_or(default))
}
