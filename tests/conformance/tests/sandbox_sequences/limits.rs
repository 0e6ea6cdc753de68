//! Rate and daily limits, in time.

use crate::stage::Stage;

#[test]
fn every_step_of_the_recorded_limits_comes_out_the_same() {
    let stage = Stage::new();
    for exchange in stage.group("limits/") {
        stage.replay(&exchange);
    }
}

#[test]
fn the_day_ends_at_midnight_for_live_and_team_keys_together() {
    let stage = Stage::new();
    let [first, second] =
        ["limits/daily-sms-live-1", "limits/daily-sms-live-2"].map(|name| stage.exchange(name));
    stage.replay(&first);
    stage.replay(&second);
    let mut tomorrow = first.clone();
    tomorrow.sent_at += 86_400.0;
    // The token is of today and so too old: ask with one of tomorrow.
    stage.ask(&tomorrow);
    assert_eq!(stage.ask_now(&first).status, 201);
}
