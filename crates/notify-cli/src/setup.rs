//! What the options, the environment and the profile say, in this order of precedence: the API key, and where the
//! service is.

pub(crate) mod certificates;
mod place;

use anyhow::Context;
use hmac::{Hmac, KeyInit as _, Mac as _};
use notify_http::{
    ApiKey, BaseUrl, BuildError, Client, ClientBuilder, InvalidKey, KeyParts, Service, Signer,
};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::args::{self, Options};
use crate::environment::{self, BASE_URL, PROFILE, SERVICE, SERVICE_ID};
use crate::exit::CommandError;
use crate::profile::{Profile, Profiles};
use place::KeyPlace;

/// The characters of a secret as VA Notify makes it unless told otherwise.
const LONG_SECRET: usize = 86;

/// The characters of a secret otherwise.
const UUID_LEN: usize = 36;

/// How long the two ids at the end of a key are, with the hyphen between them.
const IDS: usize = 73;

/// The text of an API key, wiped on drop, and where it came from.
pub(crate) struct KeyText {
    text: Zeroizing<String>,
    place: KeyPlace,
    /// The service id, if the text is only the secret, as VA Notify issues it.
    service_id: Option<String>,
}

impl KeyText {
    /// Reads the key from the file that the options name, or else from the environment.
    pub(crate) fn find(options: &Options) -> Result<Self, CommandError> {
        let profile = profile(options)?;
        let place = KeyPlace::find(options, profile.as_ref())?;
        let text = place.read()?;
        if text.trim().is_empty() {
            return Err(missing(&place).help(
                "set NOTIFY_API_KEY, or name a file with --api-key-file; `notify sandbox` prints keys to try, \
                 `notify demo` needs none",
            ));
        }
        // The one in a profile belongs to the profile's key.
        let of_profile = profile.filter(|_| place.is_of_profile()).and_then(|profile| profile.service_id);
        let service_id = environment::read(SERVICE_ID)?.or(of_profile);
        if service_id.is_some() && ApiKey::parse(&text).is_ok() {
            let error =
                anyhow::anyhow!("the API key in {place} holds a service id, and {SERVICE_ID} is set too");
            return Err(CommandError::setup(error)
                .help("unset it: it is only for a secret that was issued without its service id"));
        }
        Ok(Self { text, place, service_id })
    }

    /// Reads a key to store, from the file that the options name or from stdin, and refuses a damaged one.
    pub(crate) fn to_keep(options: &Options, service_id: Option<String>) -> Result<Self, CommandError> {
        let place = KeyPlace::to_move_from(options);
        let key = Self { text: place.read()?, place, service_id };
        if key.text.trim().is_empty() {
            return Err(
                missing(&key.place).help("type or paste it, pipe it in, or name a file with --api-key-file")
            );
        }
        key.signer()?;
        Ok(key)
    }

    /// The text itself, without white space around it, to be kept where secrets are kept.
    pub(crate) fn expose(&self) -> &str {
        self.text.trim()
    }

    /// Starts a client with the key.
    pub(crate) fn client(&self) -> ClientBuilder<Client> {
        match &self.service_id {
            Some(service_id) => Client::builder(KeyParts { service_id, secret: &self.text }),
            None => Client::builder(self.text.as_str()),
        }
    }

    /// The name that the key was given on the service's website, if the text has it.
    pub(crate) fn name(&self) -> Option<&str> {
        let text = self.text.trim();
        let name = text.len().checked_sub(IDS).and_then(|end| text.get(..end))?.trim_end_matches('-');
        (!name.is_empty()).then_some(name)
    }

    /// A key for another purpose, which looks like this one.
    pub(crate) fn derive(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        let hmac = Hmac::<Sha256>::new_from_slice(self.text.trim().as_bytes());
        let mut hmac = hmac.unwrap_or_else(|_| unreachable!("a key may have any length"));
        hmac.update(purpose);
        Zeroizing::new(hmac.finalize().into_bytes().into())
    }

    pub(crate) fn signer(&self) -> Result<Signer, CommandError> {
        let signer = match &self.service_id {
            Some(service_id) => {
                Signer::from_parts(KeyParts { service_id, secret: &self.text }).map_err(InvalidKey::from)
            }
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
            error => certificates::explained(CommandError::setup(error)),
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

fn missing(place: &KeyPlace) -> CommandError {
    CommandError::setup(anyhow::anyhow!("there is no API key in {place}"))
}

/// The profile that the options or the environment choose.
fn profile(options: &Options) -> Result<Option<Profile>, CommandError> {
    let name = match &options.profile {
        Some(name) => Some(name.clone()),
        None => environment::read(PROFILE)?,
    };
    name.map(|name| Profiles::load()?.named(name.trim())).transpose()
}

/// The service that the options or the environment name.
pub(crate) fn service(options: &Options) -> Result<Option<Service>, CommandError> {
    if options.service.is_some() {
        return Ok(options.service);
    }
    let (name, place) = match environment::read(SERVICE)? {
        Some(name) => (Some(name), SERVICE),
        None => (profile(options)?.and_then(|profile| profile.service), "the profile"),
    };
    let Some(name) = name else { return Ok(None) };
    args::service(name.trim()).map(Some).map_err(|problem| {
        CommandError::setup(anyhow::anyhow!("the name of the service in {place} is {problem}"))
            .help("govuk is GOV.UK Notify, au Notify.gov.au, gc GC Notify and va VA Notify")
    })
}

/// The URL of the service, from the options or the environment.
pub(crate) fn base_url(options: &Options, service: Option<Service>) -> Result<BaseUrl, CommandError> {
    let (text, place) = match (&options.base_url, environment::read(BASE_URL)?) {
        (Some(url), _) => (Some(url.clone()), "--base-url"),
        (None, Some(url)) => (Some(url), BASE_URL),
        (None, None) => (profile(options)?.and_then(|profile| profile.base_url), "the profile"),
    };
    let base_url: BaseUrl = match text {
        Some(text) => parse_url(&text, place)?,
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

/// Reads a base URL from this place.
pub(crate) fn parse_url(text: &str, place: &str) -> Result<BaseUrl, CommandError> {
    text.parse()
        .with_context(|| format!("the base URL in {place} cannot be used"))
        .map_err(CommandError::setup)
}
