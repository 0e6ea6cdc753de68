//! A file in a message.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::InvalidRequest;
use crate::model::{Attachment, base64};
use crate::redaction;

/// A file that is attached to an e-mail, or that the recipient downloads by a link.
///
/// The service takes up to [`MAX_FILES`](Self::MAX_FILES) of them in one message, of at most
/// [`MAX_BYTES`](Self::MAX_BYTES) each. `Debug` shows the size, but neither the name nor the content.
///
/// # Examples
///
/// ```
/// use notify_api::gc::File;
///
/// let statement = File::attached("statement.csv", "name,amount\nKim,3\n");
/// let manual = File::linked("a long text").filename("manual.txt");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[must_use = "a file is sent only when it is given to a message"]
pub struct File {
    #[serde(rename = "file", serialize_with = "base64::serialize")]
    content: Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<String>,
    sending_method: SendingMethod,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum SendingMethod {
    Attach,
    Link,
}

impl File {
    /// How many bytes a file may have.
    pub const MAX_BYTES: usize = 10 * 1024 * 1024;

    /// How many files a message may have.
    pub const MAX_FILES: usize = 10;

    /// A file that is attached to the e-mail under this name, of 3 to 255 characters. It fills no placeholder, so give
    /// it a name that none of them has.
    pub fn attached(filename: impl Into<String>, content: impl Into<Bytes>) -> Self {
        let filename = Some(filename.into());
        Self { content: content.into(), filename, sending_method: SendingMethod::Attach }
    }

    /// A file that the recipient downloads by the link that fills the placeholder.
    pub fn linked(content: impl Into<Bytes>) -> Self {
        Self { content: content.into(), filename: None, sending_method: SendingMethod::Link }
    }

    /// Sets the name under which the recipient saves the file, of 3 to 255 characters.
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }

    fn rule_broken(&self) -> Option<&'static str> {
        let length = self.filename.as_ref().map(|name| name.chars().count());
        if self.content.len() > Self::MAX_BYTES {
            Some("must not be a file of more than 10 MiB (10,485,760 bytes)")
        } else if length.is_some_and(|length| !(3..=255).contains(&length)) {
            Some("must have a filename of 3 to 255 characters")
        } else {
            None
        }
    }
}

/// Checks what the service checks about the files of a message.
pub(super) fn check<'a>(
    files: impl ExactSizeIterator<Item = (&'a String, &'a File)>,
) -> Result<(), InvalidRequest> {
    if files.len() > File::MAX_FILES {
        return Err(InvalidRequest::new("must not have more than 10 files").in_field("personalisation"));
    }
    for (name, file) in files {
        if let Some(rule) = file.rule_broken() {
            return Err(InvalidRequest::new(rule).in_field(name));
        }
    }
    Ok(())
}

impl Attachment for File {
    fn without_large_content(&self) -> Self {
        let Self { filename, sending_method, .. } = self;
        Self {
            content: redaction::without_large(&self.content),
            filename: filename.clone(),
            sending_method: *sending_method,
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
        let attached = r#"{"file":"eA==","filename":"a.csv","sending_method":"attach"}"#;
        assert_eq!(json(&File::attached("a.csv", "x")), attached);
        assert_eq!(json(&File::linked("x")), r#"{"file":"eA==","sending_method":"link"}"#);
    }

    #[test]
    fn what_the_service_surely_refuses_is_not_sent() {
        let refused = |file: File| check([(&"f".to_owned(), &file)].into_iter()).is_err();
        let named = |length| File::linked("x").filename("n".repeat(length));
        assert_eq!([2, 3, 255, 256].map(|length| refused(named(length))), [true, false, false, true]);
        let full = Bytes::from(vec![0; File::MAX_BYTES + 1]);
        assert!(refused(File::linked(full.clone())) && !refused(File::linked(full.slice(1..))));
        let files = vec![("f".to_owned(), File::linked("x")); File::MAX_FILES + 1];
        let all = |count: usize| check(files[..count].iter().map(|(name, file)| (name, file)));
        assert!(all(File::MAX_FILES).is_ok() && all(File::MAX_FILES + 1).is_err());
    }
}
