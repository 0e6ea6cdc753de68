//! `notify profile`

use serde_json::{Value, json};

use crate::args::{AddProfileArgs, Format, Options, ProfileArgs};
use crate::exit::{CommandError, ExitStatus};
use crate::input::is_standard;
use crate::keyring::Keyring;
use crate::output::csv::Columns;
use crate::output::table::{Cell, Table, screen};
use crate::output::{empty, print, print_styled, value};
use crate::profile::{self, KeySource, Profile, Profiles, refuse_shared};
use crate::setup::{self, KeyText};

/// The columns of a profile. One of the last three says where the key lives.
const COLUMNS: Columns = &[
    ("name", "/name"),
    ("service", "/service"),
    ("base_url", "/base_url"),
    ("service_id", "/service_id"),
    ("key_file", "/key/file"),
    ("key_command", "/key/command"),
    ("key_keyring", "/key/keyring"),
];

/// Adds, lists and removes profiles.
pub(crate) fn run(args: ProfileArgs, options: &Options) -> Result<(), CommandError> {
    match args {
        ProfileArgs::Add(args) => add(args, options),
        ProfileArgs::List => list(options),
        ProfileArgs::Remove { name } => remove(&name),
    }
}

fn add(args: AddProfileArgs, options: &Options) -> Result<(), CommandError> {
    let mut profiles = Profiles::load()?;
    if profiles.profiles.contains_key(&args.name) && !args.replace {
        return Err(CommandError::usage("there is a profile of this name already")
            .help("choose another name, or replace it with --replace"));
    }
    if let Some(url) = &options.base_url {
        setup::parse_url(url, "--base-url")?;
    }
    let (name, is_in_keyring) = (args.name.clone(), args.keyring);
    let keyring = is_in_keyring.then(Keyring::of_system).transpose()?;
    let key = is_in_keyring.then(|| KeyText::to_keep(options, args.service_id.clone())).transpose()?;
    let profile = Profile {
        base_url: options.base_url.clone(),
        service: options.service.map(|service| service.name().to_owned()),
        key: key_source(&args, options)?,
        service_id: args.service_id,
    };
    let replaced = profiles.profiles.insert(name.clone(), profile);
    profiles.save()?;
    if let (Some(keyring), Some(key)) = (keyring, key) {
        keyring.keep(&name, key.expose()).inspect_err(|_| {
            // Restores the key. If that fails too, the next use of the profile says that the key is missing.
            let _ = profiles.put_back(&name, replaced).save();
        })?;
    } else if let Some(replaced) = replaced {
        forget_key(&name, &replaced)?;
    }
    print_styled(&format!(
        "the profile is in {}; `notify templates{}` tries it\n",
        profile::path()?.display(),
        Options { profile: Some(name), ..Options::default() }.as_arguments()
    ))
}

fn key_source(args: &AddProfileArgs, options: &Options) -> Result<KeySource, CommandError> {
    if args.keyring {
        return Ok(KeySource::Keyring(args.name.clone()));
    }
    match (&options.api_key_file, &args.key_command) {
        (Some(path), None) if is_standard(path) => Err(CommandError::usage("a profile cannot keep stdin")
            .help("name a file or a command, or keep the key in the system's keyring with --keyring")),
        (Some(path), None) => {
            // The file may be created later.
            if path.exists() {
                refuse_shared(path, "the key file")?;
            }
            KeySource::file(path).map_err(CommandError::local)
        }
        (None, Some(command)) => Ok(KeySource::Command(command.clone())),
        _ => Err(CommandError::usage("a profile needs one place for the key")
            .help("give --keyring, --api-key-file or --key-command")),
    }
}

/// Deletes the key that a forgotten profile had in the keyring.
fn forget_key(name: &str, profile: &Profile) -> Result<(), CommandError> {
    let KeySource::Keyring(entry) = &profile.key else { return Ok(()) };
    Keyring::of_system().and_then(|keyring| keyring.remove(entry)).map_err(|error| {
        error.with_status(ExitStatus::LocalError).help(format!(
            "the profile is gone, but its key is still in the keyring: delete it there, as the one of the service “notify” \
             with the user “{}”",
            crate::output::text::escape(name)
        ))
    })
}

fn list(options: &Options) -> Result<(), CommandError> {
    let Profiles { profiles } = Profiles::load()?;
    let object = |(name, profile): (&String, &Profile)| -> Value {
        let mut value = json!(profile);
        value["name"] = json!(name);
        value
    };
    match options.format() {
        Format::Text if profiles.is_empty() => {
            print_styled(&empty("no profiles; `notify profile add --help` shows how to make one"))
        }
        Format::Text => {
            let row = |(name, profile): (&String, &Profile)| {
                let text = |value: &Option<String>| Cell::new(value.as_deref().unwrap_or_default());
                [
                    Cell::new(name),
                    text(&profile.service),
                    text(&profile.base_url),
                    Cell::new(profile.key.shown()),
                ]
            };
            let rows: Vec<_> = profiles.iter().map(row).collect();
            print_styled(&Table::new(["name", "service", "url", "key"], screen()).rows(&rows))
        }
        format => {
            let all: Vec<Value> = profiles.iter().map(object).collect();
            print(value::list(format, "profiles", &all, COLUMNS)?.as_bytes())
        }
    }
}

fn remove(name: &str) -> Result<(), CommandError> {
    let mut profiles = Profiles::load()?;
    let Some(removed) = profiles.profiles.remove(name) else { return Err(profiles.unknown()) };
    profiles.save()?;
    forget_key(name, &removed)
}
