//! People as VA knows them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::model::word::words;

words!(
    /// Which of VA's systems knows a person by an identifier.
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

/// A person, by an identifier of VA's. The service looks up where they can be reached.
///
/// Whether they want the message, and have an address, is found out after the message was taken: it fails then.
///
/// When the answer to a message is lost, a lookup knows it again by the identifier, except by an
/// [ICN](IdentifierType::Icn), which no list shows: it stays in doubt.
///
/// `Debug` leaves out the identifier.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecipientIdentifier {
    /// Which system knows the person.
    #[serde(default = "json::unsaid", deserialize_with = "json::word")]
    pub id_type: IdentifierType,
    /// The identifier.
    #[serde(default, deserialize_with = "json::text_or_empty")]
    pub id_value: String,
}

impl RecipientIdentifier {
    /// The person whom this system knows by this identifier.
    pub fn new(id_type: IdentifierType, id_value: impl Into<String>) -> Self {
        Self { id_type, id_value: id_value.into() }
    }
}

impl fmt::Debug for RecipientIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecipientIdentifier").field("id_type", &self.id_type).finish_non_exhaustive()
    }
}
