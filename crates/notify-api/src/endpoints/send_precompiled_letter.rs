//! `POST /v2/notifications/letter` with a `content`

use std::fmt;

use bytes::Bytes;
use http::Method;
use serde::Serialize;

use super::pdf;
use crate::model::{Notification, Postage, Reference, SentPrecompiledLetter, TemplateType, base64};
use crate::redaction;
use crate::{Effect, Endpoint, Error, Identity, InvalidRequest, Operation, RawResponse, RequestParts};

/// Sends a letter that is already a PDF, its address included.
///
/// GOV.UK Notify's documentation: [Send a precompiled letter](https://docs.notifications.service.gov.uk/rest-api.html#send-a-precompiled-letter).
///
/// The service inspects the PDF only after it has taken the letter. Check the status later: it is `validation-failed`
/// if the PDF breaks the letter specification.
///
/// `Debug` shows the size of the PDF, but neither the reference nor the content.
///
/// # Examples
///
/// ```
/// use notify_api::SendPrecompiledLetter;
/// use notify_api::model::Postage;
///
/// # let pdf = b"%PDF-1.7".to_vec();
/// let message = SendPrecompiledLetter::new("invoice 17", pdf).postage(Postage::First);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendPrecompiledLetter {
    reference: Reference,
    #[serde(serialize_with = "base64::serialize")]
    content: Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    postage: Option<Postage>,
}

impl SendPrecompiledLetter {
    /// A letter that is a PDF, and a text by which to find it. The service does not require the reference to be unique.
    pub fn new(reference: impl Into<String>, pdf: impl Into<Bytes>) -> Self {
        Self { reference: Reference::new(reference), content: pdf.into(), postage: None }
    }

    /// Declares that no other message of the service has this reference, or will ever have it.
    ///
    /// If the answer is lost, the client looks the letter up by this reference, and sends it again only if the service
    /// certainly did not take it. If the reference is not unique, the lookup may mistake another letter for this one.
    pub fn reference_is_unique(mut self) -> Self {
        self.reference = self.reference.into_unique();
        self
    }

    /// The reference of the letter.
    pub fn reference_text(&self) -> &str {
        self.reference.text()
    }

    /// Sets how the letter is posted within the United Kingdom: first, second or economy. The default is second.
    pub fn postage(mut self, postage: Postage) -> Self {
        self.postage = Some(postage);
        self
    }
}

impl Endpoint for SendPrecompiledLetter {
    type Response = SentPrecompiledLetter;
    const OPERATION: Operation =
        Operation::new("send_precompiled_letter", Method::POST, "/v2/notifications/letter", Effect::Sends);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        self.reference.check_characters()?;
        // The service takes anything, and says days later that it was not a letter.
        if !pdf::is_pdf(&self.content) {
            return Err(InvalidRequest::new("must be a PDF").in_field("content"));
        }
        if matches!(self.postage, Some(Postage::Europe | Postage::RestOfWorld)) {
            return Err(InvalidRequest::new("must be first, second or economy").in_field("postage"));
        }
        let parts = RequestParts::new(Self::OPERATION.path());
        let length = base64::encoded_len(self.content.len());
        if length <= redaction::LONGEST {
            return parts.json(self);
        }
        let without_pdf = Self { content: Bytes::new(), ..self.clone() };
        parts.json_with_files(self, length + self.reference.len(), &without_pdf)
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity {
            template_type: TemplateType::Letter,
            template_id: None,
            recipient: None,
            reference: Some(self.reference.text().to_owned()),
            is_unique: self.reference.is_unique(),
        })
    }

    fn is_about(answer: &SentPrecompiledLetter, identity: &Identity) -> bool {
        identity.is_answered_by(answer.reference.as_deref(), None)
    }

    fn found(message: Notification) -> Option<SentPrecompiledLetter> {
        Some(SentPrecompiledLetter::found(message))
    }

    fn decode(raw: &RawResponse) -> Result<SentPrecompiledLetter, Error> {
        raw.json()
    }
}

impl fmt::Debug for SendPrecompiledLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendPrecompiledLetter")
            .field("content_bytes", &self.content.len())
            .field("postage", &self.postage)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_would_refuse_late_or_surely_is_refused_at_once() {
        let letter = |pdf| SendPrecompiledLetter::new("r", Bytes::from_static(pdf));
        let refused = |letter: SendPrecompiledLetter| letter.request().unwrap_err().to_string();
        assert_eq!(refused(letter(b"PK\x03\x04")), "content must be a PDF");
        assert_eq!(
            refused(letter(b"%PDF-1.4").postage(Postage::Europe)),
            "postage must be first, second or economy"
        );
        let body = letter(b"%PDF-1.4").postage(Postage::Economy).request().unwrap().body().cloned().unwrap();
        assert_eq!(body, r#"{"reference":"r","content":"JVBERi0xLjQ=","postage":"economy"}"#);
    }
}
