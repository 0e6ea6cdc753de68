//! A template's text with its placeholders: `((name))` and `((name??shown if the value says yes))`.

use super::html;
use super::personalisation::{ListStyle, Personalisation, key};
use std::collections::BTreeSet;

/// One parsed field of a template: a body, or a subject.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    source: String,
    parts: Vec<Part>,
}

/// A piece of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Literal(String),
    Placeholder {
        name: String,
        /// The text of a conditional placeholder.
        conditional: Option<String>,
    },
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FillOptions {
    pub(super) lists: ListStyle,
    pub(super) missing: Missing,
    /// Whether values are escaped for HTML; the template itself has been, before it was parsed.
    pub(super) escape: bool,
}

impl FillOptions {
    /// How the body of an e-mail or a letter is filled in: lists are Markdown.
    pub(super) const BODY: Self =
        Self { lists: ListStyle::Bullets, missing: Missing::Highlighted, escape: false };
}

/// What to show for a missing value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Missing {
    /// The placeholder as written.
    Verbatim,
    /// The placeholder, marked up for highlighting.
    Highlighted,
}

impl Template {
    /// Finds the placeholders: two brackets, one or more characters that are not brackets, two brackets. Everything
    /// else is literal text, including nested or unbalanced brackets.
    pub(crate) fn parse(source: &str) -> Self {
        let mut parts = Vec::new();
        let mut literal = 0;
        let mut at = 0;
        while let Some(found) = source[at..].find("((") {
            let body = at + found + 2;
            let end = source[body..].find(['(', ')']).map_or(source.len(), |length| body + length);
            if end == body || !source[end..].starts_with("))") {
                at += found + 1;
                continue;
            }
            if literal < body - 2 {
                parts.push(Part::Literal(source[literal..body - 2].to_owned()));
            }
            parts.push(Part::placeholder(&source[body..end]));
            at = end + 2;
            literal = at;
        }
        if literal < source.len() {
            parts.push(Part::Literal(source[literal..].to_owned()));
        }
        Self { source: source.to_owned(), parts }
    }

    /// Finds the placeholders of a service that allows brackets inside them: two brackets without a third, and
    /// everything up to the next two.
    pub(crate) fn parse_with_brackets(source: &str) -> Self {
        let mut parts = Vec::new();
        let (mut literal, mut at) = (0, 0);
        while let Some(found) = source[at..].find("((") {
            let body = at + found + 2;
            let first = source[body..].chars().next();
            let end = first.filter(|c| *c != '(').and_then(|c| {
                let from = body + c.len_utf8();
                source[from..].find("))").map(|length| from + length)
            });
            let Some(end) = end else {
                at += found + 1;
                continue;
            };
            if literal < body - 2 {
                parts.push(Part::Literal(source[literal..body - 2].to_owned()));
            }
            parts.push(Part::placeholder(source[body..end].trim_end_matches(')')));
            at = end + 2;
            literal = at;
        }
        if literal < source.len() {
            parts.push(Part::Literal(source[literal..].to_owned()));
        }
        Self { source: source.to_owned(), parts }
    }

    /// The same field, prepared for a page: everything that HTML would act on is escaped.
    pub(super) fn escaped(&self) -> Self {
        Self::parse(&html::escape(&self.source))
    }

    /// Whether a value decides if anything is left to send. The service checks only the two ends of the template: text
    /// around the placeholders, even a space, counts as content.
    pub(super) fn may_render_empty(&self) -> bool {
        self.source.is_empty() || (self.source.starts_with("((") && self.source.ends_with("))"))
    }

    pub(super) fn fill(&self, values: &Personalisation, options: FillOptions) -> String {
        self.parts.iter().map(|part| part.fill(values, options)).collect()
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder { name, .. } => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }
}

/// The names of the placeholders of several fields, in the spelling and order of their first use, each once.
pub(crate) fn placeholders<'a>(fields: &[&'a Template]) -> Vec<&'a str> {
    once(fields.iter().flat_map(|field| field.names())).collect()
}

/// Each name at its first use.
fn once<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    let mut seen = BTreeSet::new();
    names.filter(move |name| seen.insert(key(name)))
}

/// The placeholders of several fields for which there is no value, as the service lists them.
pub(crate) fn missing(fields: &[&Template], values: &Personalisation) -> Vec<String> {
    let names = fields.iter().flat_map(|field| field.names());
    once(names.filter(|name| !values.contains(name))).map(str::to_owned).collect()
}

impl Part {
    fn placeholder(body: &str) -> Self {
        match body.split_once("??") {
            Some((name, text)) => {
                Self::Placeholder { name: name.to_owned(), conditional: Some(text.to_owned()) }
            }
            None => Self::Placeholder { name: body.to_owned(), conditional: None },
        }
    }

    fn fill(&self, values: &Personalisation, options: FillOptions) -> String {
        let (name, conditional) = match self {
            Self::Literal(text) => return text.clone(),
            Self::Placeholder { name, conditional } => (name, conditional.as_deref()),
        };
        match (values.text(name, options.lists), conditional) {
            (Some(value), Some(text)) => (if is_yes(&value) { text } else { "" }).to_owned(),
            (Some(value), None) if options.escape => html::escape(&value),
            (Some(value), None) => value,
            (None, _) => options.missing.stand_in(name, conditional),
        }
    }
}

impl Missing {
    fn stand_in(self, name: &str, conditional: Option<&str>) -> String {
        match (self, conditional) {
            (Self::Verbatim, None) => format!("(({name}))"),
            (Self::Verbatim, Some(text)) => format!("(({name}??{text}))"),
            (Self::Highlighted, None) => {
                format!("<span class='placeholder'>&#40;&#40;{name}&#41;&#41;</span>")
            }
            (Self::Highlighted, Some(text)) => {
                format!("<span class='placeholder-conditional'>&#40;&#40;{name}??</span>{text}&#41;&#41;")
            }
        }
    }
}

/// Whether a value turns a conditional placeholder on.
pub(crate) fn is_yes(value: &str) -> bool {
    ["yes", "y", "true", "t", "1", "include", "show"].contains(&value.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;
    use serde_json::{Value, json};

    const PLAIN: FillOptions =
        FillOptions { lists: ListStyle::Sentence, missing: Missing::Verbatim, escape: false };

    fn fill(source: &str, values: &Value) -> String {
        Template::parse(source).fill(&Personalisation::from(&json::object(values)), PLAIN)
    }

    #[test]
    fn brackets_that_make_no_placeholder_are_text() {
        for text in ["((n)", "(n))", "(())", "( (n))", "((a(b)c))", "((", "))", "((n", "((a ((b) c))"] {
            assert_eq!(placeholders(&[&Template::parse(text)]), Vec::<&str>::new(), "{text}");
            assert_eq!(fill(text, &json!({"n": "x", "b": "x"})), text);
        }
    }

    #[test]
    fn the_innermost_brackets_win() {
        assert_eq!(fill("((((n))))", &json!({"n": "x"})), "((x))");
        assert_eq!(fill("((c?? a ((b))))", &json!({"c": true, "b": "x"})), "((c?? a x))");
        assert_eq!(fill("((a))((b))((a))", &json!({"a": 1, "b": 2})), "121");
        assert_eq!(fill("((two\nlines))é", &json!({"TWO\nLINES": "x"})), "xé");
    }

    #[test]
    fn a_conditional_shows_its_text_for_the_words_that_mean_yes() {
        for (value, shown) in [
            (json!("Yes"), true),
            (json!("SHOW"), true),
            (json!(1), true),
            (json!(1.0), false),
            (json!("on"), false),
            (json!(" yes"), false),
            (json!(["t"]), true),
            (json!([]), false),
            (json!(false), false),
        ] {
            assert_eq!(
                fill("((c??a ?? b))", &json!({"c": value})),
                if shown { "a ?? b" } else { "" },
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_missing_is_listed_in_first_spelling_across_fields() {
        let (subject, body) =
            (Template::parse("((Ref no))"), Template::parse("((b)) ((ref_no)) ((a??x)) ((B))"));
        assert_eq!(placeholders(&[&subject, &body]), ["Ref no", "b", "a"]);
        let values = Personalisation::from(&json::object(&json!({"b": "", "a": null})));
        assert_eq!(missing(&[&subject, &body], &values), ["Ref no", "a"]);
    }

    #[test]
    fn values_are_not_scanned_again() {
        assert_eq!(fill("((a))((b))", &json!({"a": "((", "b": "c))"})), "((c))");
    }
}
