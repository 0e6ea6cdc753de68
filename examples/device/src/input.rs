//! What the host wants of the board.

use heapless::String;

use crate::host::{self, File};

/// The exit status for a line that is wrong.
pub const WRONG: usize = 2;

/// What the host says, in a line of its file `input.txt`, with tabs between.
pub struct Input<'i> {
    /// The API key.
    pub key: &'i [u8],
    /// The port of the sandbox.
    pub port: u16,
    /// The telephone number that the message goes to.
    pub phone_number: Text,
    /// The number of the ring.
    pub number: u32,
    /// The time, in seconds since 1970, or 0 if it is not known.
    pub time: u32,
    /// Where the board is to reset itself once: `before`, `answered`, or nothing.
    pub reset: &'i [u8],
}

impl<'i> Input<'i> {
    /// Reads the line into this room. If it is not one, this says so.
    pub fn read(line: &'i mut [u8]) -> Option<Self> {
        let length = File::read_only(c"input.txt").map_or(0, |file| file.read_at(0, line));
        let input = Self::parse(line.get(..length).unwrap_or_default());
        if input.is_none() {
            host::print(
                "input.txt is not a line of a key, a port, a telephone number, a number, a time and a reset",
            );
        }
        input
    }

    fn parse(line: &'i [u8]) -> Option<Self> {
        let mut parts = line.split(|byte| matches!(byte, b'\t' | b'\n'));
        Some(Self {
            key: parts.next()?,
            port: number(parts.next()?) as u16,
            phone_number: text(parts.next()?)?,
            number: number(parts.next()?),
            time: number(parts.next()?),
            reset: parts.next()?,
        })
    }
}

/// A short text. `str::from_utf8` would take 600 bytes of flash to look for characters that do not occur here.
pub type Text = String<24, u8>;

/// The text that these characters make, if it is short.
pub fn text(characters: &[u8]) -> Option<Text> {
    let mut text = Text::new();
    for character in characters {
        text.push(char::from(*character & 0x7f)).ok()?;
    }
    Some(text)
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit & 15))
}
