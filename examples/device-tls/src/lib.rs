//! TLS 1.3 for a device that knows the public key of its gateway.
//!
//! embedded-tls makes the connection, and asks a verifier of ours whether it is the right one. Its own, behind the feature
//! `rustpki`, checks signatures and names, and does not ask whether a certificate may sign others: whoever has any
//! certificate of the same root can make one for your gateway's name. The tests of this crate show it. So this verifier
//! trusts no certificate at all. The device has the gateway's [public key](PinnedKey), and the handshake must be signed
//! with the private one.
//!
//! The page [TLS on a board](https://github.com/notify-toolkit/notify/blob/main/docs/tls-on-a-board.md) says when this is
//! the right way.
#![no_std]

use embedded_io::{Read, Write};
use embedded_tls::blocking::{
    Aes128GcmSha256, CertificateRef, CertificateVerifyRef, CryptoProvider, TlsConfig, TlsConnection,
    TlsContext, TlsError, TlsVerifier,
};
use embedded_tls::{CryptoRngCore, SignatureScheme};
use notify_embedded::{Call, Outcome};
use notify_jwt::{Clock, Signer};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// What a server signs before the hash of the handshake (RFC 8446 §4.4.3).
const CONTEXT: &[u8] = b"TLS 1.3, server CertificateVerify\0";
const PADDING: [u8; 64] = [b' '; 64];

/// The public key of the one server that this device talks to.
pub struct PinnedKey {
    key: VerifyingKey,
    /// The handshake up to the certificate.
    transcript: Option<Sha256>,
    is_verified: bool,
}

impl PinnedKey {
    /// A key on the curve P-256, as 65 bytes: 4, and both coordinates. `None` if it is not one.
    #[must_use]
    pub fn new(point: &[u8; 65]) -> Option<Self> {
        let key = VerifyingKey::from_sec1_bytes(point).ok()?;
        Some(Self { key, transcript: None, is_verified: false })
    }
}

impl TlsVerifier<Aes128GcmSha256> for PinnedKey {
    fn set_hostname_verification(&mut self, _: &str) -> Result<(), TlsError> {
        // The key is the name.
        Ok(())
    }

    fn verify_certificate(&mut self, transcript: &Sha256, chain: CertificateRef<'_>) -> Result<(), TlsError> {
        // The certificate's contents do not count. But whoever sends a chain expects somebody to follow it.
        if chain.entries.len() != 1 {
            return Err(TlsError::InvalidCertificate);
        }
        self.transcript = Some(transcript.clone());
        Ok(())
    }

    fn verify_signature(&mut self, verify: CertificateVerifyRef<'_>) -> Result<(), TlsError> {
        let transcript = self.transcript.take().ok_or(TlsError::InvalidSignature)?;
        if !matches!(verify.signature_scheme, SignatureScheme::EcdsaSecp256r1Sha256) {
            return Err(TlsError::InvalidSignatureScheme);
        }
        let signature = Signature::from_der(verify.signature).map_err(|_| TlsError::InvalidSignature)?;
        let mut signed = [0; PADDING.len() + CONTEXT.len() + 32];
        let parts = PADDING.iter().chain(CONTEXT).copied().chain(transcript.finalize());
        for (place, byte) in signed.iter_mut().zip(parts) {
            *place = byte;
        }
        self.key.verify(&signed, &signature).map_err(|_| TlsError::InvalidSignature)?;
        self.is_verified = true;
        Ok(())
    }
}

/// What embedded-tls asks for: random numbers, which must be unpredictable, and the verifier.
struct Provider<R> {
    random: R,
    pinned: PinnedKey,
}

impl<R: CryptoRngCore> CryptoProvider for Provider<R> {
    type CipherSuite = Aes128GcmSha256;
    type Signature = [u8; 0];

    fn rng(&mut self) -> impl CryptoRngCore {
        &mut self.random
    }

    fn verifier(&mut self) -> Result<&mut impl TlsVerifier<Aes128GcmSha256>, TlsError> {
        Ok(&mut self.pinned)
    }
}

/// A connection to the server that has this key, and to no other.
pub type Connection<'b, S> = TlsConnection<'b, S, Aes128GcmSha256>;

/// The two buffers of a connection: for records that arrive, which may have 16,640 bytes, and for those that leave.
pub struct Buffers<'b> {
    /// For what arrives. If the server obeys a smaller limit, it may be smaller.
    pub read: &'b mut [u8],
    /// For what leaves: a kilobyte and a half for a request in one record.
    pub write: &'b mut [u8],
}

/// Makes the connection over a socket that stands.
///
/// # Errors
///
/// If the server does not have the key, or the handshake fails. Nothing of a request was sent then.
pub fn connect<'b, S: Read + Write>(
    socket: S,
    name: &str,
    pinned: PinnedKey,
    random: impl CryptoRngCore,
    Buffers { read, write }: Buffers<'b>,
) -> Result<Connection<'b, S>, TlsError> {
    let config = TlsConfig::new().with_server_name(name);
    let mut provider = Provider { random, pinned };
    let mut connection = TlsConnection::new(socket, read, write);
    connection.open(TlsContext::new(&config, &mut provider))?;
    // embedded-tls 0.19 also ends a handshake in which the server showed no certificate and signed nothing.
    if provider.pinned.is_verified { Ok(connection) } else { Err(TlsError::InvalidSignature) }
}

/// Has a call make its next request over a connection, and reads the answer. Between the two, before the first byte leaves, it
/// calls `keep`: write the journal's record there.
///
/// The socket must give up by itself when nothing arrives.
///
/// # Errors
///
/// The error of `keep`. Then nothing is sent.
pub fn exchange<S: Read + Write, E>(
    connection: &mut Connection<'_, S>,
    call: &mut Call<'_>,
    signer: &Signer,
    clock: &mut Clock,
    uptime: impl Fn() -> u64,
    keep: impl FnOnce(&Call<'_>, &Clock) -> Result<(), E>,
) -> Result<Outcome, E> {
    let mut buffer = [0; 1024];
    let Ok(request) = call.request(signer, clock, uptime(), &mut buffer) else {
        return Ok(call.not_connected(clock, uptime()));
    };
    keep(call, clock)?;
    if write_all(connection, request).is_err() {
        return Ok(call.closed(clock, uptime()));
    }
    let mut piece = [0; 128];
    loop {
        let Some(length) = connection.read(&mut piece).ok().filter(|length| *length > 0) else {
            return Ok(call.closed(clock, uptime()));
        };
        let piece = piece.get(..length).unwrap_or_default();
        if let Some(outcome) = call.received(piece, clock, uptime()) {
            return Ok(outcome);
        }
    }
}

fn write_all<S: Read + Write>(connection: &mut Connection<'_, S>, bytes: &[u8]) -> Result<(), TlsError> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let written = connection.write(rest)?;
        rest = rest.get(written..).unwrap_or_default();
    }
    connection.flush()
}
