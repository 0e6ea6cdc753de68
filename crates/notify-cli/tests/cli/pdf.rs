//! `notify pdf`

use notify_testkit::http1::ScriptedServer;

use crate::fixture::{End, Fixture, KEY, SEND_LETTER, folder, notify_at};
use crate::server::{answer, refusal, that_answers};

const ID: &str = "740e5834-3a29-46b4-9a6f-16142fde533a";

/// A service with one letter in this status, whose PDF is never ready.
fn server_with_letter(status: &str) -> ScriptedServer {
    let not_ready = refusal("400 Bad Request", "PDFNotReadyError", "PDF not available yet, try again later");
    let letter =
        format!(r#"{{"id":"{ID}","type":"letter","status":"{status}","body":"b","created_at":null}}"#);
    let letter = answer("200 OK", "application/json", &letter);
    let server = ScriptedServer::start(move |request| {
        if request.target.ends_with("/pdf") { not_ready.clone() } else { letter.clone() }
    });
    server.expect("a free port")
}

#[test]
fn a_pdf_that_is_requested_right_after_the_letter_is_waited_for() {
    let fixture = Fixture::new();
    let file = folder("pdf-wait").join("letter.pdf");
    let sent = fixture.json(SEND_LETTER);
    let id = sent["id"].as_str().unwrap();
    assert_eq!(fixture.answer(["pdf", id, file.to_str().unwrap()]), "");
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn a_pdf_that_takes_longer_than_the_timeout_should_be_requested_later() {
    let server = server_with_letter("accepted");
    let args = ["pdf", ID, "-", "--timeout", "1"];
    let end = End::failing(&mut notify_at(&server.url(), KEY, args), 5);
    end.says(&["PDF not available yet", "the letter is accepted; ask again later"]);
    assert!(server.requests().len() > 2, "it asked {} times", server.requests().len());
}

#[test]
fn a_letter_that_was_cancelled_is_not_waited_for() {
    let server = server_with_letter("cancelled");
    let end = End::failing(&mut notify_at(&server.url(), KEY, ["pdf", ID, "-"]), 4);
    end.says(&["the letter is cancelled, and will not have a PDF"]);
}

#[test]
fn a_message_without_a_pdf_is_refused_at_once() {
    let none = refusal("400 Bad Request", "BadRequestError", "Notification is not a letter");
    let server = that_answers(none);
    let args = ["pdf", "740e5834-3a29-46b4-9a6f-16142fde533a", "-"];
    End::failing(&mut notify_at(&server.url(), KEY, args), 4).says(&["not a letter"]);
}
