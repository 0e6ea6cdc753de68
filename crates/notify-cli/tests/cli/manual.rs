//! What explains the program: its help, its manual pages, its completions.

use std::fs;

use crate::fixture::{End, folder, notify};

/// The commands, from the program's own help.
fn commands(of: &[&str]) -> Vec<String> {
    let end = End::of(&mut notify(of.iter().copied().chain(["-h"])));
    assert_eq!(end.status, 0, "{end:?}");
    let section = end.stdout.split("Commands:\n").nth(1).unwrap_or_default();
    section
        .lines()
        .take_while(|line| !line.is_empty())
        // A line that is indented further continues the one before it.
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_shows_an_example_or_what_to_do_next() {
    let commands = commands(&[]);
    assert!(commands.len() >= 13, "{commands:?}");
    for command in &commands {
        let end = End::of(&mut notify([command, "--help"]));
        let next = if command == "demo" { "sandbox" } else { command };
        assert!(end.stdout.contains(&format!("\n  notify {next}")), "{}", end.stdout);
    }
    for command in ["send", "outbox", "token", "templates", "callbacks", "sandbox"] {
        for kind in self::commands(&[command]) {
            let end = End::of(&mut notify([command, &kind, "--help"]));
            assert!(end.stdout.contains(&format!("\n  notify {command} {kind}")), "{}", end.stdout);
        }
    }
}

#[test]
fn the_help_of_a_command_has_only_the_options_that_it_uses() {
    let options = ["--output", "--timeout", "--base-url", "--allow-plain-http", "--api-key-file"];
    for command in commands(&[]) {
        let used = match command.as_str() {
            // Their own commands differ.
            "demo" | "profile" | "sandbox" | "completions" | "man" | "outbox" | "callbacks" => &[][..],
            "token" => &options[4..],
            "pdf" => &options[1..],
            _ => &options[..],
        };
        let help = End::of(&mut notify([command.as_str(), "-h"])).stdout;
        for option in options {
            assert_eq!(
                help.lines().any(|line| line.trim_start().trim_start_matches("-o, ").starts_with(option)),
                used.contains(&option),
                "{command} {option}: {help}"
            );
        }
    }
}

#[test]
fn the_help_of_each_command_of_the_outbox_has_only_the_options_that_it_uses() {
    for verb in commands(&["outbox"]) {
        let help = End::of(&mut notify(["outbox", &verb, "-h"])).stdout;
        for (option, is_used) in [
            ("--output", true),
            ("--api-key-file", verb == "run"),
            ("--base-url", verb == "run"),
            ("--timeout", false),
        ] {
            assert_eq!(help.contains(&format!(" {option}")), is_used, "{verb} {option}: {help}");
        }
        let end = End::failing(&mut notify(["outbox", &verb, "x", "--timeout", "3"]), 2);
        assert!(!end.stderr.is_empty());
    }
}

#[test]
fn the_help_and_the_manual_name_every_exit_status_and_variable() {
    let folder = folder("man");
    let end = End::of(&mut notify(["man", folder.to_str().unwrap()]));
    assert_eq!(end.status, 0, "{end:?}");
    let manual = fs::read_to_string(folder.join("notify.1")).unwrap().replace(r"\-", "-");
    let help = End::of(&mut notify(["--help"])).stdout;
    for text in [&manual, &help] {
        for status in 0..=8 {
            let line = format!("  {status}  ");
            assert!(text.lines().any(|text| text.starts_with(&line)), "{status}: {text}");
        }
        for name in ["NOTIFY_API_KEY", "NOTIFY_BASE_URL", "NO_COLOR", "HTTPS_PROXY"] {
            assert!(text.contains(name), "{name}: {text}");
        }
    }
    for command in commands(&[]) {
        assert!(folder.join(format!("notify-{command}.1")).exists(), "{command}");
    }
    assert!(folder.join("notify-send-precompiled-letter.1").exists());
    // A folder that is missing is made, and `help` has no page.
    let missing = folder.join("share/man/man1");
    assert_eq!(End::of(&mut notify(["man", missing.to_str().unwrap()])).status, 0);
    let pages = fs::read_dir(&missing).unwrap().map(|page| page.unwrap().file_name().into_string().unwrap());
    let pages: Vec<String> = pages.collect();
    assert!(pages.contains(&"notify-send-sms.1".to_owned()), "{pages:?}");
    assert!(pages.iter().all(|page| !page.contains("help")), "{pages:?}");
    let below_a_file = folder.join("notify.1/man");
    let end = End::failing(&mut notify(["man", below_a_file.to_str().unwrap()]), 1);
    end.says(&["the manual pages cannot be written to"]);
}
