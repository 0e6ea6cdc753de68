//! The exit statuses: an interface, with one sentence for each.

use std::process::ExitCode;

/// How a command ended, as scripts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitStatus {
    Done = 0,
    LocalError = 1,
    Usage = 2,
    Setup = 3,
    Refused = 4,
    Limited = 5,
    Unreached = 6,
    InDoubt = 7,
    Unanswered = 8,
    Failed = 9,
    Unfinished = 10,
}

impl ExitStatus {
    const ALL: [Self; 11] = [
        Self::Done,
        Self::LocalError,
        Self::Usage,
        Self::Setup,
        Self::Refused,
        Self::Limited,
        Self::Unreached,
        Self::InDoubt,
        Self::Unanswered,
        Self::Failed,
        Self::Unfinished,
    ];

    /// The meaning of the status, and what to do.
    const fn sentences(self) -> [&'static str; 2] {
        match self {
            Self::Done => ["Everything was done.", ""],
            Self::LocalError => [
                "Something went wrong on this machine, such as a full disk; nothing was sent. Or: what `templates diff` compared differs.",
                "Put it right, and run the same command again.",
            ],
            Self::Usage => ["The arguments are wrong; nothing was sent.", "Correct them: --help lists them."],
            Self::Setup => [
                "The API key is missing, or the key, base URL or a file cannot be used; nothing was sent.",
                "Set up what the error names.",
            ],
            Self::Refused => [
                "The service refused; it will refuse the same request again.",
                "Change what the error names.",
            ],
            Self::Limited => [
                "A limit of the service is used up, or the time for a wait ran out.",
                "Run the same command again later, or keep waiting.",
            ],
            Self::Unreached => [
                "The service could not be reached; nothing was sent.",
                "Check the network and the base URL, and run the same command again.",
            ],
            Self::InDoubt => {
                ["The message may have been sent.", "Look it up before sending it again: the error says how."]
            }
            Self::Unanswered => [
                "The service failed, or its answer cannot be read; nothing was sent.",
                "Run the same command again later.",
            ],
            Self::Unfinished => [
                "It was interrupted, such as by Ctrl-C.",
                "Run the same command again: it continues where it stopped.",
            ],
            Self::Failed => [
                "A message that was waited for failed for good: it will not arrive.",
                "See why in its status, and correct the recipient.",
            ],
        }
    }

    /// The word for a failure that is not the service's.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::LocalError => "local_error",
            Self::Usage => "usage",
            Self::Setup => "setup",
            Self::Refused => "refused",
            Self::Limited => "time_is_over",
            Self::Unreached => "not_sent",
            Self::InDoubt => "in_doubt",
            Self::Unanswered => "unreadable",
            Self::Failed => "failed",
            Self::Unfinished => "unfinished",
        }
    }

    /// The section of the help that lists them all.
    pub(crate) fn help() -> String {
        let lines = Self::ALL.map(|status| {
            let [promise, advice] = status.sentences();
            let advice = if advice.is_empty() { String::new() } else { format!("     {advice}\n") };
            format!("  {}  {promise}\n{advice}", status as u8)
        });
        format!("Exit status:\n{}", lines.concat())
    }

    /// The status that tells a script what it can do about an error.
    pub(crate) fn of(error: &notify_http::Error) -> Self {
        match error.status().map(|status| status.as_u16()) {
            _ if error.is_invalid_request() || error.is_not_offered() => Self::Usage,
            _ if error.is_not_sent() => Self::Unreached,
            _ if error.may_have_been_sent() => Self::InDoubt,
            Some(429) => Self::Limited,
            _ if error.is_deadline_exceeded() && !error.is_timeout() => Self::Limited,
            Some(300..=499) => Self::Refused,
            _ => Self::Unanswered,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statuses_are_numbered_as_they_are_listed() {
        for (number, status) in ExitStatus::ALL.into_iter().enumerate() {
            assert_eq!(status as usize, number);
        }
    }
}
