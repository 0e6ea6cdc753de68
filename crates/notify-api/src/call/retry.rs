//! When to send again, and after how long.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::header::RETRY_AFTER;
use http::{Response, StatusCode};

/// The first back-off reaches up to this, and each further one twice as far, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);

/// A refused request still takes its share of the service's bucket, so that a whole second has to pass (CONTRACT §10).
const AFTER_RATE_LIMIT: Duration = Duration::from_secs(1);

/// Exponential back-off with full jitter: between nothing and a bound that doubles with each attempt made.
pub(super) fn backoff(attempts: u32, jitter: &mut Rng) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    let bound = SHORTEST.saturating_mul(1 << doublings).min(LONGEST);
    bound.mul_f64(jitter.f64())
}

/// How long to wait after a refusal before the request may be sent again; `None` when it may not.
///
/// A message is sent again only after a 429, which says that it was not taken; a read after a 5xx as well.
pub(super) fn after(
    response: &Response<Bytes>,
    reads: bool,
    attempts: u32,
    date: Option<u64>,
    jitter: &mut Rng,
) -> Option<Duration> {
    let wait = match response.status() {
        StatusCode::TOO_MANY_REQUESTS => AFTER_RATE_LIMIT + backoff(attempts, jitter),
        status if status.is_server_error() && reads => backoff(attempts, jitter),
        _ => return None,
    };
    Some(wait.max(retry_after(response, date).unwrap_or_default()))
}

/// What a proxy asks for: seconds, or a date (RFC 9110 §10.2.3). The service itself sends no such header.
fn retry_after(response: &Response<Bytes>, date: Option<u64>) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match value.parse() {
        Ok(seconds) => seconds,
        Err(_) => notify_jwt::parse_http_date(value).ok()?.saturating_sub(date?),
    };
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, retry_after: Option<&str>) -> Response<Bytes> {
        let mut builder = Response::builder().status(status);
        if let Some(value) = retry_after {
            builder = builder.header(RETRY_AFTER, value);
        }
        builder.body(Bytes::new()).unwrap()
    }

    #[test]
    fn back_off_doubles_and_stays_within_its_bounds() {
        let mut jitter = Rng::with_seed(7);
        for (attempts, bound) in [(1, 250), (2, 500), (4, 2_000), (9, 10_000), (u32::MAX, 10_000)] {
            let longest = (0..1_000).map(|_| backoff(attempts, &mut jitter)).max().unwrap();
            assert!(longest <= Duration::from_millis(bound));
            assert!(longest >= Duration::from_millis(bound / 10 * 9), "{attempts}: {longest:?}");
        }
    }

    #[test]
    fn a_message_is_sent_again_only_when_it_was_certainly_not_taken() {
        let mut jitter = Rng::with_seed(7);
        for (status, sends, reads) in
            [(429, true, true), (500, false, true), (504, false, true), (400, false, false)]
        {
            assert_eq!(
                after(&response(status, None), false, 1, None, &mut jitter).is_some(),
                sends,
                "{status}"
            );
            assert_eq!(
                after(&response(status, None), true, 1, None, &mut jitter).is_some(),
                reads,
                "{status}"
            );
        }
    }

    #[test]
    fn a_retry_after_is_obeyed_in_both_its_forms() {
        let mut jitter = Rng::with_seed(7);
        let mut wait =
            |value| after(&response(503, Some(value)), true, 1, Some(784_111_770), &mut jitter).unwrap();
        assert_eq!(wait("120"), Duration::from_secs(120));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT"), Duration::from_secs(7));
        assert!(wait("soon") <= SHORTEST);
    }
}
