//! Files that e-mails link to, each kept for its retention period.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::python::base64;
use crate::time::Timestamp;
use crate::wire::upload::Upload;

/// The files of all services.
#[derive(Default)]
pub(crate) struct Documents(Mutex<HashMap<Uuid, Arc<Document>>>);

/// A file that was sent.
pub(crate) struct Document {
    pub(crate) upload: Upload,
    /// The secret in the link.
    pub(crate) key: String,
    pub(crate) expires_at: Timestamp,
}

impl Document {
    pub(crate) fn new(upload: Upload, now: Timestamp) -> Self {
        let key = base64::encode_url(&[*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat());
        let expires_at = now + Duration::from_secs(upload.weeks * 7 * 86_400);
        Self { upload, key, expires_at }
    }

    /// The link to the file.
    pub(crate) fn link(&self, id: Uuid, base: &str) -> String {
        let [service, id] = [self.upload.service, id].map(|id| base64::encode_url(id.as_bytes()));
        format!("{base}/d/{service}/{id}?key={}", self.key)
    }
}

impl Documents {
    /// Stores a file, and deletes those that have expired.
    pub(crate) fn keep(&self, id: Uuid, document: Document, now: Timestamp) {
        let mut documents = self.documents();
        documents.retain(|_, document| document.expires_at > now);
        documents.insert(id, Arc::new(document));
    }

    /// Finds a file by the parts of its link. All of them have to be right.
    pub(crate) fn find(
        &self,
        service: &str,
        document: &str,
        key: &str,
        now: Timestamp,
    ) -> Option<Arc<Document>> {
        let id = |text: &str| Uuid::from_slice(&base64::decode_segment(text.as_bytes()).ok()?).ok();
        let (service, document) = (id(service)?, id(document)?);
        let document = self.documents().get(&document).map(Arc::clone)?;
        let is_wanted =
            document.upload.service == service && document.key == key && document.expires_at > now;
        is_wanted.then_some(document)
    }

    pub(crate) fn clear(&self) {
        self.documents().clear();
    }

    fn documents(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Document>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;

    #[test]
    fn a_link_opens_its_file_until_its_time_is_over() {
        let documents = Documents::default();
        let now = Timestamp::from_unix_seconds(0);
        let file = json::read(br#"{"file": "aGk=", "retention_period": "1 week"}"#).unwrap();
        let upload = Upload::new(Uuid::nil(), file.as_object().unwrap()).unwrap();
        let document = Document::new(upload, now);
        let link = document.link(Uuid::nil(), "");
        documents.keep(Uuid::nil(), document, now);
        let (path, key) = link.split_once("?key=").unwrap();
        let [_, _, service, document] = path.split('/').collect::<Vec<_>>()[..] else { panic!("{path}") };
        let find = |key, now| documents.find(service, document, key, now);
        assert_eq!(find(key, now).unwrap().upload.bytes, b"hi");
        assert!(find("x", now).is_none());
        assert!(find(key, now + Duration::from_secs(7 * 86_400)).is_none());
    }
}
