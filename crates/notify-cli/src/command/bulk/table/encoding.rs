//! Text in encodings other than UTF-8. The service cannot read it; this program can, and warns.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write as _};
use std::sync::Arc;

use anyhow::{Result, bail};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::file::FileReader;
use super::spool;

/// How much of a text without a byte order mark is examined for UTF-16.
const SAMPLE: usize = 4096;
/// How much of a line is examined at once for bytes that are not UTF-8.
const LONGEST_LINE: u64 = 1 << 20;

/// The text in UTF-8: the file itself, or a nameless copy of it, with a warning that names its encoding.
pub(super) fn in_utf8(file: Arc<File>) -> Result<(Arc<File>, Option<String>)> {
    let Some(encoding) = other_than_utf8(&file)? else { return Ok((file, None)) };
    let copy = Arc::new(transcode(&file, encoding)?);
    let name = encoding.name().replace("windows", "Windows");
    Ok((
        copy,
        Some(format!("the file is in {name}, which the service's website cannot read; it is read as such")),
    ))
}

/// The encoding of the file, unless it is UTF-8.
fn other_than_utf8(file: &Arc<File>) -> Result<Option<&'static Encoding>> {
    let mut sample = Vec::new();
    FileReader::new(file.clone(), 0).take(SAMPLE as u64).read_to_end(&mut sample)?;
    let utf16 = match sample[..] {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => bail!("it is in UTF-32: save it as UTF-8"),
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => unmarked_utf16(&sample),
    };
    if utf16.is_some() {
        return Ok(utf16);
    }
    let text = || BufReader::with_capacity(1 << 16, FileReader::new(file.clone(), 0));
    if is_utf8(text())? {
        return Ok(None);
    }
    refuse_mixture(text())?;
    Ok(Some(WINDOWS_1252))
}

/// UTF-16 without a byte order mark. Separators, and most letters of a header, are ASCII, whose other byte is zero.
fn unmarked_utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let (units, _) = sample.as_chunks::<2>();
    let count = |is: fn(&[u8; 2]) -> bool| units.iter().filter(|unit| is(unit)).count();
    let little = count(|unit| unit[0] != 0 && unit[1] == 0);
    let big = count(|unit| unit[0] == 0 && unit[1] != 0);
    let is_clear = |of: usize, other: usize| of * 4 >= units.len() && of > 8 * other;
    if is_clear(little, big) { Some(UTF_16LE) } else { is_clear(big, little).then_some(UTF_16BE) }
}

/// Refuses a text that is in UTF-8 but for some of its bytes. If it were read as Windows-1252, `Zoë` would become `ZoÃ«`.
fn refuse_mixture(mut text: impl BufRead) -> Result<()> {
    let (mut good, mut bad, mut first_bad) = (0, 0, None);
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if (&mut text).take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        for chunk in line.utf8_chunks() {
            good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
            if !chunk.invalid().is_empty() {
                bad += 1;
                first_bad.get_or_insert(number);
            }
        }
    }
    // In Windows-1252, few pairs of characters are by chance what UTF-8 has for one.
    match first_bad {
        Some(line) if good * 4 >= bad => bail!(
            "line {line} is not in UTF-8, though other lines are: the file is damaged, or was put together from several; \
             save it again as UTF-8"
        ),
        _ => Ok(()),
    }
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
    let mut from = FileReader::new(file.clone(), 0);
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
        FileReader::new(file, 0).read_to_string(&mut text).unwrap();
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
    fn utf16_is_known_by_its_zeros_wherever_they_begin() {
        for header in ["žena,name\n", "\nphone number,имя\n", "姓名,phone number,name\n"] {
            for (units, encoding) in
                [(u16::to_le_bytes as fn(u16) -> [u8; 2], UTF_16LE), (u16::to_be_bytes, UTF_16BE)]
            {
                let bytes: Vec<u8> = header.encode_utf16().flat_map(units).collect();
                assert_eq!(unmarked_utf16(&bytes), Some(encoding), "{header:?}");
            }
        }
        for text in ["", "a", "name\0\n07900900123,Kim\n", "a\0\0\0\0\0\0\0\0\0"] {
            assert_eq!(unmarked_utf16(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn a_text_of_several_encodings_is_refused_with_its_line() {
        let refusal = |bytes: &[u8]| refuse_mixture(bytes).map_err(|error| error.to_string());
        assert!(refusal(b"name\nZo\xc3\xab\nZo\xeb\n").unwrap_err().starts_with("line 3 "));
        assert_eq!(refusal(b"name\nZo\xeb\n"), Ok(()));
        // `É’` is a character of UTF-8 by chance.
        assert_eq!(refusal(b"CIT\xc9\x92S caf\xe9 \xe0 la cr\xe8me br\xfbl\xe9e\n"), Ok(()));
        let file = spool::nameless().unwrap();
        (&file).write_all(b"\xff\xfe\0\0n\0\0\0").unwrap();
        assert!(in_utf8(Arc::new(file)).unwrap_err().to_string().contains("UTF-32"));
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
