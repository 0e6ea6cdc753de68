//! Where a key lives, and how it is read from there.

use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use zeroize::Zeroizing;

use crate::args::Options;
use crate::environment::{self, API_KEY};
use crate::exit::CommandError;
use crate::input::{BYTE_ORDER_MARK, is_standard, stdin};
use crate::keyring::Keyring;
use crate::profile::{KeySource, Profile, refuse_shared};

/// The longest key that is read, in bytes: a key contains its name, and names are short.
const LONGEST: usize = 4096;

/// Where a key lives.
pub(super) enum KeyPlace {
    Environment,
    Stdin,
    File(PathBuf),
    /// As a profile says.
    Profile(KeySource),
}

impl KeyPlace {
    /// The place that the options name, or else the environment, or else the profile.
    pub(super) fn find(options: &Options, profile: Option<&Profile>) -> Result<Self, CommandError> {
        let is_set = environment::read(API_KEY)?.is_some();
        Ok(match (&options.api_key_file, profile) {
            (Some(path), _) if is_standard(path) => Self::Stdin,
            (Some(path), _) => Self::File(path.clone()),
            (None, Some(profile)) if !is_set => Self::Profile(profile.key.clone()),
            (None, _) => Self::Environment,
        })
    }

    /// The file that the options name, or else stdin: where to read a key that will be stored elsewhere.
    pub(super) fn to_move_from(options: &Options) -> Self {
        match &options.api_key_file {
            Some(path) if !is_standard(path) => Self::File(path.clone()),
            _ => Self::Stdin,
        }
    }

    /// Whether the profile names it.
    pub(super) fn is_of_profile(&self) -> bool {
        matches!(self, Self::Profile(_))
    }

    /// The text that is there.
    pub(super) fn read(&self) -> Result<Zeroizing<String>, CommandError> {
        match self {
            Self::Environment => Ok(environment::read(API_KEY)?.map(Zeroizing::new).unwrap_or_default()),
            Self::Stdin if io::stdin().is_terminal() && io::stderr().is_terminal() => prompt(),
            Self::Stdin => self.read_all(stdin()?),
            Self::File(path) => self.read_all(self.open(path)?),
            Self::Profile(KeySource::File(path)) => {
                refuse_shared(path, "the key file")?;
                self.read_all(self.open(path)?)
            }
            Self::Profile(KeySource::Command(command)) => self.ask(command),
            Self::Profile(KeySource::Keyring(name)) => Keyring::of_system()?.read(name),
        }
    }

    fn open(&self, path: &std::path::Path) -> Result<File, CommandError> {
        File::open(path).with_context(|| format!("{self} cannot be opened")).map_err(CommandError::setup)
    }

    /// What a command prints; it may ask the user at the terminal.
    fn ask(&self, command: &str) -> Result<Zeroizing<String>, CommandError> {
        let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let mut child = Command::new(shell)
            .args([option, command])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{self} cannot be run"))
            .map_err(CommandError::setup)?;
        let printed =
            child.stdout.take().context("the command has no stdout").map_err(CommandError::local)?;
        let text = self.read_all(printed);
        let status = child.wait().map_err(CommandError::local)?;
        if !status.success() {
            let error = anyhow::anyhow!("{self} failed, with {status}");
            return Err(CommandError::setup(error).help("run it by itself to see why"));
        }
        text
    }

    fn read_all(&self, from: impl Read) -> Result<Zeroizing<String>, CommandError> {
        // Reserve all the space at once: a string that grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(LONGEST + 1));
        from.take(LONGEST as u64 + 1)
            .read_to_string(&mut text)
            .with_context(|| format!("{self} cannot be read"))
            .map_err(CommandError::setup)?;
        if text.len() > LONGEST {
            return Err(CommandError::setup(anyhow::anyhow!("{self} is too large to hold just an API key")));
        }
        // Some editors write a byte order mark.
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        Ok(text)
    }
}

/// Asks a person at the terminal, and does not show what is typed.
fn prompt() -> Result<Zeroizing<String>, CommandError> {
    // If stderr is closed, the person sees no question, and can answer all the same.
    let _ = write!(anstream::stderr().lock(), "API key (not shown): ");
    let typed = console::Term::stderr().read_secure_line();
    typed.map(Zeroizing::new).context("the terminal cannot be read").map_err(CommandError::setup)
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str(API_KEY),
            Self::Stdin => f.write_str("stdin"),
            Self::File(path) | Self::Profile(KeySource::File(path)) => path.display().fmt(f),
            Self::Profile(KeySource::Command(_)) => f.write_str("the key command of the profile"),
            Self::Profile(KeySource::Keyring(_)) => f.write_str("the system's keyring"),
        }
    }
}
