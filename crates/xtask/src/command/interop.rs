//! `cargo xtask interop`: implementations in other languages, one file for each kind.

pub(crate) mod clients;
pub(crate) mod fixtures;
pub(crate) mod tokens;

use anyhow::Result;
use clap::Subcommand;
use xshell::Shell;

/// Tests the toolkit against one kind of implementation in other languages
#[derive(Debug, clap::Args)]
pub(crate) struct Interop {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    Clients(clients::Clients),
    Fixtures(fixtures::Fixtures),
    Tokens(tokens::Tokens),
}

impl Interop {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        match self.kind {
            Kind::Clients(clients) => clients.run(shell),
            Kind::Fixtures(fixtures) => fixtures.run(shell),
            Kind::Tokens(tokens) => tokens.run(shell),
        }
    }
}
