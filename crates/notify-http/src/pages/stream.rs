//! Lists as streams.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use notify_api::{ApiResponse, Error, Paged, RawResponse};

use super::Cursor;
use crate::{Client, pages};

/// The pages of a list, fetched one after another: [`Client::pages`].
///
/// It ends at the first empty page, which it leaves out, or after an error.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Pages<P> {
    client: Client,
    cursor: Cursor<P>,
    asking: Option<(P, Asking)>,
}

type Asking = Pin<Box<dyn Future<Output = Result<RawResponse, Error>> + Send>>;

impl<P: Paged> Pages<P> {
    pub(crate) fn new(client: Client, first: P) -> Self {
        Self { client, cursor: Cursor::new(first), asking: None }
    }

    fn ask(&self, request: &P) -> Result<Asking, Error> {
        let now = self.client.now();
        let call = self.client.begin(request, now)?;
        let client = self.client.clone();
        Ok(Box::pin(async move { client.carry(call, now).await }))
    }
}

impl<P: Paged + Unpin> Stream for Pages<P> {
    type Item = Result<ApiResponse<P::Response>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.asking.is_none() {
            let asking = match this.cursor.request() {
                Some(Ok(request)) => this.ask(&request).map(|asking| (request, asking)),
                Some(Err(error)) => Err(error),
                None => return Poll::Ready(None),
            };
            match asking {
                Ok(asking) => this.asking = Some(asking),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        let Some((request, asking)) = &mut this.asking else { return Poll::Ready(None) };
        let answer = ready!(asking.as_mut().poll(context));
        let page = this.cursor.page(request, answer);
        this.asking = None;
        Poll::Ready(page)
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("client", &self.client).finish_non_exhaustive()
    }
}

/// The items of a list, page by page: [`Client::stream`].
///
/// An item that cannot be read yields an error but does not end the list. The list ends at the first empty page, or
/// after an error that concerns a whole page.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<P: Paged> {
    pages: Pages<P>,
    page: vec::IntoIter<Result<P::Item, Error>>,
}

impl<P: Paged> Items<P> {
    pub(crate) fn new(pages: Pages<P>) -> Self {
        Self { pages, page: Vec::new().into_iter() }
    }
}

impl<P: Paged + Unpin> Stream for Items<P>
where
    P::Item: Unpin,
{
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(item));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.page = pages::items::<P>(page).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<P: Paged> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).finish_non_exhaustive()
    }
}
