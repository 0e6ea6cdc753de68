//! The keyring: the Secret Service on Linux and the BSDs, the keychain on macOS, the Credential Manager on Windows.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use crate::exit::CommandError;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(all(unix, not(target_os = "macos")))]
use dbus_secret_service_keyring_store::Store;
#[cfg(windows)]
use windows_native_keyring_store::Store;

/// The service name of this program's keys in the keyring; the user name is the profile.
const SERVICE: &str = "notify";

/// A keyring.
pub(crate) struct Keyring(Arc<CredentialStore>);

impl Keyring {
    /// That of the user who is logged in.
    pub(crate) fn of_system() -> Result<Self, CommandError> {
        let store = Store::new().map_err(|error| {
            failed("the system's keyring cannot be reached", &error).help(
                "it takes a session with a keyring, such as GNOME's, KDE's or KeePassXC; where there is none, as over SSH, use \
                 --api-key-file or NOTIFY_API_KEY",
            )
        })?;
        Ok(Self(store))
    }

    /// Keeps a key under this name, in place of one that is there.
    pub(crate) fn keep(&self, name: &str, key: &str) -> Result<(), CommandError> {
        let kept = self.entry(name).and_then(|entry| entry.set_password(key));
        kept.map_err(|error| failed("the key cannot be put into the system's keyring", &error))
    }

    /// The key under this name.
    pub(crate) fn read(&self, name: &str) -> Result<Zeroizing<String>, CommandError> {
        match self.entry(name).and_then(|entry| entry.get_password()) {
            Ok(key) => Ok(Zeroizing::new(key)),
            Err(Error::NoEntry) => {
                let error = anyhow::anyhow!("the system's keyring has no key for the profile");
                Err(CommandError::setup(error)
                    .help("`notify profile add NAME --keyring --replace` puts one there"))
            }
            Err(error) => Err(failed("the key cannot be read from the system's keyring", &error)),
        }
    }

    /// Deletes the key under this name, if there is one.
    pub(crate) fn remove(&self, name: &str) -> Result<(), CommandError> {
        match self.entry(name).and_then(|entry| entry.delete_credential()) {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failed("the key cannot be deleted from the system's keyring", &error)),
        }
    }

    fn entry(&self, name: &str) -> Result<Entry, Error> {
        Entry::new_in_store(&self.0, SERVICE, name)
    }
}

/// What failed, and what the keyring says. Its error is not kept: one kind of it holds what was read.
fn failed(what: &str, error: &Error) -> CommandError {
    let failure = CommandError::setup(anyhow::anyhow!("{error}").context(what.to_owned()));
    match error {
        Error::NoStorageAccess(_) => failure.help("unlock the keyring, and run the same command again"),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use keyring_core::mock;

    use super::*;

    fn keyring() -> Keyring {
        Keyring(mock::Store::new().unwrap())
    }

    fn said(error: &CommandError) -> String {
        format!("{error:?}")
    }

    #[test]
    fn a_key_is_kept_under_its_name_until_it_is_removed() {
        let keyring = keyring();
        keyring.keep("desk", "one").unwrap();
        keyring.keep("live", "other").unwrap();
        keyring.keep("desk", "two").unwrap();
        assert_eq!(*keyring.read("desk").unwrap(), "two");
        keyring.remove("desk").unwrap();
        assert!(said(&keyring.read("desk").unwrap_err()).contains("no key for the profile"));
        assert_eq!(*keyring.read("live").unwrap(), "other");
        // What is not there need not be removed.
        keyring.remove("desk").unwrap();
    }

    #[test]
    fn an_error_says_what_to_do_and_shows_no_secret() {
        let keyring = keyring();
        keyring.keep("desk", "hunter2").unwrap();
        let fail = |error: Error| {
            let entry = keyring.entry("desk").unwrap();
            entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
        };
        fail(Error::NoStorageAccess("locked".into()));
        let error = said(&keyring.read("desk").unwrap_err());
        assert!(error.contains("cannot be read") && error.contains("unlock the keyring"), "{error}");
        fail(Error::BadEncoding(b"hunter2".to_vec()));
        let error = said(&keyring.read("desk").unwrap_err());
        assert!(!error.contains("hunter2") && !error.contains("104, 117"), "{error}");
        fail(Error::PlatformFailure("gone".into()));
        assert!(said(&keyring.remove("desk").unwrap_err()).contains("cannot be deleted"));
        assert_eq!(*keyring.read("desk").unwrap(), "hunter2");
    }
}
