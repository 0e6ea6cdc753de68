//! A file that the recipient of an e-mail downloads by a link.

use std::fmt;
use std::ops::RangeInclusive;

use bytes::Bytes;
use serde::{Serialize, Serializer};

use super::base64;
use crate::redaction;

/// A file that the recipient of an e-mail downloads by a link in it.
///
/// The service scans it for viruses while it takes the message, so such a send is the slowest of all calls.
///
/// `Debug` shows the size, but neither the name nor the content.
///
/// # Examples
///
/// ```
/// use notify_api::model::{File, InvalidFile};
///
/// let file = File::new("name,amount\nKim,3\n").filename("statement.csv").retention_weeks(4);
/// assert_eq!(file.check(), Ok(()));
/// assert_eq!(file.filename("statement.exe").check(), Err(InvalidFile::Type));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[must_use = "a file is sent only when it is given to an e-mail"]
pub struct File {
    #[serde(rename = "file", serialize_with = "base64::serialize")]
    content: Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirm_email_before_download: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_period: Option<Weeks>,
}

impl File {
    /// How many bytes a file may have.
    pub const MAX_BYTES: usize = 2 * 1024 * 1024;

    /// How many characters the name of a file may have, its extension included.
    pub const MAX_FILENAME_CHARACTERS: usize = 100;

    /// The extensions that the name of a file may end with. The content must be of such a type as well.
    pub const EXTENSIONS: [&str; 12] =
        ["csv", "doc", "docx", "jpeg", "jpg", "json", "odt", "pdf", "png", "rtf", "txt", "xlsx"];

    /// For how many weeks the file can be kept for download.
    pub const RETENTION_WEEKS: RangeInclusive<u32> = 1..=78;

    /// A file with this content. Without a [`filename`](Self::filename), the service makes up a name.
    pub fn new(content: impl Into<Bytes>) -> Self {
        Self {
            content: content.into(),
            filename: None,
            confirm_email_before_download: None,
            retention_period: None,
        }
    }

    /// Sets the name under which the recipient saves the file, with its extension.
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }

    /// Sets whether the recipient has to enter their e-mail address before the download. The default is that they do.
    pub fn confirm_email_before_download(mut self, confirm: bool) -> Self {
        self.confirm_email_before_download = Some(confirm);
        self
    }

    /// Sets for how many weeks the file can be downloaded. The default is 26.
    pub fn retention_weeks(mut self, weeks: u32) -> Self {
        self.retention_period = Some(Weeks(weeks));
        self
    }

    /// Checks the rules for files as far as that is possible here. The service also scans for viruses, and checks the
    /// type of the content. Each send makes this check first.
    ///
    /// # Errors
    ///
    /// The first broken rule.
    pub fn check(&self) -> Result<(), InvalidFile> {
        if self.content.is_empty() {
            return Err(InvalidFile::Empty);
        }
        if self.content.len() > Self::MAX_BYTES {
            return Err(InvalidFile::TooLarge);
        }
        if let Some(filename) = &self.filename {
            let (_, extension) = filename.rsplit_once('.').ok_or(InvalidFile::NoExtension)?;
            if filename.chars().count() > Self::MAX_FILENAME_CHARACTERS {
                return Err(InvalidFile::FilenameTooLong);
            }
            if !Self::EXTENSIONS.iter().any(|allowed| allowed.eq_ignore_ascii_case(extension)) {
                return Err(InvalidFile::Type);
            }
        }
        match self.retention_period {
            Some(Weeks(weeks)) if !Self::RETENTION_WEEKS.contains(&weeks) => Err(InvalidFile::Retention),
            _ => Ok(()),
        }
    }

    pub(crate) fn without_large_content(&self) -> Self {
        Self {
            content: if self.json_len() > redaction::LONGEST { Bytes::new() } else { self.content.clone() },
            filename: self.filename.clone(),
            confirm_email_before_download: self.confirm_email_before_download,
            retention_period: self.retention_period,
        }
    }

    /// How many bytes of JSON the file takes, give or take its options.
    pub(crate) fn json_len(&self) -> usize {
        base64::encoded_len(self.content.len())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// Which rule for files is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidFile {
    /// The file has no content.
    Empty,
    /// The file has more than [`File::MAX_BYTES`].
    TooLarge,
    /// The name has no extension.
    NoExtension,
    /// The name has more than [`File::MAX_FILENAME_CHARACTERS`].
    FilenameTooLong,
    /// The extension is not one of [`File::EXTENSIONS`].
    Type,
    /// The file would be kept for a time outside [`File::RETENTION_WEEKS`].
    Retention,
}

impl InvalidFile {
    /// The rule, worded as the end of a sentence about the file.
    pub(crate) const fn rule(self) -> &'static str {
        match self {
            Self::Empty => "must not be an empty file",
            Self::TooLarge => "must not be a file of more than 2 MiB (2,097,152 bytes)",
            Self::NoExtension => "must have a filename that ends with an extension, such as report.csv",
            Self::FilenameTooLong => "must not have a filename of more than 100 characters",
            Self::Type => {
                "must be of type csv, doc, docx, jpeg, jpg, json, odt, pdf, png, rtf, txt or xlsx by its filename"
            }
            Self::Retention => "must be kept for 1 to 78 weeks",
        }
    }
}

impl fmt::Display for InvalidFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the file {}", self.rule())
    }
}

impl std::error::Error for InvalidFile {}

/// How long to keep a file, which the service reads as text.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Weeks(u32);

impl Serialize for Weeks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plural = if self.0 == 1 { "" } else { "s" };
        serializer.collect_str(&format_args!("{} week{plural}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_becomes_the_object_that_the_service_reads() {
        let file =
            File::new("a,b\n").filename("x.csv").confirm_email_before_download(false).retention_weeks(1);
        assert_eq!(
            serde_json::to_string(&file).unwrap(),
            r#"{"file":"YSxiCg==","filename":"x.csv","confirm_email_before_download":false,"retention_period":"1 week"}"#
        );
        assert_eq!(serde_json::to_string(&File::new("x")).unwrap(), r#"{"file":"eA=="}"#);
    }

    #[test]
    fn each_rule_holds_up_to_its_bound() {
        let full = Bytes::from(vec![0; File::MAX_BYTES + 1]);
        let named = |length: usize| format!("{}.pdf", "é".repeat(length - 4));
        for (file, verdict) in [
            (File::new(full.slice(1..)), Ok(())),
            (File::new(full), Err(InvalidFile::TooLarge)),
            (File::new(""), Err(InvalidFile::Empty)),
            (File::new("x").filename("X.PDF"), Ok(())),
            (File::new("x").filename("report"), Err(InvalidFile::NoExtension)),
            (File::new("x").filename("report.pdf.exe"), Err(InvalidFile::Type)),
            (File::new("x").filename(named(100)), Ok(())),
            (File::new("x").filename(named(101)), Err(InvalidFile::FilenameTooLong)),
            (File::new("x").retention_weeks(0), Err(InvalidFile::Retention)),
            (File::new("x").retention_weeks(1), Ok(())),
            (File::new("x").retention_weeks(78), Ok(())),
            (File::new("x").retention_weeks(79), Err(InvalidFile::Retention)),
        ] {
            assert_eq!(file.check(), verdict, "{file:?}");
        }
    }

    #[test]
    fn the_texts_name_the_numbers_that_hold() {
        assert!(InvalidFile::TooLarge.rule().contains("2,097,152") && File::MAX_BYTES == 2_097_152);
        assert!(InvalidFile::FilenameTooLong.rule().contains(&File::MAX_FILENAME_CHARACTERS.to_string()));
        assert!(File::EXTENSIONS.iter().all(|extension| InvalidFile::Type.rule().contains(extension)));
        assert!(InvalidFile::Retention.rule().contains("1 to 78") && File::RETENTION_WEEKS == (1..=78));
    }
}
