//! What a program is given to work on.

use crate::Host;

/// The longest line: a key with a long name, the longest second, the longest token, and the tabs between them.
const LINE_MAX: usize = 384;

/// Where a line is kept while a program works on it.
pub type Room = [u8; LINE_MAX];

/// One line of the host's file: an API key, a second, and a text, with tabs between.
pub struct Case<'r> {
    /// An API key, not parsed.
    pub key: &'r str,
    /// A moment in seconds since 1970.
    pub seconds: u64,
    /// A token, the value of a `Date` header, or nothing: what the program is for.
    pub text: &'r str,
}

impl<'r> Case<'r> {
    /// Reads the next line of the host's file; `None` behind the last one, and when the line is no case.
    #[inline(never)]
    pub fn read(host: &mut Host, room: &'r mut Room) -> Option<Self> {
        let (key, rest) = host.read_line(room)?.split_once('\t')?;
        let (seconds, text) = rest.split_once('\t')?;
        Some(Self { key, seconds: seconds.parse().ok()?, text })
    }

    /// Room for a line.
    pub const fn room() -> Room {
        [0; LINE_MAX]
    }
}
