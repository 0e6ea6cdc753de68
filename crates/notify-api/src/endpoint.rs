//! What an operation of the API has to declare.

use std::fmt;

use http::Method;

use crate::model::{Notification, Reference, TemplateId, TemplateType};
use crate::{Error, InvalidRequest, RawResponse, RequestParts, Service};

/// An operation of the API as a value: its arguments, and how to read its answer.
///
/// Each operation is one struct in one file that implements this trait. A new operation, including one of your own,
/// needs nothing else: the clients take any endpoint.
///
/// # Examples
///
/// ```
/// use http::Method;
/// use notify_api::{Effect, Endpoint, Error, InvalidRequest, Operation, RawResponse, RequestParts};
///
/// /// Whether the service is up.
/// struct Status;
///
/// #[derive(serde::Deserialize)]
/// struct Up {
///     status: String,
/// }
///
/// impl Endpoint for Status {
///     type Response = Up;
///     const OPERATION: Operation = Operation::new("status", Method::GET, "/_status", Effect::Reads);
///
///     fn request(&self) -> Result<RequestParts, InvalidRequest> {
///         Ok(RequestParts::new("/_status").query("simple", "1"))
///     }
///
///     fn decode(raw: &RawResponse) -> Result<Up, Error> {
///         raw.json()
///     }
/// }
/// ```
pub trait Endpoint {
    /// The service's answer when the request succeeded.
    type Response: Send + Sync + 'static;

    /// The facts that are the same for every request of this operation.
    const OPERATION: Operation;

    /// The path, query and body of this request, relative to the base URL.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`] if the arguments are invalid. Then nothing is sent.
    fn request(&self) -> Result<RequestParts, InvalidRequest>;

    /// A part of this request that the service does not know although it offers the operation, such as `files`. Then
    /// nothing is sent, and the call ends in an error for which [`Error::is_not_offered`] holds.
    fn part_not_offered(&self, service: Service) -> Option<&'static str> {
        let _ = service;
        None
    }

    /// What distinguishes the message from others. `None` if the operation does not send a message.
    fn identity(&self) -> Option<Identity> {
        None
    }

    /// Whether an answer is about the message with this identity. An answer about another message leaves this one in
    /// doubt: a proxy mixed up answers, or an earlier answer came late on the same connection.
    fn is_about(_answer: &Self::Response, _identity: &Identity) -> bool {
        true
    }

    /// Rebuilds the lost answer from the message that lookups found in its place. Only messages are ever looked up.
    ///
    /// `None` if the listed message does not say enough. The call then ends in an error for which
    /// [`Error::is_unreadable`] holds.
    fn found(message: Notification) -> Option<Self::Response> {
        let _ = message;
        None
    }

    /// Reads the answer to a request that succeeded.
    ///
    /// # Errors
    ///
    /// An error for which [`Error::is_unreadable`] holds, if the body is not an answer of the operation.
    fn decode(raw: &RawResponse) -> Result<Self::Response, Error>;
}

/// The facts of an operation: its name, method, path template, what a request does to the service, and which services
/// have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    name: &'static str,
    method: Method,
    path: &'static str,
    effect: Effect,
    /// Empty if all services have it.
    only: &'static [Service],
}

impl Operation {
    /// Describes an operation; `path` is a template such as `/v2/notifications/{id}`, for logs and errors.
    ///
    /// # Panics
    ///
    /// If the path does not begin with a slash, or the name does: they have changed places. In a constant, such a program
    /// does not compile.
    ///
    /// ```compile_fail
    /// use http::Method;
    /// use notify_api::{Effect, Operation};
    ///
    /// const SWAPPED: Operation = Operation::new("/_status", Method::GET, "status", Effect::Reads);
    /// # let _ = SWAPPED;
    /// ```
    pub const fn new(name: &'static str, method: Method, path: &'static str, effect: Effect) -> Self {
        assert!(matches!(path.as_bytes(), [b'/', ..]), "the path of an operation begins with a slash");
        assert!(!matches!(name.as_bytes(), [b'/', ..]), "the name of an operation is not a path");
        Self { name, method, path, effect, only: &[] }
    }

    /// Says that only these services have the operation. It is not sent to the others.
    ///
    /// ```
    /// use http::Method;
    /// use notify_api::{Effect, Operation, Service};
    ///
    /// const REPORTS: Operation =
    ///     Operation::new("list_reports", Method::GET, "/v2/reports", Effect::Reads).only(&[Service::gc_notify()]);
    /// assert!(!Service::gov_uk().offers(&REPORTS));
    /// ```
    #[must_use]
    pub const fn only(mut self, services: &'static [Service]) -> Self {
        self.only = services;
        self
    }

    pub(crate) fn is_offered_by(&self, service: Service) -> bool {
        self.only.is_empty() || self.only.contains(&service)
    }

    /// The operation's name, for logs and errors, such as `send_sms`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The path template, which holds no personal data.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// What a request does to the service.
    pub const fn effect(&self) -> Effect {
        self.effect
    }
}

/// What a request does to the service, and therefore when it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Changes nothing. May be sent again whenever an attempt failed.
    Reads,
    /// Hands over a message. May be sent again only if the service certainly did not take it.
    Sends,
    /// Changes something that the service keeps, such as a template. May be sent again only if the service certainly
    /// did not do it. It needs no permit of the rate limiter.
    Changes,
}

/// What distinguishes a message from others, so that it can be looked up if no answer came back.
///
/// `Debug` shows neither the reference nor the recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// What kind of message it is.
    pub template_type: TemplateType,
    /// The template, if the message is made from one.
    pub template_id: Option<TemplateId>,
    /// The phone number, the e-mail address, or the first line of the postal address as given, if there is one.
    pub recipient: Option<String>,
    /// The reference, if it has one.
    pub reference: Option<String>,
    /// Whether no other message of the service has the reference. Only then is the message looked up, and sent again if
    /// it is absent.
    pub is_unique: bool,
}

impl Identity {
    /// The identity of a message that is made from a template.
    pub(crate) fn from_template(
        template_type: TemplateType,
        template_id: TemplateId,
        recipient: Option<&str>,
        reference: Option<&Reference>,
    ) -> Self {
        Self {
            template_type,
            template_id: Some(template_id),
            recipient: recipient.map(str::to_owned),
            reference: reference.map(|reference| reference.text().to_owned()),
            is_unique: reference.is_some_and(Reference::is_unique),
        }
    }

    /// Whether an answer with this reference, and this template if it names one, is about this message.
    pub fn is_answered_by(&self, reference: Option<&str>, template_id: Option<TemplateId>) -> bool {
        let is_same_template = self.template_id.is_none_or(|id| template_id == Some(id));
        reference == self.reference.as_deref() && is_same_template
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("template_type", &self.template_type)
            .field("template_id", &self.template_id)
            .finish_non_exhaustive()
    }
}
