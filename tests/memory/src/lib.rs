//! What keys and tokens leave in memory, and what they allocate: see `tests/`.
