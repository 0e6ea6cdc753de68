//! No keyring: this program was built without the feature.

use std::convert::Infallible;

use zeroize::Zeroizing;

use crate::exit::CommandError;

/// A keyring that this program cannot reach, so there is never one.
pub(crate) struct Keyring(Infallible);

impl Keyring {
    pub(crate) fn of_system() -> Result<Self, CommandError> {
        let error = anyhow::anyhow!("this `notify` was built without the system's keyring");
        Err(CommandError::setup(error).help(
            "build it with the keyring: cargo install --locked notify-cli --features keyring; or have the keyring's own \
             command print the key: `notify profile add --help` shows how, with --key-command",
        ))
    }

    pub(crate) fn keep(&self, _name: &str, _key: &str) -> Result<(), CommandError> {
        match self.0 {}
    }

    pub(crate) fn read(&self, _name: &str) -> Result<Zeroizing<String>, CommandError> {
        match self.0 {}
    }

    pub(crate) fn remove(&self, _name: &str) -> Result<(), CommandError> {
        match self.0 {}
    }
}
