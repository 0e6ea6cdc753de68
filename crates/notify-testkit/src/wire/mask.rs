//! What may differ between two equivalent answers.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::{Captures, Regex};
use serde_json::Value;

use super::id_or_time::{ID_OR_TIME, ids_and_times, name};
use super::world::World;

/// A link to a file, in the document store or, if a server keeps files itself, on the server.
static DOCUMENT_LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?:https?://documents[^\s/]*|<server>)/d/[^\s)>"]+"#)
        .expect("the pattern is a constant, and tests use it")
});

/// The address of the recording's stand-in for the document store.
const DOCUMENT_STORE: &str = "http://127.0.0.1:17502";

/// Replaces what may differ: ids and times that appear in neither the world nor the request, the server's own address,
/// and links to documents. Within one answer an id always gets the same mark, so an answer that confuses its ids is
/// noticed.
#[derive(Debug)]
pub struct Mask<'a> {
    world: &'a World,
    base_url: &'a str,
    asked: BTreeSet<String>,
    seen: Vec<String>,
}

impl<'a> Mask<'a> {
    /// The mask for one answer of the server at `base_url` to a request with this text.
    pub fn new(world: &'a World, base_url: &'a str, request: &str) -> Self {
        Self { world, base_url, asked: ids_and_times(request).collect(), seen: Vec::new() }
    }

    /// The text of an answer, masked.
    pub fn text(&mut self, text: &str) -> String {
        // A proxy in front of the server may have added TLS, and then its links use it.
        let over_tls = self.base_url.replace("http://", "https://");
        let text = text.replace(self.base_url, "<server>").replace(&over_tls, "<server over TLS>");
        let text = text.replace(DOCUMENT_STORE, "<server>");
        let text = DOCUMENT_LINK.replace_all(&text, "<document link>");
        ID_OR_TIME.replace_all(&text, |found: &Captures<'_>| self.id_or_time(found)).into_owned()
    }

    /// The JSON of an answer, masked.
    pub fn json(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::Object(fields) => {
                // In alphabetical order, whatever the map's own: marks are numbered as they appear.
                let mut names: Vec<&String> = fields.keys().collect();
                names.sort();
                names.into_iter().map(|name| (name.clone(), self.json(&fields[name]))).collect()
            }
            other => other.clone(),
        }
    }

    fn id_or_time(&mut self, found: &Captures<'_>) -> String {
        let name = name(found);
        if self.world.names(&name) || self.asked.contains(&name) {
            return found[0].to_owned();
        }
        if found.name("id").is_none() {
            return "<time>".to_owned();
        }
        let index = self.seen.iter().position(|seen| *seen == name).unwrap_or_else(|| {
            self.seen.push(name);
            self.seen.len() - 1
        });
        format!("<id {}>", index + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Recording;
    use serde_json::json;

    #[test]
    fn what_the_world_or_the_request_names_stays_and_the_rest_is_marked() {
        let recording = Recording::gov_uk().unwrap();
        let asked = "00000000-0000-0000-0000-000000000abc";
        let mut mask =
            Mask::new(&recording.world, "http://127.0.0.1:1", &format!("GET /v2/notifications/{asked}"));
        let service = "61B71411-84f6-4e6b-9685-aa9ad893177c";
        let (one, two) = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222");
        let masked = mask.json(&json!({
            "a": one, "b": format!("http://127.0.0.1:1/v2/notifications/{two}"), "c": two, "d": service, "e": asked,
            "f": "2026-11-23T10:37:19.031939Z", "g": "2027-01-01T00:00:00.000000Z",
            "h": "2027-01-01T00:00:00Z",
            "i": "https://documents.service.gov.uk/d/a/b?key=c now", "j": "http://127.0.0.1:1/d/a/b?key=c",
            "k": "https://127.0.0.1:1/v2",
        }));
        assert_eq!(
            masked,
            json!({
                "a": "<id 1>", "b": "<server>/v2/notifications/<id 2>", "c": "<id 2>", "d": service, "e": asked,
                "f": "2026-11-23T10:37:19.031939Z", "g": "<time>", "h": "2027-01-01T00:00:00Z",
                "i": "<document link> now", "j": "<document link>",
                "k": "<server over TLS>/v2",
            })
        );
    }
}
