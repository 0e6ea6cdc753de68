//! `notify templates pull` and `notify templates diff`

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with templates as files.
#[derive(Subcommand)]
pub(crate) enum TemplatesCommand {
    Pull(TemplatesPullArgs),
    Diff(TemplatesDiffArgs),
}

/// Write a file for each template: front matter and text
///
/// The service is only read: the API cannot change templates. A file is recognised by the id in it, so it keeps its
/// name when the template is renamed, and you may rename it. Files that you edited, and files of templates that were
/// removed, are kept unless you ask otherwise.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify templates pull templates/ && git diff templates/
  notify templates pull templates/ --prune --output jsonl

Next: `notify templates diff DIR` shows how the files differ from the service's templates.")]
pub(crate) struct TemplatesPullArgs {
    /// The folder; created if missing
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Replace files that you edited with what the service has
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Delete the files of templates that were removed from the service
    #[arg(long)]
    pub(crate) prune: bool,
}

/// Show how the files of templates differ from the service's, as diff does
///
/// The files count as the old text, and the service's templates as the new text. Nothing is written. The exit status is
/// 0 if they are the same, and 1 if they differ.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify templates diff templates/
  notify templates diff templates/ || echo 'somebody changed a template'

Next: `notify templates pull DIR` writes what the service has.")]
pub(crate) struct TemplatesDiffArgs {
    /// The folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
