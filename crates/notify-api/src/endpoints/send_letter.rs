//! `POST /v2/notifications/letter`

use http::Method;
use serde::Serialize;

use crate::model::{Personalisation, PersonalisationValue, Reference, SentLetter, TemplateId, TemplateType};
use crate::{Effect, Endpoint, Identity, InvalidRequest, Operation, RequestParts};

/// How many lines an address may have.
const MAX_ADDRESS_LINES: usize = 7;

/// Sends a letter made from a template.
///
/// GOV.UK Notify's documentation: [Send a letter](https://docs.notifications.service.gov.uk/rest-api.html#send-a-letter).
///
/// `Debug` shows the template and the names of the placeholders, but neither the address nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::SendLetter;
///
/// let address = ["Amala Bird", "123 High Street", "Richmond upon Thames", "SW14 6BF"];
/// let message = SendLetter::new("740e5834-3a29-46b4-9a6f-16142fde533a".parse()?, address)
///     .personalisation("appointment_date", "1 January 2027");
/// # Ok::<(), notify_api::model::InvalidId>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendLetter {
    template_id: TemplateId,
    personalisation: Personalisation,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<Reference>,
    #[serde(skip)]
    address_lines: usize,
}

impl SendLetter {
    /// A letter made from a template, to an address of three to seven lines. The first line is the name, the last a UK
    /// postcode or a country.
    ///
    /// The service takes the address as placeholders `address_line_1` to `address_line_7`, which the template can use
    /// too.
    pub fn new(template_id: TemplateId, address: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut personalisation = Personalisation::default();
        let mut address_lines = 0;
        for line in address {
            address_lines += 1;
            personalisation.insert(format!("address_line_{address_lines}"), line.into());
        }
        Self { template_id, personalisation, reference: None, address_lines }
    }

    message_options!();

    pub(crate) fn template(&self) -> TemplateId {
        self.template_id
    }

    pub(crate) fn values(&self) -> &Personalisation {
        &self.personalisation
    }
}

impl Endpoint for SendLetter {
    type Response = SentLetter;
    const OPERATION: Operation =
        Operation::new("send_letter", Method::POST, "/v2/notifications/letter", Effect::Sends);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        if let Some(reference) = &self.reference {
            reference.check()?;
        }
        if self.address_lines > MAX_ADDRESS_LINES {
            // The service would leave out the lines beyond, first of all the postcode.
            return Err(InvalidRequest::new("must not have more than 7 lines").in_field("the address"));
        }
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn identity(&self) -> Option<Identity> {
        let recipient = match self.personalisation.get("address_line_1") {
            Some(PersonalisationValue::Text(line)) => Some(&**line),
            _ => None,
        };
        Some(Identity::from_template(
            TemplateType::Letter,
            self.template_id,
            recipient,
            self.reference.as_ref(),
        ))
    }

    answered_with_its_template!(SentLetter::found);
}

message_debug!(SendLetter);

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(lines: usize) -> SendLetter {
        SendLetter::new(TemplateId::from_bytes([0; 16]), (1..=lines).map(|line| format!("line {line}")))
    }

    #[test]
    fn the_address_stands_among_the_placeholders() {
        let body = letter(2).personalisation("a", 1).request().unwrap().body().cloned().unwrap();
        assert_eq!(
            body,
            r#"{"template_id":"00000000-0000-0000-0000-000000000000","personalisation":{"a":1,"address_line_1":"line 1","address_line_2":"line 2"}}"#
        );
    }

    #[test]
    fn no_line_of_an_address_is_lost() {
        assert!(letter(7).request().is_ok());
        let error = letter(8).request().unwrap_err();
        assert_eq!(error.to_string(), "the address must not have more than 7 lines");
    }
}
