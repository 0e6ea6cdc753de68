//! The command line of the Notify services.
fn main() {}
