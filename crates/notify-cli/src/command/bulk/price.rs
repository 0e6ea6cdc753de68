//! What messages cost, as far as the service says: by what it billed for the latest ones.

use notify_http::ListNotifications;
use notify_http::model::{Notification, Template, TemplateType};

use super::survey::Survey;
use crate::service::Service;

/// What the service billed for a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Price {
    /// Pounds for a fragment of a text message.
    Fragment(f64),
    /// Pounds for a letter of this template, and how many sheets that had.
    Letter { pounds: f64, sheets: u32 },
    /// Only GOV.UK Notify states prices, and only for messages that it still keeps.
    Unknown,
}

impl Price {
    /// Looks for the latest message that was billed. Nothing depends on it, so a failure only leaves the price unknown.
    pub(super) async fn ask(service: &Service, template: &Template) -> Self {
        let kind = &template.template_type;
        let is_told = service.facts() == notify_http::Service::gov_uk();
        // An e-mail costs nothing.
        if !is_told || *kind == TemplateType::Email {
            return Self::Unknown;
        }
        match service.send(ListNotifications::new().template_type(kind.clone())).await {
            Ok(page) => Self::of(&page.into_inner().notifications, template),
            Err(_) => Self::Unknown,
        }
    }

    fn of(latest: &[Notification], template: &Template) -> Self {
        let price = latest.iter().find_map(|message| {
            let details = &message.cost_details;
            match template.template_type {
                TemplateType::Sms => details.sms_rate.filter(|rate| *rate > 0.0).map(Self::Fragment),
                _ if message.template.as_ref().is_some_and(|used| used.id == template.id) => {
                    let sheets = details.billable_sheets_of_paper.filter(|sheets| *sheets > 0)?;
                    Some(Self::Letter { pounds: message.cost_in_pounds?, sheets })
                }
                _ => None,
            }
        });
        price.unwrap_or(Self::Unknown)
    }

    /// A sentence about the cost of these messages.
    pub(super) fn of_all(self, survey: &Survey) -> String {
        match self {
            Self::Fragment(each) => {
                let all = pounds(survey.fragments, each);
                format!(", {all} at the latest rate of £{each} (nothing with a test key)")
            }
            Self::Letter { pounds: each, sheets } => {
                let all = pounds(survey.good(), each);
                let sheets = if sheets == 1 { "1 sheet".to_owned() } else { format!("{sheets} sheets") };
                format!(
                    ", {all} if each costs £{each}, as the latest of this template with {sheets} (nothing with a test key)"
                )
            }
            Self::Unknown => String::new(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no list costs so much that a penny counts no more")]
fn pounds(count: u64, each: f64) -> String {
    format!("£{:.2}", count as f64 * each)
}
