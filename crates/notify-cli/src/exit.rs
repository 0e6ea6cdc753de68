//! How the program ends when it could not do what was asked.

mod report;
mod status;

use std::fmt::Display;
use std::io;

pub(crate) use status::ExitStatus;

/// Why a command ended early: an exit status, and what to print on stderr.
#[derive(Debug)]
pub(crate) struct CommandError {
    status: ExitStatus,
    said: Said,
}

#[derive(Debug)]
enum Said {
    /// Nothing to print: the reader closed stdout, or everything has been said.
    Nothing,
    /// Help, the version or a mistake in the arguments, in clap's words.
    ByClap(clap::Error),
    /// An error with its sources, and what to do about it.
    Error { error: anyhow::Error, help: Option<String>, trace_id: Option<String> },
}

impl CommandError {
    pub(crate) fn new(status: ExitStatus, error: impl Into<anyhow::Error>) -> Self {
        Self { status, said: Said::Error { error: error.into(), help: None, trace_id: None } }
    }

    /// The arguments are wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitStatus::Usage, anyhow::Error::msg(message.into()))
    }

    /// The key, the base URL or a settings file cannot be used.
    pub(crate) fn setup(error: impl Into<anyhow::Error>) -> Self {
        Self::new(ExitStatus::Setup, error)
    }

    /// Something went wrong on this machine.
    pub(crate) fn local(error: impl Into<anyhow::Error>) -> Self {
        Self::new(ExitStatus::LocalError, error)
    }

    pub(crate) fn status(&self) -> ExitStatus {
        self.status
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        if let Said::Error { help, .. } = &mut self.said {
            *help = Some(text.into());
        }
        self
    }

    /// The same error after the service took a message, which therefore must not be sent again.
    pub(crate) fn after_sending(mut self, id: impl Display, options: &str) -> Self {
        if let Said::Error { error, help, .. } = &mut self.said {
            let sentence = format!("the message may have been sent: the service took it as {id}");
            *error = std::mem::replace(error, anyhow::Error::msg("")).context(sentence);
            *help = Some(format!("do not send it again; `notify get {id}{options}` shows it"));
            self.status = ExitStatus::InDoubt;
        }
        self
    }

    /// The answer cannot be written. A reader that has read enough, such as `head`, is not an error.
    pub(crate) fn from_output(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { status: ExitStatus::Done, said: Said::Nothing };
        }
        Self::local(anyhow::Error::new(error).context("the answer cannot be written"))
    }
}

impl From<clap::Error> for CommandError {
    fn from(error: clap::Error) -> Self {
        let status = if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Done };
        Self { status, said: Said::ByClap(error) }
    }
}

impl From<notify_http::Error> for CommandError {
    fn from(error: notify_http::Error) -> Self {
        let status = ExitStatus::of(&error);
        let help = error.remedy();
        let trace_id = error.trace_id().map(str::to_owned);
        Self { status, said: Said::Error { error: error.into(), help, trace_id } }
    }
}
