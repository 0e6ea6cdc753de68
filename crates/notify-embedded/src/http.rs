//! The head and the framing of a response, read as it arrives.

use heapless::Vec;
use notify_jwt::parse_http_date_bytes;

use crate::digits::{decimal, hexadecimal};

/// How much is kept of a line of the head. What matters in it is shorter; longer lines are dropped.
const LINE_MAX: usize = 64;
/// How many bytes the head may have, and the trailer after chunks.
const HEAD_MAX: u32 = 64 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Status,
    Header,
    Body,
    ChunkSize,
    Chunk,
    /// After a chunk, before the next one's size.
    ChunkEnd,
    Trailer,
    Whole,
    Broken,
}

/// How the end of the body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Close,
    Length(u32),
    Chunked,
}

/// How long to wait, as an answer asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    /// Until this time, in seconds since 1970.
    Date(u64),
}

/// Whether a cache kept the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    /// It does not say so.
    None,
    /// It has just fetched it, for this very request.
    Zero,
    Kept,
}

/// A response's head, and where its body ends.
#[derive(Debug)]
pub(crate) struct Head {
    state: State,
    line: Vec<u8, LINE_MAX>,
    is_line_cut: bool,
    read: u32,
    left: u32,
    framing: Framing,
    pub(crate) status: u16,
    pub(crate) date: Option<u64>,
    pub(crate) age: Age,
    pub(crate) retry_after: Option<RetryAfter>,
}

impl Head {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Status,
            line: Vec::new(),
            is_line_cut: false,
            read: 0,
            left: 0,
            framing: Framing::Close,
            status: 0,
            date: None,
            age: Age::None,
            retry_after: None,
        }
    }

    /// Whether the response is over.
    pub(crate) fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    /// Whether what arrives is not a response.
    pub(crate) fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    /// The connection was closed. That ends a body that has no other end.
    pub(crate) fn close(&mut self) {
        let is_end = self.state == State::Body && self.framing == Framing::Close;
        self.state = if is_end || self.is_whole() { State::Whole } else { State::Broken };
    }

    /// Takes a byte, and returns it if it belongs to the body.
    pub(crate) fn feed(&mut self, byte: u8) -> Option<u8> {
        match self.state {
            State::Whole | State::Broken => return None,
            State::Body if self.framing == Framing::Close => return Some(byte),
            State::Body | State::Chunk => {
                self.left = self.left.saturating_sub(1);
                if self.left == 0 {
                    self.state = if self.state == State::Body { State::Whole } else { State::ChunkEnd };
                }
                return Some(byte);
            }
            _ if byte == b'\n' => self.end_line(),
            _ => {
                self.read = self.read.saturating_add(1);
                if self.line.push(byte).is_err() {
                    self.is_line_cut = true;
                }
                if self.read > HEAD_MAX {
                    self.state = State::Broken;
                }
            }
        }
        None
    }

    fn end_line(&mut self) {
        if !self.is_line_cut && self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        self.state = match self.state {
            State::Status => status(&self.line).map_or(State::Broken, |status| {
                self.status = status;
                State::Header
            }),
            State::Header if self.line.is_empty() => self.end_head(),
            State::Header => self.header(),
            State::ChunkSize => {
                self.read = 0;
                match chunk_size(&self.line) {
                    Some(0) => State::Trailer,
                    Some(size) => {
                        self.left = size;
                        State::Chunk
                    }
                    None => State::Broken,
                }
            }
            State::ChunkEnd if self.line.is_empty() => State::ChunkSize,
            State::Trailer if self.line.is_empty() => State::Whole,
            State::Trailer => State::Trailer,
            _ => State::Broken,
        };
        self.line.clear();
        self.is_line_cut = false;
    }

    fn header(&mut self) -> State {
        let Some(colon) = self.line.iter().position(|byte| *byte == b':') else {
            // No name that matters has this length.
            return if self.is_line_cut { State::Header } else { State::Broken };
        };
        let (name, value) = self.line.split_at_checked(colon).unwrap_or_default();
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if name.is_empty() || name.contains(&b' ') || name.contains(&b'\t') {
            return State::Broken;
        }
        let whole = Some(value).filter(|_| !self.is_line_cut);
        if name.eq_ignore_ascii_case(b"content-length") {
            let Some(length) = whole.and_then(decimal) else { return State::Broken };
            match self.framing {
                Framing::Close => self.framing = Framing::Length(length),
                Framing::Length(other) if other != length => return State::Broken,
                _ => {}
            }
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            if !whole.is_some_and(|value| value.eq_ignore_ascii_case(b"chunked")) {
                return State::Broken;
            }
            self.framing = Framing::Chunked;
        } else if name.eq_ignore_ascii_case(b"date") {
            self.date = whole.and_then(|value| parse_http_date_bytes(value).ok());
        } else if name.eq_ignore_ascii_case(b"age") {
            let is_zero = whole == Some(b"0") && self.age != Age::Kept;
            self.age = if is_zero { Age::Zero } else { Age::Kept };
        } else if name.eq_ignore_ascii_case(b"retry-after") {
            // A number too large to parse is longer than any wait anyway.
            let seconds = decimal(value).map(RetryAfter::Seconds);
            let date = || whole.and_then(|value| parse_http_date_bytes(value).ok()).map(RetryAfter::Date);
            self.retry_after = seconds.or_else(date);
        }
        State::Header
    }

    fn end_head(&mut self) -> State {
        match self.status {
            // An interim response: the real one follows.
            100 | 102..=199 => {
                *self = Self { read: self.read, ..Self::new() };
                State::Status
            }
            101 | 204 | 304 => State::Whole,
            _ => match self.framing {
                Framing::Length(0) => State::Whole,
                Framing::Length(length) => {
                    self.left = length;
                    State::Body
                }
                Framing::Close => State::Body,
                Framing::Chunked => State::ChunkSize,
            },
        }
    }
}

/// The status in the first line.
fn status(line: &[u8]) -> Option<u16> {
    let [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0'..=b'9', b' ', rest @ ..] = line else { return None };
    let (code, reason) = rest.split_first_chunk::<3>()?;
    let is_code = code.iter().all(u8::is_ascii_digit) && code.first() != Some(&b'0');
    let code = code.iter().fold(0, |code, digit| code * 10 + u16::from(digit & 15));
    (is_code && matches!(reason, [] | [b' ', ..])).then_some(code)
}

/// The size of a chunk. What may follow after a semicolon is dropped.
fn chunk_size(line: &[u8]) -> Option<u32> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii_end();
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0, |size, digit| Some(size << 4 | u32::from(hexadecimal(*digit)?)))
}
