//! The text messages that people sent to a service.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::account::mailbox::{PAGE_SIZE, has_expired};
use crate::time::Timestamp;
use crate::world::ReceivedText;

/// The texts of a service, oldest first.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<VecDeque<Arc<ReceivedText>>>);

impl Inbox {
    /// With these texts, in any order; of several at one time the newest comes first.
    pub(crate) fn holding(texts: Vec<ReceivedText>) -> Self {
        let mut oldest_first: Vec<_> = texts.into_iter().rev().map(Arc::new).collect();
        oldest_first.sort_by_key(|text| text.created_at);
        Self(Mutex::new(oldest_first.into()))
    }

    pub(crate) fn add(&self, text: ReceivedText) {
        let mut texts = self.texts();
        while texts.front().is_some_and(|oldest| has_expired(oldest.created_at, text.created_at)) {
            texts.pop_front();
        }
        texts.push_back(Arc::new(text));
    }

    /// The next page, newest first.
    pub(crate) fn page(&self, older_than: Option<Uuid>, now: Timestamp) -> Vec<Arc<ReceivedText>> {
        let texts = self.texts();
        let end = match older_than {
            None => texts.len(),
            Some(id) => texts.iter().position(|text| text.id == id).unwrap_or(0),
        };
        let newest_first = texts.range(..end).rev();
        newest_first
            .take_while(|text| !has_expired(text.created_at, now))
            .take(PAGE_SIZE)
            .map(Arc::clone)
            .collect()
    }

    fn texts(&self) -> MutexGuard<'_, VecDeque<Arc<ReceivedText>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
