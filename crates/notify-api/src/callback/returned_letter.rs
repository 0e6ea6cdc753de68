//! Returned letters.

use serde::{Deserialize, Deserializer, de};

use crate::model::masked::debug_only;
use crate::model::{NotificationId, TemplateId, Timestamp};

/// A letter came back, since nobody could be found at its address.
///
/// `Debug` leaves out the reference, names of files and who sent it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReturnedLetter {
    /// The letter.
    pub notification_id: NotificationId,
    /// The reference that was given when it was sent.
    pub reference: Option<String>,
    /// When it was sent.
    pub date_sent: Timestamp,
    /// `API`, or the e-mail address of who sent it from the service's website.
    pub sent_by: String,
    /// The name of the template it was made from.
    pub template_name: Option<String>,
    /// The template it was made from, unless it was made elsewhere.
    #[serde(deserialize_with = "id_or_none")]
    pub template_id: Option<TemplateId>,
    /// The version of the template.
    pub template_version: Option<u32>,
    /// The spreadsheet it was sent from.
    pub spreadsheet_file_name: Option<String>,
    /// The row of that spreadsheet.
    pub spreadsheet_row_number: Option<u32>,
    /// The file it was uploaded as.
    pub upload_letter_file_name: Option<String>,
}

debug_only! {
    ReturnedLetter { notification_id, date_sent, template_id, template_version }
}

/// The service writes the word of its own programming language where it has no template.
fn id_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TemplateId>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref() {
        None | Some("None") => Ok(None),
        Some(id) => id.parse().map(Some).map_err(de::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use crate::callback::{Callback, CallbackError};

    fn letter(template_id: &str) -> Result<Callback, CallbackError> {
        let body = format!(
            r#"{{"notification_id": "4643e012-ece4-4629-ab80-5f030c404406", "date_sent": "2026-11-23T10:42:45.129916Z",
            "sent_by": "API", "template_id": {template_id}}}"#
        );
        Callback::from_json(body.as_bytes())
    }

    #[test]
    fn a_letter_made_elsewhere_has_no_template() {
        for none in ["null", "\"None\""] {
            let Ok(Callback::ReturnedLetter(letter)) = letter(none) else { panic!("{none}") };
            assert_eq!(letter.template_id, None);
        }
        let error = letter("\"nobody\"").unwrap_err();
        assert!(
            error.to_string().contains("template_id") && !error.to_string().contains("nobody"),
            "{error}"
        );
    }
}
