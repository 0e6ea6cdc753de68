//! How much of a list.

use clap::Args;
use notify_http::model::Timestamp;

/// How much of a list that comes in pages.
#[derive(Args)]
pub(crate) struct RangeArgs {
    /// Up to so many, over as many pages as it takes
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one, conflicts_with = "all")]
    limit: Option<usize>,
    /// All, over as many pages as it takes
    #[arg(long)]
    all: bool,
    /// Only those since this moment, over as many pages as it takes; in UTC unless it has an offset
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,
}

impl RangeArgs {
    /// The most items that are wanted, of as many pages as it takes; nothing for one page.
    pub(crate) fn most(&self) -> Option<usize> {
        self.limit.or_else(|| (self.all || self.since.is_some()).then_some(usize::MAX))
    }
}

fn at_least_one(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|number| *number > 0).ok_or("not a whole number above 0")
}
