//! The header is the one that cbindgen makes of the source. To write it: `NOTIFY_WRITE_HEADER=1 cargo test -p notify-jwt-c`.

mod cbindgen_header;

use cbindgen_header::Header;

const HEADER: Header<'_> = Header {
    path: "include/notify_jwt.h",
    guard: "NOTIFY_JWT_H",
    subject: "The bearer token of the Notify services.",
    package: "notify-jwt-c",
    sources: &["src/status.rs", "src/signer.rs", "src/clock.rs"],
    types: &[
        ("NotifySigner", "notify_signer"),
        ("NotifyClock", "notify_clock"),
        ("NotifyTimeSample", "notify_time_sample"),
        ("NotifyStatus", "notify_status"),
    ],
    sizes: &[("notify_signer", 192), ("notify_clock", 40), ("notify_time_sample", 16)],
    includes: &[],
    exports: include_str!("../exports.txt"),
    exports_of_included: "",
};

#[test]
fn the_functions_of_the_header_are_those_that_an_archive_exports() {
    HEADER.check_exports();
}

#[test]
fn the_header_is_what_cbindgen_makes_of_the_source() {
    HEADER.check();
}
