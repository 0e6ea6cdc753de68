//! A service that commits, drops, hangs and lies, and a machine that sleeps and whose clock is set while it sends to it.

mod answer;
mod fault;
mod outcome;

use std::time::Duration;

use fastrand::Rng;
use http::Method;
use notify_api::{
    ApiKey, Call, Endpoint, Event, Now, Policy, RawResponse, Service, Session, Step, Unlimited,
};
use serde_json::Value;

use answer::text_of;
pub(crate) use fault::Fault;
pub(crate) use outcome::Outcome;

use crate::{KEY, START, seconds};

/// The service commits a message within this time after the request arrived, or not at all.
const SERVICE_LIMIT: f64 = 30.0;

/// What the service, or a proxy, says of the time in an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Date {
    True,
    Missing,
    /// It is wrong by this many seconds.
    Lie(i64),
}

/// A message that the service keeps: since when it lists it, and as it lists it.
#[derive(Debug)]
struct Kept {
    listed: Duration,
    created: Duration,
    message: Value,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) base_url: &'static str,
    pub(crate) date: Date,
    /// Which service it is, where the base URL does not tell.
    pub(crate) service: Option<Service>,
    /// How long after it took a message the service lists it.
    pub(crate) listing_delay: Duration,
    /// From this time on, the machine's clock is this many seconds ahead.
    pub(crate) clock_steps: Vec<(Duration, f64)>,
    /// By how many seconds the clocks of the service's machines are apart at most.
    pub(crate) machines_apart: f64,
    /// Whether the machine sleeps, or the process is stopped, at random points.
    pub(crate) naps: bool,
    /// After the answer to the first message the machine sleeps so long.
    pub(crate) sleeps_after_first: Duration,
    kept: Vec<Kept>,
    rng: Rng,
    /// The true time, and how much of it the machine's monotonic clock has missed.
    at: Duration,
    slept: Duration,
}

/// When the call begins, by the machine's monotonic clock.
const BEGIN: Duration = Duration::from_secs(1_000);

impl World {
    pub(crate) fn new() -> Self {
        Self {
            base_url: "https://api.notifications.service.gov.uk",
            date: Date::True,
            service: None,
            listing_delay: Duration::ZERO,
            clock_steps: Vec::new(),
            machines_apart: 0.0,
            naps: false,
            sleeps_after_first: Duration::ZERO,
            kept: Vec::new(),
            rng: Rng::with_seed(7),
            at: BEGIN,
            slept: Duration::ZERO,
        }
    }

    /// A service whose machines' clocks are apart, which may hold a message to somebody else under the reference, and
    /// before which a proxy may lie about the time; and a machine that may sleep, and whose clock may be wrong and may
    /// be set.
    pub(crate) fn any(rng: &mut Rng) -> Self {
        let mut world = Self { machines_apart: 4.0, rng: rng.fork(), ..Self::new() };
        world.naps = rng.u8(0..3) == 0;
        if rng.u8(0..8) == 0 {
            world.hold_a_message("+447900900124", seconds(rng.f64() * 600.0));
        }
        match rng.u8(0..6) {
            0 => world.date = Date::Missing,
            1 => {
                let lies = [-2_000_000_000, -86_400, -50, -9, 10, 50, 7_200, 4_000_000_000];
                world.date = Date::Lie(*rng.choice(&lies).unwrap());
            }
            _ => {}
        }
        match rng.u8(0..4) {
            0 => {
                let step = |rng: &mut Rng| (seconds(rng.f64() * 100.0), (rng.f64() - 0.5) * 20_000.0);
                world.clock_steps = vec![(Duration::ZERO, step(rng).1), step(rng), step(rng)];
                world.clock_steps.sort_by_key(|(at, _)| *at);
            }
            // As wrong as the service puts up with.
            1 => world.clock_steps = vec![(Duration::ZERO, (rng.f64() - 0.5) * 56.0)],
            2 => world.clock_steps = vec![(Duration::ZERO, (rng.f64() - 0.5) * 8.0)],
            _ => {}
        }
        world
    }

    /// Holds a message of the same reference to this number, created so long before the call.
    pub(crate) fn hold_a_message(&mut self, recipient: &str, age: Duration) {
        let created = BEGIN.checked_sub(age).unwrap_or_default();
        self.kept.push(Kept { listed: created, created, message: text_of("mine", recipient) });
    }

    /// Sends one message through `faults`, one for each request.
    pub(crate) fn send<E: Endpoint>(
        &mut self,
        endpoint: &E,
        policy: Policy,
        mut faults: impl FnMut() -> Fault,
    ) -> Outcome {
        let key = ApiKey::parse(KEY).unwrap();
        let mut session = Session::builder(&key).policy(policy).rate_limiter(Unlimited);
        session = match self.service {
            Some(service) => session.service(service),
            None => session.base_url(self.base_url.parse().unwrap()),
        };
        let session = session.build();
        let kept = self.kept.len();
        let (mut posts, mut lookups, mut reconnects) = (0, 0, 0);
        let mut last_minted = Duration::ZERO;
        (self.at, self.slept) = (BEGIN, Duration::ZERO);
        let mut has_napped = false;
        let mut step = Call::new(&session, endpoint, self.now()).unwrap().next(Event::Start, self.now());
        let result = loop {
            step = match step {
                Step::Send(request, call) => {
                    last_minted = self.at.saturating_sub(BEGIN);
                    let limit = call.attempt_timeout(self.now());
                    *(if request.method() == Method::POST { &mut posts } else { &mut lookups }) += 1;
                    // Stopped after the token was minted, and before a byte was written.
                    has_napped |= self.nap();
                    let (event, after) = self.carry(&request, faults(), limit);
                    self.at += after;
                    if posts + lookups == 1 {
                        self.at += self.sleeps_after_first;
                        self.slept += self.sleeps_after_first;
                        has_napped |= !self.sleeps_after_first.is_zero();
                    }
                    has_napped |= self.nap();
                    call.next(event, self.now())
                }
                Step::Wait(wait, call) => {
                    self.at += wait;
                    has_napped |= self.nap();
                    call.next(Event::Elapsed, self.now())
                }
                Step::Reconnect(call) => {
                    reconnects += 1;
                    call.next(Event::Elapsed, self.now())
                }
                Step::Done(result) => break result,
            }
        };
        let result = result.map(|raw| reference_in(&raw));
        Outcome {
            result,
            taken: self.kept.len() - kept,
            posts,
            lookups,
            reconnects,
            took: self.at.saturating_sub(BEGIN),
            last_minted,
            has_napped,
            is_misled: self.clock_steps.len() > 1,
            policy,
        }
    }

    /// Perhaps the machine sleeps, when its monotonic clock stands still, or the process is stopped, when it goes on.
    fn nap(&mut self) -> bool {
        if !self.naps || self.rng.u8(0..5) != 0 {
            return false;
        }
        let longest = *self.rng.choice(&[10.0, 40.0, 100.0, 30_000.0]).unwrap();
        let nap = seconds(self.rng.f64() * longest);
        self.at += nap;
        if self.rng.bool() {
            self.slept += nap;
        }
        true
    }

    fn now(&self) -> Now {
        let since = self.at.saturating_sub(BEGIN);
        let step = self.clock_steps.iter().rfind(|(at, _)| *at <= since);
        let unix = (START + self.at).as_secs_f64() + step.map_or(0.0, |(_, off)| *off);
        Now { monotonic: self.at.saturating_sub(self.slept), unix: seconds(unix) }
    }
}

/// The reference in an answer, whether it came at once or was found.
fn reference_in(raw: &RawResponse) -> String {
    let body: Value = serde_json::from_slice(raw.body()).unwrap();
    body["reference"].as_str().unwrap_or_default().to_owned()
}
