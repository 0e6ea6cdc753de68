//! `cargo xtask test`

use anyhow::Result;
use xshell::Shell;

use crate::command::{clients, fixtures, fuzz, inbox, tokens};
use crate::step::{Selection, Step, c, cargo_test, device, features, firmware, outbox, portable};

/// What waits a lot: each step is a line here, and its code is in the function it names. The boards of `device` keep time by the
/// clock, so it comes last, when the other lane is empty.
pub(super) const WAITING: &[Step] = &[
    Step {
        name: "workspace",
        proves: "unit, integration and documentation tests of all packages",
        run: cargo_test::run,
    },
    Step {
        name: "features",
        proves: "the client builds with the features that matter, every TLS backend accepts and refuses the same certificates, keys live in a real keyring, and defmt shows no secret",
        run: features::run,
    },
    Step {
        name: "outbox",
        proves: "the outbox keeps its rules on PostgreSQL, with four workers of which some are killed and one is stopped, as a library and as a program",
        run: outbox::run,
    },
    Step {
        name: "inbox",
        proves: "in a browser, messages appear live and stay text, axe-core finds nothing, and no other site gets in",
        run: inbox::on_every_change,
    },
    Step {
        name: "device",
        proves: "a board with a network card sends each message once through the sandbox's faults and its own resets and asks what became of it, its code cannot panic, and TLS with a pinned key refuses forged certificates",
        run: device::run,
    },
];

/// What computes a lot, mostly compiled for other machines, in folders of its own.
pub(super) const COMPUTING: &[Step] = &[
    Step {
        name: "firmware",
        proves: "four microcontrollers and WebAssembly mint the same tokens as Python, verify them, and learn the time",
        run: firmware::run,
    },
    Step {
        name: "portable",
        proves: "notify-jwt compiles for newer microcontrollers, and where usize has 16 bits",
        run: portable::on_every_change,
    },
    Step {
        name: "c",
        proves: "programs in C and C++, on this machine and on two microcontrollers, mint the tokens that Python makes",
        run: c::run,
    },
    Step {
        name: "fuzz",
        proves: "half a minute of fuzzing keys, tokens, dates and answers to devices finds nothing",
        run: fuzz::on_every_change,
    },
    Step {
        name: "tokens",
        proves: "Python, Node and Go mint the same tokens as we do, and we accept theirs",
        run: tokens::on_every_change,
    },
    Step {
        name: "clients",
        proves: "every method of the official clients, GOV.UK Notify's in Python and Node and Notify.gov.au's in Node, succeeds and is refused on the sandbox as it should be",
        run: clients::on_every_change,
    },
    Step {
        name: "fixtures",
        proves: "tests in pytest and Node's test runner can use the sandbox through the fixtures of the examples",
        run: fixtures::on_every_change,
    },
];

/// Runs the tests that every change must pass: a quarter of an hour on two cores, and half an hour when all is to be compiled
///
/// Runs all tests of the workspace, and beside them those for other machines and against implementations in other languages. Each
/// line is marked with its step. If a step fails, the others still run; the last lines say which failed, and how to run
/// each alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    #[command(flatten)]
    selection: Selection,
}

impl Test {
    pub(crate) fn run(&self, shell: &Shell) -> Result<()> {
        self.selection.run("test", &[WAITING, COMPUTING], shell)
    }
}
