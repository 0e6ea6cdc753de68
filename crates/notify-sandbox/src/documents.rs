//! Files that e-mails link to: checked like the service's document store does, kept for their time.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::base64;
use crate::json::{Object, Value};
use crate::timestamp::Timestamp;
use crate::validate::weeks;

/// The largest file, in bytes: 2 MiB and a little.
const MAX_BYTES: usize = 2 * 1024 * 1024 + 1024;

/// The longest name of a file, in characters.
const MAX_FILENAME: usize = 100;

/// How long a file is kept if nobody says otherwise, in weeks.
const DEFAULT_WEEKS: u64 = 26;

/// The types of file that can be sent, by extension, in alphabetical order.
const TYPES: [(&str, &str); 12] = [
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("rtf", "text/rtf"),
    ("txt", "text/plain"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

/// The signature by which everybody tests virus scanners, in two halves so that this program does not set one off.
const TEST_VIRUS: [&[u8]; 2] =
    [br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-", b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

/// Whether a scanner would find something.
pub(crate) fn has_virus(bytes: &[u8]) -> bool {
    let signature = TEST_VIRUS.concat();
    bytes.windows(signature.len()).any(|window| window == signature)
}

/// A file that may be sent.
pub(crate) struct Upload {
    pub(crate) service: Uuid,
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: &'static str,
    pub(crate) filename: Option<String>,
    pub(crate) weeks: u64,
}

/// Why a file may not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UploadError {
    NotBase64,
    Empty,
    TooLarge,
    FilenameTooLong,
    /// With the extension, dot included, or the media type.
    UnsupportedType(String),
    Virus,
}

impl Display for UploadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBase64 => f.write_str("Document is not base64 encoded"),
            Self::Empty => f.write_str("Document must not be empty"),
            Self::TooLarge => f.write_str("Uploaded file exceeds file size limit"),
            Self::FilenameTooLong => write!(f, "`filename` cannot be longer than {MAX_FILENAME} characters"),
            Self::UnsupportedType(found) => {
                let supported: Vec<String> =
                    TYPES.iter().map(|(extension, _)| format!("'.{extension}'")).collect();
                write!(f, "Unsupported file type '{found}'. Supported types are: {}", supported.join(", "))
            }
            Self::Virus => f.write_str("File did not pass the virus scan"),
        }
    }
}

impl Upload {
    /// Checks a file object that has the right shape.
    pub(crate) fn new(service: Uuid, file: &Object) -> Result<Self, UploadError> {
        let text = |name| file.get(name).and_then(Value::as_str);
        let bytes = base64::decode(text("file").unwrap_or_default()).map_err(|_| UploadError::NotBase64)?;
        if bytes.is_empty() {
            return Err(UploadError::Empty);
        }
        if bytes.len() > MAX_BYTES {
            return Err(UploadError::TooLarge);
        }
        let filename = text("filename").map(str::to_owned);
        let by_name = filename.as_deref().map(type_of_name).transpose()?;
        if has_virus(&bytes) {
            return Err(UploadError::Virus);
        }
        let is_csv = file.get("is_csv") == Some(&Value::Bool(true));
        let content_type = match by_name {
            Some(content_type) => content_type,
            None => type_of_content(&bytes, is_csv)?,
        };
        let weeks = file.get("retention_period").and_then(weeks).unwrap_or(DEFAULT_WEEKS);
        Ok(Self { service, bytes, content_type, filename, weeks })
    }
}

fn type_of_name(filename: &str) -> Result<&'static str, UploadError> {
    if filename.chars().count() > MAX_FILENAME {
        return Err(UploadError::FilenameTooLong);
    }
    let extension = filename.rsplit_once('.').map_or(filename, |(_, extension)| extension).to_lowercase();
    let known = TYPES.iter().find(|(known, _)| *known == extension);
    known
        .map(|(_, content_type)| *content_type)
        .ok_or_else(|| UploadError::UnsupportedType(format!(".{extension}")))
}

/// The type that the first bytes give away.
fn type_of_content(bytes: &[u8], is_csv: bool) -> Result<&'static str, UploadError> {
    let contains = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    let extension = match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => "pdf",
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xFF, 0xD8, 0xFF, ..] => "jpg",
        [b'{', b'\\', b'r', b't', b'f', ..] => "rtf",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "doc",
        [b'P', b'K', 3, 4, ..] if contains(b"word/") => "docx",
        [b'P', b'K', 3, 4, ..] if contains(b"xl/") => "xlsx",
        [b'P', b'K', 3, 4, ..] if contains(b"opendocument.text") => "odt",
        [b'P', b'K', 3, 4, ..] => return Err(UploadError::UnsupportedType("application/zip".to_owned())),
        _ if bytes.contains(&0) || str::from_utf8(bytes).is_err() => {
            return Err(UploadError::UnsupportedType("application/octet-stream".to_owned()));
        }
        _ if is_csv => "csv",
        [b'{' | b'[', ..] if crate::json::read(bytes).is_ok() => "json",
        _ => "txt",
    };
    let known = TYPES.iter().find(|(known, _)| *known == extension);
    Ok(known.map_or("text/plain", |(_, content_type)| content_type))
}

/// The files of all services.
#[derive(Default)]
pub(crate) struct Documents(Mutex<HashMap<Uuid, Arc<Document>>>);

/// A file that was sent.
pub(crate) struct Document {
    pub(crate) upload: Upload,
    /// What somebody must know to see the file.
    pub(crate) key: String,
    pub(crate) expires_at: Timestamp,
}

impl Document {
    pub(crate) fn new(upload: Upload, now: Timestamp) -> Self {
        let key = base64::encode_url(&[*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat());
        let expires_at = now + Duration::from_secs(upload.weeks * 7 * 86_400);
        Self { upload, key, expires_at }
    }

    /// Where the file is.
    pub(crate) fn link(&self, id: Uuid, base: &str) -> String {
        let [service, id] = [self.upload.service, id].map(|id| base64::encode_url(id.as_bytes()));
        format!("{base}/d/{service}/{id}?key={}", self.key)
    }
}

/// The media type, of those that files can have.
#[cfg(feature = "state")]
pub(crate) fn known_type(content_type: &str) -> &'static str {
    TYPES.iter().find(|(_, known)| *known == content_type).map_or("text/plain", |(_, known)| known)
}

impl Documents {
    /// Keeps a file.
    pub(crate) fn keep(&self, id: Uuid, document: Document, now: Timestamp) {
        let mut documents = self.documents();
        documents.retain(|_, document| document.expires_at > now);
        documents.insert(id, Arc::new(document));
    }

    /// Finds a file by the parts of its link. Whoever does not know all of them learns nothing.
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
    use crate::json::read;

    fn upload(json: &str) -> Result<Upload, UploadError> {
        Upload::new(Uuid::nil(), read(json.as_bytes()).unwrap().as_object().unwrap())
    }

    fn content_type(json: &str) -> Result<&'static str, UploadError> {
        upload(json).map(|upload| upload.content_type)
    }

    #[test]
    fn a_name_decides_the_type_before_the_content_does() {
        assert_eq!(content_type(r#"{"file": "JVBERi0=", "filename": "a.CSV"}"#), Ok("text/csv"));
        assert_eq!(content_type(r#"{"file": "JVBERi0="}"#), Ok("application/pdf"));
        assert_eq!(content_type(r#"{"file": "YSxi", "is_csv": true}"#), Ok("text/csv"));
        assert_eq!(content_type(r#"{"file": "YSxi"}"#), Ok("text/plain"));
    }

    #[test]
    fn refusals_say_what_would_do() {
        let refusal = |json: &str| upload(json).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(
            refusal(r#"{"file": "eA==", "filename": "v.exe"}"#)
                .starts_with("Unsupported file type '.exe'. Supported types are: '.csv', '.doc', ")
        );
        assert!(
            refusal(r#"{"file": "AAEC"}"#).starts_with("Unsupported file type 'application/octet-stream'.")
        );
        assert_eq!(refusal(r#"{"file": "abc"}"#), "Document is not base64 encoded");
        assert_eq!(refusal(r#"{"file": ""}"#), "Document must not be empty");
        let long = format!(r#"{{"file": "eA==", "filename": "{}.csv"}}"#, "a".repeat(97));
        assert_eq!(refusal(&long), "`filename` cannot be longer than 100 characters");
        let large = format!(r#"{{"file": "{}"}}"#, "AAAA".repeat(MAX_BYTES / 3 + 1));
        assert_eq!(refusal(&large), "Uploaded file exceeds file size limit");
    }

    #[test]
    fn the_test_virus_is_found_anywhere() {
        let infected = [b"PK".to_vec(), TEST_VIRUS.concat(), b"rest".to_vec()].concat();
        assert!(has_virus(&infected));
        assert!(!has_virus(&infected[1..40]));
    }

    #[test]
    fn a_link_opens_its_file_until_its_time_is_over() {
        let documents = Documents::default();
        let now = Timestamp::from_unix_seconds(0);
        let upload = upload(r#"{"file": "aGk=", "retention_period": "1 week"}"#).unwrap();
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
