//! A folder of exchanges together with the world behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::exchange::Exchange;
use super::mask;

/// Everything that was recorded against one service.
#[derive(Debug)]
pub struct Recording {
    /// Where the service was when it was recorded, as it stands in the links of its answers.
    pub base_url: String,
    /// What the exchanges depend on.
    pub world: World,
    /// All exchanges, file by file, each file in its order.
    pub exchanges: Vec<Exchange>,
}

impl Recording {
    /// The recording of GOV.UK Notify.
    ///
    /// # Errors
    ///
    /// When the files cannot be read or hold something that is not known here.
    pub fn gov_uk() -> Result<Self> {
        // The one fact that this world does not name; those of the siblings do.
        Self::load(&folder(), "", Some("http://127.0.0.1:16011"))
    }

    /// The recording of Notify.gov.au. The names of its exchanges begin with `au/` here.
    ///
    /// # Errors
    ///
    /// As [`Recording::gov_uk`].
    pub fn au() -> Result<Self> {
        Self::load(&folder().join("siblings/au"), "au/", None)
    }

    /// The recording of GC Notify. The names of its exchanges begin with `gc/` here.
    ///
    /// # Errors
    ///
    /// As [`Recording::gov_uk`].
    pub fn gc() -> Result<Self> {
        Self::load(&folder().join("siblings/gc"), "gc/", None)
    }

    /// The exchange of this name.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn exchange(&self, name: &str) -> Result<&Exchange> {
        self.exchanges
            .iter()
            .find(|exchange| exchange.name == name)
            .with_context(|| format!("no exchange is named {name}"))
    }

    fn load(folder: &Path, prefix: &str, base_url: Option<&str>) -> Result<Self> {
        let world = World::load(&folder.join("world.json"))?;
        let base_url = base_url
            .or(world.base_url.as_deref())
            .context("neither we nor the world know the base URL")?
            .to_owned();
        let mut files: Vec<PathBuf> = fs::read_dir(folder.join("exchanges"))
            .with_context(|| format!("{} has no exchanges", folder.display()))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        files.sort();
        let mut exchanges = Vec::new();
        let mut names = BTreeSet::new();
        for file in files {
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            for (index, line) in text.lines().enumerate() {
                let mut exchange: Exchange = serde_json::from_str(line)
                    .with_context(|| format!("line {} of {}", index + 1, file.display()))?;
                exchange.name.insert_str(0, prefix);
                ensure!(names.insert(exchange.name.clone()), "{} is recorded twice", exchange.name);
                exchanges.push(exchange);
            }
        }
        Ok(Self { base_url, world, exchanges })
    }
}

/// `tests/wire`.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("wire")
}

/// What is read here of a `world.json`: only what replaying needs, for the world itself is the sandbox's to read.
#[derive(Debug)]
pub struct World {
    /// The file, for whoever loads it in full.
    pub path: PathBuf,
    named: BTreeSet<String>,
    secrets: BTreeMap<String, String>,
    base_url: Option<String>,
}

impl World {
    /// The secret of the API key with this label.
    pub fn secret(&self, label: &str) -> Option<&str> {
        self.secrets.get(label).map(String::as_str)
    }

    /// Whether this id (lower case) or time stands somewhere in the file.
    pub fn names(&self, id_or_time: &str) -> bool {
        self.named.contains(id_or_time)
    }

    fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let world: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        let mut secrets = BTreeMap::new();
        for service in world["services"].as_array().context("a world without services")? {
            for key in service["api_keys"].as_array().context("a service without a list of keys")? {
                let label = key["label"].as_str().context("a key without a label")?;
                let secret = key["secret"].as_str().context("a key without a secret")?;
                let before = secrets.insert(label.to_owned(), secret.to_owned());
                ensure!(before.is_none(), "two keys are labelled {label}");
            }
        }
        Ok(Self {
            path: path.to_owned(),
            named: mask::ids_and_times(&text).collect(),
            secrets,
            base_url: world["base_url"].as_str().map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Replay, Shift};

    #[test]
    fn every_line_of_every_recording_is_understood() {
        for recording in [Recording::gov_uk(), Recording::au(), Recording::gc()] {
            let recording = recording.unwrap();
            assert!(!recording.exchanges.is_empty());
            for exchange in &recording.exchanges {
                for authorization in exchange.request.authorizations() {
                    let made = authorization.make(&recording.world, Shift::default());
                    made.with_context(|| exchange.name.clone()).unwrap();
                }
            }
        }
    }

    #[test]
    fn as_many_exchanges_are_fresh_as_the_readme_says() {
        let recording = Recording::gov_uk().unwrap();
        let fresh = recording.exchanges.iter().filter(|exchange| exchange.replay == Replay::Fresh).count();
        let readme = fs::read_to_string(folder().join("README.md")).unwrap();
        assert!(readme.contains(&format!("`fresh` ({fresh} of them)")), "{fresh} fresh exchanges");
    }
}
