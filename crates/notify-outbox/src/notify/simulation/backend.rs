//! The network between a worker and the service.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use notify_http::{
    ApiKey, Call, Cause, Error, Event, Now, Policy, RawResponse, SendSms, Session, Step, Unlimited,
};

use super::service::{self, Service};
use super::world::{Process, World};
use crate::notify::engine::{self, Backend};
use crate::notify::message::Operation;
use crate::notify::reconcile::{OfflineSession, signed_for};

const KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const BASE_URL: &str = "http://localhost";

#[derive(Clone)]
pub(super) struct SimulatedBackend {
    world: World,
    process: Process,
    session: Arc<Session>,
}

impl SimulatedBackend {
    pub(super) fn new(world: World, process: Process) -> Self {
        let seed = world.below(1_000_000) as u64;
        let session = Session::builder(&ApiKey::parse(KEY).unwrap())
            .base_url(BASE_URL.parse().unwrap())
            .rate_limiter(Unlimited)
            .seed(seed)
            .build();
        Self { world, process, session }
    }

    pub(super) fn session() -> OfflineSession {
        OfflineSession::new(BASE_URL.parse().unwrap(), None)
    }

    /// The clocks of the host, as the operating system shows them.
    fn clocks(&self) -> Now {
        let service = self.world.service_time().as_secs_f64();
        Now { monotonic: self.world.elapsed(), unix: Duration::from_secs_f64(service + self.process.ahead) }
    }

    /// Carries a call to its end, as a client does.
    async fn carry(&self, call: Call) -> Result<RawResponse, Error> {
        let mut step = call.next(Event::Start, self.clocks());
        loop {
            step = match step {
                Step::Send(request, call) => {
                    // Here a process is stopped that has a token in its hand.
                    tokio::time::sleep(self.world.seconds(0.0, 0.01)).await;
                    self.process.runs().await;
                    let timeout = call.attempt_timeout(self.clocks());
                    let event = match tokio::time::timeout(timeout, self.transmit(request)).await {
                        Ok(event) => event,
                        Err(elapsed) => Event::Lost(Cause::timeout(elapsed)),
                    };
                    // And here one whose answer has come.
                    self.process.runs().await;
                    call.next(event, self.clocks())
                }
                Step::Wait(wait, call) => {
                    tokio::time::sleep(wait).await;
                    self.process.runs().await;
                    call.next(Event::Elapsed, self.clocks())
                }
                Step::Reconnect(call) => call.next(Event::Elapsed, self.clocks()),
                Step::Done(result) => return result,
            };
        }
    }

    /// One request and what becomes of it. What is on its way arrives also if nobody waits for it any more.
    async fn transmit(&self, request: http::Request<Bytes>) -> Event {
        let faults = self.process.faults;
        let iat = signed_for(&request).unwrap();
        if self.world.happens(faults.unreachable) {
            return Event::NotSent(Cause::new("refused"));
        }
        let is_lost = self.world.happens(faults.lost);
        let is_orphaned = is_lost && self.world.happens(faults.orphaned);
        let delay = if is_orphaned { self.world.seconds(0.0, 60.0) } else { self.world.seconds(0.01, 0.1) };
        if is_lost && !is_orphaned && self.world.happens(0.5) {
            // It never arrives.
            tokio::time::sleep(self.world.seconds(0.0, 40.0)).await;
            return Event::Lost(Cause::new("cut"));
        }
        let backend = self.clone();
        let arrives = tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            backend.arrives(&request, iat).await
        });
        if is_lost {
            tokio::time::sleep(self.world.seconds(0.0, 1.0)).await;
            return Event::Lost(Cause::new("cut"));
        }
        Event::Response(arrives.await.unwrap())
    }

    /// What the service does with a request that reached it.
    async fn arrives(&self, request: &http::Request<Bytes>, iat: u64) -> Response<Bytes> {
        let faults = self.process.faults;
        let world = &self.world;
        if world.happens(faults.error / 4.0) {
            return service::gateway();
        }
        if !Service::believes(iat, world.service_time()) {
            return service::clock_refusal(world.service_time());
        }
        let late =
            if world.happens(faults.late) { world.seconds(0.0, 29.5) } else { world.seconds(0.01, 0.2) };
        if request.method() == http::Method::GET {
            world.looked_up();
            if world.happens(faults.error) {
                return service::error(500, "Exception", "Internal server error", world.service_time());
            }
            let reference = reference_of(request.uri().query().unwrap());
            return world.with_service(|service| service.page(&reference, world.service_time()));
        }
        world.posted();
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        let reference = body["reference"].as_str().unwrap();
        if world.happens(faults.error / 4.0) {
            let message = "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds";
            return service::error(429, "RateLimitError", message, world.service_time());
        }
        tokio::time::sleep(late).await;
        let fails = world.happens(faults.error);
        if !fails || world.happens(0.3) {
            world.with_service(|service| service.commit(reference));
        }
        if fails {
            if world.happens(0.3) {
                tokio::time::sleep(world.seconds(0.0, 0.4)).await;
                world.with_service(|service| service.take_back(reference));
            }
            return service::error(500, "Exception", "Internal server error", world.service_time());
        }
        service::created(reference, world.service_time())
    }
}

fn reference_of(query: &str) -> String {
    let reference = query.split('&').find_map(|pair| pair.strip_prefix("reference="));
    reference.unwrap().to_owned()
}

impl Backend for SimulatedBackend {
    fn moment(&self) -> Now {
        let now = self.clocks();
        engine::at_service(now, self.session.clock_offset_seconds(now))
    }

    async fn send(&self, operation: Operation, policy: Policy, leave_by: u64) -> Result<String, Error> {
        // Here a process is stopped that has not minted its token.
        tokio::time::sleep(self.world.seconds(0.0, 1.0)).await;
        self.process.runs().await;
        let call = operation.call(&self.session, self.clocks())?.policy(policy).leave_by(leave_by);
        let answer = self.carry(call).await?.decode::<SendSms>()?;
        Ok(answer.id.to_string())
    }

    async fn list(&self, operation: &Operation, policy: Policy) -> Option<Response<Bytes>> {
        self.process.runs().await;
        let call = Call::new(&self.session, &operation.list(), self.clocks()).ok()?.policy(policy);
        let raw = self.carry(call).await.ok()?;
        let mut page = Response::new(raw.body().clone());
        *page.status_mut() = raw.status();
        page.headers_mut().clone_from(raw.headers());
        Some(page)
    }
}
