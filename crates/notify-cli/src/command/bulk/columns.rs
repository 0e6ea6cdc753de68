//! The header: the purpose of each column, by the service's rules.

use notify_http::check::{missing_personalisation, placeholder_key};
use notify_http::model::{Personalisation, Template, TemplateType};

/// The purpose of each column of a list.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) spellings: Vec<Spelling>,
    /// The spelling of each column.
    pub(super) of_column: Vec<usize>,
    /// The columns that make the recipient, in the service's order; each with its spelling if the list has it. Only a
    /// header that is refused can have two spellings.
    pub(super) recipient: Vec<Option<usize>>,
    pub(super) placeholders: Vec<Placeholder>,
}

/// A name in the header. Columns with the same name make a list.
#[derive(Debug)]
pub(super) struct Spelling {
    pub(super) name: String,
    /// The same for names that the service treats as equal.
    pub(super) key: String,
    pub(super) is_recipient: bool,
    pub(super) is_placeholder: bool,
    /// Whether the same name comes again later in another spelling, which then counts.
    pub(super) is_overridden: bool,
}

/// A placeholder of the template, and the column that fills it.
#[derive(Debug)]
pub(super) struct Placeholder {
    pub(super) name: String,
    pub(super) spelling: usize,
}

/// The names of the columns that make a recipient.
pub(super) fn recipient_names(kind: &TemplateType) -> Vec<String> {
    match kind {
        TemplateType::Sms => vec!["phone number".to_owned()],
        TemplateType::Letter => (1..=6)
            .map(|line| format!("address line {line}"))
            .chain(["postcode".to_owned(), "address line 7".to_owned()])
            .collect(),
        _ => vec!["email address".to_owned()],
    }
}

/// How many columns of an address a letter needs.
const FEWEST_ADDRESS_COLUMNS: usize = 3;

/// Whether the header has the columns of a recipient.
pub(super) fn has_recipient(kind: &TemplateType, header: &[String]) -> bool {
    let keys: Vec<String> = header.iter().map(|name| placeholder_key(name)).collect();
    let names: Vec<String> = recipient_names(kind).iter().map(|name| placeholder_key(name)).collect();
    let has = |name: &&String| keys.contains(name);
    if *kind != TemplateType::Letter {
        return names.iter().all(|name| keys.contains(name));
    }
    // Lines 1 to 6 and the postcode, or lines 1 to 7.
    let (lines, postcode, seventh) = (&names[..6], &names[6], &names[7]);
    [postcode, seventh]
        .into_iter()
        .any(|last| lines.iter().chain([last]).filter(has).count() >= FEWEST_ADDRESS_COLUMNS)
}

impl Columns {
    /// Reads a header, or says everything that is wrong with it.
    pub(super) fn new(template: &Template, header: &[String]) -> Result<Self, Vec<String>> {
        let kind = &template.template_type;
        let names = recipient_names(kind);
        let recipient_keys: Vec<String> = names.iter().map(|name| placeholder_key(name)).collect();
        let placeholders = missing_personalisation(template, &Personalisation::default());
        let placeholder_keys: Vec<String> = placeholders.iter().map(|name| placeholder_key(name)).collect();

        let mut spellings: Vec<Spelling> = Vec::new();
        let mut of_column = Vec::new();
        for name in header {
            let known = spellings.iter().position(|spelling| spelling.name == *name);
            of_column.push(known.unwrap_or_else(|| {
                let key = placeholder_key(name);
                spellings.push(Spelling {
                    name: name.clone(),
                    is_recipient: recipient_keys.contains(&key),
                    is_placeholder: placeholder_keys.contains(&key),
                    is_overridden: false,
                    key,
                });
                spellings.len() - 1
            }));
        }
        for index in 0..spellings.len() {
            let key = spellings[index].key.clone();
            spellings[index].is_overridden = spellings[index + 1..].iter().any(|later| later.key == key);
        }
        let last_with = |key: &String| spellings.iter().rposition(|spelling| spelling.key == *key);

        let mut problems = Vec::new();
        if !has_recipient(kind, header) {
            problems.push(missing_recipient(kind));
        }
        let missing: Vec<&str> = placeholders
            .iter()
            .zip(&placeholder_keys)
            .filter(|(_, key)| last_with(key).is_none() && !recipient_keys.contains(key))
            .map(|(name, _)| name.as_str())
            .collect();
        if !missing.is_empty() {
            problems.push(format!("there is no column for: {}", missing.join(", ")));
        }
        let doubled: Vec<&str> = spellings
            .iter()
            .filter(|spelling| {
                let alike = of_column.iter().filter(|index| spellings[**index].key == spelling.key).count();
                spelling.is_recipient && alike > 1
            })
            .map(|spelling| spelling.name.as_str())
            .collect();
        if !doubled.is_empty() {
            problems.push(format!("the recipient has more than one column: {}", doubled.join(", ")));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let placeholders = placeholders.into_iter().zip(&placeholder_keys);
        let placeholders = placeholders
            .filter_map(|(name, key)| Some(Placeholder { name, spelling: last_with(key)? }))
            .collect();
        let recipient = recipient_keys.iter().map(last_with).collect();
        Ok(Self { spellings, of_column, recipient, placeholders })
    }

    /// Whether the column is the seventh line of an address, which then takes the place of the postcode.
    pub(super) fn has_seventh_line(&self) -> bool {
        matches!(self.recipient[..], [_, .., Some(_)])
    }

    /// The columns that are not used.
    pub(super) fn unused(&self) -> impl Iterator<Item = &str> {
        let unused =
            self.spellings.iter().filter(|spelling| !spelling.is_recipient && !spelling.is_placeholder);
        unused.map(|spelling| spelling.name.as_str()).filter(|name| !name.is_empty())
    }
}

fn missing_recipient(kind: &TemplateType) -> String {
    match kind {
        TemplateType::Letter => {
            "a letter needs three columns of an address at least, out of `address line 1` to \
                                 `address line 6` and `postcode`, or `address line 1` to `address line 7`"
                .to_owned()
        }
        kind => format!("there is no column `{}`", recipient_names(kind).concat()),
    }
}
