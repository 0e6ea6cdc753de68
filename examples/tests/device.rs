//! The doorbell of `examples/device`, in QEMU, against a sandbox that loses, delays and breaks its answers.
//!
//! Each test counts on the sandbox: the message was sent exactly once, or the board says that it does not know.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use std::{env, fs};

use notify_sandbox::{ErrorResponse, Fault, KeyType, Sandbox};

/// The most that it may take of RAM, in bytes.
const RAM: u32 = 10 * 1024;

/// The exit statuses of the doorbell.
const SENT: i32 = 0;
const NOT_SENT: i32 = 1;

/// A board beside a sandbox.
struct Board {
    sandbox: Sandbox,
    /// The status of each answer, in order.
    answers: Arc<Mutex<Vec<(String, u16)>>>,
    folder: PathBuf,
    /// The time that the board knows from the beginning, if any.
    time: u64,
    phone_number: &'static str,
}

/// What a run ended with.
#[derive(Debug, PartialEq)]
struct Run {
    status: i32,
    lines: Vec<String>,
}

impl Board {
    /// A board that has the right time.
    fn new(name: &str) -> Self {
        let answers = Arc::<Mutex<Vec<(String, u16)>>>::default();
        let heard = Arc::clone(&answers);
        let hear = move |record: &notify_sandbox::RequestRecord| {
            heard.lock().unwrap().push((record.method.clone(), record.status.unwrap_or_default()));
        };
        let sandbox = Sandbox::builder().on_request(hear).start().unwrap();
        // Each image has folders of its own, since several are tested at once.
        let image = image();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(image.file_name().unwrap()).join(name);
        // Its flash is empty.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        Self { sandbox, answers, folder, time, phone_number: "07900 900123" }
    }

    fn with(name: &str, fault: Fault) -> Self {
        let board = Self::new(name);
        board.sandbox.inject_fault(fault.on_method("POST").on_path("/v2/notifications/*").next(1));
        board
    }

    /// Somebody rings. The board is reset once at this point, if any.
    fn ring(&self, reset: &str) -> Run {
        self.run(image(), reset)
    }

    /// The board asks what became of the ring.
    fn ask(&self) -> Run {
        let image =
            env::var_os("NOTIFY_DEVICE_QUERY_IMAGE").expect("set by `cargo xtask test --only device`");
        self.run(image.into(), "ask")
    }

    /// Runs this program, with this at the end of its input.
    fn run(&self, image: PathBuf, last: &str) -> Run {
        let key = self.sandbox.api_key(KeyType::Live);
        let input =
            format!("{key}\t{}\t{}\t42\t{}\t{last}", self.sandbox.port(), self.phone_number, self.time);
        fs::write(self.folder.join("input.txt"), input).unwrap();
        let machine = ["-machine", "lm3s6965evb", "-nic", "user,model=stellaris", "-nographic"];
        let output = Command::new("qemu-system-arm")
            .args(machine)
            .args(["-semihosting-config", "enable=on,target=native", "-kernel"])
            .arg(image)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let lines = printed.lines().map(str::to_owned).collect();
        Run { status: output.status.code().unwrap(), lines }
    }

    /// How many messages the sandbox has taken.
    fn count(&self) -> usize {
        self.sandbox.messages().with_reference("door-17-42").len()
    }

    /// How the requests were answered.
    fn answers(&self) -> Vec<(String, u16)> {
        self.answers.lock().unwrap().clone()
    }

    /// Checks that it was sent, exactly once.
    fn is_sent(&self, run: &Run) {
        assert_eq!((run.status, self.count()), (SENT, 1), "{run:?} {:?}", self.answers());
        assert!(run.lines.iter().any(|line| line == "accepted"), "{run:?}");
        assert!(ram(&run.lines) <= RAM, "{run:?}");
        let message = self.sandbox.messages().with_reference("door-17-42").only();
        assert_eq!(message.body(), "Hello the house, your permit 42 is ready.");
    }
}

/// The program of the board.
fn image() -> PathBuf {
    env::var_os("NOTIFY_DEVICE_IMAGE").expect("set by `cargo xtask test --only device`").into()
}

/// How much RAM a run took: static variables, and the stack at its deepest.
fn ram(lines: &[String]) -> u32 {
    let line = lines.iter().find_map(|line| line.strip_prefix("RAM: ")).unwrap();
    line.split(' ').filter_map(|word| word.parse::<u32>().ok()).sum()
}

fn posts(answers: &[(String, u16)]) -> usize {
    answers.iter().filter(|(method, _)| method == "POST").count()
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn the_first_token_has_the_time_of_the_build_and_the_refusal_tells_the_right_one() {
    let mut board = Board::new("time");
    board.time = 0;
    let run = board.ring("");
    board.is_sent(&run);
    assert_eq!(run.lines[..3], ["somebody rings", "not taken: again in 0 s", "accepted"]);
    assert_eq!(board.answers(), [("POST".to_owned(), 403), ("POST".to_owned(), 201)]);
    // The confirmed time is in flash, so the next ring needs one request.
    let answers = board.answers().len();
    let run = board.ring("");
    assert_eq!((run.status, board.count()), (SENT, 1));
    assert_eq!(run.lines[0], "this ring is finished already");
    assert_eq!(board.answers().len(), answers);
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn an_answer_that_drips_is_read_a_byte_at_a_time() {
    let board = Board::with("drip", Fault::drip(Duration::from_millis(5)));
    let run = board.ring("");
    board.is_sent(&run);
    assert_eq!(posts(&board.answers()), 1);
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn an_answer_that_is_lost_after_the_message_was_taken_is_looked_up() {
    for (name, fault) in [
        ("dropped-after", Fault::drop_connection().after_effect()),
        ("cut-body", Fault::cut_body()),
        ("503-after", Fault::respond(ErrorResponse::Unavailable).after_effect()),
        ("500-after", Fault::respond(ErrorResponse::InternalError).after_effect()),
    ] {
        let board = Board::with(name, fault);
        let run = board.ring("");
        board.is_sent(&run);
        assert_eq!(run.lines[1..3], ["unknown: a lookup in 1 s", "accepted"], "{name}");
        assert_eq!(posts(&board.answers()), 1, "{name}");
    }
}

/// Sends a message that was not taken at first, which takes more than a minute.
fn is_sent_again(name: &str, fault: Fault) {
    let board = Board::with(name, fault);
    let run = board.ring("");
    board.is_sent(&run);
    assert_eq!(run.lines[1], "unknown: a lookup in 1 s");
    assert!(run.lines.iter().any(|line| line == "not taken: again in 0 s"), "{run:?}");
    assert_eq!(posts(&board.answers()), 2);
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_message_whose_connection_was_dropped_is_sent_again_once_it_is_proved_absent() {
    is_sent_again("dropped", Fault::drop_connection());
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_message_that_met_a_503_is_sent_again_once_it_is_proved_absent() {
    is_sent_again("503", Fault::respond(ErrorResponse::Unavailable));
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_message_that_came_too_fast_is_sent_a_second_later() {
    let board = Board::with("429", Fault::respond(ErrorResponse::TooManyRequests));
    let run = board.ring("");
    board.is_sent(&run);
    assert_eq!(run.lines[1..3], ["not taken: again in 1 s", "accepted"]);
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_reset_while_the_answer_arrives_leaves_a_message_that_a_lookup_finds() {
    let board = Board::with("reset", Fault::drip(Duration::from_millis(5)));
    let run = board.ring("answered");
    board.is_sent(&run);
    assert_eq!(run.lines[..3], ["somebody rings", "a message is in doubt since the reset", "accepted"]);
    assert_eq!(posts(&board.answers()), 1);
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_reset_before_the_first_byte_leaves_a_message_that_is_proved_absent_and_sent() {
    let board = Board::new("reset-before");
    let run = board.ring("before");
    board.is_sent(&run);
    assert_eq!(run.lines[..2], ["somebody rings", "a message is in doubt since the reset"]);
    assert_eq!(posts(&board.answers()), 1);
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_message_to_a_number_for_smoke_tests_stays_unknown_when_its_answer_is_lost() {
    let mut board = Board::with("unknown", Fault::drop_connection().after_effect());
    board.phone_number = "07700 900111";
    let run = board.ring("");
    assert_eq!((run.status, posts(&board.answers())), (7, 1), "{run:?}");
    assert_eq!(run.lines[1], "unknown, for ever");
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_message_that_nobody_can_look_up_is_not_sent_again_after_a_reset() {
    let mut board = Board::with("unknown-reset", Fault::drip(Duration::from_millis(5)));
    board.phone_number = "07700 900111";
    let run = board.ring("answered");
    assert_eq!((run.status, posts(&board.answers())), (7, 1), "{run:?}");
    assert_eq!(run.lines[1], "a message will be in doubt for ever");
    // It was given up, which is not the same as not sent.
    let run = board.ring("");
    assert_eq!((run.status, &*run.lines[0]), (7, "this ring is finished already"));
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_message_that_the_service_refuses_is_not_sent_again() {
    let mut board = Board::new("refused");
    board.phone_number = "12";
    let run = board.ring("");
    assert_eq!((run.status, board.count()), (NOT_SENT, 0), "{run:?}");
    assert_eq!(run.lines[1], "refused: 400 ValidationError");
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_board_asks_whether_its_message_was_delivered() {
    let board = Board::new("delivered");
    let run = board.ring("");
    board.is_sent(&run);
    board.sandbox.wait_until_idle();
    let run = board.ask();
    assert_eq!((run.status, &*run.lines[0]), (0, "delivered"), "{run:?}");
}

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_question_whose_answer_is_lost_or_broken_is_asked_again_and_sends_nothing() {
    for (name, fault) in [
        ("ask-dropped", Fault::drop_connection()),
        ("ask-cut-body", Fault::cut_body()),
        ("ask-503", Fault::respond(ErrorResponse::Unavailable)),
        ("ask-500", Fault::respond(ErrorResponse::InternalError)),
    ] {
        let board = Board::new(name);
        let run = board.ring("");
        board.is_sent(&run);
        board.sandbox.wait_until_idle();
        board.sandbox.inject_fault(fault.on_method("GET").next(1));
        let run = board.ask();
        assert_eq!(
            (run.status, &run.lines[..2]),
            (0, &[AGAIN, "delivered"].map(str::to_owned)[..]),
            "{name}"
        );
        assert_eq!((posts(&board.answers()), board.count()), (1, 1), "{name}");
    }
}

/// What a board prints that got no answer to its first question.
const AGAIN: &str = "no answer: again in 1 s";

#[test]
#[ignore = "runs in QEMU: `cargo xtask test --only device`"]
fn a_question_of_a_board_that_does_not_know_the_time_or_the_message_is_answered_all_the_same() {
    let mut board = Board::new("ask-time");
    board.time = 0;
    board.sandbox.inject_fault(Fault::drip(Duration::from_millis(5)).on_method("GET").next(2));
    let run = board.ask();
    assert_eq!((run.status, &*run.lines[1]), (1, "not found"), "{run:?}");
    assert_eq!(run.lines[0], "no answer: again in 0 s");
    assert_eq!(board.answers(), [("GET".to_owned(), 403), ("GET".to_owned(), 200)]);
}
