//! The service's verdict on the text that a row's message would have.

use notify_http::check::{MAX_EMAIL_BYTES, ServiceName, SmsText};
use notify_http::model::TemplateType;
use notify_sandbox::letters::{LONGEST_QR_CODE, too_long_qr_code};

use super::{CheckedRow, RowChecker};

impl RowChecker {
    /// Checks the text of the message.
    pub(super) fn check_message(&self, checked: &mut CheckedRow, rate: u32) {
        let (is_empty, length, limit) = if self.template.template_type == TemplateType::Sms {
            let text = SmsText::of(&self.template, &checked.personalisation);
            let billed = match &self.service_name {
                Some(name) => SmsText::with_service_name(ServiceName(name), text.as_str()).fragments(),
                None => text.fragments(),
            };
            checked.fragments = billed as u64 * u64::from(rate);
            (text.as_str().is_empty(), text.length_at(self.facts), self.facts.max_sms_characters())
        } else {
            let text = self.filled(checked);
            let limit = (self.template.template_type == TemplateType::Email).then_some(MAX_EMAIL_BYTES);
            (text.is_empty(), text.body.trim().len(), limit)
        };
        if let Some(length) = self.too_long_qr_code(checked) {
            checked
                .errors
                .push(format!("a QR code is too long: {length} bytes, and {LONGEST_QR_CODE} are allowed"));
        }
        if is_empty {
            checked.errors.push("the message is empty".to_owned());
        } else if let Some(limit) = limit.filter(|limit| length > *limit) {
            checked.errors.push(format!("the message is too long: {length}, and {limit} are allowed"));
        }
    }

    /// How many bytes a QR code of a letter holds, if it is too long.
    fn too_long_qr_code(&self, checked: &CheckedRow) -> Option<usize> {
        let body = &self.template.body;
        // Most letters have none, and it takes a while to look for one.
        if self.template.template_type != TemplateType::Letter || !body.to_lowercase().contains("qr") {
            return None;
        }
        too_long_qr_code(body, &serde_json::to_string(&checked.personalisation).ok()?)
    }
}
