//! heapless's strings and vectors: tokens are written into them, and keys are taken from them.

use crate::key::{ApiKey, ParseApiKeyError};
use crate::signer::Signer;
use crate::token::BufferTooSmall;
use heapless_0_9::LenType;
use heapless_0_9::string::{StringInner, StringStorage};
use heapless_0_9::vec::{VecInner, VecStorage};
use zeroize::Zeroize;

/// A text in heapless's types: a `String`, a `Vec` of bytes, or a view of either, with a length of any type.
///
/// The trait is sealed, so that a later heapless can be added.
pub trait TextBuffer: sealed::Text {}

impl<T: sealed::Text + ?Sized> TextBuffer for T {}

mod sealed {
    use super::BufferTooSmall;

    pub trait Text {
        /// The contents.
        fn text(&self) -> &[u8];

        /// Appends all of a text, or nothing.
        fn append(&mut self, text: &str) -> Result<(), BufferTooSmall>;

        /// Overwrites the contents, and empties the text.
        fn wipe(&mut self);
    }
}

impl<L: LenType, S: StringStorage + ?Sized> sealed::Text for StringInner<L, S> {
    fn text(&self) -> &[u8] {
        self.as_bytes()
    }

    fn append(&mut self, text: &str) -> Result<(), BufferTooSmall> {
        self.push_str(text).map_err(|_| BufferTooSmall::ERROR)
    }

    fn wipe(&mut self) {
        self.as_mut_str().zeroize();
        self.clear();
    }
}

impl<L: LenType, S: VecStorage<u8> + ?Sized> sealed::Text for VecInner<u8, L, S> {
    fn text(&self) -> &[u8] {
        self.as_slice()
    }

    fn append(&mut self, text: &str) -> Result<(), BufferTooSmall> {
        self.extend_from_slice(text.as_bytes()).map_err(|_| BufferTooSmall::ERROR)
    }

    fn wipe(&mut self) {
        self.as_mut_slice().zeroize();
        self.clear();
    }
}

impl ApiKey {
    /// Takes a key out of a text: reads it as [`parse`](Self::parse) does, and wipes the text in any case.
    ///
    /// ```
    /// use notify_jwt::ApiKey;
    ///
    /// # use heapless_0_9 as heapless;
    /// let mut line = heapless::String::<128>::new();
    /// line.push_str("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137\r\n").unwrap();
    /// let key = ApiKey::take_from(&mut line)?;
    /// assert!(line.is_empty());
    /// # Ok::<(), notify_jwt::ParseApiKeyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the text is not a key.
    pub fn take_from<T: TextBuffer + ?Sized>(text: &mut T) -> Result<Self, ParseApiKeyError> {
        let key = Self::parse_bytes(text.text());
        text.wipe();
        key
    }
}

impl Signer {
    /// Mints a token as [`mint`](Self::mint) does, and appends it to a text.
    ///
    /// # Errors
    ///
    /// If there is no room for it. The text then stays as it is.
    pub fn append_token<T: TextBuffer + ?Sized>(
        &self,
        unix_seconds: u64,
        text: &mut T,
    ) -> Result<(), BufferTooSmall> {
        text.append(self.mint(unix_seconds).as_str())
    }

    /// Mints a header value as [`bearer`](Self::bearer) does, and appends it to a text, such as the head of a request.
    ///
    /// ```
    /// # use heapless_0_9 as heapless;
    /// # let key = notify_jwt::ApiKey::parse("61b71411-84f6-4e6b-9685-aa9ad893177c-d679f498-29a1-4484-970c-48681a543137")?;
    /// # let signer = notify_jwt::Signer::new(&key);
    /// let mut head = heapless::String::<256>::new();
    /// head.push_str("GET /v2/notifications HTTP/1.1\r\nAuthorization: ").unwrap();
    /// signer.append_bearer(1_795_430_454, &mut head)?;
    /// assert!(head.contains("Authorization: Bearer eyJ"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no room for it. The text then stays as it is.
    pub fn append_bearer<T: TextBuffer + ?Sized>(
        &self,
        unix_seconds: u64,
        text: &mut T,
    ) -> Result<(), BufferTooSmall> {
        text.append(self.bearer(unix_seconds).as_str())
    }
}
