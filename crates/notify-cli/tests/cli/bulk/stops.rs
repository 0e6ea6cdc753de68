//! What a run stops for, waits for, and leaves to a person.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use notify_sandbox::{Fault, Sandbox, World};

use super::crashes::UNTIL_PROVED;
use super::sent::List;
use crate::fixture::{End, notify};

const DAY: u64 = 24 * 60 * 60;

/// A list of twelve for a service that takes seven a day.
fn limited(name: &str) -> List {
    let world = r#"{"services": [{
        "id": "c0ffee00-0000-4000-8000-000000000001", "name": "Limited", "sms_message_limit": 7,
        "permissions": ["sms"], "api_keys": [{"label": "live", "name": "k", "type": "live", "secret": "c0ffee00-0000-4000-8000-00000000000a"}],
        "templates": [{"id": "c0ffee00-0000-4000-8000-000000000011", "name": "t", "type": "sms",
            "body": "Hello ((name)), your permit ((permit number)) is ready."}]}]}"#;
    let world = World::from_json(world).expect("it is a world");
    let sandbox = Sandbox::builder().world(world).start().expect("a sandbox starts");
    List::on(sandbox, name, 12)
}

/// The second of the day, by the clock with which a sandbox begins.
fn second_of_day() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    now.as_secs() % DAY
}

/// Sets the service's clock to so many seconds before midnight.
fn before_midnight(list: &List, seconds: u64) {
    let second = second_of_day();
    list.sandbox.clock().advance(Duration::from_secs((2 * DAY - second - seconds) % DAY));
}

/// Moves the service's clock, unless midnight is so far off that it is not waited for. By how many seconds it moved it.
fn away_from_midnight(list: &List) -> u64 {
    let moved = if second_of_day() > DAY - 400 { 600 } else { 0 };
    list.sandbox.clock().advance(Duration::from_secs(moved));
    moved
}

#[test]
fn a_daily_limit_stops_the_run_and_says_when_to_continue() {
    let list = limited("bulk-limited");
    let moved = away_from_midnight(&list);
    let end = End::of(&mut list.command(&["--yes"]));
    assert_eq!(end.status, 5, "{end:?}");
    end.says(&[
        "the daily limit of the service is used up; 5 of 12 messages are left",
        " 00:00:00 UTC",
        "--wait-for-midnight",
    ]);
    assert_eq!(list.sandbox.messages().len(), 7);
    list.sandbox.clock().advance(Duration::from_secs(DAY - moved));
    let end = End::of(&mut list.command(&["--yes"]));
    assert_eq!(end.status, 0, "{end:?}");
    end.says(&["going on where an earlier run ended: 5 messages are left"]);
    list.assert_sent_once();
}

#[test]
fn a_run_can_wait_for_midnight_and_then_send_the_rest() {
    let list = limited("bulk-midnight");
    before_midnight(&list, 8);
    let end = End::of(&mut list.command(&["--yes", "--wait-for-midnight"]));
    assert_eq!(end.status, 0, "{end:?}");
    list.assert_sent_once();
}

#[test]
fn a_wait_for_midnight_says_until_when_and_can_be_interrupted() {
    let list = limited("bulk-waits");
    away_from_midnight(&list);
    let mut command = list.command(&["--yes", "--wait-for-midnight"]);
    let run = super::sent::Running::of(&mut command);
    list.wait_until_sent(7);
    sleep(Duration::from_secs(2));
    run.signal("TERM");
    let end = run.end();
    assert_eq!(end.status, 10, "{end:?}");
    end.says(&["the daily limit of the service is used up; waiting until ", "5 of 12 messages are left"]);
    assert_eq!(list.sandbox.messages().len(), 7);
}

#[test]
fn a_disk_that_fills_up_stops_the_run_and_nothing_is_lost_or_doubled() {
    const ROWS: usize = 600;
    let list = List::new("bulk-fills-up", ROWS);
    list.sandbox.inject_fault(
        Fault::delay(Duration::from_millis(5)).on_method("POST").on_path("/v2/notifications/*"),
    );
    // No file grows beyond so many blocks: room for the journal, and for some of its commits.
    let mut room = 512;
    let end = loop {
        let end = End::of(&mut within(room, &list.sending()));
        if !list.sandbox.messages().is_empty() {
            break end;
        }
        assert_eq!(end.status, 1, "{end:?}");
        room += 256;
        assert!(room < 1 << 16, "it never sends");
    };
    assert!(list.sandbox.messages().len() < ROWS, "there was room for all");
    assert_eq!(end.status, 1, "{end:?}");
    end.says(&["make room, and run the same command again: nothing is sent twice"]);
    list.sandbox.clock().advance(UNTIL_PROVED);
    let end = list.run();
    assert_eq!(end.status, 0, "{end:?}");
    list.assert_sent_once();
}

/// The same command where no file may grow beyond so many blocks, as on a disk that is full.
pub(super) fn within(blocks: u32, command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
        limited.env(name, value);
    }
    limited
}

#[test]
fn a_list_whose_journal_was_never_filled_may_be_mended() {
    let list = List::new("bulk-mended", 3);
    let end = End::of(&mut within(8, &list.sending()));
    assert!([1, 3].contains(&end.status), "{end:?}");
    let path = list.path("list.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("name0", "name7")).unwrap();
    let end = list.run();
    assert_eq!(end.status, 0, "{end:?}");
    list.assert_sent_once();
}

#[test]
fn what_no_lookup_can_tell_is_decided_by_a_person_in_the_journal() {
    // A number of smoke tests, which the service never lists.
    let list = List::with_rows("bulk-person", "07900900123,a,1\n07700900000,b,2\n");
    let fault = Fault::drop_connection()
        .after_effect()
        .on_method("POST")
        .on_path("/v2/notifications/*")
        .to("07700900000");
    list.sandbox.inject_fault(fault);
    let end = End::of(list.sending().args(["--reconcile-for", "2"]));
    assert_eq!(end.status, 7, "{end:?}");
    let journal = list.path("list.csv.notify-journal");
    let journal = journal.to_str().unwrap();
    end.says(&["1 of them are for you to decide: notify outbox doubt --store ", journal]);
    let outbox = |more: &[&str]| {
        End::of(&mut notify(["outbox", "doubt", "--store", journal].into_iter().chain(more.iter().copied())))
    };
    let result = fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
    let reference = result.lines().nth(2).unwrap().rsplit(' ').next().unwrap().trim_matches('"').to_owned();
    assert!(outbox(&[]).stdout.contains(&reference), "{result}");
    // It is said to have been sent, and then the list is finished.
    assert_eq!(outbox(&["sent", &reference]).status, 0);
    let end = list.run();
    assert_eq!(end.status, 0, "{end:?}");
    // The service keeps no message to such a number, and nothing was sent again.
    assert_eq!(list.sandbox.messages().len(), 1);
    // Such a journal has no messages to send, only their places in the list.
    let run = ["outbox", "run", "--store", journal, "--until-empty"];
    let end =
        End::of(notify(run).envs(list.sending().get_envs().filter_map(|(name, value)| Some((name, value?)))));
    end.failed(3).says(&["`notify bulk` goes on with it"]);
}

/// At a terminal, as the program `script` makes one.
#[cfg(target_os = "linux")]
#[test]
fn a_list_that_changes_while_the_user_is_asked_is_not_sent() {
    for (name, changes, answer) in [("asked", false, "y"), ("denied", false, "n"), ("changes", true, "y")] {
        let list = List::new(&format!("bulk-{name}"), 3);
        let direct = list.command(&["--per-minute", "60000"]);
        let words = std::iter::once(direct.get_program()).chain(direct.get_args());
        let line: Vec<_> = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
        let typed = list.path("typed");
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--flush", "--command", &line.join(" ")]).arg(&typed);
        for (name, value) in direct.get_envs().filter_map(|(name, value)| Some((name, value?))) {
            command.env(name, value);
        }
        let mut run =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let asked = || fs::read_to_string(&typed).is_ok_and(|text| text.contains("[y/N]"));
        for _ in 0..3_000 {
            if asked() {
                break;
            }
            sleep(Duration::from_millis(10));
        }
        if changes {
            let text = fs::read_to_string(list.path("list.csv")).unwrap();
            fs::write(list.path("list.csv"), text.replace("name2", "name9")).unwrap();
        }
        run.stdin.take().unwrap().write_all(format!("{answer}\n").as_bytes()).unwrap();
        let end: End = run.wait_with_output().unwrap().into();
        let said = &end.stdout;
        assert!(
            said.contains("3 text messages, billed as 3 fragments") && said.contains("with the key “"),
            "{end:?}"
        );
        let sent = list.sandbox.messages().len();
        match name {
            "asked" => assert_eq!((end.status, sent), (0, 3), "{end:?}"),
            "denied" => assert!(end.status == 2 && sent == 0 && said.contains("nothing was sent"), "{end:?}"),
            _ => {
                assert!(end.status == 3 && sent == 0, "{end:?}");
                assert!(said.contains("has changed since it was checked, and nothing was sent"), "{end:?}");
                // As it is now it may be sent.
                assert_eq!(list.run().status, 0);
                list.assert_sent_once();
            }
        }
    }
}
