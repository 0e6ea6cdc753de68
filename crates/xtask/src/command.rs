//! The commands, one file each.

mod bench_http;
mod bench_jwt;
mod bench_outbox;
mod bench_sandbox;
mod c_archives;
mod firmware_report;
mod fuzz;
mod interop;
mod numbering_plans;
mod picture;
mod prove;
mod test;

use interop::{clients, fixtures, tokens};

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace;

/// The chores of this workspace: tests, proofs, implementations in other languages.
///
/// Start with `cargo xtask test`, which proves the product as every change has to; `cargo xtask test --list` says
/// what that is. `cargo xtask prove` is the second tier, which takes hours and writes its results to tests/results/,
/// to be committed.
///
/// What a step needs beyond Rust it installs itself: Python and Node packages under target/, tools of Cargo under
/// target/tools, Debian packages with apt-get when it runs as root. Where it may not, it stops and says which command
/// to run. `cargo test --workspace` needs nothing but Rust.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
pub(crate) struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Test(test::Test),
    Prove(prove::Prove),
    Interop(interop::Interop),
    BenchHttp(bench_http::BenchHttp),
    BenchJwt(bench_jwt::BenchJwt),
    BenchOutbox(bench_outbox::BenchOutbox),
    BenchSandbox(bench_sandbox::BenchSandbox),
    CArchives(c_archives::CArchives),
    Fuzz(fuzz::Fuzz),
    Picture(picture::Picture),
    NumberingPlans(numbering_plans::NumberingPlans),
    FirmwareReport(firmware_report::FirmwareReport),
}

impl Xtask {
    pub(crate) fn run(self) -> Result<()> {
        let shell = workspace::shell()?;
        match self.command {
            Command::Test(test) => test.run(&shell),
            Command::Prove(prove) => prove.run(&shell),
            Command::Interop(interop) => interop.run(&shell),
            Command::BenchHttp(bench) => bench.run(&shell),
            Command::BenchJwt(bench) => bench.run(&shell),
            Command::BenchOutbox(bench) => bench.run(&shell),
            Command::BenchSandbox(bench) => bench.run(&shell),
            Command::CArchives(archives) => archives.run(&shell),
            Command::Fuzz(fuzz) => fuzz.run(&shell),
            Command::Picture(picture) => picture.run(&shell),
            Command::NumberingPlans(plans) => plans.run(&shell),
            Command::FirmwareReport(report) => report.run(&shell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{prove, test};

    #[test]
    fn the_names_of_steps_tell_them_apart() {
        for list in [test::STEPS, prove::STEPS] {
            let mut names: Vec<&str> = list.iter().map(|step| step.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), list.len());
        }
    }
}
