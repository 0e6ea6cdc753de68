//! The input of a program.

use crate::Host;

/// The longest line: a key with a long name, the longest time, the longest token, and the tabs between.
const LINE_MAX: usize = 384;

/// A buffer for one line.
pub type LineBuffer = [u8; LINE_MAX];

/// One line of the host's file: an API key, a time, and a text, with tabs between.
pub struct Case<'b> {
    /// An API key, not yet parsed.
    pub key: &'b str,
    /// A time in seconds.
    pub seconds: u64,
    /// What the program works on: a token, the value of a `Date` header, or nothing.
    pub text: &'b str,
}

impl<'b> Case<'b> {
    /// Reads the next line of the host's file. Returns `None` after the last one, or if the line is not a case.
    #[inline(never)]
    pub fn read(host: &mut Host, buffer: &'b mut LineBuffer) -> Option<Self> {
        let (key, rest) = host.read_line(buffer)?.split_once('\t')?;
        let (seconds, text) = rest.split_once('\t')?;
        Some(Self { key, seconds: seconds.parse().ok()?, text })
    }

    /// An empty buffer for one line.
    pub const fn buffer() -> LineBuffer {
        [0; LINE_MAX]
    }
}
