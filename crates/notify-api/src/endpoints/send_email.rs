//! `POST /v2/notifications/email`

use http::Method;
use serde::Serialize;

use crate::model::{
    EmailPersonalisation, EmailReplyToId, File, Personalisation, PersonalisationValue, Reference, SentEmail,
    TemplateId, TemplateType, placeholder_key,
};
use crate::{Effect, Endpoint, Identity, InvalidRequest, Operation, RequestParts, Service};

/// Sends an e-mail.
///
/// GOV.UK Notify's documentation: [Send an email](https://docs.notifications.service.gov.uk/rest-api.html#send-an-email).
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::SendEmail;
/// use notify_api::model::File;
///
/// let message = SendEmail::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, "kim@example.com")
///     .personalisation("name", "Kim")
///     .sanitise_content_for(["name"])
///     .file("link_to_statement", File::new("name,amount\nKim,3\n").filename("statement.csv"))
///     .one_click_unsubscribe_url("https://example.com/unsubscribe?token=1");
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendEmail {
    email_address: String,
    template_id: TemplateId,
    #[serde(skip_serializing_if = "EmailPersonalisation::is_empty")]
    personalisation: EmailPersonalisation,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_reply_to_id: Option<EmailReplyToId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    one_click_unsubscribe_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sanitise_content_for: Vec<String>,
}

impl SendEmail {
    /// An e-mail made from a template, to an address.
    pub fn new(template_id: TemplateId, email_address: impl Into<String>) -> Self {
        Self {
            email_address: email_address.into(),
            template_id,
            personalisation: EmailPersonalisation::default(),
            reference: None,
            email_reply_to_id: None,
            one_click_unsubscribe_url: None,
            sanitise_content_for: Vec::new(),
        }
    }

    message_options!();

    /// Fills a placeholder of the template with a link to download `file`. This is for GOV.UK Notify; GC Notify and VA
    /// Notify have their own types of file.
    ///
    /// The rules for files are checked before the message is sent. To check them earlier, use [`File::check`].
    pub fn file(mut self, name: impl Into<String>, file: File) -> Self {
        self.personalisation.insert_file(name, file);
        self
    }

    /// Sets where replies go. The default is the service's default address.
    pub fn email_reply_to_id(mut self, email_reply_to_id: EmailReplyToId) -> Self {
        self.email_reply_to_id = Some(email_reply_to_id);
        self
    }

    /// Sets the target of the mail program's unsubscribe button. It must begin with `https` and act on an empty POST
    /// (RFC 8058).
    pub fn one_click_unsubscribe_url(mut self, url: impl Into<String>) -> Self {
        self.one_click_unsubscribe_url = Some(url.into());
        self
    }

    /// Names placeholders whose values come from strangers. The service removes links from them and makes Markdown
    /// harmless.
    ///
    /// Their values must be text.
    pub fn sanitise_content_for(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.sanitise_content_for.extend(names.into_iter().map(Into::into));
        self
    }

    fn check_files(&self) -> Result<(), InvalidRequest> {
        self.personalisation.files().iter().try_for_each(|(name, file)| {
            file.check().map_err(|error| InvalidRequest::new(error.rule()).in_field(name))
        })
    }

    fn check_unsubscribe_url(&self) -> Result<(), InvalidRequest> {
        match &self.one_click_unsubscribe_url {
            Some(url) if !url.starts_with("https") => {
                Err(InvalidRequest::new("must begin with https").in_field("one_click_unsubscribe_url"))
            }
            _ => Ok(()),
        }
    }

    /// If asked to sanitise anything but text, the service answers with an internal error.
    fn check_sanitised(&self) -> Result<(), InvalidRequest> {
        let values = self.values();
        let other = self.sanitise_content_for.iter().find(|name| {
            self.has_file(name)
                || values.get(name).is_some_and(|value| !matches!(value, PersonalisationValue::Text(_)))
        });
        match other {
            Some(name) => Err(InvalidRequest::new("must be text to be sanitised").in_field(name)),
            None => Ok(()),
        }
    }

    pub(crate) fn template(&self) -> TemplateId {
        self.template_id
    }

    pub(crate) fn values(&self) -> &Personalisation {
        self.personalisation.values()
    }

    pub(crate) fn has_files(&self) -> bool {
        !self.personalisation.files().is_empty()
    }

    pub(crate) fn has_file(&self, name: &str) -> bool {
        let wanted = placeholder_key(name);
        self.personalisation.files().keys().any(|file| placeholder_key(file) == wanted)
    }
}

impl Endpoint for SendEmail {
    type Response = SentEmail;
    const OPERATION: Operation =
        Operation::new("send_email", Method::POST, "/v2/notifications/email", Effect::Sends);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        if let Some(reference) = &self.reference {
            reference.check()?;
        }
        self.check_files()?;
        self.check_unsubscribe_url()?;
        self.check_sanitised()?;
        let parts = RequestParts::new(Self::OPERATION.path());
        if !self.has_files() {
            return parts.json(self);
        }
        let files = self.personalisation.files_len();
        let personalisation = self.personalisation.without_large_contents();
        parts.json_with_files(self, files, &Self { personalisation, ..self.clone() })
    }

    /// The parts that only GOV.UK Notify knows. Notify.gov.au would print a file into the e-mail as text.
    fn part_not_offered(&self, service: Service) -> Option<&'static str> {
        if service == Service::gov_uk() {
            None
        } else if self.has_files() {
            Some("files")
        } else if self.one_click_unsubscribe_url.is_some() {
            Some("one_click_unsubscribe_url")
        } else {
            (!self.sanitise_content_for.is_empty()).then_some("sanitise_content_for")
        }
    }

    fn identity(&self) -> Option<Identity> {
        let recipient = Some(&*self.email_address);
        Some(Identity::from_template(
            TemplateType::Email,
            self.template_id,
            recipient,
            self.reference.as_ref(),
        ))
    }

    answered_with_its_template!(SentEmail::found);
}

message_debug!(SendEmail);

#[cfg(test)]
mod tests {
    use super::*;

    fn email() -> SendEmail {
        SendEmail::new(TemplateId::from_bytes([0; 16]), "kim@example.com")
    }

    #[test]
    fn a_file_stands_among_the_placeholders() {
        let body = email().personalisation("a", 1).file("f", File::new("x")).request().unwrap();
        let body: serde_json::Value = serde_json::from_slice(body.body().unwrap()).unwrap();
        assert_eq!(body["personalisation"], serde_json::json!({"a": 1, "f": {"file": "eA=="}}));
    }

    #[test]
    fn what_the_service_surely_refuses_is_not_sent() {
        let refused = |email: SendEmail| email.request().unwrap_err().to_string();
        assert_eq!(refused(email().file("my file", File::new(""))), "my file must not be an empty file");
        assert_eq!(
            refused(email().one_click_unsubscribe_url("http://example.com/")),
            "one_click_unsubscribe_url must begin with https"
        );
        assert_eq!(
            refused(email().personalisation("First_name", 5).sanitise_content_for(["first name"])),
            "first name must be text to be sanitised"
        );
        assert!(email().file("f", File::new("x")).sanitise_content_for(["F"]).request().is_err());
        assert!(email().personalisation("n", "x").sanitise_content_for(["n", "other"]).request().is_ok());
    }
}
