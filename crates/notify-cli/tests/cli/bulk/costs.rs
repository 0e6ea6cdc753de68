//! What a list is judged by beyond its cells: the service's own limits, and what messages cost.

use std::fs;
use std::time::Duration;

use notify_sandbox::{KeyType, Sandbox, Service};

use super::sent::{List, SENDS};
use crate::fixture::{End, LETTER_TEMPLATE, folder, notify_at};

#[test]
fn a_dry_run_tells_the_cost_once_the_service_has_billed_a_message() {
    let list = List::new("bulk-cost", 100);
    let dry = || End::of(&mut list.command(&["--dry-run"]));
    assert!(dry().stdout.ends_with("100 text messages, billed as 100 fragments\n"));
    assert_eq!(list.run().status, 0);
    list.sandbox.clock().advance(Duration::from_secs(60));
    list.sandbox.wait_until_idle();
    let end = dry();
    let cost = "100 text messages, billed as 100 fragments, £2.40 at the latest rate of £0.024 (nothing with a test key)\n";
    assert!(end.stdout.ends_with(cost), "{end:?}");
}

#[test]
fn letters_cost_what_the_latest_of_their_template_did() {
    let sandbox = Sandbox::builder().without_limits().start().unwrap();
    let path = folder("bulk-letter-cost").join("list.csv");
    let rows = "Kim,1 Street,SW1A 1AA,Kim,17\nSam,2 Street,SW1A 1AA,Sam,18\nJo,3 Street,SW1A 1AA,Jo,19\n";
    let header = "address line 1,address line 2,postcode,name,permit number\n";
    fs::write(&path, format!("{header}{rows}")).unwrap();
    let run = |more: &str| {
        let args = ["bulk", "--template", LETTER_TEMPLATE, path.to_str().unwrap(), more];
        End::of(&mut notify_at(sandbox.url(), &sandbox.api_key(KeyType::Live), args))
    };
    assert!(run("--dry-run").stdout.ends_with("\n3 letters\n"), "{:?}", run("--dry-run"));
    assert_eq!(run("--yes").status, 0);
    // The service knows the price of a letter once it goes to the printer.
    sandbox.clock().advance(Duration::from_secs(60));
    sandbox.wait_until_idle();
    let end = run("--dry-run");
    let cost = "3 letters, £2.19 if each costs £0.73, as the latest of this template with 1 sheet (nothing with a test key)\n";
    assert!(end.stdout.ends_with(cost), "{end:?}");
}

#[test]
fn the_name_that_the_service_puts_before_its_texts_is_billed() {
    let long = "x".repeat(125);
    let list = List::with_rows("bulk-named", &format!("07900900123,{long},1\n"));
    let billed = |more: &[&str]| End::of(&mut list.command(&[&["--dry-run"], more].concat())).stdout;
    assert!(billed(&[]).ends_with("1 text message, billed as 1 fragments\n"), "{}", billed(&[]));
    assert!(
        billed(&["--service-name", "Borough Council"]).ends_with("1 text message, billed as 2 fragments\n")
    );
}

#[test]
fn a_text_may_be_as_long_as_the_service_of_the_key_allows() {
    let list = folder("bulk-long").join("list.csv");
    fs::write(&list, format!("phone number,name,permit number\n+16132532222,{},1\n", "x".repeat(700)))
        .unwrap();
    for (service, name, status) in [(Service::GovUk, "govuk", 0), (Service::GcNotify, "gc", 4)] {
        let sandbox = Sandbox::builder().service(service).start().unwrap();
        let args = ["bulk", "--template", SENDS, list.to_str().unwrap(), "--dry-run", "--service", name];
        let end = End::of(&mut notify_at(sandbox.url(), &sandbox.api_key(KeyType::Live), args));
        assert_eq!(end.status, status, "{name}: {end:?}");
        assert_eq!(end.stderr.contains("too long"), status == 4, "{name}: {end:?}");
    }
}
