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
/// The service is only read: the API changes no templates. A file is found again by the id in it, so it keeps its name
/// when the template is renamed, and you may rename it. A file that was edited here is kept, and so is that of a
/// template that was removed, until you ask for the contrary.
#[derive(Args)]
#[command(after_help = "\
Examples:
  notify templates pull templates/ && git diff templates/
  notify templates pull templates/ --prune --output jsonl

Next: `notify templates diff DIR` shows how the files differ from the service's templates.")]
pub(crate) struct TemplatesPullArgs {
    /// The folder; it is made if there is none
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Replace files that were edited here by what the service has
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Delete the files of templates that were removed from the service
    #[arg(long)]
    pub(crate) prune: bool,
}

/// Show how the files of templates differ from the service's, as diff does
///
/// The files are the old text, and the service's templates the new one. Nothing is written. The exit status is 0 if they
/// are the same, and 1 if they differ.
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
