//! Rate and daily limits over time.

use crate::fixture::Fixture;

#[test]
fn every_step_of_the_recorded_limits_comes_out_the_same() {
    let fixture = Fixture::new();
    for exchange in fixture.group("limits/") {
        fixture.replay(&exchange);
    }
}

#[test]
fn the_day_ends_at_midnight_for_live_and_team_keys_together() {
    let fixture = Fixture::new();
    let [first, second] =
        ["limits/daily-sms-live-1", "limits/daily-sms-live-2"].map(|name| fixture.exchange(name));
    fixture.replay(&first);
    fixture.replay(&second);
    let mut tomorrow = first.clone();
    tomorrow.sent_at += 86_400.0;
    // Today's token would be too old by then: send one of tomorrow.
    fixture.ask(&tomorrow);
    assert_eq!(fixture.ask_now(&first).status, 201);
}
