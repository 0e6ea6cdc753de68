//! What the user sees while waiting, and at the end.

use notify_http::model::{NotificationId, Status};

use super::message::PolledMessage;
use crate::args::Format;
use crate::exit::CommandError;
use crate::output::style::{self, PLAIN};
use crate::output::text::escape;
use crate::output::{json, print};
use crate::progress;

/// Reports each status as it comes.
pub(super) struct Reporter {
    format: Format,
}

impl Reporter {
    pub(super) fn new(format: Format) -> Self {
        Self { format }
    }

    /// A message has a new status.
    pub(super) fn status(&mut self, message: &PolledMessage) -> Result<(), CommandError> {
        let (Some(status), Some(answer)) = (message.status(), message.answer()) else { return Ok(()) };
        let style = style::of_status(status);
        let line = format!("{} {style}{}{style:#}", message.id(), escape(status.as_str()));
        progress::tell(&line, self.format);
        if message.is_over() && self.format == Format::Jsonl {
            print(json::answer(Format::Jsonl, answer.raw())?.as_bytes())?;
        }
        Ok(())
    }

    /// The service does not know a message.
    pub(super) fn refusal(&self, id: NotificationId) {
        progress::tell(&format!("{PLAIN}{id} is unknown to the service{PLAIN:#}"), self.format);
    }
}

/// The state of the messages, for people to read; `None` if there are none.
pub(super) fn list<'m>(messages: impl Iterator<Item = &'m PolledMessage>) -> Option<String> {
    let each = messages.map(|message| match message.status() {
        Some(status) => format!("{} is {}", message.id(), status.as_str()),
        None => format!("{} is not known yet", message.id()),
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| each.join(", "))
}

/// What to do about a failed message.
pub(super) fn remedy(status: &Status) -> Option<&'static str> {
    Some(match status {
        Status::PermanentFailure => {
            "the recipient does not exist, or does not take such messages: correct it before you send again"
        }
        Status::TemporaryFailure => "the recipient could not be reached: send again later",
        Status::ValidationFailed => "correct the PDF by the letter specification, and send it again",
        Status::VirusScanFailed => "the PDF holds a virus: do not send it again",
        Status::Cancelled => "somebody cancelled the letter: send it again if it is wanted",
        Status::TechnicalFailure => "the service had trouble: send it again",
        _ => return None,
    })
}
