//! The wish of a user or a supervisor that the program end.

use std::io;

/// Ctrl-C, a polite kill, or the end of the terminal, from the moment that it is made.
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
    /// Not where `nohup` has it ignored.
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

#[cfg(unix)]
impl Interrupt {
    /// Listens from now on; a signal no longer ends the program by itself.
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            hangup: (!ignores_hangup()).then(|| signal(SignalKind::hangup())).transpose()?,
            signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?],
        })
    }

    /// Waits for the first one.
    pub(crate) async fn wait(self) {
        let [mut interrupt, mut terminate] = self.signals;
        let mut hangup = self.hangup;
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hung_up => {}
        }
    }
}

/// Whether whoever started the program has it ignore the end of its terminal. Known on Linux alone, where the first of
/// the ignored signals in a process's status is that one.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).is_ok_and(|mask| mask & 1 == 1))
}

#[cfg(windows)]
impl Interrupt {
    /// Listens from now on; a signal no longer ends the program by itself.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { ctrl_c: tokio::signal::windows::ctrl_c()? })
    }

    pub(crate) async fn wait(mut self) {
        self.ctrl_c.recv().await;
    }
}
