//! `notify pdf`

use std::fs;
use std::time::Duration;

use anyhow::Context;
use notify_http::model::{NotificationId, Status};
use notify_http::{ErrorKind, GetLetterPdf, GetNotification};
use tokio::time::Instant;

use crate::args::{Options, PdfArgs};
use crate::exit::{CommandError, ExitStatus};
use crate::input::is_standard;
use crate::output::print;
use crate::progress;
use crate::service::Service;

/// How long to wait before asking again, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Fetches the PDF of a letter.
pub(crate) async fn run(args: PdfArgs, options: &Options) -> Result<(), CommandError> {
    let service = Service::new(options)?;
    let pdf = fetch(&service, args.id, options.patience()).await?;
    if is_standard(&args.file) {
        return print(pdf.as_ref());
    }
    fs::write(&args.file, pdf)
        .with_context(|| format!("the PDF cannot be written to {}", args.file.display()))
        .map_err(CommandError::local)
}

/// Asks until the PDF is made: the service makes it some time after it took the letter.
async fn fetch(
    service: &Service,
    id: NotificationId,
    patience: Duration,
) -> Result<impl AsRef<[u8]>, CommandError> {
    let until = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        let failure = match service.send(GetLetterPdf::new(id)).await {
            Ok(pdf) => return Ok(pdf.into_inner()),
            Err(failure) if failure.kind() == Some(ErrorKind::NotReady) => failure,
            Err(failure) => return Err(failure),
        };
        // The service says the same of a letter that will never have one.
        let status = service.send(GetNotification::new(id)).await?.into_inner().status;
        if status.is_failure() {
            return Err(never(&status));
        }
        if Instant::now() + pause >= until {
            let help =
                format!("the letter is {status}; ask again later, or give it more time with --timeout");
            return Err(failure.with_status(ExitStatus::Limited).help(help));
        }
        if pause == FIRST_PAUSE {
            progress::say_to_people("the PDF is still being made; press Ctrl-C to stop");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn never(status: &Status) -> CommandError {
    CommandError::new(ExitStatus::Refused, anyhow::anyhow!("the letter is {status}, and will not have a PDF"))
        .help("`notify get` shows the letter")
}
