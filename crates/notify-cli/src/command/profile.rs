//! `notify profile`

use serde_json::{Value, json};

use crate::args::{AddProfileArgs, Format, Options, ProfileArgs};
use crate::exit::CommandError;
use crate::input::is_standard;
use crate::output::table::{Cell, Table, screen};
use crate::output::{empty, json, print, print_styled};
use crate::profile::{self, KeySource, Profile, Profiles, refuse_shared};

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
    let profile = Profile {
        base_url: options.base_url.clone(),
        service: options.service.map(|service| service.name().to_owned()),
        service_id: args.service_id,
        key: key_source(args.key_command, options)?,
    };
    if let Some(url) = &profile.base_url {
        crate::setup::parse_url(url, "--base-url")?;
    }
    profiles.profiles.insert(args.name.clone(), profile);
    profiles.save()?;
    print_styled(&format!(
        "the profile is in {}; `notify templates --profile {}` tries it\n",
        profile::path()?.display(),
        crate::output::text::escape(&args.name)
    ))
}

fn key_source(command: Option<String>, options: &Options) -> Result<KeySource, CommandError> {
    match (&options.api_key_file, command) {
        (Some(path), None) if is_standard(path) => {
            Err(CommandError::usage("a profile cannot keep stdin").help("name a file, or a command"))
        }
        (Some(path), None) => {
            // Tomorrow's file may be made later.
            if path.exists() {
                refuse_shared(path, "the key file")?;
            }
            KeySource::file(path).map_err(CommandError::local)
        }
        (None, Some(command)) => Ok(KeySource::Command(command)),
        _ => Err(CommandError::usage("a profile needs one place for the key")
            .help("give either --api-key-file or --key-command")),
    }
}

fn list(options: &Options) -> Result<(), CommandError> {
    let Profiles { profiles } = Profiles::load()?;
    let object = |(name, profile): (&String, &Profile)| -> Value {
        let mut value = json!(profile);
        value["name"] = json!(name);
        value
    };
    match options.format() {
        Format::Text | Format::Csv if profiles.is_empty() => {
            print_styled(&empty("no profiles; `notify profile add --help` shows how to make one"))
        }
        Format::Text | Format::Csv => {
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
        Format::Json => {
            let all: Vec<Value> = profiles.iter().map(object).collect();
            print(format!("{:#}\n", json!({ "profiles": all })).as_bytes())
        }
        Format::Jsonl => {
            let lines: String = profiles.iter().map(|entry| json::line(&object(entry).to_string())).collect();
            print(lines.as_bytes())
        }
    }
}

fn remove(name: &str) -> Result<(), CommandError> {
    let mut profiles = Profiles::load()?;
    if profiles.profiles.remove(name).is_none() {
        return Err(profiles.unknown());
    }
    profiles.save()
}
