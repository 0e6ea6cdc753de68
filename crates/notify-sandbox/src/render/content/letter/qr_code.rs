//! Finds what a letter prints as a QR code: the rest of a paragraph after `qr:`.
//!
//! The service looks at each paragraph as it renders it. So a block that its Markdown does not treat as a paragraph is
//! not a QR code either: indented code, a heading of the first level, an item of a list. A link stays as written.

mod inline;
mod paragraphs;

use crate::render::content::whitespace;

/// The data of each code in a letter's body, which is Markdown, escaped for HTML.
pub(super) fn find(body: &str) -> Vec<String> {
    let paragraphs = paragraphs::of(body);
    paragraphs.iter().filter_map(|paragraph| data(&inline::shown(paragraph)).map(str::to_owned)).collect()
}

fn data(paragraph: &str) -> Option<&str> {
    let (mark, rest) = paragraph.split_at_checked("qr".len())?;
    let data = rest.trim_start_matches(whitespace::is_space).strip_prefix(':')?;
    let data = data.trim_start_matches(whitespace::is_space);
    (mark.eq_ignore_ascii_case("qr") && !data.is_empty()).then_some(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_behind_the_mark_is_a_code() {
        for (body, data) in [
            ("qr: x", "x"),
            ("QR :\tx ", "x "),
            ("## qr: a", "a"),
            ("###qr: a ###", "a"),
            ("^ qr: a", "a"),
            ("^ ^qr: a", "a"),
            ("qr: x\n---", "x"),
            ("qr: a\nb\n---", "a"),
            ("qr: a\n    b", "a<br>    b"),
            ("qr: a  \r\nb", "a<br>b"),
            ("qr:\nx", "<br>x"),
            ("qr: a\n* b", "a"),
            ("qr: a\n*b", "a<br>*b"),
            ("qr: a\n^ b", "a<br>^ b"),
            ("qr: a\n# b", "a"),
            ("* a\n\nqr: b", "b"),
            ("qr: \\*a\\< \\&amp;", "*a\\< \\&amp;"),
            ("qr: ![a](b)c", "c"),
            ("qr: https://a.b/?c=d\\*.", "https://a.b/?c=d\\*."),
            ("qr: http://a?u=http://b", "<strong data-original-protocol='http://a?u=htt'>a?u=b</strong>"),
            ("qr: a\n# ", "a"),
        ] {
            assert_eq!(find(body), [data], "{body}");
        }
    }

    #[test]
    fn a_link_stays_as_it_was_written() {
        assert_eq!(find("qr: [a](b) [c\\*](d \"e\") [f](g"), ["[a](b) [c*](d \"e\") [f](g"]);
        for body in ["[qr](https://a.b)", "[qr: a](b)"] {
            assert_eq!(find(body), Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn a_block_that_is_not_a_paragraph_is_not_a_qr_code() {
        for body in [
            "# qr: a",
            "qr: a\n===",
            "    qr: a",
            "\tqr: a",
            " qr: a",
            "^     qr: a",
            "* qr: a",
            "* a\n\n  qr: b",
            "1. a\nqr: b",
            "a\nqr: b",
            "a\n    qr: b",
            "```\nqr: a\n```",
            "qr: a|b\n--|--\nqr: c|d",
            "qr",
            "qr:",
            "qr a: b",
            "qr\n: a",
        ] {
            assert_eq!(find(body), Vec::<String>::new(), "{body}");
        }
    }
}
