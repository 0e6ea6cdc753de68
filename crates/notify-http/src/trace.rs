//! What a call reports to `tracing`: a span for the call, an event for each attempt, and one for the end.
//!
//! Operations, path templates, statuses and times identify nobody. Paths, queries, headers and bodies are never
//! recorded, with two exceptions: the answer's trace id and error class. Those are recorded only if they have the
//! expected form, because a hostile server may echo the request anywhere. Without the feature, this module does
//! nothing.

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
