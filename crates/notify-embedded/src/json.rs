//! JSON, read as it arrives, a byte at a time, in the space of one string.

mod name;
mod word;

use heapless::Vec;

use crate::digits::hexadecimal;

pub(crate) use name::Name;
use word::is_word;

/// How deep values may be nested. The service's own answers are six deep.
const DEEPEST: u8 = 32;
/// How deep fields have names that the reader is contents.
const NAMED: usize = 6;
/// How much of a string is kept. Every string that must be read in full is shorter, even the link of a list with a long
/// reference.
pub(crate) const TEXT_MAX: usize = 384;

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Event<'t> {
    /// An object begins.
    Object,
    /// A list begins.
    List,
    /// An object or a list ends.
    End,
    /// A text, and whether all of it was kept.
    Text(&'t [u8], bool),
    /// A number, `true`, `false` or `null`.
    Word(&'t [u8]),
}

/// Receives what was read, and where: the names of the fields around it, the outermost first.
pub(crate) trait Sink {
    fn take(&mut self, path: &[Name], event: Event<'_>);
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Before everything. Some servers put three bytes there that mark a text as UTF-8.
    Start(u8),
    Value,
    ValueOrEnd,
    NameOrEnd,
    Name,
    Colon,
    Text,
    Escape,
    Unicode(u8),
    Word,
    After,
    Whole,
    Broken,
}

/// The reader. What it keeps fits in half a kilobyte, however long the text.
#[derive(Debug)]
pub(crate) struct Json {
    state: State,
    is_name: bool,
    /// Which of the open values are objects, the innermost in the lowest bit.
    objects: u32,
    depth: u8,
    path: Vec<Name, NAMED>,
    text: Vec<u8, TEXT_MAX>,
    is_text_whole: bool,
    unicode: u16,
    /// The first half of a character that is written as two escapes.
    half: u16,
}

impl Json {
    pub(crate) const fn new() -> Self {
        Self {
            state: State::Start(0),
            is_name: false,
            objects: 0,
            depth: 0,
            path: Vec::new(),
            text: Vec::new(),
            is_text_whole: true,
            unicode: 0,
            half: 0,
        }
    }

    /// Starts anew.
    pub(crate) fn reset(&mut self) {
        self.state = State::Start(0);
        self.is_name = false;
        (self.objects, self.depth) = (0, 0);
        self.path.clear();
        self.begin_text();
    }

    /// Whether an object or a list was read, whole, and nothing came after it.
    pub(crate) fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    // One copy of it, wherever bytes come from.
    #[inline(never)]
    pub(crate) fn feed(&mut self, byte: u8, sink: &mut impl Sink) {
        if self.state == State::Word {
            if byte.is_ascii_alphanumeric() || b"+-.".contains(&byte) {
                return self.push(byte);
            }
            self.end_word(sink);
        }
        self.state = match (self.state, byte) {
            (State::Start(0), 0xef) => State::Start(1),
            (State::Start(1), 0xbb) => State::Start(2),
            (State::Start(2), 0xbf) => State::Start(3),
            (State::Broken | State::Start(1 | 2), _) => State::Broken,
            (State::Text, _) => return self.text_byte(byte, sink),
            (State::Escape, _) => self.escape(byte),
            (State::Unicode(digits), _) => self.unicode(digits, byte),
            (state, b' ' | b'\t' | b'\r' | b'\n') => state,
            (State::Start(_) | State::Value | State::ValueOrEnd, b'{') => self.open(true, sink),
            (State::Start(_) | State::Value | State::ValueOrEnd, b'[') => self.open(false, sink),
            (State::Value | State::ValueOrEnd, b'"') => self.begin(false),
            (State::NameOrEnd | State::Name, b'"') => self.begin(true),
            (State::NameOrEnd, b'}') | (State::ValueOrEnd, b']') => self.close(sink),
            (State::Value | State::ValueOrEnd, b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => {
                self.begin_text();
                self.push(byte);
                State::Word
            }
            (State::After, b',') if self.objects & 1 == 1 => State::Name,
            (State::Colon, b':') | (State::After, b',') => State::Value,
            (State::After, b'}') if self.objects & 1 == 1 => self.close(sink),
            (State::After, b']') if self.objects & 1 == 0 => self.close(sink),
            _ => State::Broken,
        };
    }

    fn begin_text(&mut self) {
        self.text.clear();
        self.is_text_whole = true;
        self.half = 0;
    }

    fn begin(&mut self, is_name: bool) -> State {
        self.begin_text();
        self.is_name = is_name;
        State::Text
    }

    #[inline(never)]
    fn push(&mut self, byte: u8) {
        if self.text.push(byte).is_err() {
            self.is_text_whole = false;
        }
    }

    fn open(&mut self, is_object: bool, sink: &mut impl Sink) -> State {
        if self.depth >= DEEPEST {
            return State::Broken;
        }
        self.tell(sink, if is_object { Event::Object } else { Event::List });
        if self.path.len() == usize::from(self.depth) {
            // Deeper than that, nothing is reported.
            let _ = self.path.push(if is_object { Name::Other } else { Name::Item });
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u32::from(is_object);
        if is_object { State::NameOrEnd } else { State::ValueOrEnd }
    }

    #[inline(never)]
    fn close(&mut self, sink: &mut impl Sink) -> State {
        if self.path.len() == usize::from(self.depth) {
            self.path.pop();
        }
        self.depth = self.depth.saturating_sub(1);
        self.objects >>= 1;
        self.tell(sink, Event::End);
        if self.depth == 0 { State::Whole } else { State::After }
    }

    /// Reports an event, unless it is too deep to have a path.
    #[inline(never)]
    fn tell(&self, sink: &mut impl Sink, event: Event<'_>) {
        if self.path.len() == usize::from(self.depth) {
            sink.take(&self.path, event);
        }
    }

    fn text_byte(&mut self, byte: u8, sink: &mut impl Sink) {
        match byte {
            b'\\' => self.state = State::Escape,
            b'"' => {
                self.end_half();
                if self.is_name {
                    let name = if self.is_text_whole { Name::of(&self.text) } else { Name::Other };
                    if self.path.len() == usize::from(self.depth) {
                        if let Some(last) = self.path.last_mut() {
                            *last = name;
                        }
                    }
                    self.state = State::Colon;
                } else {
                    self.tell(sink, Event::Text(&self.text, self.is_text_whole));
                    self.state = State::After;
                }
            }
            0..0x20 => self.state = State::Broken,
            _ => {
                self.end_half();
                self.push(byte);
            }
        }
    }

    fn escape(&mut self, byte: u8) -> State {
        let meant = match byte {
            b'u' => {
                self.unicode = 0;
                return State::Unicode(0);
            }
            b'"' | b'\\' | b'/' => byte,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            _ => return State::Broken,
        };
        self.end_half();
        self.push(meant);
        State::Text
    }

    fn unicode(&mut self, digits: u8, byte: u8) -> State {
        let Some(digit) = hexadecimal(byte) else { return State::Broken };
        self.unicode = self.unicode << 4 | u16::from(digit);
        if digits < 3 {
            return State::Unicode(digits + 1);
        }
        match (self.unicode, self.half) {
            (first @ 0xd800..0xdc00, _) => {
                self.end_half();
                self.half = first;
            }
            (second @ 0xdc00..0xe000, first @ 1..) => {
                self.half = 0;
                let both = 0x1_0000 + ((u32::from(first) - 0xd800) << 10) + (u32::from(second) - 0xdc00);
                self.push_char(char::from_u32(both));
            }
            (unit, _) => {
                self.end_half();
                self.push_char(char::from_u32(unit.into()));
            }
        }
        State::Text
    }

    /// The first half of a surrogate pair without the second.
    fn end_half(&mut self) {
        if self.half != 0 {
            self.half = 0;
            self.push_char(None);
        }
    }

    /// Half of a surrogate pair becomes the replacement character.
    #[inline(never)]
    fn push_char(&mut self, character: Option<char>) {
        let mut bytes = [0; 4];
        for byte in character.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut bytes).bytes() {
            self.push(byte);
        }
    }

    fn end_word(&mut self, sink: &mut impl Sink) {
        if self.is_text_whole && is_word(&self.text) {
            self.tell(sink, Event::Word(&self.text));
            self.state = State::After;
        } else {
            self.state = State::Broken;
        }
    }
}

#[cfg(test)]
mod tests;
