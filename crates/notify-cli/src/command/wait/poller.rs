//! Polls the service until each message is final.

use std::time::{Duration, Instant};

use notify_http::model::{Notification, NotificationId};
use notify_http::{ApiResponse, Error, GetNotification};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use super::SAVED_WITHIN;
use super::message::PolledMessage;
use super::reporter::Reporter;
use crate::exit::CommandError;
use crate::service::Service;

/// The pauses between two rounds: the first, the factor by which each grows, and the longest.
const FIRST: Duration = Duration::from_secs(1);
const GROWTH: f64 = 1.5;
const LONGEST: Duration = Duration::from_secs(30);

/// How many requests run at once.
const AT_ONCE: usize = 8;

/// How long a request may take: at least, however little time is left, and at most.
const SHORTEST_CALL: Duration = Duration::from_secs(5);
const LONGEST_CALL: Duration = Duration::from_secs(30);

/// The part of the service's rate that polling may use, as a divisor. The rest is for those who send.
const SHARE: u32 = 2;

/// Messages on their way, polled in rounds.
pub(super) struct Poller<'s> {
    service: &'s Service,
    messages: Vec<PolledMessage>,
    began: Instant,
    within: Duration,
    /// How long a message may be unknown.
    unknown_for: Duration,
    /// Keeps the requests apart.
    pace: Interval,
    /// Whether the service has answered at all.
    is_reached: bool,
}

type Answer = (usize, Result<ApiResponse<Notification>, Error>);

impl<'s> Poller<'s> {
    pub(super) fn new(service: &'s Service, ids: Vec<NotificationId>, within: Duration) -> Self {
        let facts = service.facts();
        let mut pace = interval(Duration::from_secs(60) * SHARE / facts.messages_per_minute());
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            service,
            messages: ids.into_iter().map(PolledMessage::new).collect(),
            began: Instant::now(),
            within,
            // A service that can prove a message absent has saved it before it answers.
            unknown_for: if facts.proves_absence() { Duration::ZERO } else { SAVED_WITHIN },
            pace,
            is_reached: false,
        }
    }

    pub(super) fn into_messages(self) -> Vec<PolledMessage> {
        self.messages
    }

    /// Follows all messages until each is final, or the time is up. Fails if something concerns them all.
    pub(super) async fn until_over(&mut self, reporter: &mut Reporter) -> Result<(), CommandError> {
        let mut pause = FIRST;
        loop {
            // The last round comes when the time is up.
            let is_last = self.remaining().is_zero();
            self.round(reporter).await?;
            if is_last || self.messages.iter().all(PolledMessage::is_over) {
                return Ok(());
            }
            sleep(pause.min(self.remaining())).await;
            pause = pause.mul_f64(GROWTH).min(LONGEST);
        }
    }

    /// Polls each message that is not final once.
    async fn round(&mut self, reporter: &mut Reporter) -> Result<(), CommandError> {
        let open: Vec<usize> = (0..self.messages.len()).filter(|at| !self.messages[*at].is_over()).collect();
        let mut asked = JoinSet::new();
        for at in open {
            while asked.len() >= AT_ONCE {
                self.take(&mut asked, reporter).await?;
            }
            self.pace.tick().await;
            let (id, patience) =
                (self.messages[at].id(), self.remaining().clamp(SHORTEST_CALL, LONGEST_CALL));
            let client = self.service.client().timeout(patience);
            asked.spawn(async move { (at, client.send(GetNotification::new(id)).await) });
        }
        while !asked.is_empty() {
            self.take(&mut asked, reporter).await?;
        }
        Ok(())
    }

    /// Takes the next answer.
    async fn take(
        &mut self,
        asked: &mut JoinSet<Answer>,
        reporter: &mut Reporter,
    ) -> Result<(), CommandError> {
        let Some(answer) = asked.join_next().await else { return Ok(()) };
        let (at, answer) = answer.map_err(CommandError::local)?;
        let message = &mut self.messages[at];
        match answer {
            Ok(answer) => {
                self.is_reached = true;
                if message.answered(answer) {
                    reporter.status(message)?;
                }
            }
            // Only this one message is unknown.
            Err(error) if error.is_not_found() => {
                self.is_reached = true;
                if self.began.elapsed() >= self.unknown_for {
                    reporter.refusal(message.id());
                    message.refused(CommandError::from(error));
                }
            }
            // After one answer, an outage may be temporary.
            Err(error) if self.is_reached && error.is_retryable() => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn remaining(&self) -> Duration {
        self.within.saturating_sub(self.began.elapsed())
    }
}
