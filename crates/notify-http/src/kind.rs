//! The two kinds of client, as far as their builder tells them apart.

/// Which transport can take the place of reqwest in a client.
pub trait ClientKind {
    /// What carries its requests instead.
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
