//! Lists, page by page.

use notify_api::{ApiResponse, Error, Paged, RawResponse};

/// How far a list has been read; it asks nothing itself.
pub(crate) struct Cursor<P> {
    /// What to ask next, or why it cannot be known; nothing at the end.
    next: Option<Result<P, Error>>,
}

impl<P: Paged> Cursor<P> {
    pub(crate) fn new(first: P) -> Self {
        Self { next: Some(Ok(first)) }
    }

    /// The request for the next page; nothing when the list has ended. An error is the last thing to come.
    pub(crate) fn request(&mut self) -> Option<Result<P, Error>> {
        self.next.take()
    }

    /// Takes the answer to `request`, and gives the page; nothing for the empty one, which is the end.
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
            // The page itself is good.
            Err(error) => Some(Err(error)),
        };
        Some(Ok(page))
    }
}

/// What a page holds: its items, and after them an error for each that cannot be read.
pub(crate) fn items<P: Paged>(page: ApiResponse<P::Response>) -> Vec<Result<P::Item, Error>> {
    let left_out = P::left_out(&page);
    P::items(page.into_inner()).into_iter().map(Ok).chain(left_out.into_iter().map(Err)).collect()
}

#[cfg(feature = "async")]
mod stream;
#[cfg(feature = "async")]
pub use stream::{Items, Pages};
