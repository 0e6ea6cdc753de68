//! The header is the one that cbindgen makes of the source. To write it: `NOTIFY_WRITE_HEADER=1 cargo test -p
//! notify-embedded-c`.

#[path = "../../notify-jwt-c/tests/cbindgen_header/mod.rs"]
mod cbindgen_header;

use cbindgen_header::Header;

const HEADER: Header<'_> = Header {
    path: "include/notify_embedded.h",
    guard: "NOTIFY_EMBEDDED_H",
    subject: "One message through a Notify service.",
    package: "notify-embedded-c",
    sources: &[
        "src/error.rs",
        "src/message.rs",
        "src/outcome.rs",
        "src/answer.rs",
        "src/journal.rs",
        "src/journal_state.rs",
        "src/call.rs",
        "src/resume.rs",
        "src/query.rs",
    ],
    types: &[
        // Of the other header. cbindgen does not see that these are structures.
        ("NotifySigner", "struct notify_signer"),
        ("NotifyClock", "struct notify_clock"),
        ("NotifyStatus", "notify_status"),
        ("NotifyService", "notify_service"),
        ("NotifyValue", "notify_value"),
        ("NotifyMessage", "notify_message"),
        ("NotifyOutcome", "notify_outcome"),
        ("NotifyJournal", "notify_journal"),
        ("NotifyCall", "notify_call"),
        ("NotifyAnswer", "notify_answer"),
        ("NotifyQuery", "notify_query"),
    ],
    sizes: &[
        ("notify_outcome", 108),
        ("notify_journal", 192),
        ("notify_call", 1536),
        ("notify_answer", 132),
        ("notify_query", 1024),
    ],
    includes: &["notify_jwt.h"],
    exports: include_str!("../exports.txt"),
    exports_of_included: include_str!("../../notify-jwt-c/exports.txt"),
};

#[test]
fn the_functions_of_the_header_are_those_that_an_archive_exports() {
    HEADER.check_exports();
}

#[test]
fn the_header_is_what_cbindgen_makes_of_the_source() {
    HEADER.check();
}
