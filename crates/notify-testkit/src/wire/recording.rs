//! A folder of exchanges together with the world behind them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::exchange::Exchange;
use super::lenient;
use super::world::World;

/// GOV.UK Notify's address: the one fact that its worlds lack; those of the siblings have it.
const GOV_UK: &str = "http://127.0.0.1:16011";

/// Everything recorded from one service.
#[derive(Debug)]
pub struct Recording {
    /// The service's address during the recording, as it appears in the links of its answers.
    pub base_url: String,
    /// What the exchanges depend on.
    pub world: World,
    /// All exchanges, file by file in order.
    pub exchanges: Vec<Exchange>,
}

impl Recording {
    /// The recording of GOV.UK Notify.
    ///
    /// # Errors
    ///
    /// If the files cannot be read, or contain something unknown.
    pub fn gov_uk() -> Result<Self> {
        Self::load(&folder(), "", Some(GOV_UK))
    }

    /// The recording of GOV.UK Notify with inputs made up by a program, and its own world. Here the names of its
    /// exchanges begin with `generated/`.
    ///
    /// # Errors
    ///
    /// As for [`Recording::gov_uk`].
    pub fn generated() -> Result<Self> {
        Self::load(&folder().join("generated"), "generated/", Some(GOV_UK))
    }

    /// The recording of Notify.gov.au. Here the names of its exchanges begin with `au/`.
    ///
    /// # Errors
    ///
    /// As for [`Recording::gov_uk`].
    pub fn au() -> Result<Self> {
        Self::load(&folder().join("siblings/au"), "au/", None)
    }

    /// The recording of Notify.gov.au with inputs made up by a program, and a world of its own. The names of its
    /// exchanges begin with `au/generated/` here.
    ///
    /// # Errors
    ///
    /// As [`Recording::gov_uk`].
    pub fn au_generated() -> Result<Self> {
        Self::load(&folder().join("siblings/au/generated"), "au/generated/", None)
    }

    /// The recording of GC Notify with inputs made up by a program, and a world of its own. The names of its exchanges
    /// begin with `gc/generated/` here.
    ///
    /// # Errors
    ///
    /// As [`Recording::gov_uk`].
    pub fn gc_generated() -> Result<Self> {
        Self::load(&folder().join("siblings/gc/generated"), "gc/generated/", None)
    }

    /// The recording of GC Notify. The names of its exchanges begin with `gc/` here.
    ///
    /// # Errors
    ///
    /// As for [`Recording::gov_uk`].
    pub fn gc() -> Result<Self> {
        Self::load(&folder().join("siblings/gc"), "gc/", None)
    }

    /// The recording of VA Notify. Here the names of its exchanges begin with `va/`.
    ///
    /// # Errors
    ///
    /// As for [`Recording::gov_uk`].
    pub fn va() -> Result<Self> {
        Self::load(&folder().join("siblings/va"), "va/", None)
    }

    /// The exchange with this name.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn exchange(&self, name: &str) -> Result<&Exchange> {
        self.exchanges
            .iter()
            .find(|exchange| exchange.name == name)
            .with_context(|| format!("no exchange is named {name}"))
    }

    fn load(folder: &Path, prefix: &str, base_url: Option<&str>) -> Result<Self> {
        let world = World::load(&folder.join("world.json"))?;
        let base_url =
            base_url.or(world.base_url()).context("neither we nor the world know the base URL")?.to_owned();
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
                let mut exchange: Exchange = serde_json::from_str(&lenient::strict(line))
                    .with_context(|| format!("line {} of {}", index + 1, file.display()))?;
                exchange.name.insert_str(0, prefix);
                // VA's recording uses some names twice.
                while !names.insert(exchange.name.clone()) {
                    exchange.name.push_str(" (again)");
                }
                exchanges.push(exchange);
            }
        }
        Ok(Self { base_url, world, exchanges })
    }
}

/// `tests/wire`.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/wire")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Replay, Shift};

    #[test]
    fn every_line_of_every_recording_is_understood() {
        for recording in [
            Recording::gov_uk(),
            Recording::generated(),
            Recording::au(),
            Recording::au_generated(),
            Recording::gc(),
            Recording::gc_generated(),
            Recording::va(),
        ] {
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

    #[test]
    fn all_generated_exchanges_are_fresh() {
        let recording = Recording::generated().unwrap();
        assert!(recording.exchanges.iter().all(|exchange| exchange.replay == Replay::Fresh));
    }
}
