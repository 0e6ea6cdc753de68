//! How the program ends when it could not do what was asked.

mod call;
mod form;
mod report;
mod status;
mod system;

use std::fmt::Display;
use std::io;

use notify_http::ErrorKind;

use call::{Call, InWords};
pub(crate) use form::{is_json, set_json};
use notify_outbox::{StoreError, WorkerError};

pub(crate) use status::ExitStatus;

/// Why a command ended early: an exit status, and what to print on stderr.
#[derive(Debug)]
pub(crate) struct CommandError {
    status: ExitStatus,
    message: Message,
}

#[derive(Debug)]
enum Message {
    /// Nothing to print: the reader closed stdout, or everything has been said.
    Nothing,
    /// Help, the version or a mistake in the arguments, in clap's words.
    ByClap(clap::Error),
    /// An error with its sources, and what to do about it.
    Error(Box<Details>),
}

#[derive(Debug)]
struct Details {
    error: anyhow::Error,
    help: Option<String>,
    call: Option<Call>,
    /// The id of a message that the service certainly took.
    taken: Option<String>,
}

impl Details {
    /// What to do about it: what the command says, or what is known of such an error of the system.
    fn help(&self) -> Option<&str> {
        self.help.as_deref().or_else(|| system::remedy(&self.error).filter(|_| self.call.is_none()))
    }
}

impl CommandError {
    pub(crate) fn new(status: ExitStatus, error: impl Into<anyhow::Error>) -> Self {
        let details = Details { error: error.into(), help: None, call: None, taken: None };
        Self { status, message: Message::Error(Box::new(details)) }
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

    /// What was compared differs, which the answer on stdout shows.
    pub(crate) fn differs() -> Self {
        Self { status: ExitStatus::LocalError, message: Message::Nothing }
    }

    pub(crate) fn status(&self) -> ExitStatus {
        self.status
    }

    /// Whether the error or one of its causes has these words.
    pub(crate) fn says(&self, words: &str) -> bool {
        match &self.message {
            Message::Error(details) => details.error.chain().any(|cause| cause.to_string().contains(words)),
            Message::Nothing | Message::ByClap(_) => false,
        }
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        if let Message::Error(details) = &mut self.message {
            details.help = Some(text.into());
        }
        self
    }

    /// The same with another exit status, if the command knows better what the failure means.
    pub(crate) fn with_status(mut self, status: ExitStatus) -> Self {
        self.status = status;
        self
    }

    /// The kind of the failed call; `None` if no call failed.
    pub(crate) fn kind(&self) -> Option<ErrorKind> {
        match &self.message {
            Message::Error(details) => details.call.as_ref().map(|call| call.kind),
            Message::Nothing | Message::ByClap(_) => None,
        }
    }

    /// The same failure after the service took a message, which therefore must not be sent again.
    pub(crate) fn after_sending(mut self, id: impl Display, options: &str) -> Self {
        if let Message::Error(details) = &mut self.message {
            let sentence = format!("the message may have been sent: the service took it as {id}");
            details.error = std::mem::replace(&mut details.error, anyhow::Error::msg("")).context(sentence);
            details.help = Some(format!("do not send it again; `notify get {id}{options}` shows it"));
            details.taken = Some(id.to_string());
            self.status = ExitStatus::InDoubt;
        }
        self
    }

    /// The answer cannot be written. A reader that has read enough, such as `head`, is not an error.
    pub(crate) fn from_output(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { status: ExitStatus::Done, message: Message::Nothing };
        }
        let is_full = error.kind() == io::ErrorKind::StorageFull;
        let failure = Self::local(anyhow::Error::new(error).context("the answer cannot be written"));
        if is_full {
            failure.help("make room where stdout goes, and run the same command again")
        } else {
            failure
        }
    }
}

impl From<clap::Error> for CommandError {
    fn from(error: clap::Error) -> Self {
        let status = if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Done };
        Self { status, message: Message::ByClap(error) }
    }
}

impl From<WorkerError> for CommandError {
    fn from(error: WorkerError) -> Self {
        Self::of_store(error.store_error().is_full(), error)
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::of_store(error.is_full(), error)
    }
}

impl CommandError {
    /// Data that a command depends on cannot be read or written.
    fn of_store(is_full: bool, error: impl Into<anyhow::Error>) -> Self {
        let error = Self::local(error);
        if is_full {
            error.help("make room, and run the same command again: nothing is sent twice")
        } else {
            error
        }
    }
}

impl From<notify_http::Error> for CommandError {
    fn from(error: notify_http::Error) -> Self {
        let status = ExitStatus::of(&error);
        let details = Details {
            help: error.remedy(),
            call: Some(Call::of(&error)),
            taken: None,
            error: InWords(error).into(),
        };
        Self { status, message: Message::Error(Box::new(details)) }
    }
}
