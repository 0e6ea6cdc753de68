use notify_api::{Call, Error, Event, RawResponse};

pub(crate) struct Span;

pub(crate) fn span(_: &Call) -> Span {
    Span
}

#[cfg(feature = "async")]
pub(crate) fn follow<F: Future>(_: Span, call: F) -> F {
    call
}

#[cfg(feature = "blocking")]
pub(crate) fn enter<T>(_: &Span, call: impl FnOnce() -> T) -> T {
    call()
}

pub(crate) fn attempted(_: &Call, _: &Event) {}

pub(crate) fn ended(_: &Result<RawResponse, Error>) {}
