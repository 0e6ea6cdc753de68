//! GOV.UK Notify, on whose code the others are based. It is the default of each part of a dialect.

use crate::account::dialect::AccountDialect;
use crate::api::dialect::ApiDialect;
use crate::callbacks::CallbackDialect;
use crate::recipient::validation::RecipientDialect;
use crate::recipient::{email, phone};

#[derive(Debug)]
pub(super) struct GovUk;

impl AccountDialect for GovUk {
    fn comparable(&self, recipient: &str) -> String {
        if let Ok(number) = phone::parse(recipient) {
            return number.normalised();
        }
        email::parse(recipient).map_or_else(|_| recipient.to_owned(), |address| address.normalised())
    }

    fn sender_as_shown(&self, sender: &str) -> String {
        phone::parse(sender).map_or_else(|_| sender.to_owned(), |number| number.normalised())
    }
}

impl ApiDialect for GovUk {}

impl CallbackDialect for GovUk {}

impl RecipientDialect for GovUk {}
