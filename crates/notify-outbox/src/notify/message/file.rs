//! A file in an e-mail, as a payload keeps it.

use std::fmt;

use base64ct::{Base64, Encoding as _};
use notify_http::model::File;
use serde::{Deserialize, Serialize};

/// A file that the recipient of an e-mail downloads by a link.
///
/// Its content is a part of the payload, and so of the store, until the message is finished.
///
/// `Debug` shows neither the content nor the name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedFile {
    /// The content, in Base64.
    pub file: String,
    /// The name of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// Whether the recipient has to type their address before they can download it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_email_before_download: Option<bool>,
    /// For how many weeks it can be downloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_weeks: Option<u32>,
}

impl LinkedFile {
    /// The file as the API takes it.
    pub(super) fn into_file(self) -> Result<File, String> {
        let content =
            Base64::decode_vec(&self.file).map_err(|_| "a file's content is not Base64".to_owned())?;
        let mut file = File::new(content);
        if let Some(filename) = self.filename {
            file = file.filename(filename);
        }
        if let Some(confirm) = self.confirm_email_before_download {
            file = file.confirm_email_before_download(confirm);
        }
        if let Some(weeks) = self.retention_weeks {
            file = file.retention_weeks(weeks);
        }
        Ok(file)
    }
}

impl fmt::Debug for LinkedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkedFile").finish_non_exhaustive()
    }
}
