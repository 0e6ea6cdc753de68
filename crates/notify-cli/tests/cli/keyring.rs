//! A profile whose key lives in the system's keyring.
#![cfg(target_os = "linux")]

#[cfg(feature = "keyring")]
mod present {
    #![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};

    use notify_sandbox::KeyType;

    use crate::fixture::{End, Fixture, KEY, SECRET, folder, notify};

    /// Starts a keyring that is open, and then the program.
    const SESSION: &str = "printf 'password\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; \
                           exec \"$@\" 2>\"$STDERR\"";

    /// A user who has logged in, with a bus and a keyring of their own.
    struct User {
        home: PathBuf,
        fixture: Fixture,
    }

    impl User {
        fn new(name: &str) -> Self {
            let home = folder(name);
            let keyrings = home.join(".local/share/keyrings");
            fs::create_dir_all(&keyrings).unwrap();
            fs::write(keyrings.join("default"), "login").unwrap();
            fs::create_dir(home.join("run")).unwrap();
            fs::set_permissions(home.join("run"), fs::Permissions::from_mode(0o700)).unwrap();
            Self { home, fixture: Fixture::new() }
        }

        /// The program in a session, with this on stdin.
        fn run(&self, args: &[&str], stdin: &str) -> End {
            let (stderr, given) = (self.home.join("stderr"), self.home.join("stdin"));
            fs::write(&given, stdin).unwrap();
            // For its environment.
            let program = notify([]);
            let mut command = Command::new("dbus-run-session");
            command.args(["--", "sh", "-c", SESSION, "sh"]).arg(program.get_program()).args(args);
            for (name, value) in program.get_envs() {
                match value {
                    Some(value) => command.env(name, value),
                    None => command.env_remove(name),
                };
            }
            command
                .env("HOME", &self.home)
                .env("XDG_RUNTIME_DIR", self.home.join("run"))
                .env("STDERR", &stderr);
            command.env_remove("XDG_CONFIG_HOME").env_remove("XDG_DATA_HOME");
            let mut end =
                End::writing(command.stdin(fs::File::open(&given).unwrap()), Stdio::piped(), Stdio::null());
            end.stderr = fs::read_to_string(stderr).unwrap_or_else(|error| {
                panic!("{error}: the session did not start; apt-get install dbus-daemon gnome-keyring")
            });
            end
        }

        fn does(&self, args: &[&str], stdin: &str) -> String {
            let end = self.run(args, stdin);
            assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{args:?}: {end:?}");
            end.stdout
        }
    }

    #[test]
    fn a_key_lives_in_the_keyring_from_one_session_to_the_next_until_its_profile_is_removed() {
        let user = User::new("keyring");
        let (key, url) = (user.fixture.sandbox.api_key(KeyType::Test), user.fixture.sandbox.url());
        user.does(&["profile", "add", "desk", "--keyring", "--base-url", url], &format!(" {key}\n"));
        let profiles = fs::read_to_string(user.home.join(".config/notify/profiles.json")).unwrap();
        assert!(profiles.contains("keyring") && !profiles.contains(&key[key.len() - 36..]), "{profiles}");
        assert!(user.does(&["profile", "list"], "").contains("the system's keyring"));
        user.does(&["list", "--profile", "desk"], "");
        // A key is replaced by another, and one that is no key is refused before anything changes.
        let again = ["profile", "add", "desk", "--keyring", "--base-url", url, "--replace"];
        user.run(&again, "hunter2").failed(3).says(&["the API key in stdin cannot be used"]);
        user.run(&again, "").failed(3).says(&["no API key in stdin"]);
        user.does(&["list", "--profile", "desk"], "");
        user.does(&again, KEY);
        let end = user.run(&["list", "--profile", "desk"], "").failed(4);
        assert!(!end.stderr.contains(SECRET), "{end:?}");
        // With the profile, its key goes.
        let file = user.home.join(".config/notify/profiles.json");
        let before = fs::read_to_string(&file).unwrap();
        user.does(&["profile", "remove", "desk"], "");
        fs::write(&file, before).unwrap();
        user.run(&["list", "--profile", "desk"], "").failed(3).says(&["no key for the profile", "--keyring"]);
    }

    #[test]
    fn a_key_that_is_kept_elsewhere_from_now_on_leaves_the_keyring() {
        let user = User::new("keyring-left");
        user.does(&["profile", "add", "desk", "--keyring"], KEY);
        let file = user.home.join(".config/notify/profiles.json");
        let before = fs::read_to_string(&file).unwrap();
        user.does(&["profile", "add", "desk", "--replace", "--key-command", "true"], "");
        fs::write(&file, before).unwrap();
        user.run(&["list", "--profile", "desk"], "").failed(3).says(&["no key for the profile"]);
    }

    #[test]
    fn without_a_keyring_an_error_says_what_to_use_and_nothing_is_kept() {
        let home = folder("keyring-none");
        let run = |args: &[&str]| {
            let mut command = notify(args.iter().copied());
            command.env("HOME", &home).env_remove("XDG_CONFIG_HOME");
            End::of(command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"))
        };
        run(&["profile", "add", "desk", "--keyring"])
            .failed(3)
            .says(&["cannot be reached", "--api-key-file"]);
        assert!(!home.join(".config/notify/profiles.json").exists());
        // A profile can be forgotten all the same.
        fs::create_dir_all(home.join(".config/notify")).unwrap();
        let file = home.join(".config/notify/profiles.json");
        fs::write(&file, r#"{"profiles": {"desk": {"key": {"keyring": "desk"}}}}"#).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        run(&["list", "--profile", "desk"]).failed(3).says(&["cannot be reached"]);
        run(&["profile", "remove", "desk"]).failed(1).says(&["still in the keyring", "“desk”"]);
        assert_eq!(run(&["profile", "list", "-o", "jsonl"]).stdout, "");
    }
}

#[cfg(not(feature = "keyring"))]
#[test]
fn a_program_without_the_keyring_says_how_to_have_one() {
    use crate::fixture::{End, folder, notify};

    let home = folder("keyring-absent");
    let mut command = notify(["profile", "add", "desk", "--keyring"]);
    let end = End::failing(command.env("HOME", &home).env_remove("XDG_CONFIG_HOME"), 3);
    end.says(&["built without the system's keyring", "--features keyring", "--key-command"]);
    assert!(!home.join(".config/notify/profiles.json").exists());
}
