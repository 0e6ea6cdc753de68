//! The benchmarks are in `benches/`; `cargo xtask bench-http` runs them.
