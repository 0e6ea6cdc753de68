//! Reads the answer of an endpoint for a call, which does not know its types.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::model::Notification;
use crate::{Endpoint, Error, Identity, RawResponse};

/// A typed answer whose type is the endpoint's.
pub(crate) type Value = Arc<dyn Any + Send + Sync>;

/// What the answer to a message turned out to be.
pub(super) enum Reading {
    /// The service took this very message.
    Confirmed(Value),
    /// It is about another message.
    OfAnother,
    /// It cannot be read.
    Unreadable(Error),
}

/// Reads an answer once, for the call to compare with its request and for the caller to use.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    answer: fn(&RawResponse, Option<&Identity>) -> Reading,
    found: fn(Notification) -> Option<Value>,
}

impl Reader {
    pub(super) fn of<E: Endpoint>() -> Self {
        Self {
            answer: |raw, identity| match E::decode(raw) {
                Ok(answer) if identity.is_some_and(|identity| !E::is_about(&answer, identity)) => {
                    Reading::OfAnother
                }
                Ok(answer) => Reading::Confirmed(Arc::new(answer)),
                Err(error) => Reading::Unreadable(error),
            },
            found: |message| E::found(message).map(|answer| Arc::new(answer) as Value),
        }
    }

    pub(super) fn read(self, raw: &RawResponse, identity: Option<&Identity>) -> Reading {
        (self.answer)(raw, identity)
    }

    /// The lost answer, from the message as it is listed.
    pub(super) fn found(self, raw: &RawResponse) -> Result<Value, Error> {
        (self.found)(raw.json()?).ok_or_else(|| raw.unreadable("which does not say what the message is"))
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}
