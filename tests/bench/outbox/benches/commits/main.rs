//! Messages a bare `fsync` of the same disk: what a store does with so many messages under way, in slices that take turns
//! with the bare disk, so that both meet the same disk. A figure is the median of the slices, each by that of the disk before
//! it.
//!
//! Prints lines of a name and a number.

mod disk;
mod flow;
mod postgres;
mod sqlite;
mod waits;

const NOW: u64 = 1_795_430_454;

fn main() {
    // `cargo bench` adds arguments of its own.
    sqlite::measure();
    postgres::measure();
}
