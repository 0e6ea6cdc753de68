//! The path of the field in which a JSON text could not be read.
//!
//! `serde_json` reports a line and a column. We scan the text again up to there and note the fields on the way. `serde_path_to_error`
//! notes them while it reads, but is compiled anew for each type, which took a third of this crate's compile time.

use serde_json::Error;
use serde_json::error::Category;

/// How the problem of a missing field begins. The name follows, in backticks.
const MISSING_FIELD: &str = "missing field `";

/// An array or object that is not closed yet.
enum Open<'t> {
    Array { index: usize },
    Object { key: Option<&'t str> },
}

/// The path of field names to where the reader gave up, with the field that it did not find. Keys that are not like names are the
/// server's choice and are not shown. Empty for the whole text.
pub(super) fn path(text: &[u8], problem: &Error) -> String {
    let mut path = String::new();
    for open in way_to(text, problem) {
        match open {
            Open::Array { index } => path.extend(["[", &index.to_string(), "]"]),
            Open::Object { key: Some(key) } => push(key, &mut path),
            Open::Object { key: None } => {}
        }
    }
    let message = problem.to_string();
    if let Some(name) = message.strip_prefix(MISSING_FIELD).and_then(|rest| rest.split('`').next()) {
        push(name, &mut path);
        path.push_str(", which is missing");
    }
    path
}

fn push(key: &str, path: &mut String) {
    let dot = if path.is_empty() { "" } else { "." };
    path.extend([dot, if is_name(key) { key } else { "…" }]);
}

fn is_name(key: &str) -> bool {
    key.len() <= 64 && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// What is open around the value that the reader could not use, or in which the text breaks off.
fn way_to<'t>(text: &'t [u8], problem: &Error) -> Vec<Open<'t>> {
    let end = offset(text, problem);
    // The column of a syntax error includes the byte that is wrong.
    let end = if problem.classify() == Category::Syntax { end.saturating_sub(1) } else { end };
    let text = &text[..end];
    let mut way = Vec::new();
    // Whether there is a whole value since the last `[`, `{`, `,` or `:`.
    let mut whole = false;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'[' => way.push(Open::Array { index: 0 }),
            b'{' => way.push(Open::Object { key: None }),
            b']' | b'}' => drop(way.pop()),
            b',' => match way.last_mut() {
                Some(Open::Array { index }) => *index += 1,
                Some(Open::Object { key }) => *key = None,
                None => {}
            },
            b'"' => {
                at = end_of_string(text, at);
                if let Some(Open::Object { key: key @ None }) = way.last_mut() {
                    *key = std::str::from_utf8(&text[start + 1..at.saturating_sub(1).max(start + 1)]).ok();
                    continue;
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            whole = !matches!(byte, b'[' | b'{' | b',' | b':');
        }
    }
    // What is whole can be of the wrong type. In a text that breaks off, it is what comes after it that is wrong.
    if whole && problem.classify() != Category::Data {
        way.pop();
    }
    way
}

/// Where the reader gave up, in bytes from the start.
fn offset(text: &[u8], problem: &Error) -> usize {
    let lines = text.split_inclusive(|byte| *byte == b'\n').take(problem.line().saturating_sub(1));
    (lines.map(<[u8]>::len).sum::<usize>() + problem.column()).min(text.len())
}

/// The end of a string whose first quote has been read, after its last quote.
fn end_of_string(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Outer {
        items: Vec<Inner>,
        counts: BTreeMap<String, Vec<u32>>,
        last: Option<Box<Outer>>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        id: u32,
        name: String,
    }

    /// What a library finds that keeps the path while it reads.
    fn kept(text: &str) -> Option<(Error, String)> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let problem = serde_path_to_error::deserialize::<_, Outer>(&mut reader).err()?;
        let path = problem.path().to_string();
        Some((problem.into_inner(), if path == "." { String::new() } else { path }))
    }

    /// Values of the wrong type, wherever they stand.
    const WRONG: &[&str] = &["null", "-1", "true", "{}", "[]", "\"x\\\"]\"", "{\"id\":1}", "[[2]]", "1.5"];

    fn texts() -> impl Strategy<Value = String> {
        let value = |right: &'static str| prop_oneof![9 => Just(right), 1 => proptest::sample::select(WRONG)];
        let space = || proptest::sample::select(&["", "", " ", "\n  "][..]);
        let inner =
            (value("1"), value("\"a\""), space(), any::<bool>()).prop_map(|(id, name, space, swap)| {
                let (id, name) = (format!("\"id\":{space}{id}"), format!("{space}\"name\" :{name}"));
                if swap { format!("{{{name},{id}}}") } else { format!("{{{id},{name}{space}}}") }
            });
        let items =
            proptest::collection::vec(prop_oneof![9 => inner, 1 => value("{}").prop_map(String::from)], 0..4);
        let counts =
            proptest::collection::vec(("[a-z]{1,3}", proptest::collection::vec(value("7"), 0..3)), 0..3);
        let leaf = (items, counts, space()).prop_map(|(items, counts, space)| {
            let counts: Vec<_> =
                counts.into_iter().map(|(key, list)| format!("\"{key}\":[{}]", list.join(", "))).collect();
            format!("\"items\":[{}],{space}\"counts\":{{{}}}", items.join(","), counts.join(","))
        });
        (leaf.clone(), proptest::option::of(leaf)).prop_map(|(outer, last)| match last {
            Some(last) => format!("{{{outer},\"last\":{{{last}}}}}"),
            None => format!("{{{outer}}}"),
        })
    }

    proptest! {
        #[test]
        fn the_path_is_the_one_that_a_library_keeps(text in texts()) {
            if let Some((problem, kept)) = kept(&text) {
                let found = path(text.as_bytes(), &problem);
                let found = found.strip_suffix(", which is missing").map_or(&*found, |field| {
                    field.rsplit_once('.').map_or("", |(path, _)| path)
                });
                prop_assert_eq!(found, kept, "{} in {}", problem, text);
            }
        }

        #[test]
        fn no_text_is_too_broken(text in texts(), cut in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<bool>()) {
            let mut text = text.into_bytes();
            let cut = cut.index(text.len());
            text[cut] = byte;
            if end {
                text.truncate(cut + 1);
            }
            if let Err(problem) = serde_json::from_slice::<Outer>(&text) {
                let _ = path(&text, &problem);
            }
        }
    }
}
