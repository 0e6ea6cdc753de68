//! Runs the shell blocks of the front page and of this crate's own page as a reader would: in one bash, from top to
//! bottom, with a sandbox running.
#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use notify_sandbox::{KeyType, Sandbox};
use notify_testkit::markdown;

/// Stands in for cargo: whatever it would build is built already, and commands that test the product only list what
/// they would do.
const CARGO: &str = r#"#!/usr/bin/env bash
case "$*" in
  "run --release -- "*) shift 3; exec notify "$@" ;;
  "install --locked --profile dist --path "*) exec test -f "$README_ROOT/$6/Cargo.toml" ;;
  "xtask test"* | "xtask prove"*) cd "$README_ROOT" && exec "$README_CARGO" "$@" --list ;;
  *) echo "cargo $* is not known to crates/notify-cli/tests/readme.rs" >&2; exit 64 ;;
esac
"#;

/// Stands in for the program: a sandbox, which a reader leaves running, ends once it has printed its output.
const NOTIFY: &str = r#"#!/usr/bin/env bash
[ "$1" = sandbox ] || exec "$README_NOTIFY" "$@"
"$README_NOTIFY" "$@" &
sleep 1
kill -TERM $!
wait $!
"#;

#[test]
fn the_commands_of_the_front_page_do_what_it_says() {
    run("front-page", "../../README.md");
}

#[test]
fn the_commands_of_this_crates_page_do_what_it_says() {
    run("crate-page", "README.md");
}

/// Runs the commands of a page, in a folder of this name.
fn run(name: &str, page: &str) {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = crate_folder.join("../..").canonicalize().expect("the crate lies in the repository");
    let (commands, not_run) =
        markdown::commands(&fs::read_to_string(crate_folder.join(page)).expect("there is such a page"));
    assert!(!commands.is_empty(), "{page} has no commands");
    for block in not_run {
        println!("the block on line {} of {page} is not run: {}", block.line, block.why);
    }
    let folder = folder_for(name).expect("a folder can be made");
    let script = commands.iter().enumerate().fold("set -eu\n".to_owned(), |mut script, (index, command)| {
        // In braces, so that later commands see what a command exports.
        let done = "echo done >\"$README_OUT";
        write!(script, "{{\n{}\n}} >\"$README_OUT/{index}\" 2>&1\n{done}/{index}.done\"\n", command.text)
            .expect("a String takes all");
        script
    });
    let sandbox = Sandbox::start().expect("a sandbox starts");
    let out = folder.join("out");
    let path =
        format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").expect("there is a path"));
    Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.join("cwd"))
        .env("NOTIFY_BASE_URL", sandbox.url())
        .env("NOTIFY_API_KEY", sandbox.api_key(KeyType::Test))
        .env("PATH", path)
        .env("README_OUT", &out)
        .env("README_ROOT", &root)
        .env("README_CARGO", env!("CARGO"))
        .env("README_NOTIFY", env!("CARGO_BIN_EXE_notify"))
        .status()
        .expect("bash runs");
    for (index, command) in commands.iter().enumerate() {
        let printed = fs::read_to_string(out.join(index.to_string())).unwrap_or_default();
        assert!(
            out.join(format!("{index}.done")).exists(),
            "line {} of {page} fails: {}\n{printed}",
            command.line,
            command.text
        );
        if let Some(expected) = &command.prints {
            assert!(
                markdown::is_as_printed(expected, &printed),
                "line {} of {page} prints something else: {}\n--- expected\n{expected}--- printed\n{printed}",
                command.line,
                command.text
            );
        }
    }
}

/// A new folder of this name, with the programs that the pages call and a working folder.
fn folder_for(name: &str) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for name in ["bin", "cwd", "out"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for (name, script) in [("cargo", CARGO), ("notify", NOTIFY)] {
        let path = folder.join("bin").join(name);
        fs::write(&path, script)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(folder)
}
