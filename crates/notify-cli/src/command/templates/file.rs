//! A template as a file: front matter and body.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use notify_http::model::{Template, TemplateId};

use crate::exit::CommandError;

/// The line before and after the front matter.
const FENCE: &str = "---";

/// How the files of a folder end.
const EXTENSION: &str = "md";

/// How much of a template's name goes into the name of its file.
const SLUG_MAX: usize = 60;

/// A file of a template.
pub(super) struct TemplateFile {
    pub(super) path: PathBuf,
    pub(super) id: TemplateId,
    pub(super) version: u32,
    pub(super) text: String,
}

impl TemplateFile {
    /// The files of a folder, by the ids in their front matter: a file keeps its name, whatever the template is called.
    pub(super) fn all_in(folder: &Path) -> Result<BTreeMap<String, Self>, CommandError> {
        let unreadable = |path: &Path| format!("{} cannot be read", path.display());
        let entries =
            fs::read_dir(folder).with_context(|| unreadable(folder)).map_err(CommandError::setup)?;
        let mut files: BTreeMap<String, Self> = BTreeMap::new();
        for entry in entries {
            let path = entry.with_context(|| unreadable(folder)).map_err(CommandError::setup)?.path();
            if path.extension().is_none_or(|extension| extension != EXTENSION) || !path.is_file() {
                continue;
            }
            let text = match fs::read_to_string(&path) {
                Ok(text) => text,
                // Whatever this is, we did not write it.
                Err(error) if error.kind() == io::ErrorKind::InvalidData => continue,
                Err(error) => {
                    let error = anyhow::Error::new(error).context(unreadable(&path));
                    return Err(CommandError::setup(error));
                }
            };
            let Some((id, version)) = front_matter(&text) else { continue };
            if let Some(other) = files.get(&id.to_string()) {
                let error = anyhow::anyhow!(
                    "{} and {} are of the same template",
                    other.path.display(),
                    path.display()
                );
                return Err(CommandError::setup(error).help("remove one of them"));
            }
            files.insert(id.to_string(), Self { path, id, version, text });
        }
        Ok(files)
    }
}

/// The id and the version in the front matter of a file; `None` if it is not a template's.
fn front_matter(text: &str) -> Option<(TemplateId, u32)> {
    let mut lines = text.lines();
    if lines.next()? != FENCE {
        return None;
    }
    let (mut id, mut version) = (None, 0);
    for line in lines.take_while(|line| *line != FENCE) {
        match line.split_once(": ") {
            Some(("id", value)) => id = value.parse().ok(),
            Some(("version", value)) => version = value.parse().ok()?,
            _ => {}
        }
    }
    Some((id?, version))
}

/// The text of a template's file. Whoever made the template is left out.
pub(super) fn text(template: &Template) -> String {
    // A string of JSON is one of YAML, too.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = vec![
        FENCE.to_owned(),
        format!("id: {}", template.id),
        format!("name: {}", quoted(&template.name)),
        format!("type: {}", quoted_word(template.template_type.as_str())),
        format!("version: {}", template.version),
    ];
    lines.extend(template.subject.as_deref().map(|subject| format!("subject: {}", quoted(subject))));
    lines.extend(
        template.postage.as_ref().map(|postage| format!("postage: {}", quoted_word(postage.as_str()))),
    );
    let contact = template.letter_contact_block.as_deref();
    lines.extend(contact.map(|block| format!("letter_contact_block: {}", quoted(block))));
    lines.push(FENCE.to_owned());
    let body = template.body.replace("\r\n", "\n");
    format!("{}\n{}\n", lines.join("\n"), body.trim_end_matches('\n'))
}

/// A word of the service, which is quoted if it is a strange one.
fn quoted_word(word: &str) -> String {
    let is_plain = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_plain { word.to_owned() } else { serde_json::Value::from(word).to_string() }
}

/// The path of a template that has no file yet: its name, and the start of its id, which tells it from others of the
/// same name.
pub(super) fn new_path(folder: &Path, template: &Template) -> PathBuf {
    let id = template.id.to_string();
    let slug = slug(&template.name);
    let short = folder.join(format!("{slug}{}.{EXTENSION}", id.get(..8).unwrap_or(&id)));
    if short.exists() { folder.join(format!("{slug}{id}.{EXTENSION}")) } else { short }
}

/// A name in letters, digits and hyphens, with a hyphen at its end; empty if it has none of them.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let end = slug.char_indices().nth(SLUG_MAX).map_or(slug.len(), |(at, _)| at);
    slug.truncate(end);
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
    slug
}

/// Writes a file all at once, so that nobody sees half a template.
pub(super) fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    let aside = path.with_extension(format!("{EXTENSION}.{}", std::process::id()));
    fs::write(&aside, text)
        .and_then(|()| fs::rename(&aside, path))
        .with_context(|| format!("{} cannot be written", path.display()))
        .map_err(CommandError::local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_part_of_a_file_name_whatever_is_in_it() {
        for (name, expected) in [
            ("Permit ready (text message)", "permit-ready-text-message-"),
            ("../../etc/passwd", "etc-passwd-"),
            ("Évacuation — niveau 2", "évacuation-niveau-2-"),
            ("…", ""),
            ("", ""),
        ] {
            assert_eq!(slug(name), expected, "{name}");
        }
        assert_eq!(slug(&"a".repeat(200)).len(), SLUG_MAX + 1);
    }

    #[test]
    fn only_a_template_has_such_front_matter() {
        let id = "c0ffee00-0000-4000-8000-000000000011";
        let text = format!("---\nid: {id}\nname: \"a: b\"\nversion: 3\n---\nid: other\n");
        assert_eq!(front_matter(&text), Some((id.parse().unwrap(), 3)));
        for text in ["", "# Notes\n", "---\nid: Kim\n---\n", "---\nversion: 1\n---\n"] {
            assert_eq!(front_matter(text), None, "{text}");
        }
    }
}
