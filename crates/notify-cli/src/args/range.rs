//! How much of a list to show.

use clap::Args;
use notify_http::model::Timestamp;

/// How much of a paged list to show.
#[derive(Args)]
pub(crate) struct RangeArgs {
    /// Show up to this many, over as many pages as it takes
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one, conflicts_with = "all")]
    limit: Option<usize>,
    /// Show all, over as many pages as it takes
    #[arg(long)]
    all: bool,
    /// Show only those since this time, over as many pages as it takes; UTC unless the time has an offset
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,
}

impl RangeArgs {
    /// The most items to show, over as many pages as it takes; `None` for one page.
    pub(crate) fn most(&self) -> Option<usize> {
        self.limit.or_else(|| (self.all || self.since.is_some()).then_some(usize::MAX))
    }
}

fn at_least_one(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|number| *number > 0).ok_or("not a whole number above 0")
}
