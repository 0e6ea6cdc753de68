//! One fault: what happens, whether the request takes effect all the same, and to which requests.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// A fault to be [ordered](crate::Control::order).
///
/// It strikes every request until it is cleared, or as its setters say. Requests under `/sandbox/` are never struck.
///
/// ```
/// use std::time::Duration;
/// use notify_sandbox::{Failure, Fault, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// // The next two sends are answered 503 and take no effect.
/// sandbox.order(Fault::answer(Failure::Unavailable).on("POST", "/v2/notifications/*").next(2));
/// // A tenth of everything else loses its answer, although it takes effect: the same tenth in every run.
/// sandbox.order(Fault::drop_connection().after_effect().share(0.1, 42));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is ordered"]
pub struct Fault {
    pub(crate) deed: Deed,
    pub(crate) effect: Effect,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) left: Option<u32>,
    pub(crate) share: Option<Share>,
}

/// A part of the requests, by chance.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub(crate) chance: f64,
    draws: fastrand::Rng,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Deed {
    Delay(Duration),
    Drop,
    Answer(Failure),
    CutBody,
    Drip(Duration),
}

/// For the developer's log.
impl Display for Deed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay(span) => write!(f, "delayed by {span:?}"),
            Self::Drop => f.write_str("the connection cut"),
            Self::Answer(failure) => write!(f, "answered {}", failure.status()),
            Self::CutBody => f.write_str("cut inside the body"),
            Self::Drip(pause) => write!(f, "a byte every {pause:?}"),
        }
    }
}

/// Whether a request that is struck takes effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    No,
    Yes,
    /// So long after it came, by the sandbox's clock.
    Late(Duration),
}

/// An answer that is a failure of the service, or of what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// 429: the rate limit of the caller's key, as the service words it. Whoever has no good token is refused for that.
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

impl Failure {
    /// The status of the answer.
    pub const fn status(self) -> u16 {
        match self {
            Self::TooManyRequests => 429,
            Self::InternalError => 500,
            Self::BadGateway => 502,
            Self::Unavailable => 503,
            Self::GatewayTimeout => 504,
        }
    }

    /// The failure with this status, if there is one.
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
    const fn new(deed: Deed, effect: Effect) -> Self {
        Self { deed, effect, method: None, path: None, left: None, share: None }
    }

    /// The request waits before it is looked at. The wait is in real time: it is the client that is tested.
    pub const fn delay(span: Duration) -> Self {
        Self::new(Deed::Delay(span), Effect::Yes)
    }

    /// The connection is cut without an answer, and the request takes no effect.
    pub const fn drop_connection() -> Self {
        Self::new(Deed::Drop, Effect::No)
    }

    /// The request is answered with a failure and takes no effect.
    pub const fn answer(failure: Failure) -> Self {
        Self::new(Deed::Answer(failure), Effect::No)
    }

    /// The connection is cut in the middle of the answer's body, of which the head told the whole length. The request
    /// takes effect.
    pub const fn cut_body() -> Self {
        Self::new(Deed::CutBody, Effect::Yes)
    }

    /// The answer's body comes a byte at a time, with such a pause, in real time, before each. The request takes
    /// effect.
    pub const fn drip(pause: Duration) -> Self {
        Self::new(Deed::Drip(pause), Effect::Yes)
    }

    /// The request takes effect all the same, before its connection is cut or its failure is answered. (The other
    /// faults leave the effect alone.)
    pub const fn after_effect(mut self) -> Self {
        self.effect = Effect::Yes;
        self
    }

    /// The request takes effect so long after its connection was cut or its failure was answered, by the sandbox's
    /// clock: the message is not there at first, and then it is.
    pub const fn committed_late(mut self, span: Duration) -> Self {
        self.effect = Effect::Late(span);
        self
    }

    /// Strikes only requests with this method and path. A path that ends in `*` stands for all that begin so, and `*`
    /// for any method.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.method = Some(method.to_owned());
        self.path = Some(path.to_owned());
        self
    }

    /// Strikes so many requests, then no more.
    pub const fn next(mut self, count: u32) -> Self {
        self.left = Some(count);
        self
    }

    /// Strikes a share of the requests, from 0.0 for none to 1.0 for all, by chance. The same seed strikes the same
    /// ones: the third, the fifth, and so on, of those that match. (As long as the sandbox's version is the same.)
    pub fn share(mut self, chance: f64, seed: u64) -> Self {
        self.share = Some(Share { chance, draws: fastrand::Rng::with_seed(seed) });
        self
    }

    pub(crate) const fn is_used_up(&self) -> bool {
        matches!(self.left, Some(0))
    }

    /// Whether the fault has a request of this method and path; it is used up a little if it has.
    pub(super) fn strike(&mut self, method: &str, path: &str) -> Option<super::Strike> {
        let matches = self.method.as_deref().is_none_or(|wanted| wanted == "*" || wanted == method)
            && self.path.as_deref().is_none_or(|wanted| match wanted.strip_suffix('*') {
                Some(beginning) => path.starts_with(beginning),
                None => wanted == path,
            });
        if !matches || self.is_used_up() {
            return None;
        }
        if self.share.as_mut().is_some_and(|share| share.draws.f64() >= share.chance) {
            return None;
        }
        self.left = self.left.map(|left| left.saturating_sub(1));
        Some(super::Strike { deed: self.deed, effect: self.effect })
    }
}
