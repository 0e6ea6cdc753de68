//! Tells a PDF from other bytes.

/// How far from the start the header may be. PDF readers look for it this far, so some writers put other bytes before
/// it.
const HEADER_WITHIN: usize = 1_024;

pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(HEADER_WITHIN)];
    start.windows(5).any(|window| window == b"%PDF-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_has_its_header_near_the_start() {
        assert!(is_pdf(b"%PDF-1.4\n"));
        assert!(is_pdf(b"\xEF\xBB\xBF\n%PDF-"));
        assert!(!is_pdf(b""));
        assert!(!is_pdf(b"%PDF"));
        assert!(!is_pdf(b"<html>"));
        assert!(!is_pdf(&[&[b' '; HEADER_WITHIN][..], b"%PDF-"].concat()));
    }
}
