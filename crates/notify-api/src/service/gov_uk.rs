//! GOV.UK Notify, the reference with which all services are compared.

use super::{Properties, Service, SmsLength};

const PROPERTIES: Properties = Properties {
    name: "govuk",
    title: "GOV.UK Notify",
    base_url: "https://api.notifications.service.gov.uk",
    domain: "notifications.service.gov.uk",
    bounds_requests: true,
    messages_per_minute: 3_000,
    max_sms_characters: Some(918),
    sms_length: SmsLength::Utf16,
    max_file_bytes: Some(2 * 1024 * 1024),
    lacks: &[],
    smoke_test_numbers: &["7700900000", "7700900111", "7700900222"],
    refusals: &[],
};

impl Service {
    /// GOV.UK Notify.
    pub const fn gov_uk() -> Self {
        Self(&PROPERTIES)
    }
}
