//! `GET /v2/notifications/{id}/pdf`: a letter as it would be printed.

use crate::account::status::Status;
use crate::wire::refusal::Refusal;
use crate::wire::response::{self, Response};
use crate::world::MessageType;

use super::{Call, message};
use crate::wire::request::RequestExt;

pub(crate) fn answer(call: &Call<'_>, id: &str) -> Result<Response, Refusal> {
    let message = message::find(call, id)?;
    if message.message_type() != MessageType::Letter {
        return Err(Refusal::NotALetter);
    }
    match message.state(call.timing).status {
        Status::VirusScanFailed => return Err(Refusal::VirusFound),
        status @ Status::TechnicalFailure => return Err(Refusal::PdfUnavailable(status.as_str())),
        // What cannot be printed cannot be shown either.
        Status::PendingVirusCheck | Status::ValidationFailed => return Err(Refusal::PdfNotReady),
        _ if !message.has_pdf(call.timing) => return Err(Refusal::PdfNotReady),
        _ => {}
    }
    let bytes = message.pdf().ok_or(Refusal::NotALetter)?.into_owned();
    Ok(response::pdf(bytes, call.request.range()))
}
