//! The pictures that the README shows: the demo, and a session at a terminal.

use std::fs;
use std::path::Path;

use anstyle::{Color, RgbColor};
use anstyle_svg::{Term, WIN10_CONSOLE};
use notify_testkit::markdown::volatile;

use notify_sandbox::Status;

use crate::fixture::{End, Fixture, SMS_TEMPLATE, notify};

/// The command that a reader types.
const PROMPT: &str = "$ cargo run --release -- demo";

/// The width of the page, in columns.
const COLUMNS: usize = 98;

/// Set by `cargo xtask picture`.
const DRAW: &str = "NOTIFY_DRAW_PICTURE";

#[test]
fn the_picture_in_the_readme_shows_what_the_demo_prints() {
    is_as_drawn("demo.svg", &demo());
}

#[test]
fn the_session_in_the_readme_shows_what_the_commands_print() {
    is_as_drawn("session.svg", &session());
}

/// Compares a picture with the one that is kept, or keeps it.
fn is_as_drawn(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os(DRAW).is_some() {
        fs::write(&path, drawn).expect("the picture can be written");
    }
    let kept = fs::read_to_string(&path).expect("there is a picture");
    assert!(
        shown(&kept) == shown(drawn),
        "{} shows something else: draw it again with `cargo xtask picture`, and look at it",
        path.display()
    );
}

fn demo() -> String {
    let end = End::of(notify(["demo"]).env("CLICOLOR_FORCE", "1").env("TERM", "xterm"));
    assert_eq!(end.status, 0, "{end:?}");
    // The name that the program was called by.
    let printed = end.stdout.replace(env!("CARGO_BIN_EXE_notify"), "notify");
    let text: String = printed.lines().map(wrapped).collect();
    render(&format!("\u{1b}[1m{PROMPT}\u{1b}[0m\n\n{text}"))
}

/// What a user types against a sandbox, and reads.
fn session() -> String {
    let fixture = Fixture::new();
    let mut text = String::new();
    let send = [
        "send",
        "sms",
        "-t",
        SMS_TEMPLATE,
        "--to",
        "07900900123",
        "-p",
        "name=Kim",
        "-p",
        "permit number=17",
    ];
    let mut run = |args: &[&str]| {
        let end =
            End::of(fixture.notify(args.iter().copied()).env("CLICOLOR_FORCE", "1").env("COLUMNS", "96"));
        text.push_str(&typed(args));
        text += &end.stdout;
        text += &end.stderr;
        text.push('\n');
        end.stdout
    };
    run(&["templates"]);
    let answer = plain(&run(&send));
    let id = answer
        .lines()
        .next()
        .and_then(|line| line.split_whitespace().last())
        .expect("the id comes first")
        .to_owned();
    fixture.sandbox.set_status(&id, Status::Delivered).expect("the message is there");
    run(&["get", &id]);
    run(&["list"]);
    run(&send.map(|arg| if arg == "07900900123" { "07900 9001" } else { arg }));
    render(&text)
}

/// A command as it is typed, on two lines if it is long.
fn typed(args: &[&str]) -> String {
    let quoted =
        args.iter().map(|arg| if arg.contains(' ') { format!("'{arg}'") } else { (*arg).to_owned() });
    let line = format!("$ notify {}", quoted.collect::<Vec<_>>().join(" "));
    let broken = line.replacen(" -p name", " \\\n    -p name", 1);
    broken.split('\n').fold(String::new(), |text, line| text + "\u{1b}[1m" + line + "\u{1b}[0m\n")
}

/// A text without styles.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + part.split_once('m').map_or("", |(_, rest)| rest))
}

fn render(text: &str) -> String {
    let term =
        Term::new().palette(WIN10_CONSOLE).fg_color(rgb(0xe6, 0xed, 0xf3)).bg_color(rgb(0x0d, 0x11, 0x17));
    term.render_svg(text)
}

/// The text of a picture.
fn shown(picture: &str) -> String {
    let words: String = picture.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect();
    volatile::mask(&words)
}

fn rgb(red: u8, green: u8, blue: u8) -> Color {
    RgbColor(red, green, blue).into()
}

/// A line wrapped to the page: the token, which has no colours, continues after its dots.
fn wrapped(line: &str) -> String {
    if line.contains('\u{1b}') || line.chars().count() <= COLUMNS {
        return format!("{line}\n");
    }
    let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
    rest.split_inclusive('.').flat_map(|part| [indent, part, "\n"]).collect()
}
