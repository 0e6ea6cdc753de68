//! Follows messages until they are delivered.

use std::time::{Duration, Instant};

use notify_http::model::{NotificationId, Status};
use notify_http::{Client, GetNotification};

use crate::exit::CommandError;

/// How long to wait between two requests.
const PAUSE: Duration = Duration::from_millis(20);

/// How long a delivery may take; the sandbox needs a third of a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// The statuses in which a message was seen, each with the time since it was sent.
pub(super) type StatusHistory = Vec<(Status, Duration)>;

/// Polls all messages until each is delivered.
pub(super) async fn watch<const N: usize>(
    client: &Client,
    messages: [NotificationId; N],
) -> Result<[StatusHistory; N], CommandError> {
    let begin = Instant::now();
    let mut histories = [const { StatusHistory::new() }; N];
    loop {
        for (id, history) in messages.iter().zip(&mut histories) {
            if !is_delivered(history) {
                let status = client.send(GetNotification::new(*id)).await?.into_inner().status;
                if history.last().is_none_or(|(last, _)| *last != status) {
                    history.push((status, begin.elapsed()));
                }
            }
        }
        if histories.iter().all(is_delivered) {
            return Ok(histories);
        }
        let failed = histories.iter().flatten().find(|(status, _)| status.is_failure());
        if let Some((status, _)) = failed {
            return Err(CommandError::local(anyhow::anyhow!(
                "a message ended as {status} instead of delivered"
            )));
        }
        if begin.elapsed() > PATIENCE {
            return Err(CommandError::local(anyhow::anyhow!(
                "a message was not delivered within {PATIENCE:?}"
            )));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn is_delivered(history: &StatusHistory) -> bool {
    history.last().is_some_and(|(status, _)| *status == Status::Delivered)
}
