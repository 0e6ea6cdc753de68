//! One fault: what it does, to which requests, and whether they still take effect.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::incoming_request::IncomingRequest;

/// A fault to [inject](crate::Control::inject_fault).
///
/// It affects every request until it is cleared, unless its setters narrow it down. It never affects requests under
/// `/sandbox/`.
///
/// ```
/// use std::time::Duration;
/// use notify_sandbox::{ErrorResponse, Fault, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// // The next two sends are answered 503 and take no effect.
/// let fault = Fault::respond(ErrorResponse::Unavailable).on_method("POST").on_path("/v2/notifications/*");
/// sandbox.inject_fault(fault.next(2));
/// // A tenth of everything else loses its answer, although it takes effect: the same tenth in every run.
/// sandbox.inject_fault(Fault::drop_connection().after_effect().share(0.1, 42));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    pub(crate) action: FaultAction,
    pub(crate) effect: Effect,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) left: Option<u32>,
    pub(crate) share: Option<Share>,
    pub(crate) to: Option<String>,
    pub(crate) template: Option<String>,
}

/// A random share of the requests.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) chance: f64,
    draws: fastrand::Rng,
}

/// What a fault does to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FaultAction {
    Delay(Duration),
    Drop,
    Respond(ErrorResponse),
    CutBody,
    Drip(Duration),
}

/// For the developer's log.
impl Display for FaultAction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay(span) => write!(f, "delayed by {span:?}"),
            Self::Drop => f.write_str("the connection cut"),
            Self::Respond(response) => write!(f, "answered {}", response.status()),
            Self::CutBody => f.write_str("cut inside the body"),
            Self::Drip(pause) => write!(f, "a byte every {pause:?}"),
        }
    }
}

/// Whether an affected request takes effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    No,
    Yes,
    /// This long after it arrived, by the sandbox's clock.
    Late(Duration),
}

/// An error response of the service, or of a load balancer in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorResponse {
    /// 429: the rate limit of the caller's key, in the service's words. A request without a valid token is refused for that instead.
    TooManyRequests,
    /// 500: the service's own JSON.
    InternalError,
    /// 502: a load balancer's page, in HTML.
    BadGateway,
    /// 503: a load balancer's page, in HTML.
    Unavailable,
    /// 504: the service's own JSON, as it comes after 29.5 seconds.
    GatewayTimeout,
}

impl ErrorResponse {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::TooManyRequests => 429,
            Self::InternalError => 500,
            Self::BadGateway => 502,
            Self::Unavailable => 503,
            Self::GatewayTimeout => 504,
        }
    }

    /// The error response with this status, if there is one.
    pub fn from_status(status: u16) -> Option<Self> {
        let all = [
            Self::TooManyRequests,
            Self::InternalError,
            Self::BadGateway,
            Self::Unavailable,
            Self::GatewayTimeout,
        ];
        all.into_iter().find(|failure| failure.status() == status)
    }
}

impl Fault {
    const fn new(action: FaultAction, effect: Effect) -> Self {
        Self { action, effect, method: None, path: None, left: None, share: None, to: None, template: None }
    }

    /// Delays the request before the service sees it. The delay is real time, not the sandbox's clock.
    pub const fn delay(span: Duration) -> Self {
        Self::new(FaultAction::Delay(span), Effect::Yes)
    }

    /// Cuts the connection without a response. The request takes no effect.
    pub const fn drop_connection() -> Self {
        Self::new(FaultAction::Drop, Effect::No)
    }

    /// Responds with an error. The request takes no effect.
    pub const fn respond(response: ErrorResponse) -> Self {
        Self::new(FaultAction::Respond(response), Effect::No)
    }

    /// Cuts the connection in the middle of the response body, after a `Content-Length` for all of it. The request takes
    /// effect.
    pub const fn cut_body() -> Self {
        Self::new(FaultAction::CutBody, Effect::Yes)
    }

    /// Sends the response body a byte at a time, with a pause before each in real time. The request takes effect.
    pub const fn drip(pause: Duration) -> Self {
        Self::new(FaultAction::Drip(pause), Effect::Yes)
    }

    /// The request takes effect before its connection is cut or the error is sent. Only those two faults need this:
    /// with the others, the request takes effect anyway.
    pub const fn after_effect(mut self) -> Self {
        self.effect = Effect::Yes;
        self
    }

    /// The request takes effect this long after its connection was cut or the error was sent, by the sandbox's clock:
    /// the message is missing at first, and then appears.
    pub const fn committed_late(mut self, span: Duration) -> Self {
        self.effect = Effect::Late(span);
        self
    }

    /// Affects only requests with this method, such as `POST`. `*` matches any method.
    pub fn on_method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Affects only requests with this path. If it ends in `*`, it matches every path that begins with what comes
    /// before.
    pub fn on_path(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Affects only requests that send to this recipient, in any notation; for a letter, a line of the address.
    pub fn to(mut self, recipient: &str) -> Self {
        self.to = Some(recipient.to_owned());
        self
    }

    /// Affects only requests that send this template.
    pub fn of_template(mut self, template: &str) -> Self {
        self.template = Some(template.to_owned());
        self
    }

    /// Affects the next `count` requests that match, then no more.
    pub const fn next(mut self, count: u32) -> Self {
        self.left = Some(count);
        self
    }

    /// Affects a random share of the requests that match, from 0.0 for none to 1.0 for all. In one version of the
    /// sandbox, the same seed selects the same ones: the third, the fifth, and so on.
    pub fn share(mut self, chance: f64, seed: u64) -> Self {
        self.share = Some(Share { chance, draws: fastrand::Rng::with_seed(seed) });
        self
    }

    pub(crate) const fn is_used_up(&self) -> bool {
        matches!(self.left, Some(0))
    }

    /// Applies the fault to a request, if it matches. That uses up one of its requests.
    pub(super) fn apply(&mut self, request: &IncomingRequest<'_>) -> Option<super::AppliedFault> {
        let matches = self.method.as_deref().is_none_or(|wanted| wanted == "*" || wanted == request.method())
            && self.path.as_deref().is_none_or(|wanted| match wanted.strip_suffix('*') {
                Some(beginning) => request.path().starts_with(beginning),
                None => wanted == request.path(),
            })
            && self.to.as_deref().is_none_or(|recipient| request.is_to(recipient))
            && self.template.as_deref().is_none_or(|template| request.is_of_template(template));
        if !matches || self.is_used_up() {
            return None;
        }
        if self.share.as_mut().is_some_and(|share| share.draws.f64() >= share.chance) {
            return None;
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        Some(super::AppliedFault { action: self.action, effect: self.effect })
    }
}
