//! The header is the one that cbindgen makes of the source. To write it: `NOTIFY_WRITE_HEADER=1 cargo test -p
//! notify-embedded-c`.

#[path = "../../notify-jwt-c/tests/cbindgen_header/mod.rs"]
mod cbindgen_header;

use cbindgen_header::Header;

const HEADER: Header<'_> = Header {
    path: "include/notify_embedded.h",
    guard: "NOTIFY_EMBEDDED_H",
    subject: "One message through a Notify service, with all that notify_jwt.h has.",
    package: "notify-embedded-c",
    sources: &[
        "../notify-jwt-c/src/status.rs",
        "../notify-jwt-c/src/signer.rs",
        "../notify-jwt-c/src/clock.rs",
        "src/error.rs",
        "src/message.rs",
        "src/outcome.rs",
        "src/journal.rs",
        "src/call.rs",
    ],
    types: &[
        ("NotifySigner", "notify_signer"),
        ("NotifyClock", "notify_clock"),
        ("NotifyTimeSample", "notify_time_sample"),
        ("NotifyStatus", "notify_status"),
        ("NotifyService", "notify_service"),
        ("NotifyValue", "notify_value"),
        ("NotifyMessage", "notify_message"),
        ("NotifyOutcome", "notify_outcome"),
        ("NotifyJournal", "notify_journal"),
        ("NotifyCall", "notify_call"),
    ],
    sizes: &[
        ("notify_signer", 192),
        ("notify_clock", 40),
        ("notify_time_sample", 16),
        ("notify_outcome", 108),
        ("notify_journal", 192),
        ("notify_call", 1536),
    ],
    preamble: Some(
        "\n#ifdef NOTIFY_JWT_H\n#error \"this header has all that notify_jwt.h has: include it alone\"\n#endif\n#define NOTIFY_JWT_H\n",
    ),
    exports: include_str!("../exports.txt"),
};

#[test]
fn the_functions_of_the_header_are_those_that_an_archive_exports() {
    HEADER.check_exports();
}

#[test]
fn the_header_is_what_cbindgen_makes_of_the_source() {
    HEADER.check();
}
