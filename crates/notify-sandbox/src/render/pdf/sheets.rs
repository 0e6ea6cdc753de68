//! The paper that a letter needs.

use super::MOST_PAGES;

/// How many sheets a PDF takes, printed on both sides. The pages are counted where they are declared in plain text; if
/// they are compressed, the PDF counts as one sheet.
pub(crate) fn sheets(pdf: &[u8]) -> u32 {
    const TYPE: &[u8] = b"/Type";
    const PAGE: &[u8] = b"/Page";
    let starts = pdf.windows(TYPE.len()).enumerate().filter(|(_, window)| *window == TYPE);
    let pages = starts.filter(|(at, _)| {
        let value = pdf[at + TYPE.len()..].trim_ascii_start();
        value.strip_prefix(PAGE).is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_alphanumeric))
    });
    let pages = pages.count().clamp(1, MOST_PAGES);
    u32::try_from(pages.div_ceil(2)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_and_lists_of_pages_are_not() {
        assert_eq!(sheets(b"%PDF-1.7 /Type/Pages /Type /Page>> /Type\n/Page/ /Type /Page "), 2);
        assert_eq!(sheets(b"%PDF-1.4\n"), 1);
        assert_eq!(sheets(&b"/Type /Page ".repeat(50)), 5);
    }
}
