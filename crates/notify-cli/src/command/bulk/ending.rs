//! How a run ends: a summary, the result file, and the exit status.

use notify_outbox::{Counts, SqliteStore, Store as _};
use serde::Serialize;

use super::arrival::Arrivals;
use super::sending::{RunResult, StopReason};
use super::survey::Survey;
use super::{Files, List, dry_run, results};
use crate::args::{Format, Options};
use crate::exit::{CommandError, ExitStatus};
use crate::output::fields::Fields;
use crate::output::time::second;
use crate::output::{json, print, print_styled};

pub(super) struct Ending<'a> {
    pub(super) list: &'a List,
    pub(super) store: &'a SqliteStore,
    pub(super) files: &'a Files,
    pub(super) options: &'a Options,
}

/// What became of the rows.
#[derive(Serialize)]
struct Summary {
    sent: u64,
    refused: u64,
    in_doubt: u64,
    not_sent: u64,
    skipped: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_their_way: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<u64>,
    result: String,
    journal: String,
}

impl Ending<'_> {
    /// Whether nothing is left to be done.
    pub(super) async fn is_finished(&self) -> Result<bool, CommandError> {
        Ok(self.store.counts(0).await?.open() == 0)
    }

    /// How many messages are left.
    pub(super) async fn left(&self) -> Result<u64, CommandError> {
        Ok(self.store.counts(0).await?.open())
    }

    /// Reports that everything was done in an earlier run.
    pub(super) async fn say_finished(
        &self,
        survey: &Survey,
        arrivals: Option<Arrivals>,
    ) -> Result<(), CommandError> {
        let counts = self.store.counts(0).await?;
        self.write(&counts, survey, arrivals.as_ref())?;
        dry_run::say_note(&format!(
            "{} was sent in an earlier run; to send it again as new messages, name another journal with --journal",
            self.list.name
        ));
        verdict(&counts, survey, None, self)?;
        arrived(arrivals, self)
    }

    /// Writes the results, prints the summary, and says what to do next.
    pub(super) fn end(
        &self,
        run: Result<RunResult, CommandError>,
        survey: &Survey,
        arrivals: Option<Arrivals>,
    ) -> Result<(), CommandError> {
        let RunResult { counts, stop } = match run {
            Ok(run) => run,
            Err(failure) => {
                // Everything on record is worth knowing; if it cannot be written, the first failure counts.
                let _ = results::write(self.list, self.store, &self.files.result, None);
                return Err(failure);
            }
        };
        if stop == Some(StopReason::AtOnce) {
            return verdict(&counts, survey, stop, self);
        }
        self.write(&counts, survey, arrivals.as_ref())?;
        verdict(&counts, survey, stop, self)?;
        arrived(arrivals, self)
    }

    fn write(
        &self,
        counts: &Counts,
        survey: &Survey,
        arrivals: Option<&Arrivals>,
    ) -> Result<(), CommandError> {
        let written = results::write(self.list, self.store, &self.files.result, arrivals).map_err(|error| {
            error.help(
                "to write it elsewhere, run the same command again with --result; nothing is sent twice",
            )
        });
        let summary = Summary {
            sent: counts.sent,
            refused: counts.failed,
            in_doubt: in_doubt(counts),
            not_sent: not_sent(counts),
            skipped: survey.bad,
            failed: arrivals.map(Arrivals::failed),
            on_their_way: arrivals.map(|arrivals| arrivals.open),
            unknown: arrivals.map(|arrivals| arrivals.unknown).filter(|unknown| *unknown > 0),
            result: self.files.result.display().to_string(),
            journal: self.files.journal.display().to_string(),
        };
        // Even without a result file it is worth knowing what was sent.
        if self.options.format() == Format::Text {
            print_styled(&summary.as_fields().to_string())?;
        } else {
            let text = serde_json::to_string(&summary).map_err(CommandError::local)?;
            print(json::line(&text).as_bytes())?;
        }
        written
    }
}

impl Summary {
    fn as_fields(&self) -> Fields {
        let mut fields = Fields::new().field("sent", self.sent);
        for (name, count) in [
            ("refused", self.refused),
            ("in doubt", self.in_doubt),
            ("not sent", self.not_sent),
            ("skipped", self.skipped),
            ("failed", self.failed.unwrap_or(0)),
            ("on their way", self.on_their_way.unwrap_or(0)),
            ("unknown", self.unknown.unwrap_or(0)),
        ] {
            if count > 0 {
                fields = fields.field(name, count);
            }
        }
        fields.field("result", &self.result)
    }
}

const fn in_doubt(counts: &Counts) -> u64 {
    counts.in_doubt + counts.in_flight + counts.for_person
}

const fn not_sent(counts: &Counts) -> u64 {
    counts.ready + counts.postponed
}

/// The exit status, and what to do next.
fn verdict(
    counts: &Counts,
    survey: &Survey,
    stop: Option<StopReason>,
    ending: &Ending<'_>,
) -> Result<(), CommandError> {
    let (in_doubt, not_sent) = (in_doubt(counts), not_sent(counts));
    let result = ending.files.result.display();
    let go_on = "run the same command again to continue; nothing is sent twice";
    let left =
        format!("{} of {} messages are left", counts.open(), counts.open() + counts.sent + counts.failed);
    let failure = |status, text: String| CommandError::new(status, anyhow::Error::msg(text));
    let is_written = stop != Some(StopReason::AtOnce);
    let stopped = match stop {
        Some(StopReason::Limit(until)) => Some(
            failure(ExitStatus::Limited, format!("the daily limit of the service is used up; {left}")).help(
                format!(
                    "after {} run the same command again to continue, or pass --wait-for-midnight",
                    second(until)
                ),
            ),
        ),
        Some(StopReason::Interrupted | StopReason::AtOnce) => {
            Some(failure(ExitStatus::Unfinished, format!("interrupted; {left}")).help(go_on))
        }
        Some(StopReason::ListChanged(problem)) => Some(
            failure(
                ExitStatus::LocalError,
                format!("{} changed while it was sent: {problem}; {left}", ending.list.name),
            )
            .help("restore it, and run the same command again to continue"),
        ),
        Some(StopReason::Blocked(reason)) => Some(
            failure(ExitStatus::Unreached, format!("the service cannot be used: {reason}; {left}"))
                .help(go_on),
        ),
        Some(StopReason::OnlyDoubtIsLeft) | None => None,
    };
    match stopped {
        Some(failure) if not_sent > 0 || in_doubt == 0 => Err(failure),
        _ if in_doubt > 0 => Err(failure(
            ExitStatus::InDoubt,
            format!("{in_doubt} messages may have been sent, and lookups do not show whether they were"),
        )
        .help(help_in_doubt(counts, ending, is_written))),
        _ if counts.failed > 0 => {
            Err(failure(ExitStatus::Refused, format!("{} messages were refused", counts.failed))
                .help(format!("{result} says why")))
        }
        _ if survey.bad > 0 => {
            Err(failure(ExitStatus::Refused, format!("{} bad rows were skipped", survey.bad))
                .help(format!("{result} says why")))
        }
        _ => Ok(()),
    }
}

/// What to do about messages in doubt. The result file names them, if it was written.
fn help_in_doubt(counts: &Counts, ending: &Ending<'_>, is_written: bool) -> String {
    let mut help = Vec::new();
    if counts.in_doubt + counts.in_flight > 0 {
        help.push("run the same command again to look them up".to_owned());
        if is_written {
            help.push(format!("{} names their references", ending.files.result.display()));
        }
    }
    if counts.for_person > 0 {
        help.push(format!(
            "{} of them are for you to decide: notify outbox doubt --store {}",
            counts.for_person,
            ending.files.journal.display()
        ));
    }
    help.join("; ")
}

/// The exit status of a wait.
fn arrived(arrivals: Option<Arrivals>, ending: &Ending<'_>) -> Result<(), CommandError> {
    let Some(arrivals) = arrivals else { return Ok(()) };
    let result = ending.files.result.display();
    let wait_on = "run the same command again to keep waiting; nothing is sent twice";
    let (failed, open, unknown) = (arrivals.failed(), arrivals.open, arrivals.unknown);
    if let Some(failure) = arrivals.failure {
        return Err(failure.help(format!("all were sent; {wait_on}")));
    }
    let failure = |status, text: String| CommandError::new(status, anyhow::Error::msg(text));
    Err(match (failed, open, unknown) {
        (0, 0, 0) => return Ok(()),
        (0, 0, unknown) => failure(
            ExitStatus::Refused,
            format!("{unknown} messages were sent, and the service does not know what became of them"),
        )
        .help("it keeps none to the numbers of smoke tests, none of a job, and others only for some days"),
        (0, open, _) => {
            failure(ExitStatus::Limited, format!("{open} messages are still on their way")).help(wait_on)
        }
        (failed, ..) => failure(ExitStatus::Failed, format!("{failed} messages failed for good"))
            .help(format!("{result} says which")),
    })
}
