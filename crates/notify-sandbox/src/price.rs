//! What a message costs, as `GET` shows it.

use serde::Serialize;

use crate::status::Status;
use crate::timestamp::Timestamp;

/// The price of one fragment of a text message, in thousandths of a pound.
const SMS_RATE_IN_MILLIPOUNDS: f64 = 24.0;

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
        #[expect(clippy::cast_precision_loss, reason = "a text has a dozen fragments at most")]
        let millipounds = fragments as f64 * rate_multiplier * SMS_RATE_IN_MILLIPOUNDS;
        Self {
            is_cost_data_ready: true,
            cost_in_pounds: Some(millipounds / 1000.0),
            cost_details: CostDetails::Sms {
                billable_sms_fragments: fragments,
                international_rate_multiplier: rate_multiplier,
                sms_rate: SMS_RATE_IN_MILLIPOUNDS / 1000.0,
            },
        }
    }

    pub(crate) fn of_email() -> Self {
        Self { is_cost_data_ready: true, cost_in_pounds: Some(0.0), cost_details: CostDetails::Nothing {} }
    }

    /// A sandbox prints nothing, so it bills no paper.
    pub(crate) fn of_letter(postage: &'a str, status: Status) -> Self {
        if matches!(status, Status::Created | Status::PendingVirusCheck) {
            return Self::default();
        }
        Self {
            is_cost_data_ready: true,
            cost_in_pounds: Some(0.0),
            cost_details: CostDetails::Letter { billable_sheets_of_paper: 0, postage },
        }
    }
}
