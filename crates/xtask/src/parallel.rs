//! The same work for several things at once.

use std::thread;

use anyhow::{Result, anyhow};
use xshell::Shell;

/// Runs `work` on all things at the same time, and returns the first error once all have ended.
pub(crate) fn for_each<T: Copy + Send>(
    shell: &Shell,
    things: &[T],
    work: impl Fn(&Shell, T) -> Result<()> + Sync,
) -> Result<()> {
    let work = &work;
    thread::scope(|scope| {
        let runs: Vec<_> = things
            .iter()
            .map(|&thing| {
                let shell = shell.clone();
                scope.spawn(move || work(&shell, thing))
            })
            .collect();
        runs.into_iter().try_for_each(|run| run.join().map_err(|_| anyhow!("a run panicked"))?)
    })
}
