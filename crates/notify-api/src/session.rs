//! What all calls of a client share.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderValue, Uri};
use notify_jwt::{ApiKey, Signer};

use crate::call::{Now, Skew};
use crate::{BaseUrl, Bucket, InvalidRequest, Pacer, Policy, Request};

/// What all calls of a client share: the signer made from the API key, where the service is, the bounds of a call, and
/// what was learnt about the service's clock.
///
/// The key itself is not kept. `Debug` shows no secret.
///
/// # Examples
///
/// ```
/// use notify_api::{ApiKey, Policy, Session};
///
/// let key = ApiKey::parse("demo-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0")?;
/// let session = Session::builder(&key).base_url("http://localhost:6011".parse()?).build();
/// assert_eq!(session.base_url().as_str(), "http://localhost:6011");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Session {
    signer: Signer,
    base_url: BaseUrl,
    user_agent: HeaderValue,
    policy: Policy,
    pacer: Arc<dyn Pacer>,
    skew: Arc<Skew>,
    seeds: AtomicU64,
}

impl Session {
    /// Starts a session with `key`, for GOV.UK Notify and with the default [`Policy`] unless told otherwise.
    pub fn builder(key: &ApiKey) -> SessionBuilder {
        SessionBuilder {
            signer: Signer::new(key),
            base_url: BaseUrl::default(),
            user_agent: HeaderValue::from_static(USER_AGENT),
            policy: Policy::default(),
            pacer: None,
            seed: 0,
        }
    }

    /// The same session with another key of the same service: what was learnt about the service's clock is shared with
    /// this one, and so is the pace, which the service keeps for each type of key.
    ///
    /// Calls go over to it with [`Call::use_session`](crate::Call::use_session).
    #[must_use]
    pub fn with_key(&self, key: &ApiKey) -> Arc<Self> {
        Arc::new(Self {
            signer: Signer::new(key),
            base_url: self.base_url.clone(),
            user_agent: self.user_agent.clone(),
            policy: self.policy,
            pacer: Arc::clone(&self.pacer),
            skew: Arc::clone(&self.skew),
            // Two sessions that draw from one line of seeds would give two calls the same jitter.
            seeds: AtomicU64::new(self.jitter().u64(..)),
        })
    }

    /// Where the service is.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// The bounds of a call.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// By how many seconds the service's clock is ahead of this machine's, if a refusal has taught it.
    pub fn clock_offset_seconds(&self, now: Now) -> Option<i64> {
        self.skew.offset_seconds(now)
    }

    pub(crate) fn uri(&self, request: &Request) -> Result<Uri, InvalidRequest> {
        self.base_url.join(request).map_err(|_| InvalidRequest::new("the path and query are no URL"))
    }

    pub(crate) fn pacer(&self) -> &Arc<dyn Pacer> {
        &self.pacer
    }

    pub(crate) fn skew(&self) -> &Skew {
        &self.skew
    }

    pub(crate) fn user_agent(&self) -> &HeaderValue {
        &self.user_agent
    }

    /// The `Authorization` header for a request that leaves now, marked so that no log shows it.
    pub(crate) fn authorization(&self, now: Now) -> HeaderValue {
        let bearer = self.signer.bearer(self.skew.service_seconds(now));
        let mut value = HeaderValue::from_bytes(bearer.as_bytes()).expect("a token is base64url and dots");
        value.set_sensitive(true);
        value
    }

    /// A source of jitter for one call, other than that of every other call.
    pub(crate) fn jitter(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seeds.fetch_add(1, Ordering::Relaxed))
    }
}

/// As the official clients name themselves; the service logs it as the request's issuer.
const USER_AGENT: &str = concat!("NOTIFY-API-RUST-CLIENT/", env!("CARGO_PKG_VERSION"));

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("base_url", &self.base_url)
            .field("user_agent", &self.user_agent)
            .field("policy", &self.policy)
            .field("pacer", &self.pacer)
            .finish_non_exhaustive()
    }
}

/// Collects what a [`Session`] is made of.
#[must_use]
pub struct SessionBuilder {
    signer: Signer,
    base_url: BaseUrl,
    user_agent: HeaderValue,
    policy: Policy,
    pacer: Option<Arc<dyn Pacer>>,
    seed: u64,
}

impl SessionBuilder {
    /// Sets where the service is; GOV.UK Notify unless told otherwise.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = base_url;
        self
    }

    /// Sets the `User-Agent` header, which the service logs.
    pub fn user_agent(mut self, user_agent: HeaderValue) -> Self {
        self.user_agent = user_agent;
        self
    }

    /// Sets the bounds of a call.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets what says when each message may leave; a [`Bucket`] for 3,000 messages a minute unless told otherwise.
    pub fn pacer(self, pacer: impl Pacer + 'static) -> Self {
        self.shared_pacer(Arc::new(pacer))
    }

    /// The same with a pacer that other sessions use too, such as that of a key of the same service and type.
    pub fn shared_pacer(mut self, pacer: Arc<dyn Pacer>) -> Self {
        self.pacer = Some(pacer);
        self
    }

    /// Sets the seed of the jitter between attempts; programs give different ones so as not to act in step.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Builds the session, ready to be shared.
    pub fn build(self) -> Arc<Session> {
        Arc::new(Session {
            signer: self.signer,
            base_url: self.base_url,
            user_agent: self.user_agent,
            policy: self.policy,
            pacer: self.pacer.unwrap_or_else(|| Arc::new(Bucket::default())),
            skew: Arc::default(),
            seeds: AtomicU64::new(self.seed),
        })
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("base_url", &self.base_url)
            .field("user_agent", &self.user_agent)
            .field("policy", &self.policy)
            .field("pacer", &self.pacer)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::{Call, Event, ListTemplates, Step};

    const SERVICE: &str = "26785a09-ab16-4eb0-8407-a37497a57506";
    const NOW: Now = Now { monotonic: Duration::from_secs(5), unix: Duration::from_secs(1_795_430_454) };

    fn key(secret: &str) -> ApiKey {
        ApiKey::parse(&format!("k-{SERVICE}-{secret}")).unwrap()
    }

    fn old() -> ApiKey {
        key("3d844edf-8d35-48ac-975b-e847b4f122b0")
    }

    fn new() -> ApiKey {
        key("5a8a1b2c-8d35-48ac-975b-e847b4f122b0")
    }

    #[test]
    fn a_session_with_another_key_shares_pace_and_clock() {
        let session = Session::builder(&old()).build();
        let next = session.with_key(&new());
        assert!(Arc::ptr_eq(&session.pacer, &next.pacer));
        assert!(Arc::ptr_eq(&session.skew, &next.skew));
        assert_ne!(session.authorization(NOW), next.authorization(NOW));
    }

    #[test]
    fn the_second_of_a_token_is_rounded_down() {
        let session = Session::builder(&old()).build();
        let late = |nanoseconds| Now { unix: NOW.unix + Duration::from_nanos(nanoseconds), ..NOW };
        assert_eq!(session.authorization(late(999_999_999)), session.authorization(NOW));
        assert_ne!(session.authorization(late(1_000_000_000)), session.authorization(NOW));
    }

    #[test]
    fn a_call_that_waits_goes_on_with_the_new_key() {
        let session = Session::builder(&old()).build();
        let Step::Send(first, call) =
            Call::new(&session, &ListTemplates::new(), NOW).unwrap().next(Event::Start, NOW)
        else {
            panic!("a read is sent at once")
        };
        let unavailable = http::Response::builder().status(503).body(Bytes::new()).unwrap();
        let Step::Wait(_, mut call) = call.next(Event::Response(unavailable), NOW) else {
            panic!("a read is sent again after a 503")
        };
        call.use_session(&session.with_key(&new()));
        let Step::Send(second, _) = call.next(Event::Elapsed, NOW) else { panic!("the wait is over") };
        let authorization = |request: &http::Request<Bytes>| request.headers()["authorization"].clone();
        assert_eq!(authorization(&first), session.authorization(NOW));
        assert_eq!(authorization(&second), session.with_key(&new()).authorization(NOW));
    }
}
