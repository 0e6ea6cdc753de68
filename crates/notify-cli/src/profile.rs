//! Profiles: named settings for a service, kept in the user's folder. They hold no key, only where the key lives.

mod private;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use crate::exit::CommandError;
pub(crate) use private::refuse_shared;

/// The settings of one profile. What is missing comes from the defaults.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) base_url: Option<String>,
    /// The short name of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service: Option<String>,
    /// The id of the service, for a secret that was issued without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) service_id: Option<String>,
    /// Where the key lives.
    pub(crate) key: KeySource,
}

/// Where a key lives.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeySource {
    /// In a file of the user's own.
    File(PathBuf),
    /// In whatever a command of the shell asks, such as a password manager.
    Command(String),
    /// In the system's keyring, under this name.
    Keyring(String),
}

/// All profiles by name.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profiles {
    pub(crate) profiles: BTreeMap<String, Profile>,
}

impl Profiles {
    /// Reads the user's profiles; there are none without a file.
    pub(crate) fn load() -> Result<Self, CommandError> {
        let path = path()?;
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                let context = format!("the profiles in {} cannot be read", path.display());
                return Err(CommandError::setup(anyhow::Error::new(error).context(context)));
            }
        };
        // Whoever can write it can have this program run a command.
        refuse_shared(&path, "the file of the profiles")?;
        serde_json::from_str(&text)
            .with_context(|| format!("the profiles in {} cannot be read", path.display()))
            .map_err(CommandError::setup)
    }

    /// Writes them all at once, readable for this user alone.
    pub(crate) fn save(&self) -> Result<(), CommandError> {
        let path = path()?;
        let text = serde_json::to_string_pretty(self).map_err(CommandError::local)?;
        private::write(&path, &(text + "\n"))
            .with_context(|| format!("the profiles cannot be written to {}", path.display()))
            .map_err(|error| CommandError::local(error).help(HELP))
    }

    /// Has under this name what was there before.
    pub(crate) fn put_back(&mut self, name: &str, before: Option<Profile>) -> &Self {
        match before {
            Some(profile) => self.profiles.insert(name.to_owned(), profile),
            None => self.profiles.remove(name),
        };
        self
    }

    /// The profile of this name.
    pub(crate) fn named(mut self, name: &str) -> Result<Profile, CommandError> {
        self.profiles.remove(name).ok_or_else(|| self.unknown())
    }

    /// What to say if there is no such profile; the name may be anything that was typed in its place.
    pub(crate) fn unknown(&self) -> CommandError {
        let names: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
        let help = if names.is_empty() {
            "there are none yet: `notify profile add --help` shows how to make one".to_owned()
        } else {
            format!("there are these: {}", names.join(", "))
        };
        CommandError::setup(anyhow::anyhow!("there is no profile of this name")).help(help)
    }
}

/// What to do if the folder cannot be written to.
#[cfg(unix)]
const HELP: &str = "make the folder writable, or set XDG_CONFIG_HOME to another";
#[cfg(not(unix))]
const HELP: &str = "make the folder writable";

/// The file of the profiles, in the place that this system has for settings.
pub(crate) fn path() -> Result<PathBuf, CommandError> {
    let folders = etcetera::base_strategy::choose_native_strategy()
        .map_err(|_| CommandError::setup(anyhow::anyhow!("this user has no home folder")).help("set HOME"))?;
    Ok(folders.config_dir().join("notify").join("profiles.json"))
}

impl KeySource {
    /// For people to read.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Command(command) => format!("`{command}`"),
            Self::Keyring(_) => "the system's keyring".to_owned(),
        }
    }

    /// A file, wherever the program is run.
    pub(crate) fn file(path: &Path) -> io::Result<Self> {
        std::path::absolute(path).map(Self::File)
    }
}
