//! An incoming request, with the properties that faults can match: its target, its recipients and its template.

use std::cell::OnceCell;

use serde_json::Value;

use crate::wire::request::Request;

/// An incoming request. Its body is parsed only if a fault needs it.
pub(crate) struct IncomingRequest<'a> {
    request: &'a Request,
    /// Two spellings of a recipient become the same text.
    comparable: &'a dyn Fn(&str) -> String,
    form: OnceCell<Value>,
}

impl<'a> IncomingRequest<'a> {
    pub(crate) fn new(request: &'a Request, comparable: &'a dyn Fn(&str) -> String) -> Self {
        Self { request, comparable, form: OnceCell::new() }
    }

    pub(super) fn method(&self) -> &str {
        self.request.method().as_str()
    }

    pub(super) fn path(&self) -> &str {
        self.request.uri().path()
    }

    fn form(&self) -> &Value {
        self.form.get_or_init(|| serde_json::from_slice(self.request.body()).unwrap_or_default())
    }

    /// Whether it sends to a recipient: an address, a number, an identifier, or a line of a letter's address.
    pub(super) fn is_to(&self, recipient: &str) -> bool {
        let wanted = (self.comparable)(recipient);
        self.recipients().into_iter().any(|own| own == recipient || (self.comparable)(own) == wanted)
    }

    pub(super) fn is_of_template(&self, template: &str) -> bool {
        let own = self.form()["template_id"].as_str();
        own.is_some_and(|own| own.eq_ignore_ascii_case(template))
    }

    /// The recipients, as they are written.
    fn recipients(&self) -> Vec<&str> {
        let form = self.form();
        let mut found: Vec<&str> =
            ["phone_number", "email_address"].iter().filter_map(|name| form[name].as_str()).collect();
        found.extend(form["recipient_identifier"]["id_value"].as_str());
        let values = form["personalisation"].as_object().into_iter().flatten();
        let address = values.filter(|(name, _)| {
            let name = name.to_ascii_lowercase().replace([' ', '_', '-'], "");
            name.starts_with("addressline") || name == "postcode"
        });
        found.extend(address.filter_map(|(_, line)| line.as_str()));
        // Many at once: the rows of a table.
        let rows = form["rows"].as_array().into_iter().flatten();
        found.extend(rows.filter_map(Value::as_array).flatten().filter_map(Value::as_str));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn is_to(form: &Value, recipient: &str) -> bool {
        let request = http::Request::new(form.to_string().into());
        IncomingRequest::new(&request, &|text| text.replace(' ', "")).is_to(recipient)
    }

    #[test]
    fn a_request_is_to_each_recipient_that_it_names() {
        let number = json!({ "phone_number": "07900 900123", "personalisation": { "name": "Kim" } });
        assert!(is_to(&number, "07900900123"));
        assert!(!is_to(&number, "Kim"));
        assert!(is_to(&json!({ "email_address": "a@b.example" }), "a@b.example"));
        assert!(is_to(&json!({ "recipient_identifier": { "id_type": "ICN", "id_value": "7" } }), "7"));
        let letter = json!({ "personalisation": { "Address line 1": "Amala Bird", "name": "Lee" } });
        assert!(is_to(&letter, "Amala Bird") && !is_to(&letter, "Lee"));
        assert!(is_to(&json!({ "rows": [["phone number"], ["07900900123"]] }), "07900 900123"));
        assert!(!is_to(&json!([1]), "1") && !is_to(&Value::Null, ""));
    }
}
