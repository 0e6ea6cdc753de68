//! The two fonts of a letter, which every PDF reader has: which characters they contain, and how wide those are.
//!
//! They have the letters of Western Europe. Others are drawn in two strokes, the letter and its accent, so that Welsh
//! and most of Europe's languages are readable; characters of other scripts appear as question marks.

use crate::python::decomposition;

/// A weight of Helvetica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    Regular,
    Bold,
}

/// How one character is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) code: u8,
    pub(super) accent: Option<Accent>,
}

/// A stroke above or below a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Accent {
    pub(super) code: u8,
    /// Whether it must be raised for a capital: accents are drawn for small letters.
    pub(super) is_lifted: bool,
}

/// Glyphs that the encoding of Windows lacks. They get the codes from 1 on, which it leaves unused; otherwise the fonts
/// use that encoding.
pub(super) const BEYOND_WINDOWS: [&str; 9] =
    ["breve", "dotaccent", "ring", "hungarumlaut", "ogonek", "caron", "dotlessi", "Lslash", "lslash"];

const BREVE: u8 = 1;
const DOT_ACCENT: u8 = 2;
const RING: u8 = 3;
const DOUBLE_ACUTE: u8 = 4;
const OGONEK: u8 = 5;
const CARON: u8 = 6;
const DOTLESS_I: u8 = 7;
const CAPITAL_L_STROKE: u8 = 8;
const SMALL_L_STROKE: u8 = 9;

/// Characters with codes of their own between 128 and 159, in the order of those.
const WINDOWS: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

impl Font {
    pub(super) const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    /// The name under which a page selects the font.
    pub(super) const fn resource(self) -> &'static str {
        match self {
            Self::Regular => "F1",
            Self::Bold => "F2",
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Regular => "Helvetica",
            Self::Bold => "Helvetica-Bold",
        }
    }

    /// The width of a glyph, in thousandths of the font's size.
    pub(super) fn width(self, code: u8) -> u32 {
        let widths = match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        };
        widths[usize::from(code)].into()
    }

    /// The width of a text, in thousandths of the font's size.
    pub(super) fn text_width(self, text: &str) -> u32 {
        glyphs(text).iter().map(|glyph| self.width(glyph.code)).sum()
    }
}

/// How a text is drawn.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(text.len());
    for character in text.chars() {
        match (accent(character), glyphs.last_mut()) {
            (Some(accent), Some(Glyph { accent: free @ None, .. })) => *free = Some(accent),
            (Some(_), _) => {}
            (None, _) => glyphs.extend(glyph(character)),
        }
    }
    glyphs
}

/// How a character is drawn; nothing if it is invisible.
fn glyph(character: char) -> Option<Glyph> {
    let plain = |code| Some(Glyph { code, accent: None });
    if let Some(code) = code(character) {
        return plain(code);
    }
    match character {
        '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => None,
        '\u{2010}'..='\u{2012}' | '\u{2212}' => plain(b'-'),
        'Ł' => plain(CAPITAL_L_STROKE),
        'ł' => plain(SMALL_L_STROKE),
        'ı' => plain(DOTLESS_I),
        other if other.is_whitespace() => plain(b' '),
        other => match decomposition::parts(other) {
            Some((base, mark)) => {
                let base = glyph(base)?;
                let accent = mark.and_then(accent).filter(|_| base.code.is_ascii_alphabetic());
                let needs_no_dot = base.code == b'i' && accent.is_some_and(|accent| accent.is_lifted);
                Some(Glyph {
                    code: if needs_no_dot { DOTLESS_I } else { base.code },
                    accent: base.accent.or(accent),
                })
            }
            None => plain(b'?'),
        },
    }
}

fn code(character: char) -> Option<u8> {
    match character {
        ' '..='~' | '\u{a1}'..='\u{ff}' => u8::try_from(u32::from(character)).ok(),
        _ => {
            let index = WINDOWS.iter().position(|known| *known == Some(character))?;
            u8::try_from(0x80 + index).ok()
        }
    }
}

/// The accent for a combining mark.
fn accent(mark: char) -> Option<Accent> {
    let (code, is_lifted) = match mark {
        '\u{300}' => (b'`', true),
        '\u{301}' => (0xb4, true),
        '\u{302}' => (0x88, true),
        '\u{303}' => (0x98, true),
        '\u{304}' => (0xaf, true),
        '\u{306}' => (BREVE, true),
        '\u{307}' => (DOT_ACCENT, true),
        '\u{308}' => (0xa8, true),
        '\u{30a}' => (RING, true),
        '\u{30b}' => (DOUBLE_ACUTE, true),
        '\u{30c}' => (CARON, true),
        '\u{326}' | '\u{327}' => (0xb8, false),
        '\u{328}' => (OGONEK, false),
        _ => return None,
    };
    Some(Accent { code, is_lifted })
}

/// Widths by code, from Adobe's metrics of the standard fonts.
const REGULAR: [u16; 256] = [
    0, 333, 333, 333, 333, 333, 333, 278, 556, 222, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
    722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278,
    278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556,
    333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350, 556, 350, 222, 556, 333, 1000, 556,
    556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500,
    333, 944, 350, 500, 667, 278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667,
    667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722,
    722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278,
    278, 556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

const BOLD: [u16; 256] = [
    0, 333, 333, 333, 333, 333, 333, 278, 611, 278, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778,
    722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278,
    333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611,
    389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, 350, 556, 350, 278, 556, 500, 1000, 556,
    556, 333, 1000, 667, 333, 1000, 350, 611, 350, 350, 278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556,
    333, 944, 350, 500, 667, 278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611, 722, 722, 722, 722, 722,
    722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, 722, 722, 778, 778, 778, 778, 778, 584, 778, 722,
    722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278,
    278, 611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<u8> {
        glyphs(text).iter().map(|glyph| glyph.code).collect()
    }

    #[test]
    fn western_letters_are_drawn_whole() {
        assert_eq!(codes("Zoë – 5 €…"), b"Zo\xEB \x96 5 \x80\x85");
        assert!(glyphs("Zoë – 5 €…").iter().all(|glyph| glyph.accent.is_none()));
    }

    #[test]
    fn other_letters_are_drawn_with_their_accent() {
        let circumflex = Some(Accent { code: 0x88, is_lifted: true });
        assert_eq!(glyphs("ŵ"), [Glyph { code: b'w', accent: circumflex }]);
        assert_eq!(glyphs("w\u{302}"), glyphs("ŵ"), "composed or not");
        assert_eq!(glyphs("ī")[0].code, DOTLESS_I);
        assert_eq!(codes("Łódź"), [CAPITAL_L_STROKE, 0xf3, b'd', b'z']);
        assert_eq!(codes("ế"), [0xea], "an accent on an accent is left out");
    }

    #[test]
    fn what_has_no_shape_is_a_question_mark_or_nothing() {
        assert_eq!(codes("日本 a\u{200b}b\u{2011}c\u{3000}\u{301}"), b"?? ab-c ");
        assert_eq!(glyphs("\u{301}"), []);
    }

    #[test]
    fn every_glyph_that_can_be_drawn_has_a_width() {
        for character in ('\u{20}'..='\u{17f}').chain(WINDOWS.into_iter().flatten()) {
            for glyph in glyphs(&character.to_string()) {
                assert!(Font::ALL.iter().all(|font| font.width(glyph.code) > 0), "{character}");
            }
        }
        assert_eq!(Font::Regular.text_width("Hi"), 722 + 222);
    }
}
