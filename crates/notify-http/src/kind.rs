//! The two kinds of client, as far as their builder distinguishes them.

/// Which transport can replace reqwest in a client.
pub trait ClientKind {
    /// The transport that replaces reqwest.
    type Transport: ?Sized;
}

#[cfg(feature = "async")]
impl ClientKind for crate::Client {
    type Transport = dyn crate::Transport;
}

#[cfg(feature = "blocking")]
impl ClientKind for crate::blocking::Client {
    type Transport = dyn crate::blocking::Transport;
}
