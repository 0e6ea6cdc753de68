//! Compares what was measured with the bars.

use anyhow::Result;

use super::board::{Bars, Board};
use super::build::BUILDS;
use super::figures::Figures;

/// The most bytes of RAM that a signer may take.
const SIGNER: u64 = 192;

impl Board {
    /// Describes the bars that these figures miss.
    pub(crate) fn missed(&self, figures: &Figures) -> Result<Vec<String>> {
        let Bars { flash, stack, instructions, varies } = self.bars;
        let mut bars = vec![
            ("mint s flash".to_owned(), flash),
            ("mint s stack".to_owned(), stack),
            ("mint s instructions".to_owned(), instructions),
            ("mint s varies".to_owned(), varies),
            ("Signer".to_owned(), SIGNER),
            ("static".to_owned(), 0),
        ];
        // Only builds that were measured.
        for build in BUILDS {
            let what = format!("mint {build} panics");
            if figures.get(self.name, &what).is_ok() {
                bars.push((what, 0));
            }
        }
        let mut missed = Vec::new();
        for (what, bar) in bars {
            let value = figures.get(self.name, &what)?;
            if value > bar {
                missed.push(format!("{what} on {} is {value}, over {bar}", self.name));
            }
        }
        Ok(missed)
    }
}
