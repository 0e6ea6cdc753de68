//! The file format: objects, a table of where they are, and how to begin.

use std::fmt::Write;

use super::font::{ENCODING, Font};

/// Writes a file with a page of A4 for each of these drawings.
pub(super) fn write(drawings: &[Vec<u8>]) -> Vec<u8> {
    // The catalogue, the list of pages, the encoding, the fonts; then a page and its drawing, and so on.
    let first_page = 4 + Font::ALL.len();
    let page = |index: usize| first_page + 2 * index;
    let kids: Vec<String> = (0..drawings.len()).map(|index| format!("{} 0 R", page(index))).collect();
    let fonts: Vec<String> = Font::ALL
        .iter()
        .zip(4..)
        .map(|(font, object)| format!("/{} {object} 0 R", font.resource()))
        .collect();
    let mut file = File::default();
    file.object(b"<< /Type /Catalog /Pages 2 0 R >>");
    let pages = format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), drawings.len());
    file.object(pages.as_bytes());
    file.object(ENCODING.as_bytes());
    for font in Font::ALL {
        let font = format!("<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding 3 0 R >>", font.name());
        file.object(font.as_bytes());
    }
    for (index, drawing) in drawings.iter().enumerate() {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << {} >> >> >>",
            page(index) + 1,
            fonts.join(" ")
        );
        file.object(page.as_bytes());
        let head = format!("<< /Length {} >>\nstream\n", drawing.len());
        file.object(&[head.as_bytes(), drawing, b"\nendstream"].concat());
    }
    file.finish()
}

/// A file in the making.
struct File {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl Default for File {
    fn default() -> Self {
        // The comment's four bytes tell a program that copies files that this one is not text.
        Self { bytes: b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec(), offsets: Vec::new() }
    }
}

impl File {
    fn object(&mut self, content: &[u8]) {
        self.offsets.push(self.bytes.len());
        self.bytes.extend_from_slice(format!("{} 0 obj\n", self.offsets.len()).as_bytes());
        self.bytes.extend_from_slice(content);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len();
        let size = self.offsets.len() + 1;
        let mut tail = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for offset in self.offsets {
            // Writing into a string cannot fail.
            let _ = writeln!(tail, "{offset:010} 00000 n ");
        }
        let _ = write!(tail, "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
        self.bytes.extend_from_slice(tail.as_bytes());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_contents_points_at_the_objects() {
        let file = write(&[b"BT ET".to_vec(), b"".to_vec()]);
        let start = file.windows(9).rposition(|window| window == b"startxref").unwrap();
        let number = |bytes: &[u8]| str::from_utf8(bytes).unwrap().trim().parse::<usize>().unwrap();
        let end = start + 10 + file[start + 10..].iter().position(|byte| *byte == b'\n').unwrap();
        let table = number(&file[start + 10..end]);
        assert!(file[table..].starts_with(b"xref\n0 10\n0000000000 65535 f \n"));
        let entries = &file[table + 10..];
        for object in 1..10 {
            let offset = number(&entries[object * 20..object * 20 + 10]);
            assert!(file[offset..].starts_with(format!("{object} 0 obj\n").as_bytes()), "object {object}");
        }
    }
}
