//! Ours.

use super::{NOW, Peer, SECRET, SERVICE};
use notify_jwt::{ApiKey, Signer, Token, UntrustedToken, Verifier};

pub(crate) struct NotifyJwt {
    signer: Signer,
    verifier: Verifier,
}

impl Peer for NotifyJwt {
    type Token = Token;

    fn prepare() -> Self {
        let key = ApiKey::parse(&format!("{SERVICE}-{SECRET}")).expect("it is a key");
        Self { signer: Signer::new(&key), verifier: Verifier::new(&key) }
    }

    fn mint(&self, unix_seconds: u64) -> Token {
        self.signer.mint(unix_seconds)
    }

    fn verify(&self, token: &str) -> Option<u64> {
        let token = UntrustedToken::parse(token).ok()?;
        Some(token.verify(&self.verifier, NOW).ok()?.issued_at())
    }
}
