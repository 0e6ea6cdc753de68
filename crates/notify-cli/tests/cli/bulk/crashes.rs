//! Programs that are killed, stopped and interrupted while they send a list.
#![cfg(unix)]

use std::thread::sleep;
use std::time::Duration;

use notify_sandbox::Fault;

use super::sent::List;

/// How long the service's clock is moved, so that what is in doubt can be proved: no token that was minted before is taken
/// then.
pub(super) const UNTIL_PROVED: Duration = Duration::from_secs(300);

/// Some moment of a run.
fn moment(seed: u64) -> Duration {
    Duration::from_millis(20 + seed.wrapping_mul(2_654_435_761) % 400)
}

#[test]
fn a_list_whose_program_is_killed_again_and_again_is_sent_once() {
    let list = List::new("bulk-killed", 400);
    // So that there is something to kill.
    list.sandbox.inject_fault(
        Fault::delay(Duration::from_millis(40))
            .on_method("POST")
            .on_path("/v2/notifications/*")
            .next(100_000),
    );
    for kill in 0..6 {
        let run = list.start();
        sleep(Duration::from_millis(300) + moment(kill));
        run.kill();
    }
    assert!(list.sandbox.messages().len() < 400);
    list.sandbox.clock().advance(UNTIL_PROVED);
    let end = list.run();
    assert_eq!(end.status, 0, "{end:?}");
    list.assert_sent_once();
}

#[test]
fn a_program_that_is_stopped_and_wakes_sends_nothing_twice() {
    let list = List::new("bulk-stopped", 300);
    list.sandbox.inject_fault(
        Fault::delay(Duration::from_millis(30))
            .on_method("POST")
            .on_path("/v2/notifications/*")
            .next(100_000),
    );
    let run = list.start();
    list.wait_until_sent(20);
    for stop in 0..4 {
        run.signal("STOP");
        // While it is stopped, its tokens become old.
        list.sandbox.clock().advance(Duration::from_secs(45 * (stop % 2)));
        sleep(moment(stop));
        run.signal("CONT");
        sleep(moment(stop + 9));
    }
    let end = run.end();
    let end = if end.status == 0 {
        end
    } else {
        list.sandbox.clock().advance(UNTIL_PROVED);
        list.run()
    };
    assert_eq!(end.status, 0, "{end:?}");
    list.assert_sent_once();
}

#[test]
fn an_interrupt_ends_cleanly_and_says_how_to_continue() {
    for name in ["INT", "TERM"] {
        let list = List::new(&format!("bulk-interrupted-{name}"), 2_000);
        list.sandbox.inject_fault(
            Fault::delay(Duration::from_millis(100))
                .on_method("POST")
                .on_path("/v2/notifications/*")
                .next(100_000),
        );
        let run = list.start();
        list.wait_until_sent(10);
        run.signal(name);
        let end = run.end();
        assert_eq!(end.status, 10, "{end:?}");
        end.says(&["stopping, once the service has answered", "interrupted; ", "run the same command again"]);
        let result = std::fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
        // Everything that was under way has been waited for.
        assert_eq!(result.matches(",sent,").count(), list.sandbox.messages().len());
        assert_eq!((result.matches(",in doubt,").count(), result.lines().count()), (0, 2_001));
        let end = list.run();
        assert_eq!(end.status, 0, "{end:?}");
        list.assert_sent_once();
    }
}

#[test]
fn a_second_interrupt_ends_at_once_and_loses_nothing() {
    // Some are still to be sent, or all are under way.
    for (rows, status) in [(300, 10), (12, 7)] {
        let list = List::new(&format!("bulk-twice-interrupted-{rows}"), rows);
        list.sandbox.inject_fault(
            Fault::delay(Duration::from_secs(20))
                .after_effect()
                .on_method("POST")
                .on_path("/v2/notifications/*")
                .next(300),
        );
        let run = list.start();
        while !list.path("list.csv.notify-journal").exists() {
            sleep(Duration::from_millis(10));
        }
        // The first messages have left by then, and no answer has come.
        sleep(Duration::from_secs(2));
        run.signal("INT");
        sleep(Duration::from_millis(300));
        run.signal("INT");
        let begin = std::time::Instant::now();
        let end = run.end();
        assert!(begin.elapsed() < Duration::from_secs(5));
        assert_eq!(end.status, status, "{end:?}");
        end.says(&["stopped at once", "help: run the same command again"]);
        // There is no result file to look into.
        assert!(!list.path("list.csv.notify-result.csv").exists() && !end.stderr.contains("result.csv"));
        list.sandbox.clear_faults();
        list.sandbox.clock().advance(UNTIL_PROVED);
        let end = list.run();
        assert_eq!(end.status, 0, "{end:?}");
        end.says(&["messages may have been sent already: they are looked up"]);
        list.assert_sent_once();
    }
}
