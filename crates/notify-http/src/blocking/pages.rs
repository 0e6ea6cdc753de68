//! Lists as iterators.

use std::fmt;
use std::vec;

use notify_api::{ApiResponse, Error, Paged};

use super::Client;
use crate::pages::{self, Cursor};

/// The pages of a list, fetched one after another: [`Client::pages`].
///
/// It ends at the first empty page, which it leaves out, or after an error.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Pages<P> {
    client: Client,
    cursor: Cursor<P>,
}

impl<P: Paged> Pages<P> {
    pub(super) fn new(client: Client, first: P) -> Self {
        Self { client, cursor: Cursor::new(first) }
    }
}

impl<P: Paged> Iterator for Pages<P> {
    type Item = Result<ApiResponse<P::Response>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let request = match self.cursor.request()? {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let now = self.client.now();
        let answer = self.client.begin(&request, now).and_then(|call| self.client.carry(call, now));
        self.cursor.page(&request, answer)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("client", &self.client).finish_non_exhaustive()
    }
}

/// The items of a list, page by page: [`Client::iter`].
///
/// An item that cannot be read yields an error but does not end the list. The list ends at the first empty page, or
/// after an error that concerns a whole page.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Items<P: Paged> {
    pages: Pages<P>,
    page: vec::IntoIter<Result<P::Item, Error>>,
}

impl<P: Paged> Items<P> {
    pub(super) fn new(pages: Pages<P>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }
}

impl<P: Paged> Iterator for Items<P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(item);
            }
            match self.pages.next()? {
                Ok(page) => self.page = pages::items::<P>(page).into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<P: Paged> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
