//! What the options and the environment say: the API key, and where the service is.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use hmac::{Hmac, KeyInit as _, Mac as _};
use notify_http::{ApiKey, BaseUrl, BuildError, Client, ClientBuilder, InvalidKey, Service, Signer};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::args::{self, Options};
use crate::environment::{self, API_KEY, BASE_URL, SERVICE, SERVICE_ID};
use crate::exit::CommandError;
use crate::input::{BYTE_ORDER_MARK, is_standard, stdin};

/// The characters of a secret as VA Notify makes it unless told otherwise.
const LONG_SECRET: usize = 86;

/// The characters of a secret otherwise.
const UUID_LEN: usize = 36;

/// How long the two ids at the end of a key are, with the hyphen between them.
const IDS: usize = 73;

/// The longest key file that is read, in bytes: a key contains its name, and names are short.
const KEY_FILE_MAX: usize = 4096;

/// The text of an API key, wiped on drop, and where it came from.
pub(crate) struct KeyText {
    text: Zeroizing<String>,
    place: KeyPlace,
    /// The service id, where the text is to be the secret alone, as VA Notify hands it out.
    service_id: Option<String>,
}

enum KeyPlace {
    Environment,
    Stdin,
    File(PathBuf),
}

impl KeyText {
    /// Reads the key from the file that the options name, or else from the environment.
    pub(crate) fn find(options: &Options) -> Result<Self, CommandError> {
        let place = match &options.api_key_file {
            None => KeyPlace::Environment,
            Some(path) if is_standard(path) => KeyPlace::Stdin,
            Some(path) => KeyPlace::File(path.clone()),
        };
        let text = match &place {
            KeyPlace::Environment => environment::read(API_KEY)?.map(Zeroizing::new).unwrap_or_default(),
            KeyPlace::Stdin => read_key(stdin()?, &place)?,
            KeyPlace::File(path) => {
                let file = File::open(path).with_context(|| format!("{place} cannot be opened"));
                read_key(file.map_err(CommandError::setup)?, &place)?
            }
        };
        if text.trim().is_empty() {
            return Err(CommandError::setup(anyhow::anyhow!("there is no API key in {place}")).help(
                "set NOTIFY_API_KEY, or name a file with --api-key-file; `notify sandbox` prints keys to try, \
                 `notify demo` needs none",
            ));
        }
        let service_id = environment::read(SERVICE_ID)?;
        if service_id.is_some() && ApiKey::parse(&text).is_ok() {
            let error =
                anyhow::anyhow!("the API key in {place} holds a service id, and {SERVICE_ID} is set too");
            return Err(
                CommandError::setup(error).help("unset it: it goes with a secret that was handed out alone")
            );
        }
        Ok(Self { text, place, service_id })
    }

    /// Starts a client with the key.
    pub(crate) fn client(&self) -> ClientBuilder<Client> {
        match &self.service_id {
            Some(service_id) => Client::builder((service_id, &*self.text)),
            None => Client::builder(self.text.as_str()),
        }
    }

    /// The name that the key was given on the service's website, if the text has it.
    pub(crate) fn name(&self) -> Option<&str> {
        let text = self.text.trim();
        let name = text.len().checked_sub(IDS).and_then(|end| text.get(..end))?.trim_end_matches('-');
        (!name.is_empty()).then_some(name)
    }

    /// A key for another purpose, from which this one cannot be told.
    pub(crate) fn derive(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        let hmac = Hmac::<Sha256>::new_from_slice(self.text.trim().as_bytes());
        let mut hmac = hmac.unwrap_or_else(|_| unreachable!("a key may have any length"));
        hmac.update(purpose);
        Zeroizing::new(hmac.finalize().into_bytes().into())
    }

    pub(crate) fn signer(&self) -> Result<Signer, CommandError> {
        let signer = match &self.service_id {
            Some(service_id) => Signer::from_parts(service_id, &self.text).map_err(InvalidKey::from),
            None => ApiKey::parse(&self.text).map(|key| Signer::new(&key)).map_err(InvalidKey::from),
        };
        signer.map_err(|error| self.damaged(error))
    }

    /// The id of the service and the secret, which checks signatures.
    pub(crate) fn parts(&self) -> Result<(String, Zeroizing<String>), CommandError> {
        // Says which part of a damaged key is wrong.
        self.signer()?;
        if let Some(service_id) = &self.service_id {
            return Ok((service_id.trim().to_owned(), Zeroizing::new(self.text.trim().to_owned())));
        }
        let key = ApiKey::parse(&self.text).map_err(|error| self.damaged(error.into()))?;
        // A key ends with its secret.
        let text = self.text.trim();
        let secret = &text[text.len() - UUID_LEN..];
        Ok((key.service_id().to_owned(), Zeroizing::new(secret.to_owned())))
    }

    /// Why no client can be made.
    pub(crate) fn unusable(&self, error: BuildError) -> CommandError {
        match error {
            BuildError::ApiKey(error) => self.damaged(error.into()),
            BuildError::KeyParts(error) => self.damaged(error.into()),
            error => CommandError::setup(error),
        }
    }

    /// The text is no key; the error says which part is wrong and shows nothing of it.
    fn damaged(&self, error: InvalidKey) -> CommandError {
        let context = match &self.service_id {
            Some(_) => format!("the secret in {}, with {SERVICE_ID}, cannot be used", self.place),
            None => format!("the API key in {} cannot be used", self.place),
        };
        let alone = self.text.trim();
        let may_be_alone = self.service_id.is_none() && !alone.contains('-') || alone.len() == LONG_SECRET;
        let help = match error {
            InvalidKey::ApiKey(_) if may_be_alone => {
                "copy it again, whole and without quotes, from where it was created; if it is a secret that was handed \
                 out alone, as by VA Notify, set NOTIFY_SERVICE_ID to the id of the service"
            }
            _ => "copy it again, whole and without quotes, from where it was created",
        };
        CommandError::setup(anyhow::Error::new(error).context(context)).help(help)
    }
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str(API_KEY),
            Self::Stdin => f.write_str("stdin"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

fn read_key(from: impl Read, place: &KeyPlace) -> Result<Zeroizing<String>, CommandError> {
    // Reserve all the space at once: a string that grows leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(KEY_FILE_MAX + 1));
    from.take(KEY_FILE_MAX as u64 + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("{place} cannot be read"))
        .map_err(CommandError::setup)?;
    if text.len() > KEY_FILE_MAX {
        return Err(CommandError::setup(anyhow::anyhow!("{place} is too large to hold just an API key")));
    }
    // Some editors write a byte order mark.
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len_utf8());
    }
    Ok(text)
}

/// The service that the options or the environment name.
pub(crate) fn service(options: &Options) -> Result<Option<Service>, CommandError> {
    if options.service.is_some() {
        return Ok(options.service);
    }
    let Some(name) = environment::read(SERVICE)? else { return Ok(None) };
    args::service(name.trim())
        .map(Some)
        .map_err(|fault| CommandError::setup(anyhow::anyhow!("the name in {SERVICE} is {fault}")))
}

/// The URL of the service, from the options or the environment.
pub(crate) fn base_url(options: &Options, service: Option<Service>) -> Result<BaseUrl, CommandError> {
    let (text, place) = match &options.base_url {
        Some(url) => (Some(url.clone()), "--base-url"),
        None => (environment::read(BASE_URL)?, BASE_URL),
    };
    let base_url: BaseUrl = match text {
        Some(text) => text
            .parse()
            .with_context(|| format!("the base URL in {place} cannot be used"))
            .map_err(CommandError::setup)?,
        None => service.map_or_else(BaseUrl::default, |service| {
            service.base_url().parse().expect("a service has a base URL")
        }),
    };
    if !base_url.is_private() && !options.allow_plain_http {
        let error = anyhow::anyhow!(
            "http:// to another machine exposes messages and tokens to anyone on the network path"
        );
        return Err(CommandError::setup(error).help("use https://, or --allow-plain-http if you must"));
    }
    Ok(base_url)
}
