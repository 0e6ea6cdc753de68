//! `GET /d/{service}/{document}`: a file that an e-mail links to, for anyone with the full link.

use crate::account::documents::Documents;
use crate::time::Timestamp;
use crate::wire::query::Query;
use crate::wire::response::{self, Response};

pub(crate) fn answer(
    documents: &Documents,
    service: &str,
    document: &str,
    query: &Query,
    now: Timestamp,
) -> Response {
    let key = query.first("key").unwrap_or_default();
    let Some(document) = documents.find(service, document, key, now) else {
        return response::no_such_path();
    };
    let upload = &document.upload;
    let filename = upload.filename.as_deref().unwrap_or("document");
    let safe = |character: &char| character.is_ascii_alphanumeric() || "._- ".contains(*character);
    let filename: String = filename.chars().filter(safe).collect();
    response::file(upload.content_type, &filename, upload.bytes.clone())
}
