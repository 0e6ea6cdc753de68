//! The doorbell of `examples/device` over TLS, in QEMU: against a sandbox that speaks HTTPS, and against a server that shows a
//! forged certificate.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

#[path = "../device-tls/tests/openssl/mod.rs"]
mod openssl;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};
use std::{env, fs};

use notify_sandbox::{Fault, KeyType, Sandbox};
use openssl::{Pki, Server};

/// The exit statuses of the doorbell.
const SENT: i32 = 0;
const NOT_THE_GATEWAY: i32 = 3;

/// All of the board's RAM, in bytes.
const RAM: u32 = 64 * 1024;

/// A board that nothing was written to yet.
fn new_board(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("device-tls").join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Somebody rings at a board that knows this public key of its gateway, which is at this port.
fn ring(board: &Path, api_key: &str, port: u16, gateway: [u8; 65]) -> Child {
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let mut line = format!("{api_key}\t{port}\t07900 900123\t{time}\t");
    for byte in gateway {
        write!(line, "{byte:02x}").unwrap();
    }
    fs::write(board.join("input.txt"), line).unwrap();
    let image = env::var_os("NOTIFY_DEVICE_TLS_IMAGE").expect("set by `cargo xtask test --only device`");
    Command::new("qemu-system-arm")
        .args(["-machine", "lm3s6965evb", "-nic", "user,model=stellaris", "-nographic"])
        .args(["-semihosting-config", "enable=on,target=native", "-kernel"])
        .arg(image)
        .current_dir(board)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The same, until the board is done.
fn rung(board: &Path, api_key: &str, port: u16, gateway: [u8; 65]) -> Output {
    ring(board, api_key, port, gateway).wait_with_output().unwrap()
}

/// What OpenSSL makes of this input.
fn openssl(words: &[&str], input: &[u8]) -> Vec<u8> {
    let mut process = Command::new("openssl")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    process.wait_with_output().unwrap().stdout
}

/// The public key of the server there: the last 65 bytes of its structure.
fn key_of_server(port: u16) -> [u8; 65] {
    let shown = openssl(&["s_client", "-connect", &format!("127.0.0.1:{port}")], b"");
    let key = openssl(&["x509", "-noout", "-pubkey"], &shown);
    let structure = openssl(&["pkey", "-pubin", "-outform", "DER"], &key);
    structure[structure.len() - 65..].try_into().unwrap()
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_message_goes_over_tls_to_the_sandbox_whose_key_the_board_knows_and_in_its_ram() {
    let sandbox = Sandbox::builder().tls(["gateway.example"]).start().unwrap();
    let gateway = key_of_server(sandbox.port());
    let output = rung(&new_board("sandbox"), &sandbox.api_key(KeyType::Live), sandbox.port(), gateway);
    assert_eq!(output.status.code(), Some(SENT), "{output:?}");
    let message = sandbox.messages().with_reference("door-17-42").only();
    assert_eq!(message.body(), "Hello the house, your permit 42 is ready.");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = printed.lines().find_map(|line| line.strip_prefix("RAM: ")).unwrap();
    let ram: u32 = line.split(' ').filter_map(|word| word.parse::<u32>().ok()).sum();
    // There is room left: the stack did not run into the static variables.
    assert!(ram < RAM - 256, "{printed}");
    println!("{line}");
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_board_that_loses_its_power_while_the_answer_arrives_over_tls_looks_the_message_up_and_sends_it_once() {
    let sandbox = Sandbox::builder().tls(["gateway.example"]).start().unwrap();
    let gateway = key_of_server(sandbox.port());
    let slow = Fault::drip(Duration::from_secs(1)).on_method("POST").on_path("/v2/notifications/*");
    sandbox.inject_fault(slow.next(1));
    let (board, key) = (new_board("reset"), sandbox.api_key(KeyType::Live));
    let mut first = ring(&board, &key, sandbox.port(), gateway);
    let count = || sandbox.messages().with_reference("door-17-42").len();
    while count() == 0 {
        assert_eq!(first.try_wait().unwrap(), None, "the board did not send");
        thread::sleep(Duration::from_millis(20));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    for says in ["a message is in doubt since the reset", "this ring is finished already"] {
        let output = rung(&board, &key, sandbox.port(), gateway);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!((output.status.code(), printed.lines().next()), (Some(SENT), Some(says)), "{printed}");
        assert_eq!(count(), 1);
    }
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_server_with_another_key_gets_no_request_whether_its_certificate_is_forged_or_not() {
    const API_KEY: &str = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    let pki = Pki::new("board");
    // A certificate for the gateway's name that a leaf of the same root has signed; the same alone; another of the root.
    for (certificate, chain) in [("forged", Some("other")), ("forged", None), ("other", None)] {
        let server = Server::start(&pki, certificate, chain);
        drop(server.stream());
        let output = rung(&new_board("forged"), API_KEY, server.port, pki.key("gateway"));
        assert_eq!(output.status.code(), Some(NOT_THE_GATEWAY), "{certificate} {output:?}");
        assert_eq!(server.received(), "", "{certificate}");
    }
}
