//! Decodes the bytes of a body, with the encoding that Python's JSON parser would detect: UTF-8, UTF-16 or UTF-32, by
//! a byte order mark or by where the zeros are. Each of them may contain lone surrogates.

use std::borrow::Cow;

use super::surrogate;

/// The text of a body.
///
/// # Errors
///
/// How many bytes could be read, if not all of them.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
    match bytes {
        [0, 0, 0xFE, 0xFF, rest @ ..] => utf32(rest, u32::from_be_bytes),
        [0xFF, 0xFE, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest).map_err(|at| at + 3),
        [0, 0, _, _, ..] => utf32(bytes, u32::from_be_bytes),
        [0, _, _, _, ..] | [0, _] => utf16(bytes, u16::from_be_bytes),
        [_, 0, 0, 0, ..] => utf32(bytes, u32::from_le_bytes),
        [_, 0, _, _, ..] | [_, 0] => utf16(bytes, u16::from_le_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, usize> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Ok(text.into());
    }
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        let chunk = rest.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        text.push_str(chunk);
        at += chunk.len();
        if at == bytes.len() {
            return Ok(text.into());
        }
        let [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..] = bytes[at..] else { return Err(at) };
        text.push(surrogate::stand_in(0xD000 | u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F)));
        at += 3;
    }
}

fn utf16(bytes: &[u8], read: impl Fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, usize> {
    let (pairs, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return Err(0);
    }
    let units = char::decode_utf16(pairs.iter().map(|pair| read(*pair)));
    let text = units.map(|unit| unit.unwrap_or_else(|error| surrogate::stand_in(error.unpaired_surrogate())));
    Ok(text.collect::<String>().into())
}

fn utf32(bytes: &[u8], read: impl Fn([u8; 4]) -> u32) -> Result<Cow<'static, str>, usize> {
    let (units, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return Err(0);
    }
    let text = units.iter().map(|unit| character(read(*unit))).collect::<Option<String>>();
    text.map(Cow::from).ok_or(0)
}

fn character(code: u32) -> Option<char> {
    let half = || u16::try_from(code).ok().filter(|code| (0xD800..=0xDFFF).contains(code));
    char::from_u32(code).or_else(|| half().map(surrogate::stand_in))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text with four bytes per character, in either byte order.
    fn wide(text: &str, write: fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().flat_map(|c| write(c.into())).collect()
    }

    #[test]
    fn every_unicode_encoding_is_read_with_its_mark_and_without() {
        for text in ["{\"é\": \"\u{1f600}\"}", "[1]"] {
            let marked = format!("\u{feff}{text}");
            for bytes in [
                text.as_bytes().to_vec(),
                marked.as_bytes().to_vec(),
                text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                wide(text, u32::to_le_bytes),
                wide(text, u32::to_be_bytes),
                wide(&marked, u32::to_le_bytes),
                wide(&marked, u32::to_be_bytes),
            ] {
                assert_eq!(decode(&bytes).as_deref(), Ok(text), "{bytes:x?}");
            }
        }
        assert_eq!(decode(b"7\0").as_deref(), Ok("7"));
    }

    #[test]
    fn lone_surrogates_are_read_in_every_encoding() {
        let half = surrogate::stand_in(0xD83D);
        assert_eq!(
            decode(b"\"\xED\xA0\xBD\xED\xB8\x80\"").unwrap(),
            format!("\"{half}{}\"", surrogate::stand_in(0xDE00))
        );
        assert_eq!(decode(b"\"\0\x3d\xd8\"\0").unwrap(), format!("\"{half}\""));
        assert_eq!(decode(b"\"\0\0\0\x3d\xd8\0\0").unwrap(), format!("\"{half}"));
    }

    #[test]
    fn an_invalid_body_tells_how_many_bytes_could_be_read() {
        assert_eq!(decode(b"[\"a\xFF\"]"), Err(3));
        assert_eq!(decode(b"\xED\xA0\xBDa\xED\xA0"), Err(4));
        assert_eq!(decode(b"[\0\0"), Ok("[\0\0".into()));
        assert_eq!(decode(b"[\0]\0\n"), Err(0));
        assert_eq!(decode(b"[\0\0\0\0\0\x11\0"), Err(0));
    }
}
