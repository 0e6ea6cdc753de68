//! Lists that come in pages.

mod visited;

use std::hash::Hash;
use std::str::FromStr;

use crate::model::{Links, UnreadableItem};
use crate::{ApiResponse, Endpoint, Error, RawResponse};
pub(crate) use visited::VisitedCursors;

/// An operation that answers with one page of a list, and knows how to request the next.
///
/// It does no I/O: clients build their streams and iterators on it. A request that came from
/// [`next_page`](Self::next_page) remembers the pages before it. So a loop like this one ends, whatever the service
/// answers:
///
/// # Examples
///
/// ```
/// use notify_api::{ApiResponse, Error, Paged};
///
/// /// All items of a list, by whatever carries one request.
/// fn all<P: Paged>(
///     first: P,
///     mut send: impl FnMut(&P) -> Result<ApiResponse<P::Response>, Error>,
/// ) -> Result<Vec<P::Item>, Error> {
///     let mut items = Vec::new();
///     let mut next = Some(first);
///     while let Some(request) = next {
///         let page = send(&request)?;
///         P::left_out(&page).iter().for_each(|error| eprintln!("{error}"));
///         next = request.next_page(&page)?;
///         items.extend(P::items(page.into_inner()));
///     }
///     Ok(items)
/// }
/// ```
pub trait Paged: Endpoint + Sized {
    /// The items of the list.
    type Item;

    /// The request for the page after `page`, which answered this request. It has the same filters, and the cursor that
    /// the service gave. `None` after an empty page, which is the end.
    ///
    /// # Errors
    ///
    /// An error for which [`Error::is_unreadable`] holds, if a page that is not empty names no next one, or leads back
    /// to itself or to an earlier page. To go on would loop, and to end would hide what is missing.
    fn next_page(&self, page: &ApiResponse<Self::Response>) -> Result<Option<Self>, Error>;

    /// The items of the page that can be read.
    fn items(page: Self::Response) -> Vec<Self::Item>;

    /// An error for each item of the page that cannot be read, and so is not among its [`items`](Self::items). The
    /// default is none.
    fn left_out(page: &ApiResponse<Self::Response>) -> Vec<Error> {
        let _ = page;
        Vec::new()
    }
}

/// An error for each of these items of a page.
pub(crate) fn left_out(items: &[UnreadableItem], raw: &RawResponse) -> Vec<Error> {
    items.iter().map(|item| raw.unreadable(&format!("at {}", item.problem))).collect()
}

/// The start of the next page, and the visited cursors of its request. The page before it is not empty and began after
/// `current`.
pub(crate) fn next<I: FromStr + Eq + Hash + Copy>(
    links: &Links,
    current: Option<I>,
    visited: &VisitedCursors<I>,
    raw: &RawResponse,
) -> Result<(I, VisitedCursors<I>), Error> {
    let next: I = links
        .older_than()
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| raw.unreadable("links.next names no message to go on from"))?;
    if Some(next) == current {
        return Err(raw.unreadable("links.next leads to the page itself"));
    }
    let visited = visited.after(current, next);
    Ok((next, visited.ok_or_else(|| raw.unreadable("links.next leads back to an earlier page"))?))
}
