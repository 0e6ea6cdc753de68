//! What the answers depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::id_or_time::ids_and_times;

/// The parts of a `world.json` that replaying needs; the sandbox reads the rest.
#[derive(Debug)]
pub struct World {
    /// The file's text, to load it in full.
    pub path: PathBuf,
    named: BTreeSet<String>,
    keys: BTreeMap<String, RecordedKey>,
    base_url: Option<String>,
}

/// An API key of a recorded world; all of them are made up.
#[derive(Clone, Debug)]
pub struct RecordedKey {
    /// The name given to the key when it was made.
    pub name: String,
    /// The service it belongs to.
    pub service: String,
    /// What signs.
    pub secret: String,
}

impl RecordedKey {
    /// The key as a user has it: name, service id and secret, joined by hyphens.
    pub fn text(&self) -> String {
        format!("{}-{}-{}", self.name, self.service, self.secret)
    }
}

impl World {
    /// The API key with this label.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn key(&self, label: &str) -> Result<&RecordedKey> {
        self.keys.get(label).with_context(|| format!("no key is labelled {label}"))
    }

    /// All API keys, in the order of their labels.
    pub fn keys(&self) -> impl Iterator<Item = &RecordedKey> {
        self.keys.values()
    }

    /// Whether this id (in lower case) or time appears anywhere in the file.
    pub fn names(&self, id_or_time: &str) -> bool {
        self.named.contains(id_or_time)
    }

    pub(super) fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    pub(super) fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let world: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        let field = |value: &Value, name: &str| -> Result<String> {
            Ok(value[name].as_str().with_context(|| format!("a {name} is missing"))?.to_owned())
        };
        let mut keys = BTreeMap::new();
        for service in world["services"].as_array().context("a world without services")? {
            for key in service["api_keys"].as_array().context("a service without a list of keys")? {
                let label = field(key, "label")?;
                let key = RecordedKey {
                    name: field(key, "name")?,
                    service: field(service, "id")?,
                    secret: field(key, "secret")?,
                };
                ensure!(keys.insert(label.clone(), key).is_none(), "two keys are labelled {label}");
            }
        }
        Ok(Self {
            path: path.to_owned(),
            named: ids_and_times(&text).collect(),
            keys,
            base_url: world["base_url"].as_str().map(str::to_owned),
        })
    }
}
