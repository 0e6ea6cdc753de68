//! A door bell that sends a message when somebody rings, from the first token to the one that is accepted.
//!
//! The board has no clock that runs without power: it counts seconds from the moment it was switched on. So its first
//! token is of the wrong time, the service refuses it, and the `Date` of that answer is where the board learns what
//! time it is.
//!
//! The network is not part of this: where a board of yours would send and receive, this one prints, and reads a line of
//! the host's file, with tabs between its parts: the API key, the seconds since the board was switched on, and the `Date`
//! that the service answered with.
#![no_std]
#![no_main]

use core::fmt::{self, Write as _};

use notify_firmware::{Case, Host, Status, start};
use notify_jwt::{
    ApiKey, Bearer, Clock, LEEWAY, LearnError, ParseApiKeyError, ParseHttpDateError, ParseTokenError, Signer,
    UntrustedToken, Verifier, VerifyError, parse_http_date,
};

/// When this firmware was built, in seconds since 1970: the start of 2026. The board's clock never goes back before that;
/// a build script can put the real moment here.
const BUILT: u64 = 1_767_225_600;

/// For how many seconds a board may lie in a drawer before it is switched on: ten years. A `Date` further away than that is
/// not believed.
const SHELF_LIFE: u64 = 10 * 365 * 86_400;

start!(run);

fn run(host: &mut Host) -> Status {
    match ring(host) {
        Ok(()) => Status::Done,
        Err(fault) => {
            // There is nobody to tell when the console fails.
            let _ = writeln!(host, "{fault}");
            Status::Failed
        }
    }
}

/// Somebody rings.
fn ring(host: &mut Host) -> Result<(), Fault> {
    let mut room = Case::room();
    let Some(Case { key, seconds: uptime, text: date }) = Case::read(host, &mut room) else {
        return Err(Fault::NoCase);
    };

    // Once, when the board starts. Your key comes from a page of flash that a debugger cannot read; the signer is all
    // that is needed of it, and the key is wiped at the end of this block.
    let (signer, verifier) = {
        let key = ApiKey::parse(key)?;
        (Signer::new(&key), Verifier::new(&key))
    };
    let mut clock = Clock::since(BUILT).within(SHELF_LIFE);

    // The first request, with a token of the wrong time.
    let mut bearer = Bearer::EMPTY;
    signer.bearer_into(clock.now(uptime), &mut bearer);
    writeln!(host, "Authorization: {}", bearer.as_str())?;

    // `403 Forbidden`: "Error: Your system clock must be accurate to within 30 seconds". The board learns the time from that
    // answer, and from no other; the connection is TLS, and its certificate was checked.
    clock.learn(uptime, parse_http_date(date)?)?;

    // The second request. A token is minted for each, as late as possible: half a minute later nobody would take it. It goes
    // where the first one was.
    signer.bearer_into(clock.now(uptime), &mut bearer);
    writeln!(host, "Authorization: {}", bearer.as_str())?;

    // `201 Created`: that second was a good one. Keep it in flash, to start from instead of `BUILT`.
    clock.accepted(uptime);

    // The other direction, for a board that is told what to do: who says so, and is it fresh?
    let claims =
        UntrustedToken::from_bearer(bearer.as_str())?.verify(&verifier, clock.now(uptime), LEEWAY)?;
    writeln!(host, "Verified: {} {}", claims.issuer(), claims.issued_at())?;
    Ok(())
}

/// What can go wrong, and what to do about it.
enum Fault {
    /// The host has no file, or what it says is no case.
    NoCase,
    /// The key in flash is none: provision the board again.
    Key(ParseApiKeyError),
    /// The answer's `Date` is none: ask again.
    Date(ParseHttpDateError),
    /// The answer's time is not to be believed: ask again.
    Clock(LearnError),
    /// What was received is no token.
    Token(ParseTokenError),
    /// What was received is a token that is not to be believed.
    Verification(VerifyError),
    /// The console is gone.
    Console,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCase => f.write_str("no line of key, seconds and date in input.txt"),
            Self::Key(error) => write!(f, "the API key: {error}"),
            Self::Date(error) => write!(f, "the date of the answer: {error}"),
            Self::Clock(error) => write!(f, "the time of the answer: {error}"),
            Self::Token(error) => write!(f, "what was received: {error}"),
            Self::Verification(error) => write!(f, "who sent this: {error}"),
            Self::Console => f.write_str("the console is gone"),
        }
    }
}

macro_rules! fault {
    ($($variant:ident from $error:ty),*) => {$(
        impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

fault!(
    Key from ParseApiKeyError,
    Date from ParseHttpDateError,
    Clock from LearnError,
    Token from ParseTokenError,
    Verification from VerifyError
);

impl From<fmt::Error> for Fault {
    fn from(_: fmt::Error) -> Self {
        Self::Console
    }
}
