//! Lists that come in pages.

use std::str::FromStr;

use crate::model::Links;
use crate::{Answer, Endpoint, Error, RawAnswer};

/// An operation that answers with one page of a list, and knows how to ask for the next.
///
/// It does no I/O: clients build their streams and iterators on it.
///
/// # Examples
///
/// ```
/// use notify_api::{Answer, Error, Paged};
///
/// /// All items of a list, by whatever carries one request.
/// fn all<P: Paged>(
///     first: P,
///     mut send: impl FnMut(&P) -> Result<Answer<P::Answer>, Error>,
/// ) -> Result<Vec<P::Item>, Error> {
///     let mut items = Vec::new();
///     let mut next = Some(first);
///     while let Some(request) = next {
///         let page = send(&request)?;
///         next = request.next_page(&page)?;
///         items.extend(P::items(page.value));
///     }
///     Ok(items)
/// }
/// ```
pub trait Paged: Endpoint + Sized {
    /// What the list holds.
    type Item;

    /// The request for the page after `page`, which answered this request: the same filters, and the cursor that the
    /// service gave. `None` after an empty page, which is the end.
    ///
    /// # Errors
    ///
    /// An error for which [`Error::is_unreadable`] holds when the page names no next one although it is not empty, or
    /// names itself: going on would loop, and ending would hide what is missing.
    fn next_page(&self, page: &Answer<Self::Answer>) -> Result<Option<Self>, Error>;

    /// What the page holds.
    fn items(page: Self::Answer) -> Vec<Self::Item>;
}

/// Where the next page begins, after a page that is not empty and began after `current`.
pub(crate) fn cursor<I: FromStr + PartialEq>(
    links: &Links,
    current: Option<&I>,
    raw: &RawAnswer,
) -> Result<I, Error> {
    match links.older_than().and_then(|id| id.parse().ok()) {
        Some(next) if Some(&next) == current => Err(raw.unreadable("links.next leads to the page itself")),
        Some(next) => Ok(next),
        None => Err(raw.unreadable("links.next names no message to go on from")),
    }
}
