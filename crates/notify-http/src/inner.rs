//! What the async and the blocking client share: everything except how they wait.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use notify_api::{Call, Endpoint, Error, Now, Policy, Priority, Session, Signer};

use crate::builder::Observer;

/// The shared parts of a client, and the settings of one clone.
pub(crate) struct Inner<T> {
    shared: Arc<Shared<T>>,
    policy: Policy,
    /// The timeout of a call, if it was set separately from the policy.
    timeout: Option<Duration>,
    priority: Priority,
    leave_by: Option<u64>,
}

struct Shared<T> {
    /// Replaced as a whole when the key is replaced.
    session: RwLock<Arc<Session>>,
    transport: T,
    observer: Option<Observer>,
    epoch: Instant,
}

impl<T> Inner<T> {
    pub(crate) fn new(
        session: Arc<Session>,
        transport: T,
        timeout: Option<Duration>,
        observer: Option<Observer>,
    ) -> Self {
        let policy = *session.policy();
        let shared = Shared { session: RwLock::new(session), transport, observer, epoch: Instant::now() };
        Self { shared: Arc::new(shared), policy, timeout, priority: Priority::default(), leave_by: None }
    }

    pub(crate) fn transport(&self) -> &T {
        &self.shared.transport
    }

    pub(crate) fn session(&self) -> Arc<Session> {
        // No code that holds the lock can panic midway.
        Arc::clone(&self.shared.session.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn replace_key(&self, signer: Signer) {
        let mut session = self.shared.session.write().unwrap_or_else(PoisonError::into_inner);
        *session = session.with_signer(signer);
    }

    pub(crate) fn with_policy(&self, policy: Policy) -> Self {
        Self { policy, ..self.clone() }
    }

    pub(crate) fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self.clone() }
    }

    pub(crate) fn with_priority(&self, priority: Priority) -> Self {
        Self { priority, ..self.clone() }
    }

    pub(crate) fn with_leave_by(&self, moment: SystemTime) -> Self {
        let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self { leave_by: Some(seconds), ..self.clone() }
    }

    pub(crate) fn begin<E: Endpoint>(&self, endpoint: &E, now: Now) -> Result<Call, Error> {
        let policy = self.timeout.map_or(self.policy, |timeout| self.policy.timeout(timeout));
        let call = Call::new(&self.session(), endpoint, now)?.policy(policy).priority(self.priority);
        Ok(match self.leave_by {
            Some(seconds) => call.leave_by(seconds),
            None => call,
        })
    }

    /// Tells the observer, if there is one, that a call is about to wait.
    pub(crate) fn waits(&self, call: &Call, wait: Duration, now: Now) {
        if let Some(Observer(observer)) = &self.shared.observer {
            observer(&call.progress(wait, now));
        }
    }

    pub(crate) fn now(&self) -> Now {
        Now {
            monotonic: self.shared.epoch.elapsed(),
            unix: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        }
    }
}

/// Written by hand, because a transport need not be `Clone`.
impl<T> Clone for Inner<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            policy: self.policy,
            timeout: self.timeout,
            priority: self.priority,
            leave_by: self.leave_by,
        }
    }
}

impl<T> fmt::Debug for Inner<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("session", &self.session())
            .field("policy", &self.policy)
            .field("timeout", &self.timeout)
            .field("priority", &self.priority)
            .field("leave_by", &self.leave_by)
            .finish_non_exhaustive()
    }
}

/// The methods that both clients document in the same words. The client is a tuple struct around `Inner`.
macro_rules! client_methods {
    ($path:literal) => {
        /// Makes a client of GOV.UK Notify from an API key; [`builder`](Self::builder) makes those of other services.
        ///
        /// # Errors
        ///
        /// If the key is damaged. The error says which part is wrong and does not show the key.
        pub fn new(api_key: impl crate::IntoApiKey) -> Result<Self, crate::BuildError> {
            Self::builder(api_key).build()
        }

        /// Starts building a client with its own base URL, timeouts, proxy or transport.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use ", $path, ";")]
        ///
        /// let key = "demo-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
        /// let client = Client::builder(key).base_url("http://localhost:6011").build()?;
        /// # Ok::<(), notify_http::BuildError>(())
        /// ```
        pub fn builder(api_key: impl crate::IntoApiKey) -> crate::ClientBuilder<Self> {
            crate::ClientBuilder::new(api_key)
        }

        /// The same client, but its messages go ahead of others that wait for the rate limiter: for login codes and
        /// other messages that someone is waiting for.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("# fn example(client: ", $path, ") {")]
        /// // Make it once, beside the client for everything else; both share one rate limiter.
        /// let for_login_codes = client.urgent();
        /// # }
        /// ```
        #[must_use]
        pub fn urgent(&self) -> Self {
            Self(self.0.with_priority(notify_api::Priority::Urgent))
        }

        /// The same client with another timeout for a whole call, including waits and retries.
        ///
        /// # Examples
        ///
        /// ```
        /// # use std::time::Duration;
        #[doc = concat!("# fn example(client: ", $path, ") {")]
        /// let patient = client.timeout(Duration::from_secs(600));
        /// # }
        /// ```
        #[must_use]
        pub fn timeout(&self, timeout: std::time::Duration) -> Self {
            Self(self.0.with_timeout(timeout))
        }

        /// The same client with another policy. A timeout that was set on the [client](Self::timeout) or its
        /// [builder](crate::ClientBuilder::timeout) takes precedence.
        ///
        /// # Examples
        ///
        /// ```
        /// use notify_http::Policy;
        ///
        #[doc = concat!("# fn example(client: ", $path, ") {")]
        /// // For letters of up to 5 MiB, fetched without retries.
        /// let modest = client.policy(Policy::default().attempts(1).max_answer_bytes(5 * 1024 * 1024));
        /// # }
        /// ```
        #[must_use]
        pub fn policy(&self, policy: notify_api::Policy) -> Self {
            Self(self.0.with_policy(policy))
        }

        /// The same client, but it mints no token for a message after this moment, by the service's clock. A worker
        /// whose claim on the message expires then sends nothing later, however long it was paused. Lookups continue.
        ///
        /// # Examples
        ///
        /// ```
        /// # use std::time::{Duration, SystemTime};
        #[doc = concat!("# fn example(client: ", $path, ") {")]
        /// let within_my_claim = client.leave_by(SystemTime::now() + Duration::from_secs(60));
        /// # }
        /// ```
        #[must_use]
        pub fn leave_by(&self, moment: std::time::SystemTime) -> Self {
            Self(self.0.with_leave_by(moment))
        }

        /// Switches this client and all its clones to another key of the same service. No call is lost.
        ///
        /// Attempts that start from now on use the new key, even in calls that are already waiting for their turn or
        /// for a retry. An attempt in flight finishes with the old key, and so does the reconciliation of a message in
        /// doubt. Wait for the timeout of a call ([`Policy::timeout`](notify_api::Policy::timeout)) before you revoke
        /// the old key on the service's website. The client keeps what it learnt about the service's clock and rate
        /// limit.
        ///
        /// # Errors
        ///
        /// If the key is damaged; the client then keeps the old one.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("# fn example(client: ", $path, ") -> Result<(), Box<dyn std::error::Error>> {")]
        /// // Whenever the file that holds the key has changed.
        /// client.replace_key(std::fs::read_to_string("/run/secrets/notify")?.trim())?;
        /// # Ok(())
        /// # }
        /// ```
        pub fn replace_key(&self, api_key: impl crate::IntoApiKey) -> Result<(), crate::InvalidKey> {
            self.0.replace_key(api_key.signer()?);
            Ok(())
        }

        /// The base URL of the service.
        pub fn base_url(&self) -> notify_api::BaseUrl {
            self.0.session().base_url().clone()
        }

        /// Which service it is: the one that was chosen, or the one that the base URL implies. `None` if neither says.
        pub fn service(&self) -> Option<notify_api::Service> {
            self.0.session().service()
        }

        /// How many seconds the service's clock is ahead of this machine's, if the client learnt it from a refusal.
        pub fn clock_offset_seconds(&self) -> Option<i64> {
            self.0.session().clock_offset_seconds(self.0.now())
        }
    };
}
pub(crate) use client_methods;
