//! Text in encodings other than UTF-8. The service cannot read it; this program can, and warns.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::sync::Arc;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::file::ReadAt;
use super::spool;

/// How much of a text without a byte order mark is examined for UTF-16.
const SAMPLE: usize = 4096;

/// The text in UTF-8: the file itself, or a nameless copy of it, with a warning that names its encoding.
pub(super) fn in_utf8(file: Arc<File>) -> io::Result<(Arc<File>, Option<String>)> {
    let Some(encoding) = other_than_utf8(&file)? else { return Ok((file, None)) };
    let copy = Arc::new(transcode(&file, encoding)?);
    let name = encoding.name().replace("windows", "Windows");
    Ok((
        copy,
        Some(format!("the file is in {name}, which the service's website cannot read; it is read as such")),
    ))
}

/// The encoding of the file, unless it is UTF-8.
fn other_than_utf8(file: &Arc<File>) -> io::Result<Option<&'static Encoding>> {
    let mut sample = Vec::new();
    ReadAt::new(file.clone(), 0).take(SAMPLE as u64).read_to_end(&mut sample)?;
    let utf16 = match sample[..] {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        // A header has letters of ASCII, whose other byte is zero.
        [0, first, 0, second, ..] if first != 0 && second != 0 => Some(UTF_16BE),
        [first, 0, second, 0, ..] if first != 0 && second != 0 => Some(UTF_16LE),
        _ => None,
    };
    if utf16.is_some() {
        return Ok(utf16);
    }
    Ok((!is_utf8(BufReader::with_capacity(1 << 16, ReadAt::new(file.clone(), 0)))?).then_some(WINDOWS_1252))
}

/// Whether all of it is UTF-8, in little memory.
fn is_utf8(mut from: impl Read) -> io::Result<bool> {
    let mut chunk = vec![0; 1 << 16];
    let mut kept = 0;
    loop {
        let count = from.read(&mut chunk[kept..])?;
        let filled = kept + count;
        match std::str::from_utf8(&chunk[..filled]) {
            Ok(_) if count == 0 => return Ok(true),
            Ok(_) => kept = 0,
            // The last character may continue in the next chunk.
            Err(error) if error.error_len().is_none() && count > 0 => {
                chunk.copy_within(error.valid_up_to()..filled, 0);
                kept = filled - error.valid_up_to();
            }
            Err(_) => return Ok(false),
        }
    }
}

fn transcode(file: &Arc<File>, encoding: &'static Encoding) -> io::Result<File> {
    let mut from = ReadAt::new(file.clone(), 0);
    let mut to = BufWriter::new(spool::nameless()?);
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let (mut chunk, mut text) = (vec![0; 1 << 14], String::with_capacity(1 << 16));
    loop {
        let count = from.read(&mut chunk)?;
        decode(&mut decoder, &chunk[..count], count == 0, &mut text);
        to.write_all(text.as_bytes())?;
        text.clear();
        if count == 0 {
            return to.into_inner().map_err(io::IntoInnerError::into_error);
        }
    }
}

fn decode(decoder: &mut Decoder, mut bytes: &[u8], is_last: bool, text: &mut String) {
    loop {
        let (result, read, _) = decoder.decode_to_string(bytes, text, is_last);
        bytes = &bytes[read..];
        match result {
            CoderResult::InputEmpty => return,
            CoderResult::OutputFull => text.reserve(1 << 16),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (String, Option<String>) {
        let file = spool::nameless().unwrap();
        (&file).write_all(bytes).unwrap();
        let (file, warning) = in_utf8(Arc::new(file)).unwrap();
        let mut text = String::new();
        ReadAt::new(file, 0).read_to_string(&mut text).unwrap();
        (text, warning)
    }

    #[test]
    fn other_encodings_are_known_by_what_utf8_cannot_be() {
        let utf16 = |swap: bool, mark: bool| -> Vec<u8> {
            let text = if mark { "\u{feff}name\nZoë" } else { "name\nZoë" };
            text.encode_utf16()
                .flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for (bytes, name) in [
            (b"name\nZo\xeb".to_vec(), "Windows-1252"),
            (utf16(false, true), "UTF-16LE"),
            (utf16(true, true), "UTF-16BE"),
            (utf16(false, false), "UTF-16LE"),
            (utf16(true, false), "UTF-16BE"),
        ] {
            let (text, warning) = text_of(&bytes);
            assert_eq!(text, "name\nZoë");
            assert!(warning.unwrap().contains(name), "{name}");
        }
        assert_eq!(text_of("name\nZoë".as_bytes()), ("name\nZoë".to_owned(), None));
    }

    #[test]
    fn a_character_across_two_chunks_is_still_one() {
        for offset in 65_530..65_540 {
            let text = "a".repeat(offset) + "é€🚀 and more";
            assert!(is_utf8(text.as_bytes()).unwrap(), "{offset}");
            assert!(!is_utf8(&text.as_bytes()[..=offset]).unwrap());
        }
        assert!(is_utf8(&b""[..]).unwrap());
    }
}
