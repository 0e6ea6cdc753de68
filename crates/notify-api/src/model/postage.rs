//! How a letter is posted.

use super::word::words;

words!(
    /// How a letter is posted.
    ///
    /// The address of a letter abroad determines its postage, whatever the request said.
    Postage {
        /// First class, within the United Kingdom.
        First = "first",
        /// Second class, within the United Kingdom.
        Second = "second",
        /// Economy, within the United Kingdom.
        Economy = "economy",
        /// To Europe; set by the service only.
        Europe = "europe",
        /// To any other country; set by the service only.
        RestOfWorld = "rest-of-world",
    }
);
