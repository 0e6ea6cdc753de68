//! `GET /v2/notifications/{id}/pdf`: a letter as it would be printed.

use crate::answer::Answer;
use crate::content::html;
use crate::message::{Details, Pdf};
use crate::pdf;
use crate::refusal::Refusal;
use crate::status::Status;

use super::{Call, message};

pub(super) fn answer(call: &Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let message = message::find(call, id)?;
    let Details::Letter { pdf, .. } = &message.details else { return Err(Refusal::NotALetter) };
    match message.state(call.moment).status {
        Status::VirusScanFailed => return Err(Refusal::VirusFound),
        status @ Status::TechnicalFailure => return Err(Refusal::PdfUnavailable(status.as_str())),
        // What cannot be printed cannot be shown either.
        Status::PendingVirusCheck | Status::ValidationFailed => return Err(Refusal::PdfNotReady),
        _ if !message.has_pdf(call.moment) => return Err(Refusal::PdfNotReady),
        _ => {}
    }
    let bytes = match pdf {
        Pdf::Supplied(bytes) => bytes.to_vec(),
        Pdf::Rendered { address, contact_block } => pdf::draw(&pdf::Letter {
            contact_block,
            address,
            date: message.created_at,
            // A letter's subject is kept as HTML.
            subject: &html::unescape(message.subject.as_deref().unwrap_or_default()),
            body: &message.body,
        }),
    };
    Ok(Answer::pdf(bytes, call.request.range.as_deref()))
}
