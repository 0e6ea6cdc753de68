//! What a check found.

use std::collections::BTreeMap;

use notify_http::check::{self, CheckResult, Encoding, Problem};
use notify_http::model::{Personalisation, Template};
use serde_json::{Value, json};

use crate::exit::{CommandError, ExitStatus};
use crate::output::csv::Columns;
use crate::output::fields::Fields;
use crate::output::style::{BAD, GOOD, WAITING};

/// The columns of a row.
pub(super) const COLUMNS: Columns = &[
    ("template_id", "/template/id"),
    ("template_version", "/template/version"),
    ("type", "/template/type"),
    ("name", "/template/name"),
    ("refused", "/refused"),
    ("problems", "/problems"),
    ("missing", "/missing"),
    ("unused", "/unused"),
    ("length", "/length"),
    ("limit", "/limit"),
    ("unit", "/unit"),
    ("fragments", "/fragments"),
    ("encoding", "/encoding"),
    ("replaced", "/replaced"),
    ("body", "/body"),
];

/// How long a message is, and may be.
pub(super) struct Length {
    pub(super) is: usize,
    pub(super) limit: Option<usize>,
    pub(super) unit: &'static str,
}

/// What is known about a message.
pub(super) struct Report {
    template: Template,
    problems: Vec<Problem>,
    unused: Vec<String>,
    length: Option<Length>,
    fragments: Option<(usize, Encoding)>,
    replaced: Option<BTreeMap<char, String>>,
    body: Option<String>,
}

impl Report {
    /// What was found, with the names of the files that placeholders link to.
    pub(super) fn new(
        template: Template,
        result: CheckResult,
        values: &Personalisation,
        files: &[&str],
    ) -> Self {
        let problems = match result {
            CheckResult::Refused(problems) => problems,
            CheckResult::Unknown => Vec::new(),
        };
        let named = files.iter().map(|name| (*name, ""));
        let mut unused = check::unused_personalisation(&template, values);
        unused.extend(check::unused_personalisation(&template, &named.collect()));
        Self { template, problems, unused, length: None, fragments: None, replaced: None, body: None }
    }

    pub(super) fn length(self, length: Length) -> Self {
        Self { length: Some(length), ..self }
    }

    pub(super) fn fragments(self, number: usize, encoding: Encoding) -> Self {
        Self { fragments: Some((number, encoding)), ..self }
    }

    pub(super) fn replaced(self, replaced: BTreeMap<char, String>) -> Self {
        Self { replaced: Some(replaced), ..self }
    }

    pub(super) fn body(self, text: &str) -> Self {
        Self { body: Some(text.to_owned()), ..self }
    }

    /// The placeholders without a value.
    fn missing(&self) -> &[String] {
        let missing = self.problems.iter().find_map(|problem| match problem {
            Problem::MissingPersonalisation(names) => Some(names.as_slice()),
            _ => None,
        });
        missing.unwrap_or_default()
    }

    pub(super) fn fields(&self) -> Fields {
        let Template { id, name, template_type, version, .. } = &self.template;
        let fields = Fields::new()
            .field("template", format!("{id} version {version}"))
            .field("name", name)
            .field("type", template_type);
        let fields = match (self.problems.as_slice(), self.unused.is_empty()) {
            ([], true) => fields.styled("result", "nothing is known against it", GOOD),
            ([], false) => fields.styled("result", "nothing is known against it, but see unused", WAITING),
            (problems, _) => {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                fields.styled("result", format!("the service would refuse it: {}", problems.join("; ")), BAD)
            }
        };
        let listed = |names: &[String]| (!names.is_empty()).then(|| names.join(", "));
        let length = self.length.as_ref().map(|length| match length.limit {
            Some(limit) => format!("{} {} of {limit}", length.is, length.unit),
            None => format!("{} {}", length.is, length.unit),
        });
        let fragments = self.fragments.map(|(number, encoding)| match encoding {
            Encoding::Ucs2 => format!("{number}, short ones: it has letters that take more room"),
            _ => number.to_string(),
        });
        let replaced = self.replaced.as_ref().filter(|replaced| !replaced.is_empty()).map(|replaced| {
            let each = replaced.iter().map(|(from, to)| match to.as_str() {
                "" => format!("{from} is left out"),
                to => format!("{from} arrives as {to}"),
            });
            each.collect::<Vec<_>>().join(", ")
        });
        fields
            .optional("missing", listed(self.missing()))
            .optional("unused", listed(&self.unused))
            .optional("length", length)
            .optional("fragments", fragments)
            .optional("replaced", replaced)
            .optional("body", self.body.as_ref())
    }

    pub(super) fn json(&self) -> Value {
        let Template { id, name, template_type, version, .. } = &self.template;
        let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        let encoding = self.fragments.map(|(_, encoding)| match encoding {
            Encoding::Ucs2 => "ucs-2",
            _ => "gsm-7",
        });
        let replaced = self.replaced.as_ref().map(|replaced| {
            replaced.iter().map(|(from, to)| (from.to_string(), to)).collect::<BTreeMap<_, _>>()
        });
        json!({
            "template": {
                "id": id.to_string(), "name": name, "type": template_type.as_str(), "version": version
            },
            "refused": !problems.is_empty(),
            "problems": problems,
            "missing": self.missing(),
            "unused": self.unused,
            "length": self.length.as_ref().map(|length| length.is),
            "limit": self.length.as_ref().and_then(|length| length.limit),
            "unit": self.length.as_ref().map(|length| length.unit),
            "fragments": self.fragments.map(|(number, _)| number),
            "encoding": encoding,
            "replaced": replaced,
            "body": self.body,
        })
    }

    /// A failure if the service is certain to refuse the message.
    pub(super) fn result(&self) -> Result<(), CommandError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        let error = anyhow::anyhow!("the service would refuse the message: {}", problems.join("; "));
        let failure = CommandError::new(ExitStatus::Refused, error);
        Err(match (self.missing(), self.unused.as_slice()) {
            ([], _) => failure,
            (_, []) => failure.help("give each a value, with --personalisation or --personalisation-file"),
            (_, unused) => failure
                .help(format!("these values have no placeholder; are they misspelt? {}", unused.join(", "))),
        })
    }
}
