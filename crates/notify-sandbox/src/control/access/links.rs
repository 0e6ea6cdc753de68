//! Links to the page, each valid for one browser, and the cookies of those browsers.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::are_equal;

/// How many unopened links and how many browsers are remembered. The oldest are forgotten first.
const KEPT: usize = 1_000;

/// Unopened links and the cookies of opened ones.
#[derive(Default)]
pub(crate) struct Links(Mutex<Contents>);

#[derive(Default)]
struct Contents {
    links: VecDeque<String>,
    cookies: VecDeque<String>,
}

impl Links {
    /// The token of a new link.
    pub(super) fn add(&self) -> String {
        keep(&mut self.lock().links)
    }

    /// The cookie for a link, which is then used up.
    pub(super) fn redeem(&self, token: &str) -> Option<String> {
        let mut contents = self.lock();
        let place = contents.links.iter().position(|link| are_equal(link, token))?;
        contents.links.remove(place);
        Some(keep(&mut contents.cookies))
    }

    pub(super) fn knows(&self, cookie: &str) -> bool {
        self.lock().cookies.iter().any(|known| are_equal(known, cookie))
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds a new secret.
fn keep(secrets: &mut VecDeque<String>) -> String {
    if secrets.len() == KEPT {
        secrets.pop_front();
    }
    let secret = Uuid::new_v4().simple().to_string();
    secrets.push_back(secret.clone());
    secret
}
