//! What a token costs in this and in other libraries: see `benches/`, and `cargo xtask bench-jwt`.
