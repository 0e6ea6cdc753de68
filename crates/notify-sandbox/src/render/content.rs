//! Fills in templates as the service does: texts, e-mails and letters as they are sent.

pub(crate) mod downgrade;
pub(crate) mod email;
pub(crate) mod html;
pub(crate) mod letter;
pub(crate) mod personalisation;
pub(crate) mod sanitise;
pub(crate) mod sms;
pub(crate) mod template;
pub(crate) mod typography;
pub(crate) mod whitespace;

pub(crate) use letter::piece::{Piece, pieces};
pub(crate) use personalisation::Personalisation;
pub(crate) use template::{Template, missing, placeholders};
