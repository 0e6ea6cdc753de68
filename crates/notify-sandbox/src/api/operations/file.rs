//! `GET /d/{service}/{document}`: a file that an e-mail links to, for whoever has the whole link.

use crate::account::documents::Documents;
use crate::time::Timestamp;
use crate::wire::query::Query;
use crate::wire::response::Answer;

pub(crate) fn answer(
    documents: &Documents,
    service: &str,
    document: &str,
    query: &Query,
    now: Timestamp,
) -> Answer {
    let key = query.first("key").unwrap_or_default();
    let Some(document) = documents.find(service, document, key, now) else {
        return Answer::no_such_path();
    };
    let upload = &document.upload;
    let mut answer = Answer::new(200, upload.content_type, upload.bytes.clone());
    let filename = upload.filename.as_deref().unwrap_or("document");
    let safe = |character: &char| character.is_ascii_alphanumeric() || "._- ".contains(*character);
    let filename: String = filename.chars().filter(safe).collect();
    answer.headers.push(("content-disposition", format!("attachment; filename=\"{filename}\"")));
    answer
}
