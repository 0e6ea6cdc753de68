//! Compares the placeholders of a template with the values given.

use super::content;
use crate::model::{Personalisation, Template, TemplateType, placeholder_key as key};

/// The placeholders that have no value, as the template spells them, in the order in which the service would name them.
///
/// # Examples
///
/// ```
/// # use notify_api::model::{Personalisation, Template};
/// # fn example(template: &Template) {
/// let missing = notify_api::check::missing_personalisation(template, &Personalisation::default());
/// # }
/// ```
pub fn missing_personalisation(template: &Template, given: &Personalisation) -> Vec<String> {
    missing(template, |name| given.get(name).is_some())
}

/// The names of values for which the template has no placeholder. The service ignores these values, so most of them are
/// spelling mistakes.
///
/// The lines of a letter's address count as used.
///
/// # Examples
///
/// ```
/// # use notify_api::model::{Personalisation, Template};
/// # fn example(template: &Template) {
/// let values = Personalisation::from_iter([("fist name", "Kim")]);
/// assert_eq!(notify_api::check::unused_personalisation(template, &values), ["fist name"]);
/// # }
/// ```
pub fn unused_personalisation(template: &Template, given: &Personalisation) -> Vec<String> {
    let used: Vec<String> = placeholders(template).into_iter().map(key).collect();
    let is_address = |key: &str| {
        template.template_type == TemplateType::Letter
            && (key == "postcode" || key.strip_prefix("addressline").is_some_and(|n| n.parse::<u8>().is_ok()))
    };
    let is_used = |name: &&str| {
        let key = key(name);
        used.contains(&key) || is_address(&key)
    };
    given.names().filter(|name| !is_used(name)).map(str::to_owned).collect()
}

/// The placeholders for which nothing `is_given`.
pub(super) fn missing(template: &Template, is_given: impl Fn(&str) -> bool) -> Vec<String> {
    // Files in the template itself fill placeholders that the service does not require.
    let asked: Vec<String> = template.personalisation.keys().map(|name| key(name)).collect();
    let is_asked = |name: &str| asked.contains(&key(name));
    placeholders(template)
        .into_iter()
        .filter(|name| is_asked(name) && !is_given(name))
        .map(str::to_owned)
        .collect()
}

/// All placeholders, each once: those of the subject come first.
fn placeholders(template: &Template) -> Vec<&str> {
    let subject = template.subject.as_deref().unwrap_or_default();
    let mut names = content::placeholders(subject);
    for name in content::placeholders(&template.body) {
        if !names.iter().any(|known| key(known) == key(name)) {
            names.push(name);
        }
    }
    names
}
