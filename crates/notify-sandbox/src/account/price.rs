//! What a message costs, as `GET` shows it.

use serde::Serialize;

use crate::account::status::Status;
use crate::time::Timestamp;

/// The price of one fragment of a text message, in pounds.
const SMS_RATE: f64 = 0.024;

/// The prices of letters of one to five sheets by postage, in pounds, as of July 2026.
const LETTER_RATES: [(&str, [f64; 5]); 5] = [
    ("first", [1.56, 1.61, 1.66, 1.71, 1.76]),
    ("second", [0.73, 0.77, 0.82, 0.87, 0.91]),
    ("economy", [0.638, 0.684, 0.724, 0.779, 0.823]),
    ("europe", [1.80, 1.84, 1.88, 1.92, 1.96]),
    ("rest-of-world", [1.80, 1.84, 1.88, 1.92, 1.96]),
];

/// What a message costs.
#[derive(Default, Serialize)]
pub(crate) struct Price<'a> {
    is_cost_data_ready: bool,
    cost_in_pounds: Option<f64>,
    cost_details: CostDetails<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum CostDetails<'a> {
    Nothing {},
    Sms { billable_sms_fragments: usize, international_rate_multiplier: f64, sms_rate: f64 },
    Letter { billable_sheets_of_paper: u32, postage: &'a str },
}

impl Default for CostDetails<'_> {
    fn default() -> Self {
        Self::Nothing {}
    }
}

impl<'a> Price<'a> {
    /// Known once the text is with a provider.
    pub(crate) fn of_sms(fragments: usize, rate_multiplier: u32, sent_at: Option<Timestamp>) -> Self {
        if sent_at.is_none() {
            return Self::default();
        }
        let rate_multiplier = f64::from(rate_multiplier);
        // The service multiplies floating-point numbers, and shows the result unrounded.
        #[expect(clippy::cast_precision_loss, reason = "a text has a dozen fragments at most")]
        let cost_in_pounds = fragments as f64 * rate_multiplier * SMS_RATE;
        Self {
            is_cost_data_ready: true,
            cost_in_pounds: Some(cost_in_pounds),
            cost_details: CostDetails::Sms {
                billable_sms_fragments: fragments,
                international_rate_multiplier: rate_multiplier,
                sms_rate: SMS_RATE,
            },
        }
    }

    pub(crate) fn of_email() -> Self {
        Self { is_cost_data_ready: true, cost_in_pounds: Some(0.0), cost_details: CostDetails::Nothing {} }
    }

    /// Known once the letter goes to the printer, or it is clear that it never will.
    pub(crate) fn of_letter(postage: &'a str, sheets: u32, status: Status) -> Self {
        if matches!(status, Status::Created | Status::PendingVirusCheck) {
            return Self::default();
        }
        let is_printed = !matches!(
            status,
            Status::ValidationFailed | Status::TechnicalFailure | Status::Cancelled | Status::VirusScanFailed
        );
        let sheets = if is_printed { sheets } else { 0 };
        Self {
            is_cost_data_ready: true,
            cost_in_pounds: Some(letter_price(postage, sheets)),
            cost_details: CostDetails::Letter { billable_sheets_of_paper: sheets, postage },
        }
    }
}

fn letter_price(postage: &str, sheets: u32) -> f64 {
    let Some(after_the_first) = sheets.checked_sub(1) else { return 0.0 };
    let rates = LETTER_RATES.iter().find(|(known, _)| *known == postage).map(|(_, rates)| rates);
    let rate = usize::try_from(after_the_first).ok().and_then(|index| rates?.get(index));
    rate.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_priced_by_sheets_and_postage() {
        for (postage, sheets, price) in [
            ("second", 0, 0.0),
            ("second", 1, 0.73),
            ("first", 5, 1.76),
            ("economy", 2, 0.684),
            ("europe", 1, 1.8),
            ("rest-of-world", 3, 1.88),
        ] {
            assert_eq!(letter_price(postage, sheets).to_string(), price.to_string(), "{postage} {sheets}");
        }
    }
}
