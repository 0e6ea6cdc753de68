//! A letter as a PDF of one page: A4, Helvetica, the address where a window envelope shows it.

use std::fmt::Write;

use jiff::tz::TimeZone;

use crate::timestamp::Timestamp;

/// What the page shows.
pub(crate) struct Page<'a> {
    /// Who the letter is from.
    pub(crate) contact_block: &'a str,
    pub(crate) address: &'a str,
    pub(crate) date: Timestamp,
    pub(crate) subject: &'a str,
    /// Paragraphs, as plain text.
    pub(crate) body: &'a str,
}

// Points, from the lower left corner; a page of A4 is 595 wide and 842 high.
const LEFT: u32 = 62;
const ADDRESS_TOP: u32 = 720;
const CONTACT_LEFT: u32 = 380;
const CONTACT_TOP: u32 = 790;
const BODY_TOP: u32 = 570;
const BOTTOM: u32 = 50;
const LEADING: u32 = 15;
/// How many characters of 11 point Helvetica fill a line, as good as always.
const LINE_LENGTH: usize = 84;

/// Draws a letter.
pub(crate) fn letter(page: &Page<'_>) -> Vec<u8> {
    let content = content(page);
    let length = content.len();
    let objects: [Vec<u8>; 6] = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R \
          /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>"
            .to_vec(),
        font("Helvetica"),
        font("Helvetica-Bold"),
        [format!("<< /Length {length} >>\nstream\n").into_bytes(), content, b"\nendstream".to_vec()].concat(),
    ];
    // The comment's four bytes tell a program that copies files that this one is not text.
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        // Writing into a string cannot fail.
        let _ = writeln!(offsets, "{:010} 00000 n ", file.len());
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let size = objects.len() + 1;
    let start = file.len();
    file.extend_from_slice(
        format!(
            "xref\n0 {size}\n{offsets}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
        )
        .as_bytes(),
    );
    file
}

fn font(name: &str) -> Vec<u8> {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>").into_bytes()
}

/// The drawing commands.
fn content(page: &Page<'_>) -> Vec<u8> {
    let mut drawing = Vec::new();
    let date = page.date.civil(&TimeZone::UTC).strftime("%-d %B %Y").to_string();
    let mut body = vec![(Font::Regular, date), (Font::Regular, String::new())];
    body.extend(wrap(page.subject).map(|line| (Font::Bold, line)));
    body.push((Font::Regular, String::new()));
    body.extend(page.body.lines().flat_map(wrap).map(|line| (Font::Regular, line)));
    let plain = |text: &str| text.lines().map(|line| (Font::Regular, line.to_owned())).collect::<Vec<_>>();
    block(&mut drawing, CONTACT_LEFT, CONTACT_TOP, &plain(page.contact_block));
    block(&mut drawing, LEFT, ADDRESS_TOP, &plain(page.address));
    block(&mut drawing, LEFT, BODY_TOP, &body);
    drawing
}

#[derive(Clone, Copy)]
enum Font {
    Regular,
    Bold,
}

/// Lines below each other, as many as the page holds.
fn block(drawing: &mut Vec<u8>, left: u32, top: u32, lines: &[(Font, String)]) {
    drawing.extend_from_slice(format!("BT {LEADING} TL {left} {top} Td\n").as_bytes());
    let room = usize::try_from((top - BOTTOM) / LEADING).unwrap_or(0);
    for (font, line) in lines.iter().take(room) {
        let font = match font {
            Font::Regular => "/F1 11 Tf (",
            Font::Bold => "/F2 11 Tf (",
        };
        drawing.extend_from_slice(font.as_bytes());
        for character in line.chars() {
            let byte = win_ansi(character);
            if matches!(byte, b'(' | b')' | b'\\') {
                drawing.push(b'\\');
            }
            drawing.push(byte);
        }
        drawing.extend_from_slice(b") Tj T*\n");
    }
    drawing.extend_from_slice(b"ET\n");
}

/// Breaks a paragraph between words; an empty one stays a line.
fn wrap(paragraph: &str) -> impl Iterator<Item = String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= LINE_LENGTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.into_iter()
}

/// A character in the encoding of the fonts; `?` for one that they have not got.
fn win_ansi(character: char) -> u8 {
    match character {
        ' '..='~' | '\u{A0}'..='\u{FF}' => u8::try_from(u32::from(character)).unwrap_or(b'?'),
        '€' => 0x80,
        '…' => 0x85,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '\t' => b' ',
        _ => b'?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(body: &str) -> Vec<u8> {
        letter(&Page {
            contact_block: "Council\n1 Street",
            address: "Amala Bird\n123 High Street\nSW14 6BF",
            date: Timestamp::from_unix_seconds(1_795_430_454),
            subject: "Your permit",
            body,
        })
    }

    fn contains(file: &[u8], text: &[u8]) -> bool {
        file.windows(text.len()).any(|window| window == text)
    }

    #[test]
    fn the_page_shows_the_letter() {
        let file = sample("Dear Zoë (A\\B) – 5 €,\n\nbye.");
        assert!(contains(&file, b"(Amala Bird) Tj"));
        assert!(contains(&file, b"(23 November 2026) Tj"));
        assert!(contains(&file, b"/F2 11 Tf (Your permit) Tj"));
        assert!(contains(&file, b"(Dear Zo\xEB \\(A\\\\B\\) \x96 5 \x80,) Tj"));
    }

    #[test]
    fn the_table_of_contents_points_at_the_objects() {
        let file = sample("Hello.");
        let start = file.windows(9).rposition(|window| window == b"startxref").unwrap();
        let number = |bytes: &[u8]| str::from_utf8(bytes).unwrap().trim().parse::<usize>().unwrap();
        let end = start + 10 + file[start + 10..].iter().position(|byte| *byte == b'\n').unwrap();
        let table = number(&file[start + 10..end]);
        assert!(file[table..].starts_with(b"xref\n0 7\n0000000000 65535 f \n"));
        let entries = &file[table + 9..];
        for object in 1..=6 {
            let offset = number(&entries[object * 20..object * 20 + 10]);
            assert!(file[offset..].starts_with(format!("{object} 0 obj\n").as_bytes()), "object {object}");
        }
    }

    #[test]
    fn long_letters_end_at_the_end_of_the_page() {
        let file = sample(&"word ".repeat(10_000));
        let lines = file.windows(4).filter(|window| window == b"word").count();
        let room = usize::try_from((BODY_TOP - BOTTOM) / LEADING).unwrap() * LINE_LENGTH / "word ".len();
        assert!((room / 2..room).contains(&lines), "{lines} words of {room}");
    }
}
