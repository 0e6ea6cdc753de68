//! What `test` and `prove` consist of. A step is a line here; its code is the function it names.

use crate::command::{bench_http, bench_jwt, bench_sandbox, clients, fuzz, testers, tokens};
use crate::step::{Step, cargo_test, features, firmware, mutants, powerset};

/// On every change, in this order; all together at most 15 minutes on two cores, once things are compiled.
pub(crate) const TEST: &[Step] = &[
    Step {
        name: "workspace",
        proves: "unit, integration and documentation tests of all packages",
        run: cargo_test::run,
    },
    Step {
        name: "features",
        proves: "the client builds with the features that matter, and each source of TLS believes and refuses alike",
        run: features::run,
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
        name: "testers",
        proves: "tests in pytest and in Node's test runner use the program's sandbox as testers would",
        run: testers::on_every_change,
    },
    Step {
        name: "firmware",
        proves: "four microcontrollers and WebAssembly mint the tokens that Python makes, verify them, and learn the time",
        run: firmware::run,
    },
    Step {
        name: "fuzz",
        proves: "half a minute of bytes from anywhere at keys, tokens and dates finds nothing",
        run: fuzz::on_every_change,
    },
];

/// What takes hours; each step writes a dated result.
pub(crate) const PROVE: &[Step] = &[
    Step { name: "fuzz", proves: "an hour of it finds nothing either", run: fuzz::as_a_proof },
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
        proves: "the sandbox is ready at once, takes 10,000 sends a second, and holds a million in a gigabyte",
        run: bench_sandbox::as_a_proof,
    },
    Step { name: "powerset", proves: "every combination of features compiles", run: powerset::run },
    Step {
        name: "mutants-jwt",
        proves: "no change to notify-jwt goes unnoticed by its tests",
        run: mutants::jwt,
    },
    Step {
        name: "mutants-call",
        proves: "no change to the call machine goes unnoticed by its tests",
        run: mutants::call,
    },
];
