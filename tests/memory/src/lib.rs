//! What keys and tokens leave in memory and in a device's log, and what they allocate: see `tests/`.
