//! Reports on stderr what went wrong.

use std::io::Write;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};

use super::{CommandError, Said};
use crate::output::text::escape;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HELP: Style = AnsiColor::Green.on_default().bold();
const PLAIN: Style = Style::new();

impl CommandError {
    /// Reports what went wrong, and returns the exit status.
    pub(crate) fn report(&self) -> ExitCode {
        // If stderr is closed, nobody wants to read this.
        let _ = match &self.said {
            Said::Nothing => Ok(()),
            Said::ByClap(error) if error.use_stderr() => error.print(),
            Said::ByClap(answer) => match answer.print() {
                Ok(()) => Ok(()),
                Err(error) => return Self::from_output(error).report(),
            },
            Said::Error { error, help, trace_id } => write_error(error, help.as_deref(), trace_id.as_deref()),
        };
        self.status.into()
    }
}

fn write_error(error: &anyhow::Error, help: Option<&str>, trace_id: Option<&str>) -> std::io::Result<()> {
    let mut stderr = anstream::stderr().lock();
    let mut line =
        |style: Style, label: &str, text: &str| writeln!(stderr, "{style}{label}{style:#}: {}", escape(text));
    line(ERROR, "error", &error.to_string())?;
    for cause in error.chain().skip(1) {
        line(PLAIN, "cause", &cause.to_string())?;
    }
    if let Some(trace_id) = trace_id {
        line(PLAIN, "trace", trace_id)?;
    }
    help.map_or(Ok(()), |help| line(HELP, "help", help))
}
