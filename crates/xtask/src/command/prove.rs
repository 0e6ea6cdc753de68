//! `cargo xtask prove`

use anyhow::Result;
use xshell::Shell;

use crate::command::{bench_bulk, bench_http, bench_jwt, bench_outbox, bench_sandbox, fuzz};
use crate::step::{
    Selection, Step, lowest, mutants, never_twice, outbox, packages, portable, powerset, start_up,
};

/// Each step is a line here; its code is in the function it names. Most write a dated result.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "fuzz",
        proves: "an hour of fuzzing keys, tokens, dates and answers to devices finds nothing",
        run: fuzz::as_a_proof,
    },
    Step {
        name: "bench-jwt",
        proves: "a token costs hardly more than the compressions that no implementation can avoid",
        run: bench_jwt::as_a_proof,
    },
    Step {
        name: "bench-http",
        proves: "a send through the client costs hardly more than through bare reqwest",
        run: bench_http::as_a_proof,
    },
    Step {
        name: "bench-sandbox",
        proves: "the sandbox is ready at once, takes 12,000 sends a second, to one recipient or to many, and holds a million messages in 572 MB",
        run: bench_sandbox::as_a_proof,
    },
    Step {
        name: "never-twice",
        proves: "of millions of messages sent through faults, pauses and wrong clocks, none is sent twice",
        run: never_twice::run,
    },
    Step {
        name: "outbox",
        proves: "of a hundred thousand messages through kills, stops and faults none is doubled and none is lost",
        run: outbox::as_a_proof,
    },
    Step {
        name: "fleet",
        proves: "two hundred workers that die and freeze send ten million messages once, at the pace and the price of one",
        run: outbox::fleet,
    },
    Step {
        name: "bench-outbox",
        proves: "with 64 under way the outbox does 50 messages a bare fsync of a disk of 200 syncs a second in a file, and 20 a worker in PostgreSQL",
        run: bench_outbox::as_a_proof,
    },
    Step {
        name: "bulk",
        proves: "of ten thousand rows sent through a hundred kills none is doubled and none is lost",
        run: bench_bulk::kills,
    },
    Step {
        name: "bench-bulk",
        proves: "a list is checked in 50 MB, and 5,000 messages a second are sent from it with a journal",
        run: bench_bulk::as_a_proof,
    },
    Step {
        name: "start-up",
        proves: "`notify token` takes less than 5 ms more than a program that does nothing, and the program has less than 12 MB",
        run: start_up::run,
    },
    Step {
        name: "lowest",
        proves: "each crate builds with the lowest versions that its manifest allows, and none of these needs a newer Rust",
        run: lowest::run,
    },
    Step {
        name: "packages",
        proves: "each published crate builds from what is in its package",
        run: packages::run,
    },
    Step {
        name: "portable",
        proves: "notify-jwt compiles for the processors that no change is checked with",
        run: portable::as_a_proof,
    },
    Step { name: "powerset", proves: "every combination of features compiles", run: powerset::run },
    Step {
        name: "mutants-jwt",
        proves: "no change to notify-jwt goes unnoticed by its tests",
        run: mutants::jwt,
    },
    Step {
        name: "mutants-call",
        proves: "no change to the call's state machine goes unnoticed by its tests",
        run: mutants::call,
    },
];

/// Runs the proofs that take hours, and writes dated results to tests/results/, to be committed
///
/// Run it before a release and after deep changes. Each step writes its own result, so you can run one alone with
/// --only.
#[derive(Debug, clap::Args)]
pub(crate) struct Prove {
    #[command(flatten)]
    selection: Selection,
}

impl Prove {
    pub(crate) fn run(&self, shell: &Shell) -> Result<()> {
        self.selection.run("prove", &[STEPS], shell)
    }
}
