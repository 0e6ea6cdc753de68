//! `notify outbox export` and `notify outbox erase`

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding as _};
use notify_outbox::{Erased, Maintenance as _, StoredMessage};
use serde_json::{Value, json};

use super::print_value;
use super::store::{AnyStore, failed};
use crate::args::{Format, Options, PersonArgs, StoreLocation};
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::{print, print_styled, value};

/// The columns of a row. Of the message's values, only the names are shown.
const KEPT: Columns = &[
    ("reference", "/reference"),
    ("type", "/message/type"),
    ("template_id", "/message/template_id"),
    ("phone_number", "/message/phone_number"),
    ("email_address", "/message/email_address"),
    ("personalisation", "/message/personalisation"),
    ("base64", "/base64"),
];

/// Prints what is kept about a person.
pub(super) async fn export(
    args: PersonArgs,
    place: &StoreLocation,
    options: &Options,
) -> Result<(), CommandError> {
    let store = AnyStore::open(place).await?;
    // A message can contain several of the texts.
    let mut found = BTreeMap::new();
    for text in texts(&args)? {
        for stored in store.export(text).await.map_err(failed)? {
            found.insert(stored.reference.clone(), stored);
        }
    }
    match options.format() {
        // Whole messages fit into no table.
        Format::Text => {
            found.values().try_for_each(|stored| print_value(Format::Jsonl, &object(stored), KEPT))
        }
        format => {
            let objects: Vec<Value> = found.values().map(object).collect();
            print(value::list(format, "messages", &objects, KEPT)?.as_bytes())
        }
    }
}

/// Erases what is kept about a person.
pub(super) async fn erase(
    args: PersonArgs,
    place: &StoreLocation,
    options: &Options,
) -> Result<(), CommandError> {
    let store = AnyStore::open(place).await?;
    let mut all = Erased::default();
    for text in texts(&args)? {
        let Erased { erased, left } = store.erase(text).await.map_err(failed)?;
        all.erased += erased;
        all.left += left;
    }
    let Erased { erased, left } = all;
    match options.format() {
        Format::Text if left > 0 => print_styled(&format!(
            "{erased} erased; {left} left, on their way or being looked up: erased as soon as it is known what became of them\n"
        )),
        Format::Text => print_styled(&format!("{erased} erased\n")),
        format => {
            let columns = &[("erased", "/erased"), ("left", "/left")];
            print_value(format, &json!({ "erased": erased, "left": left }), columns)
        }
    }
}

/// The texts to look for. Short texts would be found in everybody's messages.
fn texts(args: &PersonArgs) -> Result<impl Iterator<Item = &str>, CommandError> {
    const SHORTEST: usize = 4;
    if args.texts.iter().any(|text| text.chars().count() < SHORTEST) {
        return Err(CommandError::usage(format!(
            "a text of less than {SHORTEST} characters would be found in too many messages"
        )));
    }
    Ok(args.texts.iter().map(String::as_str))
}

fn object(stored: &StoredMessage) -> Value {
    match serde_json::from_slice::<Value>(&stored.payload) {
        Ok(message) => json!({ "reference": stored.reference, "message": message }),
        Err(_) => json!({ "reference": stored.reference, "base64": Base64::encode_string(&stored.payload) }),
    }
}
