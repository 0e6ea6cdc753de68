//! `cargo xtask interop tokens`

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools::{go, node, python};
use crate::workspace;

/// How many tokens each language compares for every change: a second or two.
const ON_EVERY_CHANGE: u32 = 20_000;

/// The library that GOV.UK Notify's own Go example uses, as packaged by Debian.
const GO_JOSE: go::Package =
    go::Package { import: "gopkg.in/square/go-jose.v2", debian: "golang-gopkg-square-go-jose.v2-dev" };

/// Compares our tokens with those of Python, Node and Go, for random keys and times, and verifies theirs
///
/// Uses Python's hmac and PyJWT, Node's crypto and jsonwebtoken, and go-jose, byte for byte. Prints the seed of the
/// random cases, so that a run can be repeated.
#[derive(Debug, clap::Args)]
pub(crate) struct Tokens {
    /// How many tokens each language compares
    #[arg(long, default_value_t = ON_EVERY_CHANGE)]
    count: u32,
    /// Repeat the cases of an earlier run [default: new ones]
    #[arg(long)]
    seed: Option<u32>,
}

impl Tokens {
    pub(crate) fn run(self, shell: &Shell) -> Result<()> {
        let seed = self.seed.map_or_else(workspace::fresh_seed, Ok)?.to_string();
        let count = self.count.to_string();
        let cargo = workspace::cargo();
        cmd!(shell, "{cargo} build --quiet --workspace --bin mint --bin verify").run()?;
        let mint = workspace::bin_dir()?.join("mint");
        let verify = workspace::bin_dir()?.join("verify");
        let python = python::with_packages(shell, "tests/interop/python/requirements.txt")?;
        cmd!(shell, "{python} tests/interop/python/tokens.py {mint} {verify} {count} {seed}").run()?;
        let modules = node::modules(shell, "tests/interop/node/package.json")?;
        cmd!(shell, "node tests/interop/node/tokens.cjs {mint} {verify} {count} {seed}")
            .env("NODE_PATH", modules)
            .run()?;
        let go = go::program(shell, "tests/interop/go/tokens.go", &[GO_JOSE])?;
        cmd!(shell, "{go} {mint} {verify} {count} {seed}").run()?;
        Ok(())
    }
}

/// As a step.
pub(crate) fn on_every_change(shell: &Shell) -> Result<()> {
    Tokens { count: ON_EVERY_CHANGE, seed: None }.run(shell)
}
