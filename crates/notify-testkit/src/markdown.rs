//! The shell blocks of a Markdown file, as commands that can be run.
//!
//! A block fenced as `sh` contains only commands. A block fenced as `console` contains commands after `$ ` (continued
//! after `> `), each followed by its output. In the output `...` stands for any lines, `[..]` for any text in a line,
//! and what [differs from run to run](volatile) for its kind. A comment `<!-- not run: why -->` on the line before a
//! block excludes it. Blocks of other kinds contain no commands.

pub mod volatile;

/// A command, and the output that the text shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The line of the file where it begins, counted from 1.
    pub line: usize,
    /// What to type; several lines in a `sh` block.
    pub text: String,
    /// Its output, line by line; `None` if the text shows none.
    pub prints: Option<String>,
}

/// An excluded block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// The line of the file where it begins, counted from 1.
    pub line: usize,
    /// The reason, in the words of the file.
    pub why: String,
}

/// The commands of a file in order, and the blocks that the file excludes.
pub fn commands(markdown: &str) -> (Vec<Command>, Vec<NotRun>) {
    let (mut commands, mut not_run) = (Vec::new(), Vec::new());
    let mut excuse = None;
    let mut lines = markdown.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(kind) = line.trim_start().strip_prefix("```") else {
            excuse = line
                .trim()
                .strip_prefix("<!-- not run:")
                .and_then(|rest| rest.strip_suffix("-->"))
                .map(|why| why.trim().to_owned());
            continue;
        };
        let block: Vec<(usize, &str)> = lines.by_ref().take_while(|(_, line)| line.trim() != "```").collect();
        match (kind.trim(), excuse.take()) {
            ("sh" | "console", Some(why)) => not_run.push(NotRun { line: index + 1, why }),
            ("sh", None) => {
                let text: Vec<&str> = block.iter().map(|(_, line)| *line).collect();
                commands.push(Command { line: index + 2, text: text.join("\n"), prints: None });
            }
            ("console", None) => commands.extend(session(&block)),
            _ => {}
        }
    }
    (commands, not_run)
}

fn session(block: &[(usize, &str)]) -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    for (index, line) in block {
        if let Some(text) = line.strip_prefix("$ ") {
            let text = text.to_owned();
            commands.push(Command { line: index + 1, text, prints: None });
        } else if let Some(command) = commands.last_mut() {
            match (line.strip_prefix("> "), &mut command.prints) {
                (Some(more), None) => {
                    command.text.push('\n');
                    command.text.push_str(more);
                }
                (_, prints) => {
                    let prints = prints.get_or_insert_default();
                    prints.push_str(line);
                    prints.push('\n');
                }
            }
        }
    }
    commands
}

/// Whether a text matches an expectation with `...` and `[..]`, ignoring white space at the end of lines and of the
/// text, and what differs from run to run.
pub fn is_as_printed(expected: &str, actual: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        volatile::mask(text.trim_end()).lines().map(|line| line.trim_end().to_owned()).collect()
    };
    lines_match(&lines(expected), &lines(actual))
}

fn lines_match(expected: &[String], actual: &[String]) -> bool {
    match (expected.split_first(), actual.split_first()) {
        (None, None) => true,
        (Some((any, expected)), _) if any == "..." => {
            (0..=actual.len()).any(|skipped| lines_match(expected, &actual[skipped..]))
        }
        (Some((one, expected)), Some((other, actual))) => {
            line_matches(one, other) && lines_match(expected, actual)
        }
        _ => false,
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    match expected.split_once("[..]") {
        None => expected == actual,
        Some((before, after)) => actual.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(index, _)| index)
                .chain([rest.len()])
                .any(|skipped| line_matches(after, &rest[skipped..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_with_what_they_print() {
        let markdown = "# Title\n\
            ```sh\ncargo run\ncargo test\n```\n\
            ```rust\n$ not this\n```\n\
            ```console\n$ notify list \\\n>   --output json\n{}\n\n> quoted\n$ true\n```\n\
            <!-- not run: it never ends -->\n```console\n$ notify sandbox\n```\n\
            ```console\n$ false\n```\n";
        let (found, not_run) = commands(markdown);
        let expected = [
            (3, "cargo run\ncargo test", None),
            (10, "notify list \\\n  --output json", Some("{}\n\n> quoted\n")),
            (15, "true", None),
            (22, "false", None),
        ];
        let expected = expected.map(|(line, text, prints)| Command {
            line,
            text: text.to_owned(),
            prints: prints.map(str::to_owned),
        });
        assert_eq!(found, expected);
        assert_eq!(not_run, [NotRun { line: 18, why: "it never ends".to_owned() }]);
    }

    #[test]
    fn an_expectation_may_leave_out_lines_and_parts_of_lines() {
        for (expected, actual) in [
            ("", "\n"),
            ("a\nb  \n", "a  \nb\n\n"),
            ("a\n...\nd", "a\nb\nc\nd"),
            ("...", ""),
            ("id [..] sent", "id 7 sent"),
            ("[..]-[..]", "a-b-c"),
            ("took 3 ms", "took 4 ms"),
        ] {
            assert!(is_as_printed(expected, actual), "{expected:?} {actual:?}");
        }
        for (expected, actual) in
            [("a", "a\nb"), ("a\n...\nd", "a\nb"), ("id [..] sent", "id 7 lost"), ("x", "")]
        {
            assert!(!is_as_printed(expected, actual), "{expected:?} {actual:?}");
        }
    }
}
