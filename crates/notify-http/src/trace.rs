//! What a call tells `tracing`: a span for the call, an event for each attempt and one for the end.
//!
//! Operations and path templates name no one, and neither do statuses, times and trace ids. Paths, queries, headers
//! and bodies are never recorded. Without the feature, all of this is nothing.

#[cfg(not(feature = "tracing"))]
mod off;
#[cfg(feature = "tracing")]
mod on;

#[cfg(not(feature = "tracing"))]
pub(crate) use off::*;
#[cfg(feature = "tracing")]
pub(crate) use on::*;
