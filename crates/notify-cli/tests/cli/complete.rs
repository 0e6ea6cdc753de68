//! What a shell offers.
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

use std::fs;
use std::process::Command;

use crate::fixture::{End, Fixture, SEND_SMS, SMS_TEMPLATE, folder, notify};

/// What bash offers for the last of these words.
fn offered(fixture: Option<&Fixture>, words: &[&str]) -> Vec<String> {
    let script =
        folder(&format!("complete-{}", words.join("-").replace(['/', ' '], "_"))).join("notify.bash");
    let program = End::of(&mut notify(["completions", "bash"]));
    assert_eq!(program.status, 0, "{program:?}");
    fs::write(&script, program.stdout).unwrap();
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let (last, at) = (quoted.last().unwrap(), words.len() - 1);
    let complete = format!(
        "source {}; f=$(complete -p notify | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); COMP_WORDS=({}); COMP_CWORD={at}; \
         \"$f\" notify {last} x; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display(),
        quoted.join(" "),
    );
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_notify"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["-c", &complete]).env("PATH", path);
    for name in ["NOTIFY_API_KEY", "NOTIFY_BASE_URL"] {
        bash.env_remove(name);
    }
    if let Some(fixture) = fixture {
        bash.env("NOTIFY_BASE_URL", fixture.sandbox.url());
        bash.env("NOTIFY_API_KEY", fixture.sandbox.api_key(notify_sandbox::KeyType::Test));
    }
    let end = End::of(&mut bash);
    assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
    end.stdout.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[cfg(unix)]
#[test]
fn bash_offers_commands_options_and_statuses_without_a_key() {
    assert_eq!(offered(None, &["notify", "send", "precomp"]), ["precompiled-letter"]);
    assert!(offered(None, &["notify", "list", "--stat"]).contains(&"--status".to_owned()));
    let statuses = offered(None, &["notify", "list", "--status", ""]);
    assert!(statuses.contains(&"delivered".to_owned()) && statuses.len() == 16, "{statuses:?}");
    assert_eq!(offered(None, &["notify", "send", "sms", "--template", "c0"]), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn bash_offers_ids_where_a_key_is_set() {
    let fixture = Fixture::new();
    let id = fixture.json(SEND_SMS)["id"].as_str().unwrap().to_owned();
    let templates = offered(Some(&fixture), &["notify", "send", "sms", "--template", "c0"]);
    assert!(templates.contains(&SMS_TEMPLATE.to_owned()) && templates.len() == 4, "{templates:?}");
    assert_eq!(offered(Some(&fixture), &["notify", "template", &SMS_TEMPLATE[..36]]), [SMS_TEMPLATE]);
    for command in ["get", "pdf", "wait"] {
        assert_eq!(offered(Some(&fixture), &["notify", command, &id[..8]]), [id.as_str()], "{command}");
    }
}

#[test]
fn every_shell_has_a_script_that_asks_the_program() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let end = End::of(&mut notify(["completions", shell]));
        assert!(end.status == 0 && end.stdout.contains("NOTIFY_COMPLETE"), "{shell}: {end:?}");
    }
    let end = End::failing(notify(["completions"]).env_remove("SHELL"), 2);
    end.says(&["SHELL", "bash, elvish, fish, powershell or zsh"]);
}

#[cfg(target_os = "linux")]
#[test]
fn completions_are_installed_where_the_shell_looks() {
    let home = folder("completions-home");
    let install = |shell: &str| {
        let mut command = notify(["completions", "--install"]);
        command
            .env("HOME", &home)
            .env("SHELL", shell)
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME");
        let end = End::of(&mut command);
        assert_eq!((end.status, end.stderr.as_str()), (0, ""), "{end:?}");
        end.stdout
    };
    assert!(install("/bin/bash").contains("a new shell has them"));
    let script = fs::read_to_string(home.join(".local/share/bash-completion/completions/notify")).unwrap();
    assert!(script.contains("complete "), "{script}");
    install("/usr/bin/fish");
    assert!(home.join(".config/fish/completions/notify.fish").exists());
    assert!(install("/bin/zsh").contains("add this line to ~/.zshrc"));
    assert!(home.join(".local/share/notify/completions.zsh").exists());
}
