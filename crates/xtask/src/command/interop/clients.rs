//! `cargo xtask interop clients`

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::tools::{node, python};
use crate::workspace;

/// Runs the service's own Python and Node clients against the sandbox
///
/// Calls every public method of both, with success and with at least one refusal. A method that a later version adds
/// fails until a test calls it. Each client prints how many checks passed and failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Clients {
    /// Run only this client
    #[arg(long, value_name = "LANGUAGE")]
    only: Option<Language>,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Language {
    Python,
    Node,
}

impl Clients {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let cargo = workspace::cargo();
        cmd!(shell, "{cargo} build --quiet --workspace --bin service").run()?;
        let failed: Vec<String> = [Language::Python, Language::Node]
            .into_iter()
            .filter(|language| self.only.is_none_or(|only| only == *language))
            // If one fails, the other still runs.
            .filter_map(|language| language.run(shell).err().map(|error| format!("{language:?}: {error:#}")))
            .collect();
        ensure!(failed.is_empty(), "these clients fail against the sandbox:\n{}", failed.join("\n"));
        Ok(())
    }
}

impl Language {
    fn run(self, shell: &Shell) -> Result<()> {
        let service = workspace::bin_dir()?.join("service");
        match self {
            Self::Python => {
                let python = python::with_packages(shell, "tests/interop/python/requirements.txt")?;
                cmd!(shell, "{python} tests/interop/python/client.py {service}").run()?;
            }
            Self::Node => {
                let modules = node::modules(shell, "tests/interop/node/package.json")?;
                for client in ["client.cjs", "australia.cjs"] {
                    let script = format!("tests/interop/node/{client}");
                    cmd!(shell, "node {script} {service}").env("NODE_PATH", &modules).run()?;
                }
            }
        }
        Ok(())
    }
}

/// As a step.
pub(crate) fn on_every_change(shell: &Shell) -> Result<()> {
    Clients { only: None }.run(shell)
}
