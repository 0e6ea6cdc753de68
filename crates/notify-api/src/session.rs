//! What all calls of a client share.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderValue, Uri};
use notify_jwt::{ApiKey, Signer};

use crate::call::{Now, Skew};
use crate::{BaseUrl, InvalidRequest, Policy, RateLimiter, RequestParts, Service, TokenBucket};

/// What all calls of a client share: the signer made from the API key, the base URL, the bounds of a call, and what has
/// been learned about the service's clock.
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
    service: Option<Service>,
    user_agent: HeaderValue,
    policy: Policy,
    rate_limiter: Arc<dyn RateLimiter>,
    skew: Arc<Skew>,
    seeds: AtomicU64,
}

impl Session {
    /// Starts a session with `key`. The default is GOV.UK Notify with the default [`Policy`].
    pub fn builder(key: &ApiKey) -> SessionBuilder {
        Self::builder_with(Signer::new(key))
    }

    /// The same with a signer, for a [service id and a secret](Signer::from_parts) that were issued separately, as at
    /// VA Notify.
    pub fn builder_with(signer: Signer) -> SessionBuilder {
        SessionBuilder {
            signer,
            base_url: None,
            service: None,
            user_agent: HeaderValue::from_static(USER_AGENT),
            policy: Policy::default(),
            rate_limiter: None,
            seed: 0,
        }
    }

    /// The same session with another key of the same service. It shares what was learned about the service's clock, and
    /// the pace, which the service keeps for each type of key.
    ///
    /// To move a call to it, use [`Call::use_session`](crate::Call::use_session).
    #[must_use]
    pub fn with_key(&self, key: &ApiKey) -> Arc<Self> {
        self.with_signer(Signer::new(key))
    }

    /// As [`with_key`](Self::with_key), with the signer of that key.
    #[must_use]
    pub fn with_signer(&self, signer: Signer) -> Arc<Self> {
        Arc::new(Self {
            signer,
            base_url: self.base_url.clone(),
            service: self.service,
            user_agent: self.user_agent.clone(),
            policy: self.policy,
            rate_limiter: Arc::clone(&self.rate_limiter),
            skew: Arc::clone(&self.skew),
            // Two sessions that draw from the same seeds would give two calls the same jitter.
            seeds: AtomicU64::new(self.jitter().u64(..)),
        })
    }

    /// The base URL of the service.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Which service it is: the one that was chosen, or the one that the base URL implies. A sandbox on this machine
    /// counts as GOV.UK Notify.
    pub fn service(&self) -> Option<Service> {
        self.service
    }

    /// Whether a lookup can prove that the service did not take a message. False if the service is not known.
    pub fn proves_absence(&self) -> bool {
        self.service.is_some_and(Service::proves_absence)
    }

    /// The bounds of a call.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How many seconds the service's clock is ahead of this machine's, if a refusal has revealed it.
    pub fn clock_offset_seconds(&self, now: Now) -> Option<i64> {
        self.skew.offset_seconds(now)
    }

    pub(crate) fn uri(&self, request: &RequestParts) -> Result<Uri, InvalidRequest> {
        self.base_url.join(request).map_err(|_| InvalidRequest::new("the path and query do not make a URL"))
    }

    pub(crate) fn rate_limiter(&self) -> &Arc<dyn RateLimiter> {
        &self.rate_limiter
    }

    pub(crate) fn skew(&self) -> &Skew {
        &self.skew
    }

    pub(crate) fn user_agent(&self) -> &HeaderValue {
        &self.user_agent
    }

    /// The `Authorization` header with a token for `iat`, marked so that no log shows it.
    pub(crate) fn authorization(&self, iat: u64) -> HeaderValue {
        let bearer = self.signer.bearer(iat);
        let mut value = HeaderValue::from_bytes(bearer.as_bytes()).expect("a token is base64url and dots");
        value.set_sensitive(true);
        value
    }

    /// A source of jitter for one call, different from that of every other call.
    pub(crate) fn jitter(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seeds.fetch_add(1, Ordering::Relaxed))
    }
}

/// Named as in the official clients; the service logs it as the request's issuer.
const USER_AGENT: &str = concat!("NOTIFY-API-RUST-CLIENT/", env!("CARGO_PKG_VERSION"));

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("base_url", &self.base_url)
            .field("service", &self.service)
            .field("user_agent", &self.user_agent)
            .field("policy", &self.policy)
            .field("rate_limiter", &self.rate_limiter)
            .finish_non_exhaustive()
    }
}

/// Builds a [`Session`].
#[must_use]
pub struct SessionBuilder {
    signer: Signer,
    base_url: Option<BaseUrl>,
    service: Option<Service>,
    user_agent: HeaderValue,
    policy: Policy,
    rate_limiter: Option<Arc<dyn RateLimiter>>,
    seed: u64,
}

impl SessionBuilder {
    /// Sets the base URL. The default is that of the chosen [`service`](Self::service).
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = Some(base_url);
        self
    }

    /// Chooses the service. The default is GOV.UK Notify. The service determines what is offered, the pace, and what a
    /// lookup can prove; also the base URL, unless you set [`base_url`](Self::base_url).
    ///
    /// If the base URL has the host of a known service, that service counts, whatever you choose here.
    pub fn service(mut self, service: Service) -> Self {
        self.service = Some(service);
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

    /// Sets what decides when each message may leave. The default is a [`TokenBucket`] for the service's
    /// [messages a minute](Service::messages_per_minute), 3,000 for most.
    ///
    /// An `Arc` of a rate limiter is one too, so sessions with several keys can share it.
    pub fn rate_limiter(mut self, rate_limiter: impl RateLimiter + 'static) -> Self {
        self.rate_limiter = Some(Arc::new(rate_limiter));
        self
    }

    /// Sets the seed of the jitter between attempts. Give each program a different one, so that they do not retry in
    /// step.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Builds the session, ready to be shared.
    pub fn build(self) -> Arc<Session> {
        let base_url = self.base_url.unwrap_or_else(|| self.service.map(BaseUrl::from).unwrap_or_default());
        let assumed = || base_url.is_loopback().then_some(Service::gov_uk());
        let service = base_url.service().or(self.service).or_else(assumed);
        let pace = || TokenBucket::per_minute(service.unwrap_or(Service::gov_uk()).messages_per_minute());
        Arc::new(Session {
            signer: self.signer,
            base_url,
            service,
            user_agent: self.user_agent,
            policy: self.policy,
            rate_limiter: self.rate_limiter.unwrap_or_else(|| Arc::new(pace())),
            skew: Arc::default(),
            seeds: AtomicU64::new(self.seed),
        })
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("base_url", &self.base_url)
            .field("service", &self.service)
            .field("user_agent", &self.user_agent)
            .field("policy", &self.policy)
            .field("rate_limiter", &self.rate_limiter)
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
    const IAT: u64 = 1_795_430_454;
    const NOW: Now = Now { monotonic: Duration::from_secs(5), unix: Duration::from_secs(IAT) };

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
        assert!(Arc::ptr_eq(&session.rate_limiter, &next.rate_limiter));
        assert!(Arc::ptr_eq(&session.skew, &next.skew));
        assert_ne!(session.authorization(IAT), next.authorization(IAT));
    }

    #[test]
    fn a_service_is_recognised_by_its_host_or_named_by_the_caller() {
        let chosen = |url: &str, service: Option<Service>| {
            let builder = Session::builder(&old()).base_url(url.parse().unwrap());
            let session = service
                .map_or(builder, |service| {
                    Session::builder(&old()).base_url(url.parse().unwrap()).service(service)
                })
                .build();
            (session.service(), session.proves_absence())
        };
        let gc = Service::gc_notify();
        let gov_uk = Service::gov_uk();
        assert_eq!(chosen(BaseUrl::GOV_UK, None), (Some(gov_uk), true));
        assert_eq!(chosen("http://127.0.0.1:6011", None), (Some(gov_uk), true));
        assert_eq!(chosen("http://127.0.0.1:6011", Some(gc)), (Some(gc), false));
        assert_eq!(chosen("https://gateway.example", None), (None, false));
        assert_eq!(chosen("https://gateway.example", Some(gov_uk)), (Some(gov_uk), true));
        assert_eq!(chosen("https://api.notification.canada.ca", Some(gov_uk)), (Some(gc), false));
        assert_eq!(chosen("https://api.va.gov/vanotify", None), (Some(Service::va_notify()), false));
    }

    #[test]
    fn a_chosen_service_is_where_it_is_unless_a_base_url_is_given() {
        for service in Service::ALL {
            let session = Session::builder(&old()).service(service).build();
            assert_eq!(session.base_url().as_str(), service.base_url());
            assert_eq!(session.service(), Some(service));
        }
        let sandbox = "http://127.0.0.1:6011".parse().unwrap();
        let session = Session::builder(&old()).service(Service::va_notify()).base_url(sandbox).build();
        assert_eq!(session.base_url().as_str(), "http://127.0.0.1:6011");
    }

    #[test]
    fn a_call_that_waits_continues_with_the_new_key() {
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
        assert_eq!(authorization(&first), session.authorization(IAT));
        assert_eq!(authorization(&second), session.with_key(&new()).authorization(IAT));
    }
}
