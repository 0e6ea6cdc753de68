//! Reports on stderr what went wrong.

use std::io::{self, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::{CommandError, Details, ExitStatus, Message, is_json};
use crate::output::json;
use crate::output::text::escape;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = AnsiColor::Green.on_default().bold();
const PLAIN: Style = Style::new();

/// An error for scripts. The fields stay, and further ones may come.
#[derive(Serialize)]
struct Report<'f> {
    /// The exit status.
    code: u8,
    /// What it comes down to: of a failed call, what the service or the network said.
    kind: &'f str,
    message: String,
    help: Option<&'f str>,
    /// The id by which the service's staff find the request.
    trace: Option<&'f str>,
    may_have_been_sent: bool,
    /// The message's reference, by which it can be looked up.
    reference: Option<&'f str>,
    /// The message's id, if the service certainly took it.
    id: Option<&'f str>,
    /// When the same command can succeed, if the service said so.
    retry_at: Option<String>,
}

impl CommandError {
    /// Reports what went wrong, and returns the exit status.
    pub(crate) fn report(&self) -> ExitCode {
        // If stderr is closed, nobody wants to read this.
        let _ = match &self.message {
            Message::Nothing => Ok(()),
            Message::ByClap(error) if error.use_stderr() && is_json() => write_json(&self.of_clap(error)),
            Message::ByClap(error) if error.use_stderr() => error.print(),
            Message::ByClap(answer) => match answer.print() {
                Ok(()) => Ok(()),
                Err(error) => return Self::from_output(error).report(),
            },
            Message::Error(details) if is_json() => write_json(&self.of_details(details)),
            Message::Error(details) => write_error(details),
        };
        self.status.into()
    }

    fn of_details<'f>(&'f self, details: &'f Details) -> Report<'f> {
        let chain: Vec<String> = details.error.chain().map(ToString::to_string).collect();
        let call = details.call.as_ref();
        Report {
            code: self.status as u8,
            kind: call.map_or(self.status.kind(), |call| call.kind.as_str()),
            message: chain.join(": "),
            help: details.help(),
            trace: call.and_then(|call| call.trace.as_deref()),
            may_have_been_sent: self.status == ExitStatus::InDoubt,
            reference: call.and_then(|call| call.reference.as_deref()),
            id: details.taken.as_deref(),
            retry_at: call.and_then(|call| call.retry_at).map(|moment| moment.to_string()),
        }
    }

    fn of_clap(&self, error: &clap::Error) -> Report<'_> {
        let text = error.render().to_string();
        // The usage and the advice follow after an empty line.
        let message = text.split("\n\n").next().unwrap_or_default();
        let words: Vec<&str> = message.trim_start_matches("error: ").split_whitespace().collect();
        Report {
            code: self.status as u8,
            kind: self.status.kind(),
            message: words.join(" "),
            help: Some("--help lists the arguments"),
            trace: None,
            may_have_been_sent: false,
            reference: None,
            id: None,
            retry_at: None,
        }
    }
}

fn write_json(report: &Report<'_>) -> io::Result<()> {
    let text = serde_json::to_string(report)?;
    io::stderr().lock().write_all(json::line(&text).as_bytes())
}

fn write_error(details: &Details) -> io::Result<()> {
    let Details { error, call, .. } = details;
    let mut stderr = anstream::stderr().lock();
    let mut line =
        |style: Style, label: &str, text: &str| writeln!(stderr, "{style}{label}{style:#}: {}", escape(text));
    line(ERROR, "error", &error.to_string())?;
    for cause in error.chain().skip(1) {
        line(PLAIN, "cause", &cause.to_string())?;
    }
    if let Some(trace) = call.as_ref().and_then(|call| call.trace.as_deref()) {
        line(PLAIN, "trace", trace)?;
    }
    details.help().map_or(Ok(()), |help| line(HELP, "help", help))
}
