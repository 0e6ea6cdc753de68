//! The one question before anything is sent.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::survey::Survey;
use super::{List, dry_run};
use crate::args::BulkArgs;
use crate::exit::{CommandError, ExitStatus};
use crate::output::style::STRONG;
use crate::output::text::escape;
use crate::service::Service;
use crate::setup::KeyText;

/// What is asked.
pub(super) enum Confirmation<'a> {
    Begin { survey: &'a Survey },
    Continue { left: u64 },
}

impl Confirmation<'_> {
    /// Asks on a terminal, unless `--yes` has answered already.
    pub(super) fn ask(
        &self,
        args: &BulkArgs,
        list: &List,
        service: &Service,
        key: &KeyText,
    ) -> Result<(), CommandError> {
        if args.yes {
            if let Self::Continue { left } = self {
                dry_run::say_note(&format!("going on where an earlier run ended: {left} messages are left"));
            }
            return Ok(());
        }
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            let error = "there is no terminal to ask on whether the messages are to be sent";
            return Err(
                CommandError::usage(error).help("check them with --dry-run, and send them with --yes")
            );
        }
        let what = match self {
            Self::Begin { survey } => dry_run::summary(list, survey).trim_end().to_owned(),
            Self::Continue { left } => format!("{left} messages are left"),
        };
        let mut stderr = anstream::stderr().lock();
        let asked = write!(
            stderr,
            "{STRONG}{what}{STRONG:#}, to {} at {}, with the key {}.\nSend them? [y/N] ",
            service.facts().name(),
            escape(service.base_url()),
            key.name().map_or_else(|| "that was given".to_owned(), |name| format!("“{}”", escape(name))),
        );
        asked.and_then(|()| stderr.flush()).map_err(CommandError::local)?;
        drop(stderr);
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map_err(CommandError::local)?;
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
        Err(CommandError::new(ExitStatus::Usage, anyhow::anyhow!("nothing was sent")))
    }
}
