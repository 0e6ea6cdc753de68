//! Items of a list that cannot be read.

use super::masked::debug_only;

/// An item of a list that cannot be read, because it has no id. The others are not affected.
///
/// `Debug` leaves out the item's content.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableItem {
    /// Its place in its page, counted from 0, as the service sent it.
    pub index: usize,
    /// What is wrong with it, such as `notifications[3].id, which is missing`. It shows no value.
    pub problem: String,
    /// The item, as the service sent it; it may hold personal data.
    pub json: String,
}

debug_only! {
    UnreadableItem { index, problem }
}
