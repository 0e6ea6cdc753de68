//! What a device knows of a message that the service may have taken.

use core::fmt;

use crate::id::TemplateId;
use crate::message::Identity;
use crate::reference::Reference;

/// A message that the service may have taken.
///
/// It is what a call needs to [look it up](crate::Call::resume): not the text, but the digits of the number and the
/// reference. `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct InDoubt {
    pub(crate) identity: Identity,
    pub(crate) is_listed: bool,
    /// The `iat` of the last token that was sent with it.
    pub(crate) iat: u64,
}

impl InDoubt {
    /// The message's reference, if it has one.
    pub fn reference(&self) -> Option<&Reference> {
        self.identity.reference.as_ref()
    }

    /// Its template.
    pub fn template(&self) -> TemplateId {
        self.identity.template
    }
}

impl fmt::Debug for InDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InDoubt")
            .field("kind", &self.identity.kind)
            .field("template", &self.identity.template)
            .field("iat", &self.iat)
            .finish_non_exhaustive()
    }
}
