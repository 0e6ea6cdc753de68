//! Help on screens of different widths.

use crate::fixture::{End, notify};

/// The commands below this one, with those below them.
fn below(command: &[String]) -> Vec<Vec<String>> {
    let mut program = notify(command.iter().map(String::as_str).chain(["-h"]));
    let help = End::of(program.env("COLUMNS", "100")).stdout;
    let section = help.split("Commands:\n").nth(1).unwrap_or_default();
    let names = section
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
        .filter_map(|line| line.split(' ').next())
        .filter(|name| *name != "help");
    let mut all = Vec::new();
    for name in names {
        let path: Vec<String> = command.iter().cloned().chain([name.to_owned()]).collect();
        all.extend(below(&path));
        all.push(path);
    }
    all
}

#[test]
fn every_help_fits_narrow_and_wide_screens() {
    let mut commands = below(&[]);
    commands.push(Vec::new());
    assert!(commands.len() > 20, "{commands:?}");
    for command in &commands {
        for (columns, widest) in [("60", 60), ("80", 80), ("200", 100)] {
            for option in ["-h", "--help"] {
                let mut program = notify(command.iter().map(String::as_str).chain([option]));
                let end = End::of(program.env("COLUMNS", columns));
                assert_eq!(end.status, 0, "{end:?}");
                for line in end.stdout.lines() {
                    // clap writes the usage on one line, so that it can be copied.
                    let is_usage = line.starts_with("Usage: ") || line.starts_with("       notify");
                    let is_one_word = line.split_whitespace().count() == 1;
                    assert!(
                        line.chars().count() <= widest || is_usage || is_one_word,
                        "{command:?} {option} at {columns}: {line}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_term_and_its_explanation_stay_beside_each_other() {
    let end = End::of(notify(["--help"]).env("COLUMNS", "60"));
    let lines: Vec<&str> = end.stdout.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("  NOTIFY_API_KEY ")).unwrap();
    let column = lines[at].find("the API key").unwrap();
    let next = lines[at + 1];
    assert_eq!(next.len() - next.trim_start().len(), column, "{}", end.stdout);
}
