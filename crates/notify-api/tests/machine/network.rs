//! Tasks that send as fast as they can, over a network that takes its time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use notify_api::{Call, Event, Priority, SendSms, Session, Step};

use crate::service::{self, Limiter};
use crate::{TEMPLATE, now, seconds};

/// The results of one task's messages.
#[derive(Default, Clone)]
pub(crate) struct Tally {
    pub(crate) done: usize,
    pub(crate) failed: usize,
    /// How long each message took, in the order in which they were done.
    pub(crate) took: Vec<Duration>,
}

/// What a task does once its time has come.
enum NextStep {
    Begin,
    Wake(Call),
    Arrive(Call),
    Receive(Call, http::Response<Bytes>),
}

struct Task {
    session: Arc<Session>,
    priority: Priority,
    think: Duration,
    then: Option<NextStep>,
    began: Duration,
    tally: Tally,
}

pub(crate) struct Network {
    limiter: Box<dyn Limiter>,
    pub(crate) limit: u32,
    pub(crate) refused: usize,
    pub(crate) accepted: usize,
    /// When each message came to the service, and whether it was accepted.
    pub(crate) arrivals: Vec<(Duration, bool)>,
    tasks: Vec<Task>,
    queue: BinaryHeap<Reverse<(Duration, usize)>>,
    rng: Rng,
}

impl Network {
    pub(crate) fn new(limiter: impl Limiter + 'static, limit: u32) -> Self {
        let limiter = Box::new(limiter);
        let (tasks, queue) = (Vec::new(), BinaryHeap::new());
        Self {
            limiter,
            limit,
            refused: 0,
            accepted: 0,
            arrivals: Vec::new(),
            tasks,
            queue,
            rng: Rng::with_seed(8),
        }
    }

    /// Adds a task that sends one message after another, with a pause of `think` between them.
    pub(crate) fn task(&mut self, session: &Arc<Session>, priority: Priority, think: Duration) -> usize {
        let task = self.tasks.len();
        self.queue.push(Reverse((Duration::ZERO, task)));
        let session = Arc::clone(session);
        let then = Some(NextStep::Begin);
        self.tasks.push(Task {
            session,
            priority,
            think,
            then,
            began: Duration::ZERO,
            tally: Tally::default(),
        });
        task
    }

    pub(crate) fn run(&mut self, until: Duration) {
        while let Some(&Reverse((at, task))) = self.queue.peek() {
            if at > until {
                break;
            }
            self.queue.pop();
            self.act(task, at);
        }
    }

    pub(crate) fn tally(&self, task: usize) -> &Tally {
        &self.tasks[task].tally
    }

    /// 40 ms there and 40 ms back, each give or take 20.
    fn latency(&mut self) -> Duration {
        seconds(0.02 + 0.04 * self.rng.f64())
    }

    fn act(&mut self, index: usize, at: Duration) {
        let task = &mut self.tasks[index];
        let step = match task.then.take().unwrap() {
            NextStep::Begin => {
                task.began = at;
                let message = SendSms::new(TEMPLATE.parse().unwrap(), "+447900900123").reference("r");
                let call = Call::new(&task.session, &message, now(at)).unwrap().priority(task.priority);
                call.next(Event::Start, now(at))
            }
            NextStep::Wake(call) => call.next(Event::Elapsed, now(at)),
            NextStep::Arrive(call) => {
                let is_accepted = self.limiter.accepts(at);
                self.arrivals.push((at, is_accepted));
                let response = if is_accepted {
                    self.accepted += 1;
                    service::created(Some("r"))
                } else {
                    self.refused += 1;
                    service::rate_limited(self.limit)
                };
                return self.later(index, at, NextStep::Receive(call, response));
            }
            NextStep::Receive(call, response) => call.next(Event::Response(response), now(at)),
        };
        match step {
            Step::Send(_, call) => self.later(index, at, NextStep::Arrive(call)),
            Step::Wait(wait, call) => {
                let asleep = wait.min(call.longest_sleep());
                self.tasks[index].then = Some(NextStep::Wake(call));
                self.queue.push(Reverse((at + asleep, index)));
            }
            Step::Reconnect(_) => panic!("every answer is about its message"),
            Step::Done(result) => {
                let task = &mut self.tasks[index];
                match result {
                    Ok(_) => task.tally.done += 1,
                    Err(_) => task.tally.failed += 1,
                }
                task.tally.took.push(at.saturating_sub(task.began));
                task.then = Some(NextStep::Begin);
                self.queue.push(Reverse((at + task.think, index)));
            }
        }
    }

    fn later(&mut self, index: usize, at: Duration, then: NextStep) {
        let at = at + self.latency();
        self.tasks[index].then = Some(then);
        self.queue.push(Reverse((at, index)));
    }
}
