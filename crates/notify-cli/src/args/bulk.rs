//! `notify bulk`

use std::path::PathBuf;

use clap::Args;
use notify_http::model::{EmailReplyToId, SmsSenderId, TemplateId};

/// Send one message for each row of a spreadsheet, exactly once
///
/// The first row names the columns: `phone number` for text messages, `email address` for e-mails, `address line 1` to
/// `address line 7` for letters, and one for each placeholder of the template. Case, spaces, `_` and `-` do not matter;
/// other columns are ignored. Several columns of the same name fill a placeholder with a list.
///
/// Every row is checked first, by the rules of the service's website. If one is bad, nothing is sent, unless you pass
/// --skip-bad-rows.
///
/// A journal beside the spreadsheet records what became of each row. If anything stops the program, run the same
/// command again: it continues where it stopped, looks up whatever may have been sent, and sends nothing twice.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify bulk --template 740e5834-3a29-46b4-9a6f-16142fde533a people.csv --dry-run
  notify bulk --template … people.csv
  notify bulk --template … people.xlsx --dry-run --output jsonl | jq 'select(.errors != [])'

Next: people.csv.notify-result.csv says what became of each row; `notify get ID` shows how far a message has got.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct BulkArgs {
    /// The id of the template; `notify templates` lists them
    #[arg(long, value_name = "ID")]
    pub(crate) template: TemplateId,
    /// The spreadsheet: csv, tsv, xlsx, xlsm, xls or ods; `-` for stdin
    ///
    /// csv and tsv may be of any length, the others up to 10 MB. Only the first sheet of a workbook that is not hidden
    /// is read.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Check every row, show the first messages, and send nothing
    ///
    /// With --output jsonl, each row is printed as an object: its line, its recipient and values as the service reads
    /// them, errors and warnings.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Send without asking first
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,
    /// Send the good rows even if others are bad
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) skip_bad_rows: bool,
    /// Where to record what became of each row [default: FILE.notify-journal]
    ///
    /// The journal holds no recipients and no values. It must be on a disk of this machine.
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(crate) journal: Option<PathBuf>,
    /// Where to write what became of each row at the end [default: FILE.notify-result.csv]
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(crate) result: Option<PathBuf>,
    /// When a daily limit is used up, wait until the service takes messages again, instead of stopping
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) wait_for_midnight: bool,
    /// How many messages a minute to send [default: the service's limit]
    ///
    /// Set this if the service has given you another limit, or if others send with the same type of key.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "dry_run")]
    pub(crate) per_minute: Option<u32>,
    /// How many seconds to keep looking up messages that may have been sent, once nothing else is left [default: 300,
    /// or 60 where lookups cannot prove that a message was not taken]
    #[arg(long, value_name = "SECONDS", conflicts_with = "dry_run")]
    pub(crate) reconcile_for: Option<u64>,
    /// After sending, wait until each message is final, and write its status into the result file
    ///
    /// The exit status is 9 if some failed for good. Ctrl-C ends the wait; run the same command to resume it.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) wait: bool,
    /// Send the whole list as one job: up to 50,000 rows in one request. Only GC Notify offers this
    ///
    /// The service takes all rows or none. If its answer is lost, the job is never sent again, since lookups cannot
    /// prove that it was not taken.
    #[arg(long, conflicts_with_all = ["dry_run", "wait", "sms_sender_id", "email_reply_to_id"])]
    pub(crate) gc_bulk: bool,
    /// The name that your service puts before its text messages, if any; it counts towards the price
    #[arg(long, value_name = "NAME")]
    pub(crate) service_name: Option<String>,
    /// The id of the sender of text messages [default: the service's default sender]
    #[arg(long, value_name = "ID")]
    pub(crate) sms_sender_id: Option<SmsSenderId>,
    /// The id of the address for replies to e-mails [default: the service's default address]
    #[arg(long, value_name = "ID")]
    pub(crate) email_reply_to_id: Option<EmailReplyToId>,
}
