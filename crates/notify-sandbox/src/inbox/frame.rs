//! What the page shows in a frame: e-mails, previews of e-mails, and letters.

use http::header;

use super::guarded;
use crate::control::ControlApi;
use crate::python::json::{Object, Value};
use crate::wire::request::{Request, RequestExt as _};
use crate::wire::response::{self, Response, ResponseExt as _};

/// What an e-mail may do: look as its styles say. It runs nothing and loads nothing; a link opens another page.
const EMAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
                            sandbox allow-popups allow-popups-to-escape-sandbox";

/// A browser shows a PDF with scripts and styles of its own, which a stricter policy would stop.
const LETTER_POLICY: &str = "frame-ancestors 'self'";

/// Answers a request for the contents of a frame: `emails/{id}`, `previews/{service}/{template}` and
/// `letters/{id}.pdf`.
pub(super) fn answer(api: &ControlApi, path: &str, request: &Request) -> Option<Response> {
    let (kind, name) = path.split_once('/')?;
    let (response, policy) = match kind {
        "emails" => (email(api, name), EMAIL_POLICY),
        "previews" => (preview(api, name, request), EMAIL_POLICY),
        "letters" => (letter(api, name.strip_suffix(".pdf")?, request), LETTER_POLICY),
        _ => return None,
    };
    let response = response.unwrap_or_else(|| response::control_error(404, "there is no such message"));
    Some(guarded(response, policy, "SAMEORIGIN"))
}

fn email(api: &ControlApi, id: &str) -> Option<Response> {
    let message = api.control().message(id)?;
    Some(document(&message.html()?))
}

/// A template filled in with what the query says.
fn preview(api: &ControlApi, name: &str, request: &Request) -> Option<Response> {
    let (service, template) = name.split_once('/')?;
    let query = request.parameters();
    let mut values = Object::EMPTY;
    for name in query.names() {
        values.insert(name, Value::String(query.first(name).unwrap_or_default().to_owned()));
    }
    Some(document(&api.control().preview(service, template, &values).ok()?.html?))
}

fn letter(api: &ControlApi, id: &str, request: &Request) -> Option<Response> {
    let pdf = api.control().message(id)?.pdf()?;
    let response = response::pdf(pdf, request.range());
    Some(response.with_header(header::CONTENT_DISPOSITION, &format!("inline; filename=\"letter-{id}.pdf\"")))
}

/// The HTML of an e-mail as a document whose links leave the frame.
fn document(email: &str) -> Response {
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><base target=\"_blank\">\
         <title>E-mail</title></head>\n<body style=\"margin: 16px; font-family: Helvetica, Arial, sans-serif\">\n{email}\n</body>\n</html>\n"
    );
    response::new(200, "text/html; charset=utf-8", text)
}
