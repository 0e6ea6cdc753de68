//! How a letter is posted.

use super::word::words;

words!(
    /// How a letter is posted.
    ///
    /// A letter abroad gets its postage from its address, whatever was asked for.
    Postage {
        /// First class, within the United Kingdom.
        First = "first",
        /// Second class, within the United Kingdom.
        Second = "second",
        /// Economy, within the United Kingdom.
        Economy = "economy",
        /// To Europe; only the service says so.
        Europe = "europe",
        /// To any other country; only the service says so.
        RestOfWorld = "rest-of-world",
    }
);
