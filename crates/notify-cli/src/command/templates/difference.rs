//! Two texts, as one that shows how they differ.

use std::path::Path;

use similar::{ChangeTag, TextDiff};

use crate::output::style::{BAD, FAINT, GOOD, STRONG};
use crate::output::text::escape;

/// The lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// How a file differs from what the service has, in the unified format; empty if it does not.
pub(super) fn unified(path: &Path, here: &str, there: &str) -> String {
    if here == there {
        return String::new();
    }
    let path = path.display().to_string();
    let name = |text: &str| if text.is_empty() { "/dev/null".to_owned() } else { escape(&path).into_owned() };
    let mut lines = vec![
        format!("{STRONG}--- {}{STRONG:#}\n", name(here)),
        format!("{STRONG}+++ {}{STRONG:#}\n", name(there)),
    ];
    let compared = TextDiff::from_lines(here, there);
    for hunk in compared.unified_diff().context_radius(CONTEXT).iter_hunks() {
        lines.push(format!("{FAINT}{}{FAINT:#}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let line = escape(change.value().trim_end_matches('\n'));
            lines.push(match change.tag() {
                ChangeTag::Equal => format!(" {line}\n"),
                ChangeTag::Delete => format!("{BAD}-{line}{BAD:#}\n"),
                ChangeTag::Insert => format!("{GOOD}+{line}{GOOD:#}\n"),
            });
            if change.missing_newline() {
                lines.push("\\ No newline at end of file\n".to_owned());
            }
        }
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_what_diff_prints() {
        let plain =
            |here, there| anstream::adapter::strip_str(&unified(Path::new("a.md"), here, there)).to_string();
        assert_eq!(plain("a\nb\n", "a\nb\n"), "");
        assert_eq!(
            plain("a\nb\n", "a\nc\u{1b}\n"),
            "--- a.md\n+++ a.md\n@@ -1,2 +1,2 @@\n a\n-b\n+c\\u{1b}\n"
        );
        assert_eq!(plain("", "a\n"), "--- /dev/null\n+++ a.md\n@@ -0,0 +1 @@\n+a\n");
    }
}
