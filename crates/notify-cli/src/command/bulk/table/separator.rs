//! A first line that names the separator, such as `sep=;`. Excel does not write such a line, but understands it, so other
//! programs write it for Excel.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::Arc;

use super::file::FileReader;
use super::text::Dialect;

/// How the line begins, in any case.
const BEGINS: &str = "sep=";
/// More than the longest: the name, a separator, quotes around both, and the end of the line.
const LONGEST: u64 = 16;

/// The dialect that the line at this place names, and where the next line begins.
pub(super) fn named(file: &Arc<File>, at: u64) -> io::Result<Option<(Dialect, u64)>> {
    let mut start = Vec::new();
    FileReader::new(file.clone(), at).take(LONGEST).read_to_end(&mut start)?;
    Ok(read(&start).map(|(separator, length)| (dialect(separator), at + length)))
}

/// The line that names the separator of this dialect, to be shown.
pub(super) fn line(dialect: Dialect) -> String {
    match dialect.separator {
        b'\t' => format!("{BEGINS}<tab>"),
        separator => format!("{BEGINS}{}", char::from(separator)),
    }
}

fn dialect(separator: u8) -> Dialect {
    if separator == b'\t' { Dialect::TABS } else { Dialect { separator, drops_space: true } }
}

/// The separator that a text names in its first line, and how long that line is with its end.
fn read(text: &[u8]) -> Option<(u8, u64)> {
    let end = text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let line_end = if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
    let line = text[..end].trim_ascii_end();
    // A line that is trimmed may have ended with a tab.
    let line = if line.ends_with(b"=") { &text[..=line.len().min(end - 1)] } else { line };
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let (name, separator) = line.split_at_checked(BEGINS.len())?;
    let [separator @ (b'\t' | b'!'..=b'~')] = separator else { return None };
    let is_separator = !separator.is_ascii_alphanumeric() && *separator != b'"';
    let is_named = name.eq_ignore_ascii_case(BEGINS.as_bytes()) && is_separator;
    is_named.then_some((*separator, (end + line_end) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_the_separator_in_any_case_with_or_without_quotes() {
        for (text, separator, length) in [
            ("sep=;\nphone", b';', 6),
            ("SEP=,\r\nphone", b',', 7),
            ("\"sep=;\"\nphone", b';', 8),
            ("sep=\t\nphone", b'\t', 6),
            ("sep=|\rphone", b'|', 6),
            ("sep=; \nphone", b';', 7),
        ] {
            assert_eq!(read(text.as_bytes()), Some((separator, length)), "{text:?}");
        }
    }

    #[test]
    fn other_lines_name_none() {
        for text in [
            "",
            "sep=;",
            "sep=\n",
            "sep=a\n",
            "sep=\"\n",
            "sep=;;\n",
            "separator=;\n",
            "phone number;name\n",
            "sep\n",
            "\n",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text:?}");
        }
    }
}
