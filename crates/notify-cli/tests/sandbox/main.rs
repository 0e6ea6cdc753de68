//! `notify sandbox` as a program: it is ready when it says so, and its state outlives it.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "what is not as expected ends the test, helpers included")]

mod program;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use notify_testkit::http1::RawResponse;
use program::{KEY, Program};
use serde_json::{Value, json};
use uuid::Uuid;

/// The test's own folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn id(answer: &RawResponse) -> String {
    serde_json::from_slice::<Value>(&answer.body).unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_ready_file_has_the_url_and_is_removed_with_the_sandbox() {
    let folder = folder("ready");
    let program = Program::start(&folder, &["--port", "0", "--quiet"]);
    assert_eq!(program.ask("GET", "/_status", &Value::Null).unwrap().status, 200);
    assert!(folder.join("ready").exists());
    let terminated = Command::new("kill").arg(program.child.id().to_string()).status().unwrap();
    assert!(terminated.success());
    let mut program = program;
    assert!(program.child.wait().unwrap().success());
    assert!(!folder.join("ready").exists());
}

#[test]
fn a_printed_line_is_all_that_a_shell_needs_for_each_service() {
    for service in ["govuk", "au", "gc", "va"] {
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_notify"))
            .args(["sandbox", "--quiet", "--port", "0", "--service", service])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = BufReader::new(sandbox.stdout.take().unwrap()).lines();
        let line = printed.find_map(|line| line.unwrap().strip_prefix("export ").map(str::to_owned)).unwrap();
        let templates = Command::new("sh")
            .args([
                "-c",
                &format!("export {line}; \"$0\" templates --type sms"),
                env!("CARGO_BIN_EXE_notify"),
            ])
            .env_clear()
            .output()
            .unwrap();
        sandbox.kill().unwrap();
        sandbox.wait().unwrap();
        let (said, failed) = (String::from_utf8_lossy(&templates.stdout), templates.stderr);
        assert!(said.contains("Permit ready"), "{service}: {line}: {}", String::from_utf8_lossy(&failed));
    }
}

#[test]
fn a_file_that_is_not_a_ready_file_is_never_overwritten_or_removed() {
    let folder = folder("not-ready");
    let report = folder.join("report.txt");
    for content in ["my report\n", "", "http://example.com/\nand more\n", "http://127.0.0.1:1\n "] {
        std::fs::write(&report, content).unwrap();
        let said = refusal(&["--quiet", "--ready-file", report.to_str().unwrap()]);
        assert!(said.contains("report.txt") && said.contains("another name"), "{said}");
        assert_eq!(std::fs::read_to_string(&report).unwrap(), content);
    }
    std::fs::remove_file(&report).unwrap();
    std::fs::create_dir(&report).unwrap();
    assert!(refusal(&["--quiet", "--ready-file", report.to_str().unwrap()]).contains("report.txt"));

    #[cfg(unix)]
    {
        let link = folder.join("link");
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(folder.join("nowhere"), &link).unwrap();
        assert!(refusal(&["--quiet", "--ready-file", link.to_str().unwrap()]).contains("another name"));
        assert!(link.is_symlink());
    }

    // What an earlier sandbox left behind may go, and what somebody else has put there since may not.
    let ready = folder.join("ready");
    std::fs::write(&ready, "http://127.0.0.1:1\n").unwrap();
    let mut program = Program::start(&folder, &["--quiet"]);
    std::fs::write(&ready, "http://127.0.0.1:2\n").unwrap();
    assert!(Command::new("kill").arg(program.child.id().to_string()).status().unwrap().success());
    assert!(program.child.wait().unwrap().success());
    assert_eq!(std::fs::read_to_string(&ready).unwrap(), "http://127.0.0.1:2\n");
}

#[test]
fn over_https_a_client_that_trusts_the_written_certificate_gets_in_and_no_other() {
    let folder = folder("tls");
    let file = folder.join("ca.pem");
    let program =
        Program::start(&folder, &["--quiet", "--tls", file.to_str().unwrap(), "--tls-name", "a.example"]);
    assert!(program.url.starts_with("https://127.0.0.1:"), "{}", program.url);
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.starts_with("-----BEGIN CERTIFICATE-----") && !written.contains("PRIVATE"), "{written}");
    let templates = |trusted: &Path| {
        let mut client = Command::new(env!("CARGO_BIN_EXE_notify"));
        client.arg("templates").env("NOTIFY_API_KEY", KEY).env("NOTIFY_BASE_URL", &program.url);
        client.env("SSL_CERT_FILE", trusted).env_remove("SSL_CERT_DIR").output().unwrap()
    };
    let answer = templates(&file);
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    assert!(String::from_utf8_lossy(&answer.stdout).contains("Permit ready"));
    let other = folder.join("other.pem");
    let another = Program::start(&folder, &["--quiet", "--tls", other.to_str().unwrap()]);
    assert!(!templates(&other).status.success(), "its authority vouches for another sandbox");
    drop(another);
}

#[test]
fn a_name_without_https_is_a_mistake() {
    assert!(refusal(&["--tls-name", "a.example"]).contains("--tls"));
}

#[test]
fn a_name_that_no_certificate_has_is_a_mistake() {
    let file = folder("names").join("ca.pem");
    for name in ["", "a b", "https://a.example"] {
        let said = refusal(&["--quiet", "--tls", file.to_str().unwrap(), "--tls-name", name]);
        assert!(said.contains("cannot be the name in a certificate") && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn a_file_that_is_no_certificate_is_never_overwritten() {
    let file = folder("no-certificate").join("key.pem");
    for content in ["my report\n", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"] {
        std::fs::write(&file, content).unwrap();
        let said = refusal(&["--quiet", "--tls", file.to_str().unwrap()]);
        assert!(said.contains("key.pem") && said.contains("another name"), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
    }
}

#[test]
fn a_kill_at_any_moment_loses_no_acknowledged_message() {
    let folder = folder("kill");
    let state = folder.join("state.sqlite");
    let arguments = ["--quiet", "--no-limits", "--no-callbacks", "--state", state.to_str().unwrap()];
    let mut acknowledged: Vec<(String, Option<&str>)> = Vec::new();
    for round in 0..8 {
        let program = Program::start(&folder, &arguments);
        program.expect(&acknowledged);
        // An arbitrary moment, between the middle of the first message and the middle of many.
        let moment = Duration::from_millis(5 + u64::from(Uuid::new_v4().as_bytes()[0]));
        let victim = program.child.id().to_string();
        let killer = thread::spawn(move || {
            thread::sleep(moment);
            Command::new("kill").args(["-9", &victim]).status().unwrap()
        });
        for number in 0.. {
            let Ok(answer) = program.send(&format!("{round}-{number}")) else { break };
            assert_eq!(answer.status, 201);
            let id = id(&answer);
            acknowledged.push((id.clone(), None));
            if number % 3 == 0 {
                let status = json!({ "status": "permanent-failure" });
                let set = program.ask("PUT", &format!("/sandbox/messages/{id}/status"), &status);
                if set.is_ok_and(|answer| answer.status == 200) {
                    acknowledged.last_mut().unwrap().1 = Some("permanent-failure");
                }
            }
        }
        assert!(killer.join().unwrap().success());
    }
    let program = Program::start(&folder, &arguments);
    program.expect(&acknowledged);
    assert!(acknowledged.len() > 8, "{} messages were acknowledged", acknowledged.len());
}

#[test]
fn texts_files_services_and_letters_are_kept_too() {
    let folder = folder("all");
    let state = folder.join("state.sqlite");
    let arguments = ["--quiet", "--state", state.to_str().unwrap()];
    let program = Program::start(&folder, &arguments);
    let text = json!({ "from": "447700900111", "content": "Yes" });
    assert_eq!(program.ask("POST", "/sandbox/received-texts", &text).unwrap().status, 201);
    let service = json!({ "name": "New", "permissions": ["sms"] });
    assert_eq!(program.ask("POST", "/sandbox/services", &service).unwrap().status, 201);
    let email = json!({
        "email_address": "kim@example.com",
        "template_id": "c0ffee00-0000-4000-8000-000000000014",
        "personalisation": { "name": "Kim", "link_to_file": { "file": "aGVsbG8=", "filename": "a.txt" } },
    });
    let email = program.ask("POST", "/v2/notifications/email", &email).unwrap();
    assert_eq!(email.status, 201);
    let letter = json!({ "reference": "r", "content": "JVBERi0xLjQK" });
    let letter = program.ask("POST", "/v2/notifications/letter", &letter).unwrap();
    assert_eq!(letter.status, 201);
    program.kill();

    let program = Program::start(&folder, &arguments);
    let get = |target: &str| program.ask("GET", target, &Value::Null).unwrap();
    let texts: Value = serde_json::from_slice(&get("/v2/received-text-messages").body).unwrap();
    assert_eq!(texts["received_text_messages"][0]["content"], "Yes");
    let overview: Value = serde_json::from_slice(&get("/sandbox/").body).unwrap();
    assert_eq!(overview["services"][1]["name"], "New");
    let email: Value =
        serde_json::from_slice(&get(&format!("/v2/notifications/{}", id(&email))).body).unwrap();
    let link = email["body"].as_str().unwrap().split("/d/").nth(1).unwrap().trim();
    assert_eq!(get(&format!("/d/{link}")).body, b"hello");
    thread::sleep(notify_sandbox::DEFAULT_STEP * 2);
    assert_eq!(get(&format!("/v2/notifications/{}/pdf", id(&letter))).body, b"%PDF-1.4\n");
}

#[test]
fn a_full_disk_is_a_clear_error_and_loses_nothing_acknowledged() {
    let folder = folder("full");
    let state = folder.join("state.sqlite");
    // No file can grow beyond half a megabyte: to the process, the disk is full.
    let mut command = Command::new("bash");
    command.args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_notify")]);
    command.args(["sandbox", "--no-callbacks", "--state", state.to_str().unwrap()]);
    let program = Program::spawn(&folder, command);
    let mut acknowledged = Vec::new();
    let refused = loop {
        let answer = program.send("r").unwrap();
        if answer.status != 201 {
            break answer;
        }
        acknowledged.push((id(&answer), None));
        assert!(acknowledged.len() < 2000, "half a megabyte does not hold so many");
    };
    assert_eq!(refused.status, 500);
    program.expect(&acknowledged);
    let list = program.ask("GET", "/sandbox/messages?limit=5000", &Value::Null).unwrap();
    let list: Value = serde_json::from_slice(&list.body).unwrap();
    assert_eq!(
        list["messages"].as_array().unwrap().len(),
        acknowledged.len(),
        "what was refused is not there"
    );
    let said = program.kill();
    assert!(said.contains("the state cannot be kept in"), "{said}");

    let program = Program::start(&folder, &["--quiet", "--state", state.to_str().unwrap()]);
    program.expect(&acknowledged);
    assert_eq!(program.send("r").unwrap().status, 201, "there is room again");
}

/// The error of a sandbox that does not start.
fn refusal(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_notify")).arg("sandbox").args(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_unusable_state_file_is_reported_at_the_start() {
    let folder = folder("unusable");
    let state = folder.join("state.sqlite");
    let state = state.to_str().unwrap();
    let program = Program::start(&folder, &["--quiet", "--state", state]);
    let in_use = refusal(&["--state", state]);
    assert!(in_use.contains("in use by another sandbox"), "{in_use}");
    program.kill();

    let world = folder.join("world.json");
    std::fs::write(&world, r#"{"services": [{"name": "Other"}]}"#).unwrap();
    let other = refusal(&["--state", state, "--world", world.to_str().unwrap()]);
    assert!(other.contains("was made with another world"), "{other}");

    let text = refusal(&["--state", world.to_str().unwrap()]);
    assert!(text.contains("is not the state of a sandbox"), "{text}");

    let nowhere = refusal(&["--state", folder.join("no/such/folder/state").to_str().unwrap()]);
    assert!(
        nowhere.contains("the state cannot be kept in") && nowhere.contains("unable to open"),
        "{nowhere}"
    );
}

#[test]
fn a_state_that_would_not_last_is_refused() {
    let folder = folder("memory");
    for name in [":memory:", "file::memory:", "file:x?mode=memory", "FILE:x?mode=memory&cache=shared"] {
        let output = Command::new(env!("CARGO_BIN_EXE_notify"))
            .args(["sandbox", "--state", name])
            .current_dir(&folder)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("would not last"), "{name}: {said}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_row_that_cannot_be_read_is_an_error_and_not_left_out() {
    let folder = folder("row");
    let state = folder.join("state.sqlite");
    let arguments = ["--quiet", "--state", state.to_str().unwrap()];
    let mut program = Program::start(&folder, &arguments);
    assert_eq!(program.send("r").unwrap().status, 201);
    // It ends in peace, so that all of it is in one file.
    assert!(Command::new("kill").arg(program.child.id().to_string()).status().unwrap().success());
    assert!(program.child.wait().unwrap().success());
    let whole = std::fs::read(&state).unwrap();
    for (old, new) in
        [(r#""journey":"d"#, r#""journey":"x"#), (r#""key_type":"live""#, r#""key_type":"lost""#)]
    {
        let at = whole.windows(old.len()).position(|part| part == old.as_bytes()).unwrap();
        let mut broken = whole.clone();
        broken[at..at + old.len()].copy_from_slice(new.as_bytes());
        std::fs::write(&state, broken).unwrap();
        let said = refusal(&arguments);
        assert!(said.contains("state.sqlite cannot be read in full"), "{said}");
    }
    std::fs::write(&state, whole).unwrap();
    let program = Program::start(&folder, &arguments);
    let list = program.ask("GET", "/sandbox/messages", &Value::Null).unwrap();
    let list: Value = serde_json::from_slice(&list.body).unwrap();
    assert_eq!(list["messages"].as_array().unwrap().len(), 1);
}

/// The arguments that the recipe for containers gives the program, without its name: the entry point with the image's
/// own command, and with that of Docker Compose.
fn container_arguments() -> [Vec<String>; 2] {
    let recipe = include_str!("../../../../docs/shared-sandbox.md");
    let list = |name: &str| -> Vec<String> {
        let line = recipe.lines().find_map(|line| line.trim_start().strip_prefix(name)).unwrap();
        serde_json::from_str(line).unwrap()
    };
    let entry = list("ENTRYPOINT ");
    assert_eq!(entry[..2], ["notify", "sandbox"]);
    [list("CMD "), list("command: ")].map(|command| [&entry[2..], &command].concat())
}

#[test]
fn the_program_takes_the_arguments_of_the_recipe_for_containers() {
    let folder = folder("container");
    for (mut arguments, scheme) in container_arguments().into_iter().zip(["http://", "https://"]) {
        for argument in &mut arguments {
            // Its ports may be taken here, and its volume is not mounted.
            match argument.as_str() {
                "6011" | "443" => "0".clone_into(argument),
                path if path.starts_with('/') => {
                    *argument = folder.join("ca.pem").to_str().unwrap().to_owned();
                }
                _ => {}
            }
        }
        let program = Program::start(&folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(program.url.starts_with(scheme), "{}", program.url);
    }
}
