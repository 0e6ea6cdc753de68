//! What became of a send, and what must hold of it.

use std::time::Duration;

use notify_api::{Error, Policy};

use crate::seconds;

/// What became of one send.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The reference of the message that was reported sent.
    pub(crate) result: Result<String, Error>,
    pub(crate) taken: usize,
    pub(crate) posts: usize,
    pub(crate) lookups: usize,
    /// How often the connections had to be closed.
    pub(crate) reconnects: usize,
    pub(crate) took: Duration,
    /// When, since the call began, the latest token was minted.
    pub(crate) last_minted: Duration,
    pub(super) has_napped: bool,
    /// Whether the machine's clock was set in the middle, so that it may not notice that it slept, or may believe so.
    pub(super) is_misled: bool,
    pub(super) policy: Policy,
}

/// What was reported of one send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reported {
    Sent,
    NotSent,
    Unclear,
}

impl Outcome {
    /// What was reported, if it is true and within the bounds.
    pub(crate) fn check(&self) -> Result<Reported, String> {
        let outcome = match &self.result {
            Ok(_) => Reported::Sent,
            Err(error) if error.may_have_been_sent() => Reported::Unclear,
            Err(_) => Reported::NotSent,
        };
        let requirement =
            |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {self:?}")) };
        requirement(self.taken <= 1, "sent twice")?;
        requirement(outcome != Reported::Sent || self.taken == 1, "reported sent and was not")?;
        requirement(outcome != Reported::NotSent || self.taken == 0, "reported not sent and was")?;
        let timeout = self.policy.timeout_duration() + seconds(0.1);
        requirement(self.is_misled || self.last_minted <= timeout, "a token after the deadline")?;
        requirement(self.has_napped || self.is_misled || self.took <= timeout, "past the deadline")?;
        // The one that teaches the clock comes on top.
        let posts = usize::try_from(self.policy.attempt_count()).unwrap() + 1;
        requirement(self.posts <= posts, "more attempts than allowed")?;
        if let Err(error) = &self.result {
            let shown = format!("{error} {error:?}");
            requirement(!shown.contains("mine") && !shown.contains("7900900"), "shows personal data")?;
        }
        Ok(outcome)
    }
}
