//! What a token costs, here, elsewhere, and at least: see `benches/`, and `cargo xtask bench-jwt`.
