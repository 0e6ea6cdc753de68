//! One connection, from its first request to the fault that ends it.

use std::io::{self, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::{Fault, Request, Shared, answer};
use crate::http1::RawRequest;

pub(super) fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(raw) = RawRequest::read(&mut reader)? {
        let request = read(&raw, shared);
        let answer = match (shared.fault)(&request) {
            Fault::Disconnect(commit) => {
                shared.commit(&request, commit);
                return Ok(());
            }
            Fault::Reset => return socket2::SockRef::from(&writer).set_linger(Some(Duration::ZERO)),
            Fault::Truncate(commit) => {
                shared.commit(&request, commit);
                let whole = answer::response(201, answer::sent("", "", "").to_string()).to_bytes();
                return writer.write_all(&whole[..whole.len() - 10]);
            }
            Fault::Hang(commit) => {
                shared.commit(&request, commit);
                // Wait until the other side closes.
                return reader.read(&mut [0]).map(drop);
            }
            Fault::Status(status, commit) => {
                shared.commit(&request, commit);
                answer::response(status, answer::error(status, "Timeout", "Internal server error"))
            }
            Fault::Throttled => {
                answer::response(429, answer::error(429, "RateLimitError", answer::RATE_LIMIT))
            }
            Fault::WrongTime(off) => {
                answer::response_off_by(off, 403, answer::error(403, "AuthError", answer::CLOCK))
            }
            Fault::Nonsense(text) => answer::response(200, text),
            Fault::None => match shared.commit(&request, Some(Duration::ZERO)) {
                Some(id) => answer::response(
                    201,
                    answer::sent(&id, &request.reference, &request.template).to_string(),
                ),
                None => list(&request, shared),
            },
        };
        writer.write_all(&answer.to_bytes())?;
    }
    Ok(())
}

fn list(request: &Request, shared: &Shared) -> crate::http1::RawResponse {
    let references = shared.references();
    let seen = references.get(&request.reference).map(|it| it.seen(std::time::SystemTime::now()));
    let current =
        format!("http://localhost/v2/notifications?template_type=sms&reference={}", request.reference);
    answer::response(200, answer::page(&seen.unwrap_or_default().kept, &current).to_string())
}

fn read(raw: &RawRequest, shared: &Shared) -> Request {
    let is_message = raw.method == "POST";
    let body: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
    let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
    let reference = if is_message {
        text("reference")
    } else {
        let query = raw.target.split_once("reference=").unwrap_or_default().1;
        query.split('&').next().unwrap_or_default().to_owned()
    };
    let number = shared.count(is_message, &reference);
    Request {
        is_message,
        number,
        phone_number: text("phone_number"),
        template: text("template_id"),
        reference,
    }
}
