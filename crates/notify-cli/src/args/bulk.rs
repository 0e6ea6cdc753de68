//! `notify bulk`

use std::path::PathBuf;

use clap::Args;
use notify_http::model::TemplateId;

/// Send a message to each row of a spreadsheet
///
/// The first row names the columns: `phone number` for text messages, `email address` for e-mails, `address line 1` to
/// `address line 7` for letters, and one for each placeholder of the template. Case, spaces, `_` and `-` do not matter;
/// other columns are ignored. Several columns of the same name fill a placeholder with a list.
///
/// Every row is checked first, by the rules of the service's website. If one is bad, nothing is sent, unless you say
/// --skip-bad-rows.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify bulk --template 740e5834-3a29-46b4-9a6f-16142fde533a people.csv --dry-run
  notify bulk --template … people.xlsx --dry-run --output jsonl | jq 'select(.errors != [])'")]
pub(crate) struct BulkArgs {
    /// The id of the template; `notify templates` lists them
    #[arg(long, value_name = "ID")]
    pub(crate) template: TemplateId,
    /// The spreadsheet: csv, tsv, xlsx, xlsm, xls or ods; `-` for stdin
    ///
    /// csv and tsv may be of any length, the others up to 10 MB. Of a workbook, the first sheet counts that is not hidden.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Check every row, show the first messages, and send nothing
    ///
    /// With --output jsonl, each row is printed as an object: its line, its recipient and values as the service reads
    /// them, errors and warnings.
    #[arg(long, required = true)]
    pub(crate) dry_run: bool,
}
