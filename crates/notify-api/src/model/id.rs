//! The ids of the service's objects, each its own type, so that they cannot be mixed up.

/// The given text is not a UUID, so it cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} is not a UUID, such as 740e5834-3a29-46b4-9a6f-16142fde533a")]
pub struct InvalidId {
    what: &'static str,
}

impl InvalidId {
    pub(crate) const fn of(what: &'static str) -> Self {
        Self { what }
    }
}

/// Defines a newtype over a UUID that is read, written and shown as its text.
macro_rules! id {
    ($(#[$docs:meta])* $name:ident, $what:literal) => {
        $crate::model::id::id!("model", $(#[$docs])* $name, $what);
    };
    ($module:literal, $(#[$docs:meta])* $name:ident, $what:literal) => {
        $(#[$docs])*
        ///
        /// Parses with or without hyphens, in either case, as the service does. Displays with hyphens and in lower
        /// case.
        ///
        /// ```
        #[doc = concat!("use notify_api::", $module, "::", stringify!($name), ";")]
        ///
        #[doc = concat!("const ID: ", stringify!($name), " = ", stringify!($name), "::from_static(\"740e5834-3a29-46b4-9a6f-16142fde533a\");")]
        /// assert_eq!("740e58343a2946b49a6f16142fde533a".parse(), Ok(ID));
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// The id made of these 16 bytes, in the order in which they are written.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(::uuid::Uuid::from_bytes(bytes))
            }

            /// Parses an id, also in a constant. It works like [`FromStr`](std::str::FromStr), except for white space
            /// that is not ASCII.
            ///
            /// # Errors
            ///
            /// [`InvalidId`](crate::model::InvalidId) if the text is not a UUID.
            pub const fn parse(text: &str) -> Result<Self, $crate::model::InvalidId> {
                match ::uuid::Uuid::try_parse(text.trim_ascii()) {
                    Ok(uuid) => Ok(Self(uuid)),
                    Err(_) => Err($crate::model::InvalidId::of($what)),
                }
            }

            /// An id that is written in the program's source.
            ///
            /// # Panics
            ///
            /// If the text is not a UUID. This function is meant for constants: there, a wrong text keeps the program
            /// from compiling.
            pub const fn from_static(text: &'static str) -> Self {
                match Self::parse(text) {
                    Ok(id) => id,
                    Err(_) => panic!(concat!("the ", $what, " is not a UUID")),
                }
            }

            /// The 16 bytes of the id.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::model::InvalidId;

            fn from_str(text: &str) -> Result<Self, $crate::model::InvalidId> {
                text.trim().parse().map(Self).map_err(|_| $crate::model::InvalidId::of($what))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0.hyphenated(), f)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }
    };
}
pub(crate) use id;

id!(
    /// The id of a message.
    NotificationId,
    "notification id"
);
id!(
    /// The id of a template, the same for all its versions.
    TemplateId,
    "template id"
);
id!(
    /// The id of one of the service's senders of text messages.
    SmsSenderId,
    "sms sender id"
);
id!(
    /// The id of one of the service's reply-to e-mail addresses.
    EmailReplyToId,
    "email reply-to id"
);
id!(
    /// The id of a service, which sends messages and owns API keys.
    ServiceId,
    "service id"
);
id!(
    /// The id of a text message that somebody sent to the service.
    ReceivedTextMessageId,
    "received text message id"
);
id!(
    /// The id of a complaint about an e-mail.
    ComplaintId,
    "complaint id"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_the_service_reads_it_and_shows_one_form() {
        let id = "740e5834-3a29-46b4-9a6f-16142fde533a";
        for text in [
            id,
            "740E5834-3A29-46B4-9A6F-16142FDE533A",
            "740e58343a2946b49a6f16142fde533a",
            " {740e5834-3a29-46b4-9a6f-16142fde533a}\n",
        ] {
            assert_eq!(text.parse::<TemplateId>().unwrap().to_string(), id);
        }
        assert_eq!(
            "7".parse::<SmsSenderId>().unwrap_err().to_string().split(" is ").next(),
            Some("the sms sender id")
        );
    }
}
