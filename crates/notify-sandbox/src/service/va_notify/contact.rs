//! Recipients that are named by an identifier; another system has their contact details.

use serde_json::{Value as Json, json};

use crate::api::operations::Call;
use crate::python::json::Value;
use crate::world::MessageType;

/// Shown in place of a confidential identifier.
const REDACTED: &str = "<redacted>";

/// The profile that all other kinds of identifier lead to.
const PROFILE: &str = "1234";

/// A recipient named by an identifier.
pub(super) struct Identified {
    /// Where the message goes, if that is known.
    pub(super) contact: Option<String>,
    /// The identifiers as messages show them.
    pub(super) shown: Json,
}

/// The recipient whom a request names.
pub(super) fn identified(call: &Call<'_>, form: &Value, message: MessageType) -> Option<Identified> {
    let form = form.as_object()?.get("recipient_identifier")?.as_object()?;
    let part = |name| form.get(name).and_then(Value::as_str).unwrap_or_default();
    let (kind, value) = (part("id_type"), part("id_value"));
    let is_profile = kind == "VAPROFILEID";
    let profile = if is_profile { value } else { PROFILE };
    let mut shown =
        vec![json!({ "id_type": kind, "id_value": if kind == "ICN" { REDACTED } else { value } })];
    if !is_profile {
        shown.push(json!({ "id_type": "VAPROFILEID", "id_value": profile }));
    }
    let services = call.app.services();
    let known = &services.world().contact_information;
    let person = known.get(profile).or_else(|| known.get("any other"));
    let field = if message == MessageType::Sms { "phone_number" } else { "email_address" };
    let contact = person.and_then(|person| person.get(field)).and_then(Json::as_str).map(str::to_owned);
    Some(Identified { contact, shown: json!(shown) })
}
