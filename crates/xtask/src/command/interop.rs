//! `cargo xtask judge`: implementations that are not ours, one file each.

pub(crate) mod clients;
pub(crate) mod testers;
pub(crate) mod tokens;

use anyhow::Result;
use clap::Subcommand;
use xshell::Shell;

/// Lets one judge from outside speak: an implementation that is not ours
#[derive(Debug, clap::Args)]
pub(crate) struct Judge {
    #[command(subcommand)]
    judge: Name,
}

#[derive(Debug, Subcommand)]
enum Name {
    Clients(clients::Clients),
    Testers(testers::Testers),
    Tokens(tokens::Tokens),
}

impl Judge {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        match self.judge {
            Name::Clients(clients) => clients.run(shell),
            Name::Testers(testers) => testers.run(shell),
            Name::Tokens(tokens) => tokens.run(shell),
        }
    }
}
