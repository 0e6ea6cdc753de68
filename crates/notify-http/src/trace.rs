//! What a call tells `tracing`: a span for the call, an event for each attempt and one for the end.
//!
//! Operations and path templates name no one, and neither do statuses and times. Paths, queries, headers and bodies are
//! never recorded, but for two words of an answer, and those only if they look like what they should be: a hostile
//! server may echo the request in any place. Without the feature, all of this is nothing.

#[cfg(not(feature = "tracing"))]
mod off;
#[cfg(feature = "tracing")]
mod on;
#[cfg(feature = "tracing")]
mod shape;

#[cfg(not(feature = "tracing"))]
pub(crate) use off::*;
#[cfg(feature = "tracing")]
pub(crate) use on::*;
