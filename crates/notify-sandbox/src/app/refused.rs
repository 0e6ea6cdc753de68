//! The newest requests that were refused, and why.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::time::Timestamp;

/// How many are kept.
const KEPT: usize = 1_000;

/// A request that was refused. It holds no secret and no signature.
#[derive(Serialize)]
pub(crate) struct RefusedRequest {
    /// Its number, set when it is kept.
    pub(crate) id: u64,
    pub(crate) at: Timestamp,
    pub(crate) method: String,
    /// With the names of the query's parameters, but not their values.
    pub(crate) path: String,
    /// None if a fault cut the connection.
    pub(crate) status: Option<u16>,
    pub(crate) service: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) remedy: String,
    /// What the answer says, if it is JSON.
    pub(crate) answer: serde_json::Value,
    /// The token part by part; none if there was none.
    pub(crate) token: Option<TokenParts>,
}

/// A token, taken apart.
#[derive(Serialize)]
pub(crate) struct TokenParts {
    /// What is wrong with the token as a whole, if it cannot be taken apart.
    pub(crate) problem: Option<String>,
    pub(crate) parts: Vec<TokenPart>,
}

/// A parameter of a token's header, a claim, or its signature.
#[derive(Serialize)]
pub(crate) struct TokenPart {
    pub(crate) place: &'static str,
    pub(crate) name: String,
    /// As JSON; none if it is missing, and for the signature.
    pub(crate) value: Option<String>,
    pub(crate) why: String,
    pub(crate) is_refused: bool,
}

/// The refused requests, oldest first.
#[derive(Default)]
pub(crate) struct RefusedRequests(Mutex<Contents>);

#[derive(Default)]
struct Contents {
    requests: VecDeque<Arc<RefusedRequest>>,
    /// How many there have been.
    count: u64,
}

impl RefusedRequests {
    pub(crate) fn keep(&self, mut request: RefusedRequest) {
        let mut contents = self.lock();
        contents.count += 1;
        request.id = contents.count;
        if contents.requests.len() == KEPT {
            contents.requests.pop_front();
        }
        contents.requests.push_back(Arc::new(request));
    }

    /// Up to `count` of them, newest first, from before one of this number.
    pub(crate) fn list(&self, before: Option<u64>, count: usize) -> Vec<Arc<RefusedRequest>> {
        let contents = self.lock();
        let newest_first = contents.requests.iter().rev();
        newest_first.filter(|one| before.is_none_or(|before| one.id < before)).take(count).cloned().collect()
    }

    pub(crate) fn get(&self, id: u64) -> Option<Arc<RefusedRequest>> {
        self.lock().requests.iter().find(|one| one.id == id).cloned()
    }

    pub(crate) fn clear(&self) {
        self.lock().requests.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
