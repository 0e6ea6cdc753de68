//! `notify outbox put`

mod line;
mod lines;

use std::io::Write as _;
use std::path::Path;

use notify_outbox::{Intent, Put, Store as _};
use serde_json::{Value, json};

use super::print_value;
use super::store::{AnyStore, failed};
use crate::args::{Format, Options, PutArgs, StoreLocation};
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::print_styled;
use crate::output::text::escape;
use crate::output::value::Stream;
use lines::Lines;

/// How many messages are kept in one commit, at most.
const AT_ONCE: usize = 1_000;

/// The columns of a row.
const COLUMNS: Columns =
    &[("line", "/line"), ("reference", "/reference"), ("result", "/result"), ("error", "/error")];

/// Puts the message of each line.
pub(super) async fn run(args: PutArgs, place: &StoreLocation, options: &Options) -> Result<(), CommandError> {
    let mut run = Run {
        store: if args.check { None } else { Some(AnyStore::open(place).await?) },
        format: options.format(),
        lines: Stream::begin(options.format(), COLUMNS)?,
        put: 0,
        known: 0,
        wrong: Vec::new(),
    };
    let mut lines = Lines::of(&args.file)?;
    loop {
        let batch = lines.next_batch(AT_ONCE).await;
        if batch.is_empty() {
            return run.end(&args.file);
        }
        let mut good = Vec::new();
        for (number, text) in batch {
            match text.map_err(|error| error.to_string()).and_then(|text| line::read(&text)) {
                Ok(intent) => good.push((number, intent)),
                Err(problem) => run.say_wrong(number, &problem)?,
            }
        }
        run.keep(good).await?;
    }
}

struct Run {
    /// `None` with --check, when nothing is kept.
    store: Option<AnyStore>,
    format: Format,
    lines: Stream,
    put: u64,
    known: u64,
    wrong: Vec<Value>,
}

impl Run {
    async fn keep(&mut self, good: Vec<(u64, Intent)>) -> Result<(), CommandError> {
        let Some(store) = &self.store else {
            self.put += u64::try_from(good.len()).unwrap_or_default();
            return Ok(());
        };
        let told: Vec<(u64, String)> =
            good.iter().map(|(number, intent)| (*number, intent.reference().to_owned())).collect();
        let put = store.put(good.into_iter().map(|(_, intent)| intent).collect()).await.map_err(|error| {
            failed(error).help("put the same lines again: what is kept already stays as it is")
        })?;
        for ((line, reference), put) in told.into_iter().zip(put) {
            let is_new = matches!(put, Put::Created(_));
            *(if is_new { &mut self.put } else { &mut self.known }) += 1;
            if matches!(self.format, Format::Jsonl | Format::Csv) {
                let result = if is_new { "put" } else { "known" };
                self.lines.print(&json!({ "line": line, "reference": reference, "result": result }))?;
            }
        }
        Ok(())
    }

    fn say_wrong(&mut self, line: u64, problem: &str) -> Result<(), CommandError> {
        let wrong = json!({ "line": line, "result": "wrong", "error": problem });
        match self.format {
            // If stderr is closed, nobody wants to read this.
            Format::Text => drop(writeln!(anstream::stderr().lock(), "line {line}: {}", escape(problem))),
            Format::Jsonl | Format::Csv => self.lines.print(&wrong)?,
            Format::Json => {}
        }
        self.wrong.push(wrong);
        Ok(())
    }

    fn end(self, file: &Path) -> Result<(), CommandError> {
        let Self { put, known, wrong, .. } = self;
        let verb = if self.store.is_some() { "put" } else { "can be put" };
        match self.format {
            Format::Text => print_styled(&format!("{put} {verb}, {known} known before\n"))?,
            Format::Json => {
                print_value(self.format, &json!({ "put": put, "known": known, "wrong": wrong }), COLUMNS)?;
            }
            Format::Jsonl | Format::Csv => {}
        }
        let lines = match wrong.len() {
            0 => return Ok(()),
            1 => "a line is".to_owned(),
            count => format!("{count} lines are"),
        };
        let error = anyhow::anyhow!("{lines} wrong in {}", file.display());
        Err(CommandError::setup(error)
            .help("correct them and put everything again: what is kept already stays as it is"))
    }
}
