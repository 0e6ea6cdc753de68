//! The service's side: which tokens it accepts, what it takes and lists, and what comes back.

use std::time::{Duration, UNIX_EPOCH};

use notify_jwt::{ApiKey, UntrustedToken, Verifier};
use serde_json::Value;

use super::fault::{Fault, SERVICE_LIMIT};
use super::words::{CLOCK, RATE_LIMIT, Request, created, error, listed, page};
use super::{KEY, Kept, START, World};

impl World {
    /// Whether a machine of the service whose clock is so much ahead takes the token of a request that arrives then.
    fn accepts(request: &Request, at: f64, machine: f64) -> bool {
        let verifier = Verifier::new(&ApiKey::parse(KEY).unwrap());
        let now = (START as f64 + at + machine) as u64;
        UntrustedToken::from_bearer(&request.bearer).unwrap().verify(&verifier, now).is_ok()
    }

    /// The last moment in which a machine of the service takes the token of a request that leaves now.
    fn last_moment(&self, request: &Request) -> f64 {
        let verifier = Verifier::new(&ApiKey::parse(KEY).unwrap());
        let token = UntrustedToken::from_bearer(&request.bearer).unwrap();
        let iat = token.verify_with_leeway(&verifier, START, Duration::MAX).unwrap().issued_at();
        // By the clock of that machine, whole seconds count.
        let last = (iat + 31).saturating_sub(START) as f64 + self.machines_apart / 2.0 - 0.001;
        last.max(self.at)
    }

    /// What comes back, if anything does.
    pub(super) fn answer(&mut self, request: &Request, fault: Fault) -> Option<Vec<u8>> {
        let machine = *self.rng.choice(&[-0.5, 0.0, 0.5]).unwrap() * self.machines_apart;
        let is_accepted = Self::accepts(request, self.at, machine);
        let is_taken = |taken: bool| taken && request.is_post && is_accepted;
        let (status, body) = match fault {
            Fault::Cut { received, taken } => {
                let received = self.at + received?;
                if request.is_post && Self::accepts(request, received, machine) {
                    self.take(request, received + taken?);
                }
                return None;
            }
            Fault::LastMoment if request.is_post => {
                let last = self.last_moment(request);
                if Self::accepts(request, last, -self.machines_apart / 2.0) {
                    self.take(request, last + SERVICE_LIMIT);
                }
                return None;
            }
            Fault::Hangs(taken) => {
                if is_taken(taken) {
                    self.take(request, self.at + SERVICE_LIMIT);
                }
                return None;
            }
            Fault::Kept(ago, says_so) if !request.is_post => {
                let page = self.list(request, self.at - ago);
                let date = self.dated(self.at - ago);
                if !says_so && self.date != Some(0) {
                    // A cache that hides its age, behind a proxy that hides the date, deceives everybody.
                    return None;
                }
                let age = if says_so { "age: 100\r\n" } else { "" };
                return Some(self.framed(200, &format!("{date}{age}"), &page));
            }
            Fault::Gateway(status, taken) => {
                if is_taken(taken) {
                    self.take(request, self.at);
                }
                return Some(self.framed(status, "", "<html>Bad gateway</html>"));
            }
            _ if !is_accepted => (403, error(403, "AuthError", CLOCK)),
            Fault::Answers(status, taken) => {
                if is_taken(taken) {
                    self.take(request, self.at);
                }
                (status, error(status, "Timeout", "Internal server error"))
            }
            Fault::MixedUp(taken) => {
                if is_taken(taken) {
                    self.take(request, self.at);
                }
                if request.is_post {
                    (201, created("theirs"))
                } else {
                    (200, page(&[listed("theirs", "+447900900125", "sms")], "theirs"))
                }
            }
            Fault::RateLimited => (429, error(429, RATE_LIMIT.0, RATE_LIMIT.1)),
            Fault::UsedUp => {
                (429, error(429, "TooManyRequestsError", "Exceeded send limits (sms: 1) for today"))
            }
            Fault::Postponed(status, seconds) => {
                let refusal = if status == 429 { RATE_LIMIT } else { ("Timeout", "Internal server error") };
                let date = self.dated(self.at);
                let body = error(status, refusal.0, refusal.1);
                return Some(self.framed(status, &format!("{date}retry-after: {seconds}\r\n"), &body));
            }
            _ if request.is_post => {
                let reference = self.take(request, self.at);
                (201, created(&reference))
            }
            _ => (200, self.list(request, self.at)),
        };
        let date = self.dated(self.at);
        let mut answer = self.framed(status, &date, &body);
        if let Fault::CutAnswer = fault {
            answer.truncate(self.rng.usize(0..answer.len()));
        }
        Some(answer)
    }

    /// Keeps a message, as the service lists it from then on.
    fn take(&mut self, request: &Request, at: f64) -> String {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let (reference, number) =
            (body["reference"].as_str().unwrap(), body["phone_number"].as_str().unwrap());
        // What is sent to the recipients of smoke tests counts as taken, and is not listed.
        let never = number.starts_with("07700");
        let listed_at = if never { f64::MAX } else { at + self.listing_delay };
        self.kept.push(Kept { listed: listed_at, message: listed(reference, number, "sms") });
        reference.to_owned()
    }

    fn list(&self, request: &Request, at: f64) -> String {
        let seen = self.kept.iter().rev().filter(|kept| kept.listed <= at);
        let seen: Vec<_> = seen.map(|kept| kept.message.clone()).collect();
        page(&seen, request.target.rsplit("reference=").next().unwrap())
    }

    fn dated(&self, at: f64) -> String {
        let Some(off) = self.date else { return String::new() };
        let told = ((START as f64 + at) as u64).saturating_add_signed(off);
        format!("Date: {}\r\n", httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(told)))
    }

    /// A response, its body framed in any way that HTTP has.
    fn framed(&mut self, status: u16, headers: &str, body: &str) -> Vec<u8> {
        let interim =
            if self.rng.u8(0..6) == 0 { "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" } else { "" };
        let long = "a".repeat(self.rng.usize(0..300));
        let head = format!("{interim}HTTP/1.1 {status} {long}\r\nX-Long: {long}\r\n{headers}");
        let text = match self.rng.u8(0..3) {
            0 => format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()),
            1 => format!("{head}\r\n{body}"),
            _ => {
                let (first, last) = body.split_at(self.rng.usize(1..body.len()));
                let (one, two) = (first.len(), last.len());
                format!(
                    "{head}transfer-encoding: Chunked\r\n\r\n{one:X};x=\"y\"\r\n{first}\r\n{two:x}\r\n{last}\r\n0\r\nX: y\r\n\r\n"
                )
            }
        };
        text.into_bytes()
    }
}
