//! What a message can carry as a file.

use super::File;

/// A type that can be among the placeholders of a message as a file.
pub(crate) trait Attachment {
    /// The same, but without its content if that is too large for any message to show.
    fn without_large_content(&self) -> Self;

    /// How many bytes of JSON it takes, give or take its options.
    fn json_len(&self) -> usize;
}

impl Attachment for File {
    fn without_large_content(&self) -> Self {
        self.without_large_content()
    }

    fn json_len(&self) -> usize {
        self.json_len()
    }
}
