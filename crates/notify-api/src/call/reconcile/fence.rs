//! The fence: from when on a message that the service does not list was not taken, and never will be.
//!
//! The service takes a token while its own clock is below `iat` + 31 seconds, and gives up on a request 30 seconds
//! after it received it. The clocks of its machines may be 4 seconds apart. So nothing can come of a message later than
//! its token's `iat` + 65 seconds.
//!
//! The service itself tells us its clock: it takes a token only up to 30 seconds before its `iat`. So if it accepts a
//! lookup whose `iat` is 95 seconds after the message's, the 65 seconds are over. This holds whatever this machine's
//! clocks, a proxy's `Date` or a closed connection seem to say.

use std::time::Duration;

use http::HeaderMap;
use http::header::AGE;

use crate::headers;

/// For how many seconds after its `iat` the service takes a token, and a request with it.
const TOKEN_IS_TAKEN: u64 = 31;
/// After how many seconds the service gives up on a request (recorded: `server-errors.jsonl`, 29.54).
const REQUEST_IS_SERVED: u64 = 30;
/// How many seconds the clocks of the service's own machines may be apart.
const MACHINES_APART: u64 = 4;
/// From how many seconds after the `iat` of its token a message can no longer be taken.
pub(super) const DONE_AFTER: u64 = TOKEN_IS_TAKEN + REQUEST_IS_SERVED + MACHINES_APART;
/// How many seconds a token may be signed ahead of the service's clock.
const SIGNED_AHEAD: u64 = 30;

/// The fence of one message. All moments are unix seconds of the service's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    opens_at: u64,
}

impl Fence {
    /// The fence of a message whose last token had this `iat`, for a service that is done with it after `done_after`
    /// seconds. That time is never less than [`DONE_AFTER`].
    pub(super) fn new(iat: u64, done_after: u64) -> Self {
        Self { opens_at: iat.saturating_add(done_after.max(DONE_AFTER)) }
    }

    /// When a lookup that counts may leave, by the service's clock as we believe it to be.
    pub(super) fn opens_at(self) -> Duration {
        Duration::from_secs(self.opens_at)
    }

    /// The `iat` that a lookup needs in order to count.
    pub(super) fn proving_iat(self) -> u64 {
        self.opens_at.saturating_add(SIGNED_AHEAD)
    }

    /// Whether an accepted lookup, signed for `iat`, was answered after the time was over.
    pub(super) fn is_over(self, iat: u64, answer: &HeaderMap) -> bool {
        iat >= self.proving_iat()
            // A cache kept the answer: the service accepted another token.
            && !answer.contains_key(AGE)
            && headers::date(answer).is_none_or(|date| date >= self.opens_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use http::header::DATE;

    const SENT: u64 = 784_111_777;

    fn headers(date: u64) -> HeaderMap {
        let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(date));
        HeaderMap::from_iter([(DATE, HeaderValue::from_str(&date).unwrap())])
    }

    #[test]
    fn a_lookup_counts_when_its_own_token_proves_the_service_s_time() {
        let fence = Fence::new(SENT, 0);
        assert_eq!(fence.opens_at(), Duration::from_secs(SENT + 65));
        assert!(fence.is_over(SENT + 95, &HeaderMap::new()));
        assert!(!fence.is_over(SENT + 94, &HeaderMap::new()));
    }

    #[test]
    fn a_date_before_the_time_and_an_answer_that_somebody_kept_prove_nothing() {
        let fence = Fence::new(SENT, 0);
        assert!(fence.is_over(SENT + 95, &headers(SENT + 65)));
        assert!(!fence.is_over(SENT + 95, &headers(SENT + 64)));
        let mut kept = headers(SENT + 70);
        kept.insert(AGE, HeaderValue::from_static("0"));
        assert!(!fence.is_over(SENT + 95, &kept));
    }

    #[test]
    fn a_time_that_the_caller_sets_can_only_be_longer() {
        assert_eq!(Fence::new(SENT, 10), Fence::new(SENT, 65));
        assert_eq!(Fence::new(SENT, 600).opens_at(), Duration::from_secs(SENT + 600));
        assert_eq!(Fence::new(u64::MAX, u64::MAX).proving_iat(), u64::MAX);
    }
}
