//! The commands, one file each.

mod bench_bulk;
mod bench_http;
mod bench_jwt;
mod bench_outbox;
mod bench_sandbox;
mod c_archives;
mod firmware_report;
mod fuzz;
mod inbox;
mod interop;
mod numbering_plans;
mod picture;
mod prove;
mod test;

use interop::{clients, fixtures, tokens};

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace;

/// The tasks of this workspace: tests, proofs, implementations in other languages.
///
/// Start with `cargo xtask test`, which every change must pass; `cargo xtask test --list` lists its steps. `cargo
/// xtask prove` is the second tier: it takes hours, and writes its results to tests/results/, to be committed.
///
/// Steps install what they need besides Rust: Python and Node packages under target/, Cargo tools under target/tools,
/// and Debian packages with apt-get when run as root. If a step may not install something, it stops and says which
/// command to run. `cargo test --workspace` needs only Rust.
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
    BenchBulk(bench_bulk::BenchBulk),
    BenchHttp(bench_http::BenchHttp),
    BenchJwt(bench_jwt::BenchJwt),
    BenchOutbox(bench_outbox::BenchOutbox),
    BenchSandbox(bench_sandbox::BenchSandbox),
    CArchives(c_archives::CArchives),
    Fuzz(fuzz::Fuzz),
    Inbox(inbox::Inbox),
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
            Command::BenchBulk(bench) => bench.run(&shell),
            Command::BenchHttp(bench) => bench.run(&shell),
            Command::BenchJwt(bench) => bench.run(&shell),
            Command::BenchOutbox(bench) => bench.run(&shell),
            Command::BenchSandbox(bench) => bench.run(&shell),
            Command::CArchives(archives) => archives.run(&shell),
            Command::Fuzz(fuzz) => fuzz.run(&shell),
            Command::Inbox(inbox) => inbox.run(&shell),
            Command::Picture(picture) => picture.run(&shell),
            Command::NumberingPlans(plans) => plans.run(&shell),
            Command::FirmwareReport(report) => report.run(&shell),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{prove, test};

    #[test]
    fn the_names_of_steps_tell_them_apart() {
        for steps in [[test::WAITING, test::COMPUTING].concat(), prove::STEPS.to_vec()] {
            let names: BTreeSet<&str> = steps.iter().map(|step| step.name).collect();
            assert_eq!(names.len(), steps.len());
        }
    }
}
