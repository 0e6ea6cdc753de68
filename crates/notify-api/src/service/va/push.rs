//! `POST /v2/notifications/push` and `POST /v2/notifications/push/broadcast`

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ALONE, IdentifierType, RecipientIdentifier};
use crate::endpoints::personalisation_options;
use crate::json;
use crate::model::Personalisation;
use crate::service::message;
use crate::{Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};

/// The id of a template of the push service, such as `2E4AFE7F`. Those of other templates are
/// [UUIDs](crate::model::TemplateId).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct PushTemplateId(String);

impl PushTemplateId {
    /// The id as the push service shows it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sends a push message to the app of one person.
///
/// VA Notify's documentation: [OpenAPI, with push messages](https://github.com/department-of-veterans-affairs/notification-api/blob/main/documents/openapi/openapi-with-push.yaml).
///
/// It is real even with a test key. The service keeps no record of it: there is no id and no lookup, so after a lost
/// answer it stays in doubt.
///
/// `Debug` shows the template and the names of the placeholders, but neither the recipient nor the values.
///
/// # Examples
///
/// ```
/// use notify_api::va::{PushTemplateId, SendPush};
///
/// let template = PushTemplateId::new("2E4AFE7F");
/// let message = SendPush::new(template, "1013062086V794840").personalisation("name", "Kim");
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct SendPush {
    template_id: PushTemplateId,
    recipient_identifier: RecipientIdentifier,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_app: Option<String>,
    #[serde(skip_serializing_if = "Personalisation::is_empty")]
    personalisation: Personalisation,
}

impl SendPush {
    /// A message made from a template of the push service, to the person with this
    /// [ICN](IdentifierType::Icn).
    pub fn new(template_id: PushTemplateId, icn: impl Into<String>) -> Self {
        Self {
            template_id,
            recipient_identifier: RecipientIdentifier::new(IdentifierType::Icn, icn),
            mobile_app: None,
            personalisation: Personalisation::default(),
        }
    }

    /// Sets the app, such as `VA_FLAGSHIP_APP`.
    pub fn mobile_app(mut self, mobile_app: impl Into<String>) -> Self {
        self.mobile_app = Some(mobile_app.into());
        self
    }

    personalisation_options!();
}

impl Endpoint for SendPush {
    type Response = Pushed;
    const OPERATION: Operation = message::sending("send_push", "/v2/notifications/push", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn decode(raw: &RawResponse) -> Result<Pushed, Error> {
        raw.json()
    }
}

impl fmt::Debug for SendPush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendPush")
            .field("template_id", &self.template_id)
            .field("personalisation", &self.personalisation)
            .finish_non_exhaustive()
    }
}

/// Sends a push message to everyone who follows a topic. The notes on [`SendPush`] apply here too.
///
/// VA Notify's documentation: [OpenAPI, with push messages](https://github.com/department-of-veterans-affairs/notification-api/blob/main/documents/openapi/openapi-with-push.yaml).
///
/// # Examples
///
/// ```
/// use notify_api::va::{BroadcastPush, PushTemplateId};
///
/// let message = BroadcastPush::new(PushTemplateId::new("2E4AFE7F"), "a topic");
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[must_use = "a message is sent only when it is given to a client"]
pub struct BroadcastPush {
    template_id: PushTemplateId,
    topic_sid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_app: Option<String>,
    #[serde(skip_serializing_if = "Personalisation::is_empty")]
    personalisation: Personalisation,
}

impl BroadcastPush {
    /// A message made from a template of the push service, to everyone who follows this topic.
    pub fn new(template_id: PushTemplateId, topic_sid: impl Into<String>) -> Self {
        Self {
            template_id,
            topic_sid: topic_sid.into(),
            mobile_app: None,
            personalisation: Personalisation::default(),
        }
    }

    /// Sets the app, such as `VA_FLAGSHIP_APP`.
    pub fn mobile_app(mut self, mobile_app: impl Into<String>) -> Self {
        self.mobile_app = Some(mobile_app.into());
        self
    }

    personalisation_options!();
}

impl Endpoint for BroadcastPush {
    type Response = Pushed;
    const OPERATION: Operation =
        message::sending("broadcast_push", "/v2/notifications/push/broadcast", ALONE);

    fn request(&self) -> Result<RequestParts, InvalidRequest> {
        RequestParts::new(Self::OPERATION.path()).json(self)
    }

    fn decode(raw: &RawResponse) -> Result<Pushed, Error> {
        raw.json()
    }
}

impl fmt::Debug for BroadcastPush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BroadcastPush")
            .field("template_id", &self.template_id)
            .field("personalisation", &self.personalisation)
            .finish_non_exhaustive()
    }
}

/// A push message that the service took.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Pushed {
    /// `success`.
    #[serde(deserialize_with = "json::text_or_empty")]
    pub result: String,
}
