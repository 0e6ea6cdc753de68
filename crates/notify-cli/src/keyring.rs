//! The system's keyring, where the key of a profile can live.

#[cfg(not(feature = "keyring"))]
mod absent;
#[cfg(feature = "keyring")]
mod present;

#[cfg(not(feature = "keyring"))]
pub(crate) use absent::Keyring;
#[cfg(feature = "keyring")]
pub(crate) use present::Keyring;
