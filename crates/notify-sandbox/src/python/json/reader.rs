//! From bytes to a [`Value`].

mod number;
mod string;

use std::collections::HashMap;

use super::{Object, Value, encoding};

/// How deep arrays and objects may nest. The service's limit is that of its interpreter, Python 3.13: about ten
/// thousand, minus the depth of the calls around the parser.
const MAX_DEPTH: usize = 9_990;

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
enum Mistake {
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
            Err(Mistake::TooDeep) => return Err(ReadError::TooDeep),
            Err(Mistake::NotJson) => {}
        }
        Err(ReadError::NotJson { at: self.at })
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Result<u8, Mistake> {
        let byte = self.peek().ok_or(Mistake::NotJson)?;
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

    fn value(&mut self, depth: usize) -> Result<Value, Mistake> {
        self.space();
        match self.peek().ok_or(Mistake::NotJson)? {
            b'{' | b'[' if depth >= MAX_DEPTH => Err(Mistake::TooDeep),
            b'"' => self.string().map(Value::String),
            b'{' => self.object(depth).map(Value::Object),
            b'[' => self.array(depth).map(Value::Array),
            b'-' | b'0'..=b'9' if !self.bytes[self.at..].starts_with(b"-I") => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value, Mistake> {
        let words: [(&[u8], Value); 6] = [
            (b"null", Value::Null),
            (b"true", Value::Bool(true)),
            (b"false", Value::Bool(false)),
            (b"NaN", Value::Float(f64::NAN)),
            (b"Infinity", Value::Float(f64::INFINITY)),
            (b"-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        words.into_iter().find(|(word, _)| self.eat(word)).map(|(_, value)| value).ok_or(Mistake::NotJson)
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, Mistake> {
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
                _ => return Err(Mistake::NotJson),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Object, Mistake> {
        self.at += 1;
        let mut entries = Vec::new();
        self.space();
        if self.eat(b"}") {
            return Ok(Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(Mistake::NotJson);
            }
            let key = self.string()?;
            self.space();
            if !self.eat(b":") {
                return Err(Mistake::NotJson);
            }
            entries.push((key, self.value(depth + 1)?));
            self.space();
            match self.next()? {
                b',' => {}
                b'}' => return Ok(Object(without_repeats(entries))),
                _ => return Err(Mistake::NotJson),
            }
        }
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
}
