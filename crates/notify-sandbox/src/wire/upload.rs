//! A file in a request, checked as the service's document store checks it.

use std::fmt::{self, Display, Formatter};

use uuid::Uuid;

use crate::python::base64;
use crate::python::json::{self, Object, Value};
use crate::wire::validate::weeks;

/// The largest file, in bytes: 2 MiB and a little.
const MAX_BYTES: usize = 2 * 1024 * 1024 + 1024;

/// The longest name of a file, in characters.
const MAX_FILENAME: usize = 100;

/// The default retention period, in weeks.
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

/// The standard test signature for virus scanners (EICAR), in two halves so that this program does not set one off.
const TEST_VIRUS: [&[u8]; 2] =
    [br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-", b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

/// Whether a virus scanner would find something.
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
    /// Checks a file object that matches the schema.
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

/// The type that the first bytes reveal.
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
        [b'{' | b'[', ..] if json::read(bytes).is_ok() => "json",
        _ => "txt",
    };
    let known = TYPES.iter().find(|(known, _)| *known == extension);
    Ok(known.map_or("text/plain", |(_, content_type)| content_type))
}

/// The media type, of those that files can have.
#[cfg(feature = "state")]
pub(crate) fn known_type(content_type: &str) -> &'static str {
    TYPES.iter().find(|(_, known)| *known == content_type).map_or("text/plain", |(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(text: &str) -> Result<Upload, UploadError> {
        Upload::new(Uuid::nil(), json::read(text.as_bytes()).unwrap().as_object().unwrap())
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
    fn a_refusal_names_the_types_that_are_allowed() {
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
}
