//! A file in an e-mail.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::InvalidRequest;
use crate::model::{Attachment, base64};
use crate::redaction;

/// A calendar file that is attached to an e-mail. The service accepts no other type of content, and no links.
///
/// `Debug` shows the size, but neither the name nor the content.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[must_use = "a file is sent only when it is given to an e-mail"]
pub struct File {
    #[serde(rename = "file", serialize_with = "base64::serialize")]
    content: Bytes,
    filename: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sending_method: Option<&'static str>,
}

impl File {
    /// How many bytes a file may have: as many as a request of 1,048,576 bytes can hold in base64.
    pub const MAX_BYTES: usize = 1_048_576 / 4 * 3;

    /// A file that is attached under this name, of 3 to 255 characters. It fills no placeholder, so give it a name that
    /// none of them has.
    pub fn attached(filename: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { sending_method: Some("attach"), ..Self::for_placeholder(filename, content) }
    }

    /// The same, but if the template has a placeholder of its name, that is filled too.
    pub fn for_placeholder(filename: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { content: content.into(), filename: filename.into(), sending_method: None }
    }
}

/// Checks what the service checks about the files of a message.
pub(super) fn check(files: &BTreeMap<String, File>) -> Result<(), InvalidRequest> {
    let mut total = 0;
    for (name, file) in files {
        total += file.json_len();
        let rule = if !(3..=255).contains(&file.filename.chars().count()) {
            "must have a filename of 3 to 255 characters"
        } else if total > base64::encoded_len(File::MAX_BYTES) {
            "must leave the request at no more than 1 MiB (1,048,576 bytes)"
        } else {
            continue;
        };
        return Err(InvalidRequest::new(rule).in_field(name));
    }
    Ok(())
}

impl Attachment for File {
    fn without_large_content(&self) -> Self {
        Self {
            content: redaction::without_large(&self.content),
            filename: self.filename.clone(),
            sending_method: self.sending_method,
        }
    }

    fn json_len(&self) -> usize {
        base64::encoded_len(self.content.len())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_becomes_the_object_that_the_service_reads() {
        let json = |file: &File| serde_json::to_string(file).unwrap();
        let attached = r#"{"file":"eA==","filename":"a.ics","sending_method":"attach"}"#;
        assert_eq!(json(&File::attached("a.ics", "x")), attached);
        assert_eq!(json(&File::for_placeholder("a.ics", "x")), r#"{"file":"eA==","filename":"a.ics"}"#);
    }

    #[test]
    fn what_the_service_surely_refuses_is_not_sent() {
        let refused = |file: File| check(&BTreeMap::from([("f".to_owned(), file)])).is_err();
        let named = |length| File::attached("n".repeat(length), "x");
        assert_eq!([2, 3, 255, 256].map(|length| refused(named(length))), [true, false, false, true]);
        assert!(refused(File::attached("a.ics", vec![0; File::MAX_BYTES + 1])));
        assert!(!refused(File::attached("a.ics", vec![0; File::MAX_BYTES])));
    }
}
