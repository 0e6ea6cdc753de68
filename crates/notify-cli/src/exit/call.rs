//! What is known of a call that failed.

use std::fmt::{self, Display, Formatter};
use std::time::SystemTime;

use notify_http::model::Timestamp;
use notify_http::{Error, ErrorKind};

/// The facts that a script branches on.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) kind: ErrorKind,
    pub(super) trace: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) retry_at: Option<Timestamp>,
}

impl Call {
    pub(super) fn of(error: &Error) -> Self {
        let retry_at = error.retry_at(SystemTime::now());
        Self {
            kind: error.kind(),
            trace: error.trace_id().map(str::to_owned),
            reference: error.reference().map(str::to_owned),
            retry_at: retry_at.and_then(|moment| moment.try_into().ok()),
        }
    }
}

/// A failed call in words for people, who do not know the operation by the name that programs use.
#[derive(Debug)]
pub(super) struct InWords(pub(super) Error);

impl Display for InWords {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let text =
            text.strip_prefix(self.0.operation()).and_then(|text| text.strip_prefix(": ")).unwrap_or(&text);
        if text.starts_with("answered ") {
            f.write_str(if self.0.is_not_from_service() { "the server " } else { "the service " })?;
        }
        f.write_str(text)
    }
}

impl std::error::Error for InWords {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
