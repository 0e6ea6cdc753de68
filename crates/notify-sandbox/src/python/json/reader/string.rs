//! Strings and their escapes.

use super::{Mistake, Reader};
use crate::python::json::surrogate;

impl Reader<'_> {
    pub(super) fn string(&mut self) -> Result<String, Mistake> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            let rest = &self.bytes[start..];
            let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1F));
            self.at += end.unwrap_or(rest.len());
            let run = self.text.get(start..self.at).ok_or(Mistake::NotJson)?;
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
                _ => return Err(Mistake::NotJson),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Mistake> {
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
                        char::from_u32(code).ok_or(Mistake::NotJson)?
                    }
                    None => char::from_u32(first.into()).unwrap_or_else(|| surrogate::stand_in(first)),
                }
            }
            _ => return Err(Mistake::NotJson),
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

    fn hex4(&mut self) -> Result<u16, Mistake> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or(Mistake::NotJson)?;
        let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
        let digits = str::from_utf8(digits).ok().filter(|_| is_hex).ok_or(Mistake::NotJson)?;
        self.at += 4;
        u16::from_str_radix(digits, 16).map_err(|_| Mistake::NotJson)
    }
}

#[cfg(test)]
mod tests {
    use super::surrogate;
    use crate::python::json::read;

    #[test]
    fn surrogate_pairs_are_joined_and_lone_ones_stay() {
        assert_eq!(read(br#""\ud83d\ude00""#).unwrap().as_str(), Some("\u{1F600}"));
        let lone = read(br#""\ud800x\ude00\ud83d""#).unwrap();
        assert_eq!(surrogate::escape(lone.to_string()), "\\ud800x\\ude00\\ud83d");
        assert_eq!(lone.repr().to_string(), "'\\ud800x\\ude00\\ud83d'");
    }
}
