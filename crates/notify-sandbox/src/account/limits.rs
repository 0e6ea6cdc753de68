//! How much a service may send: a token bucket for each type of key, and a count for each UTC day.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::time::Timestamp;
use crate::wire::refusal::Refusal;
use crate::world::{KeyType, MessageType, ServiceConfig};

/// The most that a bucket holds, however high the rate.
const MAX_BUCKET: u32 = 1000;

/// The limits of one service, and how much of them is used.
pub(crate) struct Limits {
    rate_per_minute: u32,
    sms: u32,
    email: u32,
    letter: u32,
    international_sms: u32,
    used: Mutex<Usage>,
}

#[derive(Default)]
struct Usage {
    live: Option<TokenBucket>,
    team: Option<TokenBucket>,
    test: Option<TokenBucket>,
    today: Counts,
    /// The requests of the last minute, including refused ones.
    recent: HashMap<KeyType, VecDeque<Timestamp>>,
    /// Everything that was sent, for yearly limits.
    all: HashMap<MessageType, u32>,
}

/// What was sent on a day, by all keys that count.
#[derive(Clone, Copy, Default)]
struct Counts {
    day: i64,
    sms: u32,
    email: u32,
    letter: u32,
    international_sms: u32,
}

impl Limits {
    pub(crate) fn new(config: &ServiceConfig) -> Self {
        Self {
            rate_per_minute: config.rate_limit_per_minute.unwrap_or(3_000),
            sms: config.sms_message_limit.unwrap_or(250_000),
            email: config.email_message_limit.unwrap_or(250_000),
            letter: config.letter_message_limit.unwrap_or(20_000),
            international_sms: config.international_sms_message_limit.unwrap_or(100),
            used: Mutex::default(),
        }
    }

    pub(crate) const fn rate_per_minute(&self) -> u32 {
        self.rate_per_minute
    }

    /// The checks before the body of a send is read: the rate limit, then the daily limit.
    pub(crate) fn check(
        &self,
        key_type: KeyType,
        message: MessageType,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check_rate(key_type, now)?;
        // Sends with test keys are not counted, so no count can stop them.
        if key_type == KeyType::Test {
            return Ok(());
        }
        let mut used = self.used();
        let today = used.today(now);
        let (sent, limit) = match message {
            MessageType::Sms => (today.sms, self.sms),
            MessageType::Email => (today.email, self.email),
            MessageType::Letter => (today.letter, self.letter),
        };
        if sent >= limit { Err(Refusal::DailyLimit(message.as_str(), limit)) } else { Ok(()) }
    }

    /// The check of the rate limit alone.
    pub(crate) fn check_rate(&self, key_type: KeyType, now: Timestamp) -> Result<(), Refusal> {
        let mut used = self.used();
        let bucket = match key_type {
            KeyType::Live => &mut used.live,
            KeyType::Team => &mut used.team,
            KeyType::Test => &mut used.test,
        };
        let bucket = bucket.get_or_insert_with(|| TokenBucket::full(self.rate_per_minute, now));
        if bucket.admits(self.rate_per_minute, now) {
            Ok(())
        } else {
            Err(Refusal::RateLimit(key_type, self.rate_per_minute))
        }
    }

    /// The check of services that count the requests of the last minute, including refused ones.
    pub(crate) fn check_recent(&self, key_type: KeyType, limit: u32, now: Timestamp) -> Result<(), Refusal> {
        let mut used = self.used();
        let recent = used.recent.entry(key_type).or_default();
        while recent.front().is_some_and(|first| first.unix_micros() <= now.unix_micros() - MINUTE) {
            recent.pop_front();
        }
        recent.push_back(now);
        let count = u32::try_from(recent.len()).unwrap_or(u32::MAX);
        if count > limit { Err(Refusal::RateLimit(key_type, limit)) } else { Ok(()) }
    }

    /// How many messages of a type were sent by keys that count: since the start, and today.
    pub(crate) fn sent(&self, message: MessageType, now: Timestamp) -> (u32, u32) {
        let mut used = self.used();
        let all = used.all.get(&message).copied().unwrap_or(0);
        let today = used.today(now);
        let today = match message {
            MessageType::Sms => today.sms,
            MessageType::Email => today.email,
            MessageType::Letter => today.letter,
        };
        (all, today)
    }

    /// How many messages of all types were sent today, by keys that count.
    pub(crate) fn all_sent_today(&self, now: Timestamp) -> u32 {
        let mut used = self.used();
        let today = used.today(now);
        today.sms.saturating_add(today.email).saturating_add(today.letter)
    }

    /// The check that follows once a recipient is known to be abroad.
    pub(crate) fn check_international(&self, key_type: KeyType, now: Timestamp) -> Result<(), Refusal> {
        if key_type == KeyType::Test || self.used().today(now).international_sms < self.international_sms {
            Ok(())
        } else {
            Err(Refusal::DailyLimit("international_sms", self.international_sms))
        }
    }

    /// Counts a message that was accepted and will be delivered.
    pub(crate) fn count(&self, key_type: KeyType, message: MessageType, international: bool, now: Timestamp) {
        if key_type == KeyType::Test {
            return;
        }
        let mut used = self.used();
        let all = used.all.entry(message).or_default();
        *all = all.saturating_add(1);
        let today = used.today(now);
        let count = match message {
            MessageType::Sms => &mut today.sms,
            MessageType::Email => &mut today.email,
            MessageType::Letter => &mut today.letter,
        };
        *count = count.saturating_add(1);
        if international {
            today.international_sms = today.international_sms.saturating_add(1);
        }
    }

    fn used(&self) -> MutexGuard<'_, Usage> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Usage {
    /// Today's counts, from zero after midnight.
    fn today(&mut self, now: Timestamp) -> &mut Counts {
        if self.today.day != now.day() {
            self.today = Counts { day: now.day(), ..Counts::default() };
        }
        &mut self.today
    }
}

/// A token bucket. Every request takes a token, even one that is then refused, so a client that retries faster than the
/// refill is refused for ever.
#[derive(Clone, Copy)]
struct TokenBucket {
    tokens: u32,
    /// Up to when the refill has been granted, in whole tokens.
    refilled: Timestamp,
}

impl TokenBucket {
    fn full(rate_per_minute: u32, now: Timestamp) -> Self {
        Self { tokens: Self::capacity(rate_per_minute), refilled: now }
    }

    fn capacity(rate_per_minute: u32) -> u32 {
        (rate_per_minute.div_ceil(3).saturating_add(1)).min(MAX_BUCKET)
    }

    /// Takes a token, and says whether one is left: the last is never spent.
    fn admits(&mut self, rate_per_minute: u32, now: Timestamp) -> bool {
        let rate = i64::from(rate_per_minute);
        let elapsed = now.unix_micros().saturating_sub(self.refilled.unix_micros()).max(0);
        let refill =
            i64::try_from(i128::from(elapsed) * i128::from(rate) / i128::from(MINUTE)).unwrap_or(i64::MAX);
        let capacity = Self::capacity(rate_per_minute);
        let tokens =
            u32::try_from(refill.saturating_add(self.tokens.into())).unwrap_or(capacity).min(capacity);
        self.tokens = tokens.saturating_sub(1);
        if refill > 0 {
            let granted = i128::from(refill) * i128::from(MINUTE) / i128::from(rate);
            let granted = i64::try_from(granted).unwrap_or(i64::MAX);
            self.refilled = Timestamp::from_unix_micros(self.refilled.unix_micros().saturating_add(granted));
        }
        self.tokens >= 1
    }
}

/// Microseconds in a minute.
const MINUTE: i64 = 60_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(config: &ServiceConfig) -> Limits {
        Limits::new(config)
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix_seconds(1_795_430_744 + seconds)
    }

    #[test]
    fn a_bucket_of_two_admits_one_at_a_time() {
        let limits = limits(&ServiceConfig { rate_limit_per_minute: Some(3), ..ServiceConfig::default() });
        let admits = |key_type, second| limits.check(key_type, MessageType::Sms, at(second)).is_ok();
        assert!(admits(KeyType::Live, 0));
        assert!(!admits(KeyType::Live, 0));
        assert!(admits(KeyType::Test, 0), "each type of key has a bucket of its own");
        for second in [18, 36, 54] {
            assert!(!admits(KeyType::Live, second), "a refused request takes the refill too");
        }
        assert!(admits(KeyType::Live, 54 + 42));
        assert!(admits(KeyType::Live, 54 + 42 + 22));
    }

    #[test]
    fn a_rate_of_nothing_admits_the_burst_of_nothing() {
        let limits = limits(&ServiceConfig { rate_limit_per_minute: Some(0), ..ServiceConfig::default() });
        assert!(limits.check(KeyType::Live, MessageType::Sms, at(0)).is_err());
        assert!(limits.check(KeyType::Live, MessageType::Sms, at(1_000_000)).is_err());
    }

    #[test]
    fn days_end_at_midnight_utc() {
        let limits = limits(&ServiceConfig { sms_message_limit: Some(1), ..ServiceConfig::default() });
        let day = 86_400;
        let evening = Timestamp::from_unix_seconds(20_000 * day - 1);
        limits.count(KeyType::Live, MessageType::Sms, false, evening);
        let limit = Err(Refusal::DailyLimit("sms", 1));
        assert_eq!(limits.check(KeyType::Live, MessageType::Sms, evening), limit);
        assert_eq!(limits.check(KeyType::Team, MessageType::Sms, evening), limit);
        assert_eq!(limits.check(KeyType::Test, MessageType::Sms, evening), Ok(()));
        assert_eq!(limits.check(KeyType::Live, MessageType::Email, evening), Ok(()));
        assert_eq!(
            limits.check(KeyType::Live, MessageType::Sms, Timestamp::from_unix_seconds(20_000 * day)),
            Ok(())
        );
    }

    /// What a simulation of the service's own script admitted, recorded beside the exchanges.
    #[test]
    fn the_bucket_admits_what_the_services_script_admits() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/wire/cases/token_bucket.json");
        let table = std::fs::read_to_string(path).expect("the recordings are part of the repository");
        let table: serde_json::Value = serde_json::from_str(&table).expect("the table is JSON");
        for case in table["cases"].as_array().expect("a table has cases") {
            let rate = u32::try_from(case["limit_per_minute"].as_u64().unwrap()).unwrap();
            assert_eq!(case["capacity"], TokenBucket::capacity(rate));
            let per_second = case["send_rate_per_second"].as_f64().unwrap();
            let sends = case["sent_in_600_s"].as_u64().unwrap();
            let mut bucket = TokenBucket::full(rate, Timestamp::from_unix_seconds(0));
            let mut accepted = 0;
            for send in 0..sends {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_precision_loss,
                    reason = "microseconds of ten minutes"
                )]
                let moment = Timestamp::from_unix_micros((send as f64 / per_second * 1e6).round() as i64);
                accepted += u64::from(bucket.admits(rate, moment));
            }
            // The script counts in floating point, and we count in microseconds. So one token is granted at a different
            // microsecond.
            let expected = case["accepted"].as_u64().unwrap();
            assert!(accepted.abs_diff(expected) <= 1, "{per_second}/s of {rate}: {accepted}, not {expected}");
        }
    }
}
