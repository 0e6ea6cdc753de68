//! Whether this thread may be blocked.

use std::task::{Context, Poll, Waker};

use tokio::runtime::Handle;
use tokio::task::coop;

/// A blocking client was called from async code, whose thread it would have blocked; nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the blocking client was called from async code: use the async Client there, or tokio::task::spawn_blocking"
)]
#[non_exhaustive]
pub struct InsideRuntime;

/// More steps than a task may make before it must yield; tokio counts them in a byte.
const MORE_THAN_A_TASK_MAY: usize = 256;

/// Returns the error if this thread is running a task.
///
/// A thread of `spawn_blocking` belongs to a runtime too, yet may be blocked, so checking for a runtime is not enough.
/// The difference is that a task has a finite budget of steps, and a thread that may block has none. This function
/// uses up the budget to find out, then gives the steps back. (A task that opted out of tokio's budget goes
/// undetected: its thread is blocked, but nothing worse happens.)
pub(super) fn refuse_inside() -> Result<(), InsideRuntime> {
    if Handle::try_current().is_err() {
        return Ok(());
    }
    let mut context = Context::from_waker(Waker::noop());
    let mut steps = Vec::with_capacity(MORE_THAN_A_TASK_MAY);
    let mut has_budget = false;
    for _ in 0..MORE_THAN_A_TASK_MAY {
        match coop::poll_proceed(&mut context) {
            Poll::Ready(step) => steps.push(step),
            Poll::Pending => {
                has_budget = true;
                break;
            }
        }
    }
    // Each step restores the budget that it found, so the first one must be dropped last.
    while steps.pop().is_some() {}
    if has_budget { Err(InsideRuntime) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_is_noticed_and_its_budget_left_alone() {
        let left = || {
            let mut context = Context::from_waker(Waker::noop());
            let mut steps = Vec::new();
            while let Poll::Ready(step) = coop::poll_proceed(&mut context) {
                steps.push(step);
            }
            let count = steps.len();
            while steps.pop().is_some() {}
            count
        };
        let before = left();
        assert_eq!(refuse_inside(), Err(InsideRuntime));
        assert_eq!(left(), before);
        assert_eq!(tokio::spawn(async { refuse_inside() }).await.unwrap(), Err(InsideRuntime));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn threads_that_may_block_may_block() {
        assert_eq!(tokio::task::spawn_blocking(refuse_inside).await.unwrap(), Ok(()));
        assert_eq!(tokio::task::block_in_place(refuse_inside), Ok(()));
        assert_eq!(std::thread::spawn(refuse_inside).join().unwrap(), Ok(()));
    }
}
