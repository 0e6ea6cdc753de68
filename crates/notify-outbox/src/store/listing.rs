//! What a store says about single messages, for those who look after it.

use std::fmt;

use crate::RowId;

/// The name of a [`State`](crate::State), as far as people tell messages apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StateName {
    /// To be sent, now or later.
    Ready,
    /// Being sent.
    InFlight,
    /// In doubt, and being looked up.
    InDoubt,
    /// In doubt, for a person.
    ForPerson,
    /// Sent.
    Sent,
    /// Not sent, and never to be.
    Failed,
}

impl StateName {
    /// All of them, in the order in which the stores number them.
    pub const ALL: [Self; 6] =
        [Self::Ready, Self::InFlight, Self::InDoubt, Self::ForPerson, Self::Sent, Self::Failed];

    /// The number in the column `state`.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) const fn number(self) -> i16 {
        self as i16
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn of_number(number: i64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// Which messages to list, in the order in which they were put.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// Those in one of these states.
    pub states: Vec<StateName>,
    /// Those after this row: the last of the page before.
    pub after: Option<RowId>,
    /// How many, at most.
    pub limit: usize,
    /// Whether to read what is to be sent as well, where it is kept.
    pub with_payloads: bool,
}

/// A message in a list.
///
/// `Debug` shows only its row and its state.
#[derive(Clone, PartialEq, Eq)]
pub struct ListedMessage {
    /// The row.
    pub row: RowId,
    /// The reference.
    pub reference: String,
    /// What the producer keeps with it: [`Intent::tag`](crate::Intent::tag).
    pub tag: Vec<u8>,
    /// How far it has come.
    pub state: StateName,
    /// If it was sent, the service's id, as far as it is known. If it failed or is for a person, why.
    pub answer: Option<String>,
    /// When it was put, in seconds since 1970 by the clock of the store.
    pub put_at: u64,
    /// When it was finished, by the same clock.
    pub finished_at: Option<u64>,
    /// What is to be sent, if that was asked for and is kept.
    pub payload: Option<Vec<u8>>,
}

impl fmt::Debug for ListedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListedMessage")
            .field("row", &self.row)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_personal_of_a_message_in_a_list() {
        let listed = ListedMessage {
            row: RowId(7),
            reference: "kim-17".to_owned(),
            tag: b"kim".to_vec(),
            state: StateName::Failed,
            answer: Some("to kim".to_owned()),
            put_at: 0,
            finished_at: None,
            payload: Some(b"+447900900123".to_vec()),
        };
        assert_eq!(format!("{listed:?}"), "ListedMessage { row: RowId(7), state: Failed, .. }");
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    #[test]
    fn a_state_has_the_number_of_its_place() {
        for (place, state) in (0..).zip(StateName::ALL) {
            assert_eq!((StateName::of_number(place), i64::from(state.number())), (Some(state), place));
        }
        assert_eq!(StateName::of_number(6).or(StateName::of_number(-1)), None);
    }
}
