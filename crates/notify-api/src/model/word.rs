//! The service's words, as enums that keep unknown words.

/// Defines an enum of the service's words that keeps unknown words.
macro_rules! words {
    ($(#[$docs:meta])* $name:ident { $($(#[$variant_docs:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$docs])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, ::serde::Deserialize)]
        #[serde(from = "std::borrow::Cow<'_, str>")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_docs])* $variant,)+
            /// A word that was unknown when this was written. Empty if the service gave none.
            Other(String),
        }

        impl $name {
            /// The word, as the API spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    _ => Self::Other(word.to_owned()),
                }
            }
        }

        impl From<::std::borrow::Cow<'_, str>> for $name {
            fn from(word: ::std::borrow::Cow<'_, str>) -> Self {
                Self::from(&*word)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    Self::Other(word) => f.pad(&$crate::printable::Printable(word).to_string()),
                    known => f.pad(known.as_str()),
                }
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;
