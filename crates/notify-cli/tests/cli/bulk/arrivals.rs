//! `--wait`, and `--gc-bulk`.
#![cfg(unix)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use notify_sandbox::{Fault, KeyType, Sandbox, Service};

use super::sent::List;
use crate::fixture::{EMAIL_TEMPLATE, End, folder, notify_at};

#[test]
fn messages_are_followed_until_each_is_final() {
    let list = List::new("bulk-wait", 20);
    let end = End::of(list.sending().arg("--wait"));
    assert_eq!(end.status, 0, "{end:?}");
    end.says(&["20 of 20 are final"]);
    let result = fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
    assert_eq!(result.matches(",delivered,").count(), 20, "{result}");
    // What was sent in an earlier run is followed too, and not sent again.
    let end = End::of(list.sending().arg("--wait"));
    assert_eq!(end.status, 0, "{end:?}");
    list.assert_sent_once();
}

#[test]
fn messages_that_fail_for_good_are_told() {
    let list = List::with_rows("bulk-wait-failed", "+44 7700 900962,a,1\n07900900123,b,2\n");
    let end = End::of(list.sending().arg("--wait"));
    assert_eq!(end.status, 9, "{end:?}");
    end.says(&["1 messages failed for good", "list.csv.notify-result.csv says which"]);
    let result = fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
    assert!(result.lines().nth(1).unwrap().contains(",permanent-failure,"), "{result}");
}

#[test]
fn what_the_service_does_not_know_ends_the_wait() {
    // A number of smoke tests, which the service never lists.
    let list = List::with_rows("bulk-wait-unknown", "07700900000,a,1\n07900900123,b,2\n");
    let end = End::of(list.sending().arg("--wait"));
    assert_eq!(end.status, 4, "{end:?}");
    end.says(&["1 messages were sent, and the service does not know what became of them"]);
    let result = fs::read_to_string(list.path("list.csv.notify-result.csv")).unwrap();
    assert!(result.contains(",sent,") && result.contains(",delivered,"), "{result}");
}

/// A list of e-mails.
fn emails(name: &str) -> PathBuf {
    let path = folder(name).join("list.csv");
    let rows: Vec<_> = (0..30).map(|row| format!("p{row}@example.com,Name {row},no,{row}\n")).collect();
    let rows = rows.concat();
    let list = format!("email address,name,parking,permit number\n{rows}");
    fs::write(&path, list).expect("it can be written");
    path
}

/// The command that sends it as one job.
fn job(sandbox: &Sandbox, list: &Path, service: &str) -> Command {
    let list = list.to_str().expect("the path is text");
    let args = ["bulk", "--template", EMAIL_TEMPLATE, list, "--yes", "--gc-bulk", "--service", service];
    notify_at(sandbox.url(), &sandbox.api_key(KeyType::Live), args)
}

#[test]
fn a_list_is_one_job_where_the_service_takes_such() {
    let sandbox = Sandbox::builder().service(Service::GcNotify).start().unwrap();
    let list = emails("bulk-job");
    let end = End::of(&mut job(&sandbox, &list, "gc"));
    assert_eq!(end.status, 0, "{end:?}");
    let references: HashSet<String> =
        sandbox.messages().iter().filter_map(|message| message.reference().map(str::to_owned)).collect();
    assert_eq!((sandbox.messages().len(), references.len()), (30, 30));
    let end = End::of(&mut job(&sandbox, &list, "gc"));
    assert_eq!((end.status, sandbox.messages().len()), (0, 30), "{end:?}");
    end.says(&["was sent in an earlier run"]);
}

#[test]
fn a_job_whose_answer_is_lost_is_not_sent_again() {
    let sandbox = Sandbox::builder().service(Service::GcNotify).start().unwrap();
    let fault = Fault::drop_connection().after_effect().on_method("POST").on_path("/v2/notifications/bulk");
    sandbox.inject_fault(fault.next(1));
    let list = emails("bulk-job-lost");
    let end = End::of(&mut job(&sandbox, &list, "gc"));
    assert_eq!((end.status, sandbox.messages().len()), (7, 30), "{end:?}");
    let end = End::of(&mut job(&sandbox, &list, "gc"));
    assert_eq!((end.status, sandbox.messages().len()), (7, 30), "{end:?}");
    end.says(&["a job has all or none"]);
}

#[test]
fn other_services_take_no_jobs() {
    let sandbox = Sandbox::start().unwrap();
    let list = emails("bulk-no-job");
    End::failing(&mut job(&sandbox, &list, "govuk"), 2).says(&["only GC Notify"]);
}
