//! The picture of the demo that the README shows.

use std::fs;
use std::path::Path;

use anstyle::{Color, RgbColor};
use anstyle_svg::{Term, WIN10_CONSOLE};
use notify_testkit::markdown::volatile;

use crate::fixture::{End, notify};

/// The command that a reader types.
const PROMPT: &str = "$ cargo run --release -- demo";

/// The width of the page, in columns.
const COLUMNS: usize = 98;

/// Set by `cargo xtask picture`.
const DRAW: &str = "NOTIFY_DRAW_PICTURE";

#[test]
fn the_picture_in_the_readme_shows_what_the_demo_prints() {
    let drawn = draw();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo.svg");
    if std::env::var_os(DRAW).is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert!(
        shown(&kept) == shown(&drawn),
        "{} shows something else: draw it again with `cargo xtask picture`, and look at it",
        path.display()
    );
}

fn draw() -> String {
    let end = End::of(notify(["demo"]).env("CLICOLOR_FORCE", "1").env("TERM", "xterm"));
    assert_eq!(end.status, 0, "{end:?}");
    // The name that the program was called by.
    let printed = end.stdout.replace(env!("CARGO_BIN_EXE_notify"), "notify");
    let text: String = printed.lines().map(wrapped).collect();
    let term =
        Term::new().palette(WIN10_CONSOLE).fg_color(rgb(0xe6, 0xed, 0xf3)).bg_color(rgb(0x0d, 0x11, 0x17));
    term.render_svg(&format!("\u{1b}[1m{PROMPT}\u{1b}[0m\n\n{text}"))
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
