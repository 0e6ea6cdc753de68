//! What the service makes of templates and values: texts, e-mails and letters as they are sent.

pub(crate) mod downgrade;
pub(crate) mod email;
pub(crate) mod html;
pub(crate) mod letter;
mod markdown;
mod personalisation;
pub(crate) mod sanitise;
pub(crate) mod sms;
mod template;
mod typography;
pub(crate) mod whitespace;

pub(crate) use markdown::piece::{Piece, pieces};
pub(crate) use personalisation::Personalisation;
pub(crate) use template::{Template, missing, placeholders};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::python::json;
    use serde_json::json;

    #[test]
    fn every_recorded_template_is_filled_in_as_recorded() {
        for case in contract::cases("placeholders.json") {
            assert_eq!(case["type"], "email", "{case}");
            let values = Personalisation::from(&json::object(&case["values"]));
            let (subject, body) = (case["subject"].as_str().unwrap(), case["content"].as_str().unwrap());
            let (subject, body) = (Template::parse(subject), Template::parse(body));
            let content = email::render(&subject, &body, &values);
            assert_eq!(case["placeholders"], json!(placeholders(&[&subject, &body])), "{case}");
            assert_eq!(case["missing"], json!(missing(&[&subject, &body], &values)), "{case}");
            assert_eq!(case["body"], content.body());
            assert_eq!(case["subject_out"], content.subject());
        }
    }
}
