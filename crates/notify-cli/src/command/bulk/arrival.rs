//! `--wait`: following messages until each is final.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

use notify_http::model::{NotificationId, Status};
use notify_http::{Client, GetNotification};
use notify_outbox::{SqliteStore, State};
use tokio::task::JoinSet;

use super::super::wait::{SAVED_WITHIN, fails};
use super::journal::Tag;
use crate::exit::{self, CommandError};
use crate::interrupt::Interrupt;
use crate::output::style::FAINT;

/// How many messages are polled at once.
const AT_ONCE: usize = 16;
/// How long to wait between two rounds, at first and at most.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What became of the messages of each line.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// The latest status of each.
    statuses: BTreeMap<u64, Status>,
    /// How many are not final yet.
    pub(super) open: u64,
    /// How many the service does not know.
    pub(super) unknown: u64,
    /// Why nothing more can be learnt, if it is so.
    pub(super) failure: Option<CommandError>,
}

impl Arrivals {
    /// The latest status of the message of a line, if it was followed.
    pub(super) fn of_line(&self, line: u64) -> Option<&Status> {
        self.statuses.get(&line)
    }

    /// How many have failed for good.
    pub(super) fn failed(&self) -> u64 {
        self.statuses.values().filter(|status| fails(status)).count() as u64
    }

    fn say(&self) {
        // With JSON, the first line of stderr is the error, for a script to read.
        if exit::is_json() {
            return;
        }
        let over = self.statuses.len() as u64;
        let (all, failed, unknown) = (over + self.open + self.unknown, self.failed(), self.unknown);
        let failed = if failed == 0 { String::new() } else { format!(", {failed} of them failed") };
        let unknown = if unknown == 0 { String::new() } else { format!(", {unknown} are unknown") };
        // If stderr is closed, nobody wants to read this.
        let _ =
            writeln!(anstream::stderr().lock(), "{FAINT}{over} of {all} are final{failed}{unknown}{FAINT:#}");
    }
}

/// Follows every message that was sent, until each is final, the user interrupts, or asking again would not help.
pub(super) async fn follow(client: &Client, store: &SqliteStore) -> Result<Arrivals, CommandError> {
    let mut interrupt = Interrupt::listen().map_err(CommandError::local)?;
    let mut open: Vec<(u64, NotificationId)> = Vec::new();
    store.for_each::<CommandError>(|entry| {
        if let (State::Sent { id }, Some(tag)) = (&entry.row.state, Tag::from_bytes(entry.tag))
            && let Ok(id) = id.parse()
        {
            open.push((tag.line, id));
        }
        Ok(())
    })?;
    let mut arrivals = Arrivals { open: open.len() as u64, ..Arrivals::default() };
    let mut pause = FIRST_PAUSE;
    // A service may save a message some time after it took it.
    let saved = Instant::now() + SAVED_WITHIN;
    while !open.is_empty() {
        let ended = tokio::select! {
            ended = round(client, &open, Instant::now() > saved, &mut arrivals) => Some(ended),
            () = interrupt.next() => None,
        };
        match ended {
            None => break,
            Some(Ok(still_open)) => open = still_open,
            Some(Err(failure)) => {
                arrivals.failure = Some(failure);
                break;
            }
        }
        arrivals.open = open.len() as u64;
        arrivals.say();
        if open.is_empty() {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = interrupt.next() => break,
        }
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
    Ok(arrivals)
}

/// Polls each message once, and returns those that are not final. Fails if something concerns them all.
async fn round(
    client: &Client,
    open: &[(u64, NotificationId)],
    are_saved: bool,
    arrivals: &mut Arrivals,
) -> Result<Vec<(u64, NotificationId)>, CommandError> {
    let (mut calls, mut left) = (JoinSet::new(), Vec::new());
    let mut next = open.iter().copied();
    loop {
        while calls.len() < AT_ONCE
            && let Some((line, id)) = next.next()
        {
            let client = client.clone();
            calls.spawn(async move { (line, id, client.send(GetNotification::new(id)).await) });
        }
        let Some(ended) = calls.join_next().await else { return Ok(left) };
        let (line, id, answer) = ended.map_err(CommandError::local)?;
        match answer {
            Ok(answer) if answer.status.is_final() || fails(&answer.status) => {
                arrivals.statuses.insert(line, answer.into_inner().status);
            }
            Err(error) if error.is_not_found() && are_saved => arrivals.unknown += 1,
            Err(error) if !error.is_not_found() && !error.is_retryable() => return Err(error.into()),
            // What cannot be read now is polled again.
            _ => left.push((line, id)),
        }
    }
}
