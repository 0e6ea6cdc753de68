//! What an operation of the API has to say of itself.

use http::Method;

use crate::{Error, InvalidRequest, RawAnswer, Request};

/// An operation of the API as a value: its arguments, and how its answer reads.
///
/// One struct in one file implements this for each operation. A new operation, also one of your own, needs nothing
/// else: the clients take any endpoint.
///
/// # Examples
///
/// ```
/// use http::Method;
/// use notify_api::{Effect, Endpoint, Error, InvalidRequest, Operation, RawAnswer, Request};
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
///     type Answer = Up;
///     const OPERATION: Operation = Operation::new("status", Method::GET, "/_status", Effect::Reads);
///
///     fn request(&self) -> Result<Request, InvalidRequest> {
///         Ok(Request::new("/_status").query("simple", "1"))
///     }
///
///     fn decode(raw: &RawAnswer) -> Result<Up, Error> {
///         raw.json()
///     }
/// }
/// ```
pub trait Endpoint {
    /// What the service answers when it did what was asked.
    type Answer;

    /// The facts that are the same for every request of this operation.
    const OPERATION: Operation;

    /// The path, query and body of this request, relative to the base URL.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`] when the arguments cannot be right, so that nothing is sent.
    fn request(&self) -> Result<Request, InvalidRequest>;

    /// Reads the answer to a request that succeeded.
    ///
    /// # Errors
    ///
    /// An error for which [`Error::is_unreadable`] holds when the body is not what the operation answers.
    fn decode(raw: &RawAnswer) -> Result<Self::Answer, Error>;
}

/// The facts of an operation: its name, method, path template, and what a request does to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    name: &'static str,
    method: Method,
    path: &'static str,
    effect: Effect,
}

impl Operation {
    /// Describes an operation; `path` is a template such as `/v2/notifications/{id}`, for logs and errors.
    pub const fn new(name: &'static str, method: Method, path: &'static str, effect: Effect) -> Self {
        Self { name, method, path, effect }
    }

    /// The operation's name, for logs and errors, such as `send_sms`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The HTTP method.
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The path template, which names no one's data.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// What a request does to the service.
    pub const fn effect(&self) -> Effect {
        self.effect
    }
}

/// What a request does to the service, and so when it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Changes nothing: may be sent again whenever an attempt failed.
    Reads,
    /// Hands over a message: may be sent again only when the service certainly did not take it.
    Sends,
}
