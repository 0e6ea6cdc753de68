//! Lists, page by page.

use notify_api::{ApiResponse, Error, Paged, RawResponse};

/// How far a list has been read. It does no I/O.
pub(crate) struct Cursor<P> {
    /// The next request, or why it cannot be made; `None` at the end.
    next: Option<Result<P, Error>>,
}

impl<P: Paged> Cursor<P> {
    pub(crate) fn new(first: P) -> Self {
        Self { next: Some(Ok(first)) }
    }

    /// The request for the next page; `None` when the list has ended. An error always comes last.
    pub(crate) fn request(&mut self) -> Option<Result<P, Error>> {
        self.next.take()
    }

    /// Takes the answer to `request` and returns the page; `None` for the empty page, which ends the list.
    pub(crate) fn page(
        &mut self,
        request: &P,
        answer: Result<RawResponse, Error>,
    ) -> Option<Result<ApiResponse<P::Response>, Error>> {
        let page = match answer.and_then(RawResponse::decode::<P>) {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        self.next = match request.next_page(&page) {
            Ok(next) => Some(Ok(next?)),
            // This page is good; only the next one cannot be requested.
            Err(error) => Some(Err(error)),
        };
        Some(Ok(page))
    }
}

/// The contents of a page: its items, then an error for each item that cannot be read.
pub(crate) fn items<P: Paged>(page: ApiResponse<P::Response>) -> Vec<Result<P::Item, Error>> {
    let left_out = P::left_out(&page);
    P::items(page.into_inner()).into_iter().map(Ok).chain(left_out.into_iter().map(Err)).collect()
}

#[cfg(feature = "async")]
mod stream;
#[cfg(feature = "async")]
pub use stream::{Items, Pages};
