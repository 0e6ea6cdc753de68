//! Returned letters.

use serde::Deserialize;

use crate::json;
use crate::model::masked::debug_only;
use crate::model::{NotificationId, TemplateId, Timestamp};

/// A letter came back, because nobody could be found at its address.
///
/// `Debug` leaves out the reference, the names of files, and who sent it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "testing", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReturnedLetter {
    /// The letter.
    pub notification_id: NotificationId,
    /// The reference that the letter was sent with.
    #[serde(default, deserialize_with = "json::text")]
    pub reference: Option<String>,
    /// When it was sent.
    #[serde(default, deserialize_with = "json::option")]
    pub date_sent: Option<Timestamp>,
    /// `API`, or the e-mail address of the person who sent it from the service's website.
    #[serde(default, deserialize_with = "json::text")]
    pub sent_by: Option<String>,
    /// The name of the template it was made from.
    #[serde(default, deserialize_with = "json::text")]
    pub template_name: Option<String>,
    /// The template it was made from, unless it was precompiled; then the service says `"None"`.
    #[serde(default, deserialize_with = "json::option")]
    pub template_id: Option<TemplateId>,
    /// The version of the template.
    #[serde(default, deserialize_with = "json::number")]
    pub template_version: Option<u32>,
    /// The spreadsheet it was sent from.
    #[serde(default, deserialize_with = "json::text")]
    pub spreadsheet_file_name: Option<String>,
    /// The row of that spreadsheet.
    #[serde(default, deserialize_with = "json::number")]
    pub spreadsheet_row_number: Option<u32>,
    /// The file it was uploaded as.
    #[serde(default, deserialize_with = "json::text")]
    pub upload_letter_file_name: Option<String>,
}

debug_only! {
    ReturnedLetter { notification_id, date_sent, template_id, template_version }
}

#[cfg(test)]
mod tests {
    use crate::callback::Callback;

    #[test]
    fn a_letter_made_elsewhere_has_no_template() {
        for none in ["null", "\"None\"", "\"nobody\"", "7"] {
            let body = format!(
                r#"{{"notification_id": "4643e012-ece4-4629-ab80-5f030c404406", "date_sent": "2026-11-23T10:42:45.129916Z",
                "sent_by": null, "template_id": {none}}}"#
            );
            let Ok(Callback::ReturnedLetter(letter)) = Callback::from_json(body.as_bytes()) else {
                panic!("{none}")
            };
            assert_eq!((letter.template_id, letter.sent_by), (None, None));
            assert!(letter.date_sent.is_some());
        }
    }
}
