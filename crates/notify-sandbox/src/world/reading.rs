//! Reads what people write: what nobody knows is refused, with its place.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::WorldError;

/// What a world may say beyond what the sandbox needs: facts that belong to a recording, and what answers say of
/// templates. By place.
const IGNORED: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "$schema",
            "about",
            "admin",
            "base_url",
            "config",
            "default_sms_sender",
            "email_domain",
            "family",
            "key_prefix",
            "simulated",
            "simulated_recipients",
            "sms_providers",
        ],
    ),
    ("services", &["label", "preferred_sms_provider", "research_mode"]),
    ("services.api_keys", &["api_key"]),
    ("services.email_reply_to", &["email_address", "is_default"]),
    ("services.guest_list", &["type"]),
    ("services.letter_contacts", &["is_default"]),
    ("services.sms_senders", &["inbound_number", "rate_limit", "rate_limit_interval"]),
    (
        "services.templates",
        &[
            "has_unsubscribe_link",
            "html",
            "label",
            "personalisation",
            "plain_text",
            "process_type",
            "reply_to_email",
        ],
    ),
    ("template_categories", &["email_process_type", "name_fr"]),
];

/// The place of a service in a world.
pub(crate) const SERVICE: &str = "services";

/// The place of a request to the control API: none in a world, so that nothing in it is ignored.
pub(crate) const REQUEST: &str = "request";

/// The place of a template in a world.
pub(crate) const TEMPLATE: &str = "services.templates";

/// Reads the value at a place of a world.
///
/// # Errors
///
/// If something in it has the wrong type, is missing, or is unknown. The error says where.
pub(crate) fn read<T: DeserializeOwned>(mut value: Value, place: &str) -> Result<T, WorldError> {
    leave_out_ignored(&mut value, place);
    if let Some(path) = list_for_an_object(&value, String::new()) {
        let place = if path.is_empty() { path } else { format!("{path}: ") };
        return Err(WorldError::Malformed(format!("{place}a list stands where an object should")));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner().to_string();
        // An unknown field has no place of its own: it stands in one.
        let path = match unknown_field(&problem) {
            Some(name) => path.strip_suffix(name).unwrap_or(&path).trim_end_matches('.'),
            None => path.trim_end_matches('.'),
        };
        let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
        WorldError::Malformed(format!("{place}{}", explain(&problem)))
    })
}

/// Where a list stands for an object, which serde would take for its fields in order. No list of a world holds lists.
fn list_for_an_object(value: &Value, path: String) -> Option<String> {
    match value {
        Value::Array(_) => Some(path),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match value {
                Value::Array(items) => items
                    .iter()
                    .enumerate()
                    .find_map(|(index, item)| list_for_an_object(item, format!("{path}[{index}]"))),
                // What is known of people has any shape.
                Value::Object(_) if path == "contact_information" => None,
                value => list_for_an_object(value, path),
            }
        }),
        _ => None,
    }
}

/// The name of the field that a problem is about, if nobody knows it.
fn unknown_field(problem: &str) -> Option<&str> {
    problem.strip_prefix("unknown field `")?.split('`').next()
}

fn leave_out_ignored(value: &mut Value, place: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| leave_out_ignored(item, place)),
        Value::Object(fields) => {
            if let Some((_, ignored)) = IGNORED.iter().find(|(at, _)| *at == place) {
                fields.retain(|name, _| !ignored.contains(&name.as_str()));
            }
            for (name, value) in fields {
                let inner = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                leave_out_ignored(value, &inner);
            }
        }
        _ => {}
    }
}

/// The problem in the words of a person; of a field that nobody knows, what was probably meant.
fn explain(problem: &str) -> String {
    let Some(unknown) = unknown_field(problem) else { return in_words_of_json(problem) };
    // All names in the message stand between these marks, the unknown one first.
    let known: Vec<&str> = problem.split('`').skip(3).step_by(2).collect();
    match meant(unknown, &known) {
        Some(meant) => format!("there is no field `{unknown}`; did you mean `{meant}`?"),
        None => format!("there is no field `{unknown}`; the fields are {}", known.join(", ")),
    }
}

/// Which of the known words was probably meant.
pub(super) fn meant<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    /// How similar two words have to be, from 0 to 1.
    const SIMILAR: f64 = 0.7;
    let similarity = |other: &&str| strsim::normalized_damerau_levenshtein(word, other);
    let meant = known.iter().copied().max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
    meant.filter(|other| similarity(other) >= SIMILAR)
}

/// The problem with the types named as JSON names them, not as our structs do.
fn in_words_of_json(problem: &str) -> String {
    let problem = problem.replacen("invalid type: map,", "invalid type: an object,", 1);
    let problem = problem.replacen("invalid type: sequence,", "invalid type: a list,", 1);
    let Some((before, expected)) = problem.rsplit_once(", expected ") else { return problem };
    let expected = match expected {
        "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i32" | "i64" => "a whole number",
        "a sequence" => "a list",
        "a map" => "an object",
        "a boolean" => "true or false",
        other if other.starts_with("struct ") => "an object",
        other => other,
    };
    format!("{before}, expected {expected}")
}
