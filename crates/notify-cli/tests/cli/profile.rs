//! `notify profile`, `--profile` and `NOTIFY_PROFILE`.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use notify_sandbox::KeyType;

use crate::fixture::{End, Fixture, KEY, SECRET, folder, notify};

/// A user with a home, and a key in a file of their own.
struct User {
    home: PathBuf,
    key: String,
    fixture: Fixture,
}

impl User {
    fn new(name: &str) -> Self {
        let (home, fixture) = (folder(name), Fixture::new());
        let key = home.join("key");
        fs::write(&key, fixture.sandbox.api_key(KeyType::Test)).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        Self { key: key.to_str().unwrap().to_owned(), home, fixture }
    }

    fn run(&self, args: &[&str]) -> Command {
        let mut command = notify(args.iter().copied());
        command.env("HOME", &self.home).env_remove("XDG_CONFIG_HOME");
        command
    }

    fn does(&self, args: &[&str]) -> String {
        let end = End::of(&mut self.run(args));
        assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{args:?}: {end:?}");
        end.stdout
    }

    /// Adds a profile for the sandbox with the key in the file.
    fn add(&self, name: &str) {
        self.does(&[
            "profile",
            "add",
            name,
            "--base-url",
            self.fixture.sandbox.url(),
            "--api-key-file",
            &self.key,
        ]);
    }

    fn file(&self) -> PathBuf {
        self.home.join(".config/notify/profiles.json")
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_profile_stands_for_a_url_and_a_key() {
    let user = User::new("profile-use");
    user.add("desk");
    let by_option = user.does(&["templates", "--profile", "desk", "-o", "jsonl"]);
    assert_eq!(by_option.lines().count(), 4);
    let end = End::of(user.run(&["templates", "-o", "jsonl"]).env("NOTIFY_PROFILE", "desk"));
    assert_eq!((end.status, &end.stdout), (0, &by_option), "{end:?}");
    assert_eq!(user.does(&["token", "--profile", "desk"]).matches('.').count(), 2);
    // The command to paste names it too.
    let end = End::failing(
        &mut user.run(&["template", "740e5834-3a29-46b4-9a6f-16142fde533a", "--profile", "desk"]),
        4,
    );
    assert!(!end.stderr.contains("hunter2"), "{end:?}");
}

#[test]
fn profiles_are_listed_and_removed_and_never_replaced_by_accident() {
    let user = User::new("profile-list");
    assert!(user.does(&["profile", "list"]).contains("no profiles"));
    user.add("desk");
    let args = ["profile", "add", "desk", "--key-command", "pass notify"];
    End::failing(&mut user.run(&args), 2).says(&["already", "--replace"]);
    let replaced: Vec<&str> = args.into_iter().chain(["--replace", "--service", "gc"]).collect();
    user.does(&replaced);
    let list = user.does(&["profile", "list"]);
    assert!(list.contains("desk") && list.contains("gc") && list.contains("pass notify"), "{list}");
    let line: serde_json::Value =
        serde_json::from_str(&user.does(&["profile", "list", "-o", "jsonl"])).unwrap();
    assert_eq!((&line["name"], &line["key"]["command"]), (&"desk".into(), &"pass notify".into()));
    user.does(&["profile", "remove", "desk"]);
    assert!(user.does(&["profile", "list"]).contains("no profiles"));
    End::failing(&mut user.run(&["profile", "remove", "desk"]), 3).says(&["no profile of this name"]);
}

#[test]
fn an_option_goes_before_a_variable_and_both_before_the_profile() {
    let user = User::new("profile-order");
    user.add("desk");
    let with = |name: &str, value: &str, args: &[&str]| End::of(user.run(args).env(name, value));
    let nowhere = "http://127.0.0.1:9";
    let list = ["list", "--profile", "desk", "--timeout", "0.5"];
    assert_eq!(with("NOTIFY_BASE_URL", nowhere, &list).status, 6);
    assert_eq!(with("NOTIFY_API_KEY", KEY, &list).status, 4, "the service does not know that key");
    let url = ["list", "--profile", "desk", "--base-url", nowhere, "--timeout", "0.5"];
    assert_eq!(with("NOTIFY_BASE_URL", user.fixture.sandbox.url(), &url).status, 6);
    let key = ["list", "--profile", "desk", "--api-key-file", &user.key];
    assert_eq!(with("NOTIFY_API_KEY", KEY, &key).status, 0);
    assert_eq!(with("NOTIFY_PROFILE", "other", &list).status, 0);
    with("NOTIFY_PROFILE", "other", &["list"]).failed(3).says(&["no profile of this name", "desk"]);
}

#[test]
fn a_key_may_come_from_a_command() {
    let user = User::new("profile-command");
    let url = user.fixture.sandbox.url();
    let add = |name: &str, command: &str| {
        user.does(&["profile", "add", name, "--base-url", url, "--key-command", command]);
    };
    add("cat", &format!("cat '{}'", user.key));
    user.does(&["list", "--profile", "cat"]);
    add("fails", "echo hunter2; exit 7");
    let end = End::failing(&mut user.run(&["list", "--profile", "fails"]), 3);
    end.says(&["the key command of the profile failed", "7", "run it by itself"]);
    assert!(!end.stderr.contains("hunter2"), "{end:?}");
    add("silent", "true");
    End::failing(&mut user.run(&["list", "--profile", "silent"]), 3).says(&["no API key in the key command"]);
    add("endless", "yes");
    End::failing(&mut user.run(&["list", "--profile", "endless"]), 3);
    // A key itself is not an argument, and neither is stdin a place to come back to.
    let end =
        End::failing(&mut user.run(&["profile", "add", "key", "--key-command", &format!("echo {KEY}")]), 2);
    assert!(!end.stderr.contains(SECRET), "{end:?}");
    End::failing(&mut user.run(&["profile", "add", "x", "--api-key-file", "-"]), 2)
        .says(&["cannot keep stdin"]);
    End::failing(&mut user.run(&["profile", "add", "x"]), 2)
        .says(&["--keyring, --api-key-file or --key-command"]);
}

#[test]
fn an_unwritable_home_is_reported_with_what_to_do() {
    for (args, help) in [
        (&["profile", "add", "desk", "--key-command", "true"][..], "set XDG_CONFIG_HOME"),
        (&["completions", "bash", "--install"], "without --install"),
        (&["man", "/proc/man"], "a folder that you can write to"),
    ] {
        let mut command = notify(args.iter().copied());
        command.env("HOME", "/proc").env_remove("XDG_CONFIG_HOME").env_remove("XDG_DATA_HOME");
        End::failing(&mut command, 1).says(&["cannot be written to", help]);
    }
}

#[test]
fn a_profile_can_be_named_whatever_can_be_typed_again() {
    let user = User::new("profile-names");
    for (name, why) in
        [("", "needs a name"), (" ", "needs a name"), (" desk", "white space"), ("a\nb", "control")]
    {
        End::failing(&mut user.run(&["profile", "add", name, "--key-command", "true"]), 2).says(&[why]);
    }
    End::failing(&mut user.run(&["profile", "add", "desk", "--key-command", ""]), 2);
    let said = user.does(&["profile", "add", "my desk", "--key-command", &format!("cat '{}'", user.key)]);
    assert!(said.contains("`notify templates --profile 'my desk'`"), "{said}");
    user.does(&["list", "--profile", "my desk", "--base-url", user.fixture.sandbox.url()]);
}

#[test]
fn the_files_are_the_users_alone() {
    let user = User::new("profile-mode");
    user.add("desk");
    assert_eq!((mode(&user.file()), mode(user.file().parent().unwrap())), (0o600, 0o700));
    assert!(!fs::read_to_string(user.file()).unwrap().contains("c0ffee00-0000-4000-8000-00000000000c"));
    for (path, what) in
        [(user.file(), "the file of the profiles"), (PathBuf::from(&user.key), "the key file")]
    {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let end = End::failing(&mut user.run(&["list", "--profile", "desk"]), 3);
        end.says(&[what, "open to other users", "chmod 600"]);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    user.does(&["list", "--profile", "desk"]);
}

#[test]
fn the_place_is_that_of_the_system() {
    let user = User::new("profile-xdg");
    let elsewhere = user.home.join("elsewhere");
    let args = ["profile", "add", "desk", "--key-command", "true"];
    let end = End::of(user.run(&args).env("XDG_CONFIG_HOME", &elsewhere));
    assert_eq!(end.status, 0, "{end:?}");
    assert!(elsewhere.join("notify/profiles.json").exists() && !user.file().exists());
    fs::create_dir_all(user.file().parent().unwrap()).unwrap();
    fs::write(user.file(), "{").unwrap();
    fs::set_permissions(user.file(), fs::Permissions::from_mode(0o600)).unwrap();
    End::failing(&mut user.run(&["profile", "list"]), 3).says(&["profiles.json cannot be read"]);
}
