//! People as VA identifies them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::model::word::words;

words!(
    /// The VA system to which an identifier belongs.
    IdentifierType {
        /// VA Profile.
        VaProfileId = "VAPROFILEID",
        /// The participant id of the corporate database.
        Pid = "PID",
        /// The integration control number of the Master Person Index. Answers show `<redacted>` in its place.
        Icn = "ICN",
        /// The Beneficiary Identification Records Locator Subsystem.
        BirlsId = "BIRLSID",
        /// The Department of Defense.
        Edipi = "EDIPI",
    }
);

/// A person, named by one of VA's identifiers. The service looks up how to reach them.
///
/// Only after it has taken the message does the service find out whether the person wants it and has an address. If
/// not, the message fails.
///
/// If the answer to a message is lost, a lookup recognises the message by the identifier. It cannot do so by an
/// [ICN](IdentifierType::Icn), which no list shows: then the message stays in doubt.
///
/// `Debug` leaves out the identifier.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecipientIdentifier {
    /// The system that knows the person.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub id_type: IdentifierType,
    /// The identifier.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub id_value: String,
}

impl RecipientIdentifier {
    /// The person that this system knows by this identifier.
    pub fn new(id_type: IdentifierType, id_value: impl Into<String>) -> Self {
        Self { id_type, id_value: id_value.into() }
    }
}

impl fmt::Debug for RecipientIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecipientIdentifier").field("id_type", &self.id_type).finish_non_exhaustive()
    }
}
