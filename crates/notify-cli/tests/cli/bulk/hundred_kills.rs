//! The proof, for `cargo xtask prove --only bulk`: a program that is killed a hundred times on its way through a list, over a
//! network and a service that fail all the while.
#![cfg(unix)]

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::thread::sleep;
use std::time::{Duration, Instant};

use notify_sandbox::{ErrorResponse, Fault};

use super::crashes::UNTIL_PROVED;
use super::sent::List;

const ROWS: usize = 10_000;
const KILLS: usize = 100;

/// How long a run may take until its kill. On a machine with much else to do it may not come to send anything before.
const LONGEST_RUN: Duration = Duration::from_secs(60);

/// Chance, other in every run of the test.
struct Chance {
    hashes: RandomState,
    draws: u64,
}

impl Chance {
    /// A number below this one.
    fn below(&mut self, end: usize) -> usize {
        self.draws += 1;
        usize::try_from(self.hashes.hash_one(self.draws) % end as u64).expect("it is below one that fits")
    }

    fn millis(&mut self, end: usize) -> Duration {
        Duration::from_millis(self.below(end) as u64)
    }

    fn seconds(&mut self, end: usize) -> Duration {
        Duration::from_secs(self.below(end) as u64)
    }
}

/// What happens to requests all the while, and how often.
fn inject_faults(list: &List) {
    let sent = |fault: Fault| fault.on_method("POST").on_path("/v2/notifications/*");
    let looked_up = |fault: Fault| fault.on_method("GET").on_path("/v2/notifications*");
    let late = |seconds| Fault::drop_connection().committed_late(Duration::from_secs(seconds));
    let faults = [
        // Cut before and after the service took the message.
        (sent(Fault::drop_connection()), 0.01),
        (sent(Fault::drop_connection().after_effect()), 0.01),
        (sent(Fault::cut_body()), 0.005),
        // Taken long after the connection was closed, up to the last second that the service gives itself.
        (sent(late(2)), 0.01),
        (sent(late(15)), 0.005),
        (sent(late(29)), 0.005),
        (sent(Fault::respond(ErrorResponse::GatewayTimeout).committed_late(Duration::from_secs(20))), 0.005),
        // Errors that leave open whether it was taken.
        (sent(Fault::respond(ErrorResponse::InternalError)), 0.005),
        (sent(Fault::respond(ErrorResponse::InternalError).after_effect()), 0.005),
        (sent(Fault::respond(ErrorResponse::BadGateway).after_effect()), 0.005),
        (sent(Fault::respond(ErrorResponse::TooManyRequests)), 0.0005),
        // Lookups that tell nothing.
        (looked_up(Fault::respond(ErrorResponse::Unavailable)), 0.05),
        (looked_up(Fault::drop_connection()), 0.05),
        // So that many are under way when the kill comes.
        (sent(Fault::delay(Duration::from_millis(100))), 0.8),
    ];
    for (seed, (fault, share)) in (1..).zip(faults) {
        list.sandbox.inject_fault(fault.share(share, seed));
    }
}

#[test]
#[ignore = "takes minutes"]
fn ten_thousand_rows_through_a_hundred_kills_are_sent_once() {
    let mut chance = Chance { hashes: RandomState::new(), draws: 0 };
    let list = List::new("bulk-hundred-kills", ROWS);
    inject_faults(&list);
    let clock = list.sandbox.clock();
    let taken = || list.sandbox.messages().len();
    let (mut kills, mut runs, mut stops) = (0, 0, 0);
    while kills < KILLS {
        runs += 1;
        assert!(runs < 3 * KILLS, "most runs send nothing before they are killed");
        let before = taken();
        let mut run = list.start();
        // Some moment in this run's share of the rows, once it has begun to send.
        let moment = (kills * ROWS + chance.below(ROWS)) / KILLS;
        let begun = Instant::now();
        while (taken() < moment || taken() == before) && begun.elapsed() < LONGEST_RUN {
            sleep(Duration::from_millis(10));
        }
        sleep(chance.millis(100));
        if chance.below(3) == 0 {
            run.signal("STOP");
            // Its tokens grow old meanwhile, and its claims end.
            clock.advance(chance.seconds(60));
            sleep(chance.millis(300));
            run.signal("CONT");
            sleep(chance.millis(300));
            stops += 1;
        }
        assert!(run.0.try_wait().expect("it was started here").is_none(), "it ended before kill {kills}");
        // A kill before anything is sent shows nothing.
        kills += usize::from(taken() > before);
        run.kill();
        // Nobody starts it again at once. Sometimes it is so late that what is in doubt can be proved.
        clock.advance(chance.seconds(200));
    }
    let before = taken();
    assert!(before < ROWS, "nothing was left after the last kill");
    // The rest meets the same faults. A run gives up when only doubt is left, and the next goes on once it can be proved.
    let mut rests = 0;
    let mut end = list.start().end();
    while end.status == 7 {
        rests += 1;
        assert!(rests < 10, "the doubt does not end: {end:?}");
        clock.advance(UNTIL_PROVED);
        end = list.start().end();
    }
    assert_eq!(end.status, 0, "{end:?}");
    // Whatever is still on its way arrives.
    clock.advance(UNTIL_PROVED);
    list.sandbox.wait_until_idle();
    list.assert_sent_once();
    let taken: HashSet<String> = list.sandbox.messages().iter().map(|message| message.id().clone()).collect();
    assert!(taken == list.result_ids(), "the result file does not name what the service took");
    println!(
        "{ROWS} rows, {KILLS} kills, {stops} stops, {before} messages taken at the last kill: doubled 0, lost 0"
    );
}
