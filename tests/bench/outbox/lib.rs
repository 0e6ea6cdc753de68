//! The benchmarks are in `benches/`; `cargo xtask bench-outbox` runs them.
