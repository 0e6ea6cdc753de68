//! The result of inspecting a token, and the key to inspect it with.

use std::borrow::Cow;
use std::fmt;

/// What a service answers to a token: each parameter of its header, each claim, and the signature if there is a key to check
/// it with.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
/// use notify_sandbox::Service;
///
/// // {"alg":"none"} and {}
/// let inspected = Service::GovUk.inspect_token(b"eyJhbGciOiJub25lIn0.e30.", SystemTime::now());
/// let answer = inspected.answer().expect("no service takes it");
/// assert_eq!((answer.status(), answer.message()), (403, "Invalid token: iss field not provided"));
/// let alg = &inspected.parts()[0];
/// assert_eq!((alg.name(), alg.value()), ("alg", Some("\"none\"")));
/// assert!(alg.answer().is_some());
/// ```
#[derive(Clone, Debug)]
pub struct TokenInspection {
    pub(super) parts: Vec<TokenPart>,
    pub(super) answer: Option<TokenAnswer>,
}

/// Which part of a token something belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenPlace {
    /// A parameter of the header.
    Header,
    /// A claim.
    Claims,
    /// The signature.
    Signature,
}

/// A part of a token, and what the service would say if only this part were wrong.
#[derive(Clone, Debug)]
pub struct TokenPart {
    pub(super) place: TokenPlace,
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) why: Cow<'static, str>,
    pub(super) answer: Option<TokenAnswer>,
    pub(super) is_unknown: bool,
}

/// The answer to a token that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAnswer {
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) why: String,
}

impl TokenInspection {
    /// The parts, in their order; missing parts come last. Empty if the token cannot be taken apart.
    pub fn parts(&self) -> &[TokenPart] {
        &self.parts
    }

    /// What the service answers: the first problem that it finds. `None` if it finds none.
    pub fn answer(&self) -> Option<&TokenAnswer> {
        self.answer.as_ref()
    }
}

impl TokenPart {
    /// Which part of the token it belongs to.
    pub fn place(&self) -> TokenPlace {
        self.place
    }

    /// Its name; `signature` for the signature.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value, as JSON; `None` if it is missing, and for the signature.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// An explanation.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Whether it could not be checked: a signature, without the key.
    pub fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    /// What the service answers because of this part; `None` if it accepts the part.
    pub fn answer(&self) -> Option<&TokenAnswer> {
        self.answer.as_ref()
    }
}

impl TokenAnswer {
    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The message, in the service's words.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What is wrong, for a developer: more than the service says.
    pub fn why(&self) -> &str {
        &self.why
    }
}

/// The key to check a signature with.
///
/// `Debug` leaves out the secret.
#[derive(Clone, Copy)]
pub struct TokenKey<'k> {
    /// The id of the service that has the key.
    pub service_id: &'k str,
    /// The secret of the key.
    pub secret: &'k str,
}

impl fmt::Debug for TokenKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKey").field("service_id", &self.service_id).finish_non_exhaustive()
    }
}
