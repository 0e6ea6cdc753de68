//! `cargo xtask test`

use anyhow::Result;
use xshell::Shell;

use crate::command::{clients, fixtures, fuzz, tokens};
use crate::step::{Selection, Step, c, cargo_test, features, firmware, outbox};

/// In this order; each is a line here, and its code is the function it names.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "workspace",
        proves: "unit, integration and documentation tests of all packages",
        run: cargo_test::run,
    },
    Step {
        name: "features",
        proves: "the client builds with the features that matter, each source of TLS believes and refuses alike, and defmt shows no secret",
        run: features::run,
    },
    Step {
        name: "outbox",
        proves: "the outbox keeps its rules on PostgreSQL, with four workers of which some are killed and one is stopped",
        run: outbox::run,
    },
    Step {
        name: "tokens",
        proves: "Python, Node and Go make the tokens that we make, and theirs are believed",
        run: tokens::on_every_change,
    },
    Step {
        name: "clients",
        proves: "every method of the service's own Python and Node clients works on the sandbox, and is refused as it should",
        run: clients::on_every_change,
    },
    Step {
        name: "fixtures",
        proves: "tests in pytest and in Node's test runner use the program's sandbox by the fixtures of the examples",
        run: fixtures::on_every_change,
    },
    Step {
        name: "firmware",
        proves: "four microcontrollers and WebAssembly mint the tokens that Python makes, verify them, and learn the time",
        run: firmware::run,
    },
    Step {
        name: "c",
        proves: "programs in C and C++, on this machine and on two microcontrollers, mint the tokens that Python makes",
        run: c::run,
    },
    Step {
        name: "fuzz",
        proves: "half a minute of bytes from anywhere at keys, tokens and dates finds nothing",
        run: fuzz::on_every_change,
    },
];

/// Proves the product, as on every change: at most 15 minutes on two cores, once things are compiled
///
/// All tests of the workspace, then implementations in other languages, which must agree with ours. The steps go on after one has failed; the last lines say which did, and how to run it alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    #[command(flatten)]
    selection: Selection,
}

impl Test {
    pub(crate) fn run(&self, shell: &Shell) -> Result<()> {
        self.selection.run("test", STEPS, shell)
    }
}
