//! Draws a letter as a PDF: A4, Helvetica, the address where a window envelope shows it, the body on as many pages as
//! it needs.

mod document;
mod font;
mod sheets;

use jiff::tz::TimeZone;

use crate::render::content::{self, Piece};
use crate::time::Timestamp;
use font::{Accent, Font, Glyph};

pub(crate) use sheets::sheets;

/// The contents of the letter.
pub(crate) struct Letter<'a> {
    /// Who the letter is from.
    pub(crate) contact_block: &'a str,
    pub(crate) address: &'a str,
    pub(crate) date: Timestamp,
    pub(crate) subject: &'a str,
    /// Markdown.
    pub(crate) body: &'a str,
}

// Points, from the lower left corner; a page of A4 is 595 wide and 842 high.
const LEFT: u32 = 62;
const RIGHT: u32 = 533;
const ADDRESS_TOP: u32 = 720;
const ADDRESS_RIGHT: u32 = 340;
const CONTACT_LEFT: u32 = 370;
const CONTACT_TOP: u32 = 790;
const BODY_TOP: u32 = 570;
/// Where the body continues on later pages.
const PAGE_TOP: u32 = 780;
const BOTTOM: u32 = 50;
const INDENT: u32 = 18;
const LEADING: u32 = 15;
const TEXT_SIZE: u32 = 11;
const HEADING_SIZE: u32 = 14;

/// The service prints no more than five sheets, on both sides.
const MOST_PAGES: usize = 10;

/// Draws a letter.
pub(crate) fn draw(letter: &Letter<'_>) -> Vec<u8> {
    let mut pages = Pages { done: Vec::new(), page: Vec::new(), next: CONTACT_TOP };
    for line in letter.contact_block.lines() {
        pages.text(line, Style::TEXT, CONTACT_LEFT, RIGHT);
    }
    // A long contact block pushes the body down, a short one does not pull it up.
    let body_top = BODY_TOP.min(pages.next.saturating_sub(LEADING));
    pages.next = ADDRESS_TOP;
    for line in letter.address.lines() {
        pages.text(line, Style::TEXT, LEFT, ADDRESS_RIGHT);
    }
    pages.next = body_top;
    let date = letter.date.civil(&TimeZone::UTC).strftime("%-d %B %Y").to_string();
    pages.text(&date, Style::TEXT, LEFT, RIGHT);
    pages.gap();
    pages.text(letter.subject, Style::SUBJECT, LEFT, RIGHT);
    for piece in content::pieces(letter.body) {
        pages.piece(&piece);
    }
    document::write(&pages.finish())
}

#[derive(Clone, Copy)]
struct Style {
    font: Font,
    size: u32,
}

impl Style {
    const TEXT: Self = Self { font: Font::Regular, size: TEXT_SIZE };
    const SUBJECT: Self = Self { font: Font::Bold, size: TEXT_SIZE };
    const HEADING: Self = Self { font: Font::Bold, size: HEADING_SIZE };

    /// The width of a text, in thousandths of a point.
    fn width(self, text: &str) -> u32 {
        self.font.text_width(text) * self.size
    }
}

/// The drawings of the pages so far.
struct Pages {
    done: Vec<Vec<u8>>,
    page: Vec<u8>,
    /// Where the next line goes.
    next: u32,
}

impl Pages {
    fn piece(&mut self, piece: &Piece) {
        match piece {
            Piece::PageBreak => self.turn(),
            Piece::Heading(text) => {
                self.gap();
                self.gap();
                self.text(text, Style::HEADING, LEFT, RIGHT);
            }
            Piece::Paragraph(lines) => {
                self.gap();
                for line in lines {
                    self.text(line, Style::TEXT, LEFT, RIGHT);
                }
            }
            Piece::Item { is_first, depth, mark, lines } => {
                if *is_first {
                    self.gap();
                }
                let left = (LEFT + INDENT * depth).min(RIGHT / 2);
                self.make_room();
                line(&mut self.page, mark, Style::TEXT, left, self.next);
                for text in lines {
                    self.text(text, Style::TEXT, left + INDENT, RIGHT);
                }
            }
        }
    }

    /// Half a line of nothing.
    fn gap(&mut self) {
        self.next = self.next.saturating_sub(LEADING / 2);
    }

    /// Writes the lines of a text, starting at the next line's position.
    fn text(&mut self, text: &str, style: Style, left: u32, right: u32) {
        for text in wrap(text, style, right - left) {
            self.make_room();
            line(&mut self.page, &text, style, left, self.next);
            self.next -= LEADING.max(style.size + 4);
        }
    }

    fn make_room(&mut self) {
        if self.next < BOTTOM + LEADING {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.next = PAGE_TOP;
    }

    fn finish(mut self) -> Vec<Vec<u8>> {
        self.turn();
        self.done.truncate(MOST_PAGES);
        self.done
    }
}

/// Draws one line.
fn line(drawing: &mut Vec<u8>, text: &str, style: Style, left: u32, top: u32) {
    if text.is_empty() {
        return;
    }
    let Style { font, size } = style;
    drawing.extend_from_slice(format!("BT /{} {size} Tf {left} {top} Td (", font.resource()).as_bytes());
    for glyph in font::glyphs(text) {
        character(drawing, glyph.code);
        if let Some(mark) = glyph.accent {
            accent(drawing, glyph, mark, style);
        }
    }
    drawing.extend_from_slice(b") Tj ET\n");
}

/// Draws the accent of a glyph over its middle, and continues after the glyph.
fn accent(drawing: &mut Vec<u8>, glyph: Glyph, accent: Accent, style: Style) {
    let letter = i64::from(style.font.width(glyph.code));
    let mark = i64::from(style.font.width(accent.code));
    let start = (letter - mark) / 2;
    // Capitals are a fifth of the font's size higher than the letters for which accents are drawn.
    let is_high = accent.is_lifted && glyph.code.is_ascii_uppercase();
    let rise = if is_high { style.size * 2 } else { 0 };
    let before = format!(") Tj [{}] TJ {}.{} Ts (", letter - start, rise / 10, rise % 10);
    drawing.extend_from_slice(before.as_bytes());
    character(drawing, accent.code);
    drawing.extend_from_slice(format!(") Tj 0 Ts [{}] TJ (", start + mark - letter).as_bytes());
}

fn character(drawing: &mut Vec<u8>, code: u8) {
    if matches!(code, b'(' | b')' | b'\\') {
        drawing.push(b'\\');
    }
    drawing.push(code);
}

/// Breaks a text between words into lines of at most this many points, and breaks words only if they are longer than a
/// line. An empty text is one empty line.
fn wrap(text: &str, style: Style, points: u32) -> Vec<String> {
    let room = points * 1000;
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let width = style.width(word);
        let line = lines.last_mut().expect("there is always a line");
        let space = if line.is_empty() { 0 } else { style.width(" ") };
        if used + space + width <= room {
            line.push_str(if space > 0 { " " } else { "" });
            line.push_str(word);
            used += space + width;
            continue;
        }
        if !line.is_empty() {
            lines.push(String::new());
        }
        used = 0;
        for character in word.chars() {
            let width = style.width(character.encode_utf8(&mut [0; 4]));
            if used + width > room {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().expect("there is always a line").push(character);
            used += width;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(body: &str) -> Vec<u8> {
        draw(&Letter {
            contact_block: "Council\n1 Street",
            address: "Amala Bird\n123 High Street\nSW14 6BF",
            date: Timestamp::from_unix_seconds(1_795_430_454),
            subject: "Your permit",
            body,
        })
    }

    fn count(file: &[u8], text: &[u8]) -> usize {
        file.windows(text.len()).filter(|window| *window == text).count()
    }

    #[test]
    fn the_page_shows_the_letter() {
        let file = sample("Dear Zoë (A\\\\B) – 5 €,\n\n# Rules\n\n* two\n\nbye.");
        for shown in [
            b"(Amala Bird) Tj".as_slice(),
            b"(1 Street) Tj",
            b"(23 November 2026) Tj",
            b"/F2 11 Tf 62 548 Td (Your permit) Tj",
            b"(Dear Zo\xEB \\(A\\\\B\\) \x96 5 \x80,) Tj",
            b"/F2 14 Tf 62 ",
            b"(Rules) Tj",
            b"(\x95) Tj",
            b"(two) Tj",
        ] {
            assert_eq!(count(&file, shown), 1, "{}", String::from_utf8_lossy(shown));
        }
        assert_eq!(count(&file, b"/Type /Page\n"), 1);
    }

    #[test]
    fn accents_are_centred_over_their_letter() {
        // w is 722 wide and the accent 333: it starts at 194, so 528 back from the end of the letter.
        let file = sample("a\u{175}b \u{174}");
        assert_eq!(
            count(&file, b"(aw) Tj [528] TJ 0.0 Ts (\x88) Tj 0 Ts [-195] TJ (b W) Tj [639] TJ 2.2 Ts"),
            1
        );
    }

    #[test]
    fn a_letter_takes_as_many_sheets_as_its_pages_need() {
        for (words, expected) in [(1, 1), (900, 1), (1_500, 2), (20_000, 5)] {
            assert_eq!(sheets(&sample(&"word ".repeat(words))), expected, "{words}");
        }
    }

    #[test]
    fn long_letters_go_on_over_pages_up_to_the_most_that_are_printed() {
        let words = |count: usize| "word ".repeat(count);
        let two_pages = sample(&words(900));
        assert_eq!(count(&two_pages, b"/Type /Page\n"), 2);
        assert_eq!(count(&two_pages, b"word"), 900);
        assert_eq!(count(&sample(&words(20_000)), b"/Type /Page\n"), MOST_PAGES);
        assert_eq!(count(&sample("one\n\n***\n\ntwo"), b"/Type /Page\n"), 2, "a line across is a new page");
    }

    #[test]
    fn lines_are_no_wider_than_their_box() {
        for text in ["x".repeat(1000), "WWWW ".repeat(100), "\u{175}".repeat(300), String::new()] {
            let lines = wrap(&text, Style::TEXT, 100);
            assert!(lines.iter().all(|line| Style::TEXT.width(line) <= 100_000));
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }

    #[test]
    fn a_long_contact_block_pushes_the_body_down() {
        let contact_block = "line\n".repeat(20);
        let file = draw(&Letter {
            contact_block: &contact_block,
            address: "",
            date: Timestamp::from_unix_seconds(0),
            subject: "s",
            body: "b",
        });
        assert_eq!(count(&file, b"Tf 62 475 Td (1 January 1970) Tj"), 1);
    }
}
