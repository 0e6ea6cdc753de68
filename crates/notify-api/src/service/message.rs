//! The building blocks for messages of the sibling services.

use http::Method;

use super::Service;
use crate::model::Reference;
use crate::{Effect, InvalidRequest, Operation};

/// An operation that sends a message of a sibling service's own type.
pub(super) const fn sending(name: &'static str, path: &'static str, alone: &'static [Service]) -> Operation {
    Operation::new(name, Method::POST, path, Effect::Sends).only(alone)
}

/// The siblings have no rule for the length of a reference. If their databases cannot hold one, they answer with a 500.
pub(super) fn check_reference(reference: Option<&Reference>) -> Result<(), InvalidRequest> {
    reference.map_or(Ok(()), Reference::check_characters)
}

/// A URL that the service posts receipts to. The siblings check only how it begins.
pub(super) fn check_callback_url(field: &str, url: &str, longest: usize) -> Result<(), InvalidRequest> {
    if !url.starts_with("https") {
        return Err(InvalidRequest::new("must begin with https").in_field(field));
    }
    if url.chars().count() > longest {
        return Err(InvalidRequest::new("must not be longer than 255 characters").in_field(field));
    }
    Ok(())
}
