//! Recipients: the rules for e-mail addresses, phone numbers, postal addresses and postcodes.

pub(crate) mod email;
pub(crate) mod phone;
pub(crate) mod postal;
pub(crate) mod postcode;
pub(crate) mod validation;
