//! From bytes to a [`Value`].

use std::collections::HashMap;

use super::{Integer, Object, Value, encoding, surrogate};

/// How deep arrays and objects may nest. The service's limit is that of its interpreter, Python 3.13: about ten
/// thousand, minus the depth of the calls around the parser.
const MAX_DEPTH: usize = 9_990;

/// How many digits an integer may have: Python refuses to convert more.
const MAX_DIGITS: usize = 4300;

/// The most keys that are compared each with each, which is quicker than hashing them; most objects have no more.
const FEW: usize = 16;

/// Why the bytes give no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadError {
    /// They are not JSON.
    NotJson {
        /// How many bytes could be read.
        at: usize,
    },
    /// Arrays or objects nest too deep, which the service's parser does not survive.
    TooDeep,
}

/// There is a mistake at the reader's position.
enum Wrong {
    NotJson,
    TooDeep,
}

/// Reads one value, which must be the whole input.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, ReadError> {
    let text = encoding::decode(bytes).map_err(|at| ReadError::NotJson { at })?;
    Reader::new(&text).document()
}

/// A cursor over UTF-8.
struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    fn document(mut self) -> Result<Value, ReadError> {
        match self.value(0) {
            Ok(value) => {
                self.space();
                if self.at == self.bytes.len() {
                    return Ok(value);
                }
            }
            Err(Wrong::TooDeep) => return Err(ReadError::TooDeep),
            Err(Wrong::NotJson) => {}
        }
        Err(ReadError::NotJson { at: self.at })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Result<u8, Wrong> {
        let byte = self.peek().ok_or(Wrong::NotJson)?;
        self.at += 1;
        Ok(byte)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn eat(&mut self, word: &[u8]) -> bool {
        let found = self.bytes[self.at..].starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, Wrong> {
        self.space();
        match self.peek().ok_or(Wrong::NotJson)? {
            b'{' | b'[' if depth >= MAX_DEPTH => Err(Wrong::TooDeep),
            b'"' => self.string().map(Value::String),
            b'{' => self.object(depth).map(Value::Object),
            b'[' => self.array(depth).map(Value::Array),
            b'-' | b'0'..=b'9' if !self.bytes[self.at..].starts_with(b"-I") => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value, Wrong> {
        let words: [(&[u8], Value); 6] = [
            (b"null", Value::Null),
            (b"true", Value::Bool(true)),
            (b"false", Value::Bool(false)),
            (b"NaN", Value::Float(f64::NAN)),
            (b"Infinity", Value::Float(f64::INFINITY)),
            (b"-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        words.into_iter().find(|(word, _)| self.eat(word)).map(|(_, value)| value).ok_or(Wrong::NotJson)
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, Wrong> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.eat(b"]") {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.next()? {
                b',' => {}
                b']' => return Ok(items),
                _ => return Err(Wrong::NotJson),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Object, Wrong> {
        self.at += 1;
        let mut entries = Vec::new();
        self.space();
        if self.eat(b"}") {
            return Ok(Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(Wrong::NotJson);
            }
            let key = self.string()?;
            self.space();
            if !self.eat(b":") {
                return Err(Wrong::NotJson);
            }
            entries.push((key, self.value(depth + 1)?));
            self.space();
            match self.next()? {
                b',' => {}
                b'}' => return Ok(Object(without_repeats(entries))),
                _ => return Err(Wrong::NotJson),
            }
        }
    }

    fn string(&mut self) -> Result<String, Wrong> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            let rest = &self.bytes[start..];
            let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1F));
            self.at += end.unwrap_or(rest.len());
            let run = self.text.get(start..self.at).ok_or(Wrong::NotJson)?;
            match self.next()? {
                b'"' if text.is_empty() => return Ok(run.to_owned()),
                b'"' => {
                    text.push_str(run);
                    return Ok(text);
                }
                b'\\' => {
                    text.push_str(run);
                    text.push(self.escape()?);
                }
                _ => return Err(Wrong::NotJson),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Wrong> {
        Ok(match self.next()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex4()?;
                match self.low_surrogate(first) {
                    Some(second) => {
                        let code =
                            0x1_0000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(second) - 0xDC00);
                        char::from_u32(code).ok_or(Wrong::NotJson)?
                    }
                    None => char::from_u32(first.into()).unwrap_or_else(|| surrogate::stand_in(first)),
                }
            }
            _ => return Err(Wrong::NotJson),
        })
    }

    /// The second half of a surrogate pair, if the first was one and the second follows.
    fn low_surrogate(&mut self, first: u16) -> Option<u16> {
        if !(0xD800..0xDC00).contains(&first) {
            return None;
        }
        let back = self.at;
        if self.eat(b"\\u")
            && let Ok(second @ 0xDC00..0xE000) = self.hex4()
        {
            return Some(second);
        }
        self.at = back;
        None
    }

    fn hex4(&mut self) -> Result<u16, Wrong> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or(Wrong::NotJson)?;
        let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
        let digits = str::from_utf8(digits).ok().filter(|_| is_hex).ok_or(Wrong::NotJson)?;
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| Wrong::NotJson)
    }

    fn number(&mut self) -> Result<Value, Wrong> {
        let start = self.at;
        self.eat(b"-");
        if !self.eat(b"0") && self.digits() == 0 {
            return Err(Wrong::NotJson);
        }
        let mut float = false;
        let back = self.at;
        if self.eat(b".") {
            if self.digits() == 0 {
                self.at = back;
            } else {
                float = true;
            }
        }
        let back = self.at;
        if self.eat(b"e") || self.eat(b"E") {
            let _sign = self.eat(b"+") || self.eat(b"-");
            if self.digits() == 0 {
                self.at = back;
            } else {
                float = true;
            }
        }
        let text = str::from_utf8(&self.bytes[start..self.at]).map_err(|_| Wrong::NotJson)?;
        if float {
            return text.parse().map(Value::Float).map_err(|_| Wrong::NotJson);
        }
        if text.len() > MAX_DIGITS {
            return Err(Wrong::NotJson);
        }
        Ok(Value::Integer(text.parse().map_or_else(|_| Integer::Big(text.into()), Integer::Small)))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }
}

/// Keeps the last value of a repeated key, in the place of the first.
fn without_repeats(entries: Vec<(String, Value)>) -> Vec<(String, Value)> {
    if entries.len() <= FEW {
        let is_new = |(index, (key, _)): (usize, &(String, Value))| {
            entries.iter().take(index).all(|(earlier, _)| earlier != key)
        };
        if entries.iter().enumerate().all(is_new) {
            return entries;
        }
    }
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
    let targets: Vec<usize> = entries
        .iter()
        .map(|(key, _)| {
            let next = places.len();
            *places.entry(key).or_insert(next)
        })
        .collect();
    if places.len() == entries.len() {
        return entries;
    }
    let mut unique: Vec<(String, Value)> = Vec::with_capacity(places.len());
    for (target, (key, value)) in targets.into_iter().zip(entries) {
        match unique.get_mut(target) {
            Some((_, old)) => *old = value,
            None => unique.push((key, value)),
        }
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        read(json.as_bytes()).map_or_else(|_| "not JSON".to_owned(), |value| value.to_string())
    }

    #[test]
    fn the_last_value_of_a_repeated_key_wins_at_the_place_of_the_first() {
        assert_eq!(text(r#"{"a":1,"b":2,"a":3}"#), "{'a': 3, 'b': 2}");
        let many: Vec<String> = (0..40).map(|number| format!("\"{}\":{number}", number % 20)).collect();
        let unique: Vec<String> = (0..20).map(|number| format!("'{number}': {}", number + 20)).collect();
        assert_eq!(text(&format!("{{{}}}", many.join(","))), format!("{{{}}}", unique.join(", ")));
    }

    #[test]
    fn what_python_tolerates_is_tolerated() {
        assert_eq!(text("\u{FEFF}[1]"), "[1]");
        assert_eq!(text("[NaN, -Infinity, 1e400]"), "[nan, -inf, inf]");
        assert_eq!(text("123456789012345678901234567890"), "123456789012345678901234567890");
        let wide: Vec<u8> = "{\"é\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide).unwrap().to_string(), "{'é': 1}");
    }

    #[test]
    fn what_python_refuses_is_refused() {
        for bad in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{'a':1}",
            "01",
            "1.",
            ".5",
            "+1",
            "nul",
            "\"\t\"",
            "1 2",
            "\"\\x\"",
        ] {
            assert_eq!(text(bad), "not JSON", "{bad}");
        }
        assert!(read(b"\"\xFF\"").is_err());
        assert!(read("9".repeat(4301).as_bytes()).is_err());
    }

    #[test]
    fn a_mistake_tells_how_many_bytes_could_be_read() {
        for (json, at) in [("", 0), ("{\"a\": 1", 7), ("{\"a\": 1,}", 8), ("[1] x", 4), ("[1, nul]", 4)] {
            assert_eq!(read(json.as_bytes()), Err(ReadError::NotJson { at }), "{json}");
        }
        assert_eq!(read(b"[\"a\xFF\"]"), Err(ReadError::NotJson { at: 3 }));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "{\"a\":[".repeat(depth / 2) + "1" + &"]}".repeat(depth / 2);
        let reads = move || {
            let deep = read(nested(MAX_DEPTH).as_bytes()).unwrap();
            assert_eq!(deep.clone().repr().to_string().len(), 1 + MAX_DEPTH / 2 * "{'a': []}".len());
            assert_eq!(read(nested(1_000_000).as_bytes()), Err(ReadError::TooDeep));
            assert_eq!(read("[".repeat(MAX_DEPTH + 1).as_bytes()), Err(ReadError::TooDeep));
            assert_eq!(read("[".repeat(MAX_DEPTH).as_bytes()), Err(ReadError::NotJson { at: MAX_DEPTH }));
        };
        let thread = std::thread::Builder::new().stack_size(crate::python::json::STACK).spawn(reads).unwrap();
        thread.join().unwrap();
    }

    #[test]
    fn surrogate_pairs_are_joined_and_lone_ones_stay() {
        assert_eq!(read(br#""\ud83d\ude00""#).unwrap().as_str(), Some("\u{1F600}"));
        let lone = read(br#""\ud800x\ude00\ud83d""#).unwrap();
        assert_eq!(surrogate::escape(lone.to_string()), "\\ud800x\\ude00\\ud83d");
        assert_eq!(lone.repr().to_string(), "'\\ud800x\\ude00\\ud83d'");
    }
}
