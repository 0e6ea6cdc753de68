//! Tests of what keys and tokens leave in memory and in a device's log, and of what they allocate: see `tests/`.
