//! The file: pages, fonts, and the table of where they are.

use pdf_writer::{Finish as _, Name, Pdf, Rect, Ref};

use super::font::{BEYOND_WINDOWS, Font};

/// A4, in points.
const A4: Rect = Rect { x1: 0.0, y1: 0.0, x2: 595.0, y2: 842.0 };

/// Writes a file with a page of A4 for each of these drawings.
pub(super) fn write(drawings: &[Vec<u8>]) -> Vec<u8> {
    let mut ids = (1..).map(Ref::new);
    let mut id = || ids.next().expect("there is always another number");
    let (catalog, tree) = (id(), id());
    let fonts = Font::ALL.map(|font| (font, id()));
    let pages: Vec<(Ref, Ref)> = drawings.iter().map(|_| (id(), id())).collect();

    let mut file = Pdf::new();
    file.catalog(catalog).pages(tree);
    let count = i32::try_from(pages.len()).expect("a letter has a few pages");
    file.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(count);
    for (font, id) in fonts {
        let mut font_dictionary = file.type1_font(id);
        font_dictionary.base_font(Name(font.name().as_bytes()));
        let mut encoding = font_dictionary.encoding_custom();
        encoding.base_encoding(Name(b"WinAnsiEncoding"));
        encoding.differences().consecutive(1, BEYOND_WINDOWS.map(|name| Name(name.as_bytes())));
    }
    for ((page_id, content_id), drawing) in pages.iter().zip(drawings) {
        let mut page = file.page(*page_id);
        page.parent(tree).media_box(A4).contents(*content_id);
        let mut resources = page.resources();
        let mut page_fonts = resources.fonts();
        for (font, id) in fonts {
            page_fonts.pair(Name(font.resource().as_bytes()), id);
        }
        page_fonts.finish();
        resources.finish();
        page.finish();
        file.stream(*content_id, drawing);
    }
    file.finish()
}
