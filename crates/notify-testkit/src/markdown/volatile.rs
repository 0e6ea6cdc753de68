//! What differs from run to run.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

/// What to replace each kind of text with. Ids of the sandbox's built-in world are the same in every run, so they
/// stay.
static KINDS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<id>"),
        (r"\btrace: [0-9a-f]{32}\b", "trace: <id>"),
        // A token, or a part of it on one line.
        (r"eyJ[\w-]+\.([\w-]+\.[\w-]+)?", "<token>"),
        (r"[\w-]{43,}", "<mac>"),
        (r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)?", "<time>"),
        (r#""iat":\d+"#, r#""iat":<seconds>"#),
        (r"\b127\.0\.0\.1:\d+", "<address>"),
        (r"\b\d+(\.\d+)? ms\b", "<duration>"),
        // A poll that comes late misses the earlier statuses.
        (r"\b(created|sending) <duration> → ", ""),
        (r"\b(created|sending|delivered) +(sms|email|letter)\b", "<status> $2"),
        (r"\bSTATUS +", "STATUS "),
    ]
    .map(|(pattern, name)| (Regex::new(pattern).expect("the pattern is valid"), name))
    .into()
});

/// The prefix of the built-in world's ids.
const BUILT_IN: &str = "c0ffee00-";

/// The text with a name in place of each such part.
pub fn mask(text: &str) -> String {
    KINDS.iter().fold(text.to_owned(), |text, (pattern, name)| {
        let replace = |found: &Captures<'_>| {
            if found[0].contains(BUILT_IN) {
                return found[0].to_owned();
            }
            let mut replaced = String::new();
            found.expand(name, &mut replaced);
            replaced
        };
        pattern.replace_all(&text, replace).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_named_and_the_rest_stays() {
        for (text, masked) in [
            ("id  740e5834-3a29-46b4-9a6f-16142fde533a", "id  <id>"),
            ("id  c0ffee00-0000-4000-8000-000000000011", "id  c0ffee00-0000-4000-8000-000000000011"),
            ("trace: b782c3b0362c4a4abd6b2ab9c844ba24", "trace: <id>"),
            ("created  2026-11-25 22:03:10 UTC", "created  <time>"),
            ("\"2026-11-25T22:03:10.123456Z\"", "\"<time>\""),
            ("http://127.0.0.1:40001 in 344 ms", "http://<address> in <duration>"),
            ("created 3 ms → sending 150 ms → delivered 310 ms", "delivered <duration>"),
            ("sending 150 ms → delivered 310 ms", "delivered <duration>"),
            ("STATUS   TYPE", "STATUS TYPE"),
            ("created  sms", "<status> sms"),
            (
                r#"{"iss":"740e5834-3a29-46b4-9a6f-16142fde533a","iat":1795430454}"#,
                r#"{"iss":"<id>","iat":<seconds>}"#,
            ),
            ("   eyJhbGci.eyJpc3Mi-_.RuJNaEsh", "   <token>"),
            (
                "eyJhbGci.\neyJpc3Mi-_.\nRuJNaEsh5VQTtxxhO12kOtTMVFAtMBBD8xgVLW9Ldos",
                "<token>\n<token>\n<mac>",
            ),
            (
                "sandbox-c0ffee00-0000-4000-8000-000000000001-c0ffee00-0000-4000-8000-00000000000c",
                "sandbox-c0ffee00-0000-4000-8000-000000000001-c0ffee00-0000-4000-8000-00000000000c",
            ),
            ("07900 900123, 250 messages", "07900 900123, 250 messages"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }
}
