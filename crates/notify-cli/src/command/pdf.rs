//! `notify pdf`

use std::fs;

use anyhow::Context;
use notify_http::GetLetterPdf;

use crate::args::{Options, PdfArgs};
use crate::exit::CommandError;
use crate::input::is_standard;
use crate::output::print;
use crate::service::Service;

/// Fetches the PDF of a letter.
pub(crate) async fn run(args: PdfArgs, options: &Options) -> Result<(), CommandError> {
    let pdf = Service::new(options)?.send(GetLetterPdf::new(args.id)).await?.into_inner();
    if is_standard(&args.file) {
        return print(&pdf);
    }
    fs::write(&args.file, &pdf)
        .with_context(|| format!("the PDF cannot be written to {}", args.file.display()))
        .map_err(CommandError::local)
}
