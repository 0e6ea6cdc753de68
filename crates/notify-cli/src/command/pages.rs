//! Lists that come in pages.

mod writer;

use notify_http::model::{Links, Timestamp, UnreadableItem};
use notify_http::{ApiResponse, Paged};

use crate::args::{Options, RangeArgs};
use crate::exit::CommandError;
use crate::output::csv::Columns;
use crate::output::table::{Cell, Column};
use crate::service::Service;
use writer::PageWriter;

/// How a list is shown, in a table with this many columns.
pub(super) trait ListView<const COLUMNS: usize>: Paged + Clone {
    /// The field that holds the list in an answer.
    const NAME: &'static str;
    /// What to print for an empty list.
    const NONE: &'static str;
    /// The columns for people.
    const COLUMNS: [Column; COLUMNS];
    /// The columns of CSV.
    const CSV: Columns;

    /// The readable items of a page.
    fn items(page: &Self::Response) -> &[Self::Item];

    /// The unreadable items of a page.
    fn unreadable(page: &Self::Response) -> &[UnreadableItem];

    /// The links of a page to itself and the next one.
    fn links(page: &Self::Response) -> &Links;

    /// When an item was created.
    fn created_at(item: &Self::Item) -> Option<Timestamp>;

    /// The table row of an item.
    fn row(item: &Self::Item) -> [Cell; COLUMNS];

    /// The request for the items after this one.
    fn after(self, item: &Self::Item) -> Self;
}

/// Shows a list, page by page.
pub(super) async fn show<L: ListView<N>, const N: usize>(
    first: L,
    range: &RangeArgs,
    options: &Options,
) -> Result<(), CommandError> {
    let service = Service::new(options)?;
    let mut left = range.most().unwrap_or(usize::MAX);
    let mut writer = PageWriter::new::<L>(options.format());
    let mut next = Some(first);
    while let Some(request) = next {
        let answer = service.send(request.clone()).await?;
        let items = in_order::<L, N>(&answer);
        // The newest come first.
        let recent = items.iter().position(|item| is_before::<L, N>(*item, range)).unwrap_or(items.len());
        let count = recent.min(left);
        let rest = match items[..count].iter().rev().find_map(|item| *item) {
            // The service's own link would skip the items that are not shown.
            Some(last) if count < items.len() => service.url(&request.clone().after(last)),
            None if count < items.len() => service.url(&request),
            _ => L::links(&answer).next.clone(),
        };
        writer.page::<L>(&answer, count, rest)?;
        left -= count;
        next = if range.most().is_some() && left > 0 && recent == items.len() {
            next_page(&request, &answer)?
        } else {
            None
        };
    }
    writer.finish::<L>()
}

/// Whether an item is older than the range asks for.
fn is_before<L: ListView<N>, const N: usize>(item: Option<&L::Item>, range: &RangeArgs) -> bool {
    let created_at = item.and_then(L::created_at);
    range.since.zip(created_at).is_some_and(|(since, created_at)| created_at < since)
}

/// All items of a page in order, with `None` for each that cannot be read.
fn in_order<L: ListView<N>, const N: usize>(page: &L::Response) -> Vec<Option<&L::Item>> {
    let (readable, unreadable) = (<L as ListView<N>>::items(page), L::unreadable(page));
    let mut readable = readable.iter();
    let total = readable.len() + unreadable.len();
    let is_gap = |place| unreadable.iter().any(|item| item.index == place);
    (0..total).map(|place| if is_gap(place) { None } else { readable.next() }).collect()
}

fn next_page<L: Paged>(request: &L, answer: &ApiResponse<L::Response>) -> Result<Option<L>, CommandError> {
    Ok(request.next_page(answer)?)
}
