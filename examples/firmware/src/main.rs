//! A doorbell that sends a message when somebody rings, up to the first token that the service accepts.
//!
//! The board has no clock that runs without power: it counts the seconds since it was switched on. So its first token has
//! the wrong time, and the service refuses it. The board sets its clock from the `Date` of that answer.
//!
//! The network is not part of this example. Where your board would send, this one prints. Where yours would receive, this
//! one reads a line of the host's file, with tabs between its parts: the API key, the seconds since the board was
//! switched on, and the `Date` of the service's answer.
#![no_std]
#![no_main]

use core::fmt::{self, Write as _};

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::{
    AdjustClockError, ApiKey, Bearer, Clock, ParseApiKeyError, ParseHttpDateError, ParseTokenError,
    Signer, TimeSample, UntrustedToken, Verifier, VerifyError, parse_http_date,
};

/// When this firmware was built, in seconds since 1970: the start of 2026. The clock never goes back before that. A build
/// script can put the real time here.
const BUILD_TIME: u64 = 1_767_225_600;

/// How many seconds a board may lie in a drawer before it is switched on: ten years. The clock rejects a `Date` that is
/// further away.
const SHELF_LIFE: u64 = 10 * 365 * 86_400;

start!(run);

fn run(host: &mut Host) -> Status {
    match send_message(host) {
        Ok(()) => Status::Success,
        Err(error) => {
            // If the console fails, there is nobody to tell.
            let _ = writeln!(host, "{error}");
            Status::Failure
        }
    }
}

/// Somebody rings: send a message.
fn send_message(host: &mut Host) -> Result<(), Error> {
    let mut buffer = Case::buffer();
    let Some(Case { key, seconds: uptime, text: date }) = Case::read(host, &mut buffer) else {
        return Err(Error::NoCase);
    };

    // Once, when the board starts. Read your key from a page of flash that a debugger cannot read. The signer does not need
    // it any more; it is wiped at the end of this block.
    let (signer, verifier) = {
        let key = ApiKey::parse(key)?;
        (Signer::new(&key), Verifier::new(&key))
    };
    let mut clock = Clock::starting_at(BUILD_TIME).max_adjustment(SHELF_LIFE);

    // The first request, with a token that has the wrong time.
    let mut bearer = Bearer::EMPTY;
    signer.bearer_into(clock.now(uptime), &mut bearer);
    writeln!(host, "Authorization: {}", bearer.as_str())?;

    // `403 Forbidden`: "Error: Your system clock must be accurate to within 30 seconds". Set the clock from that answer, and
    // from no other. The connection is TLS, and its certificate was checked.
    clock.adjust(TimeSample { uptime, unix_seconds: parse_http_date(date)? })?;

    // The second request. Mint a token for each request, as late as possible, since the service accepts it for half a minute
    // only. It overwrites the first one.
    signer.bearer_into(clock.now(uptime), &mut bearer);
    writeln!(host, "Authorization: {}", bearer.as_str())?;

    // `201 Created`: the time was right. Keep it in flash, and start from it next time, instead of `BUILD_TIME`.
    clock.confirm(uptime);

    // The other direction, for a board that takes commands: who sent this, and is it fresh?
    let claims =
        UntrustedToken::from_bearer(bearer.as_str())?.verify(&verifier, clock.now(uptime))?;
    writeln!(host, "Verified: {} {}", claims.issuer(), claims.issued_at())?;
    Ok(())
}

/// What can go wrong, and what to do about it.
enum Error {
    /// The host's file is missing, or its first line is not a case.
    NoCase,
    /// The text in flash is not an API key: provision the board again.
    Key(ParseApiKeyError),
    /// The answer's `Date` is malformed: try again.
    Date(ParseHttpDateError),
    /// The clock rejected the answer's time: try again.
    Clock(AdjustClockError),
    /// The board received something that is not a token.
    Token(ParseTokenError),
    /// The board received a token that failed verification.
    Verification(VerifyError),
    /// The console does not work.
    Console,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCase => f.write_str("input.txt has no line with a key, seconds and a date"),
            Self::Key(error) => write!(f, "the API key is invalid: {error}"),
            Self::Date(error) => write!(f, "the answer's date is invalid: {error}"),
            Self::Clock(error) => write!(f, "the answer's time was rejected: {error}"),
            Self::Token(error) => write!(f, "what was received is not a token: {error}"),
            Self::Verification(error) => write!(f, "the received token was rejected: {error}"),
            Self::Console => f.write_str("the console does not work"),
        }
    }
}

macro_rules! from_error {
    ($($variant:ident from $error:ty),*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

from_error!(
    Key from ParseApiKeyError,
    Date from ParseHttpDateError,
    Clock from AdjustClockError,
    Token from ParseTokenError,
    Verification from VerifyError
);

impl From<fmt::Error> for Error {
    fn from(_: fmt::Error) -> Self {
        Self::Console
    }
}
