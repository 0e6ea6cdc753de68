//! Fills in fields as older services do: a value appears as Python prints it, a list loses its empty items, and a list
//! without items leaves the placeholder, marked up.

use std::collections::{HashMap, HashSet};

use crate::python::json::{Object, Value};
use crate::render::content::Template;
use crate::render::content::personalisation::key;
use crate::render::content::template::{Part, is_yes};

/// Values by placeholder name; null is not a value.
#[derive(Clone, Default)]
pub(crate) struct Values<'a> {
    by_name: HashMap<String, &'a Value>,
    /// Whether a placeholder without a value appears as it is written.
    is_unmarked: bool,
}

impl<'a> Values<'a> {
    /// The values of a request. Of names that match each other, the last one counts.
    pub(crate) fn of(values: &'a Object) -> Self {
        Self::of_those(values, |_| true)
    }

    /// The values of a request that a predicate selects.
    pub(crate) fn of_those(values: &'a Object, takes: impl Fn(&Value) -> bool) -> Self {
        let chosen = values.iter().filter(|(_, value)| takes(value));
        Self { by_name: chosen.map(|(name, value)| (key(name), value)).collect(), is_unmarked: false }
    }

    /// The same values for plain text: a placeholder without a value appears as it is written.
    pub(crate) fn unmarked(self) -> Self {
        Self { is_unmarked: true, ..self }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.by_name.get(&key(name)).copied().filter(|value| **value != Value::Null)
    }

    /// The placeholder, marked up as the website shows it.
    fn stand_in(&self, name: &str, conditional: Option<&str>, style: Style) -> String {
        let element = style.element;
        match conditional {
            None if self.is_unmarked => format!("(({name}))"),
            Some(text) if self.is_unmarked => format!("(({name}??{text}))"),
            None => format!("<{element} class='placeholder'>(({name}))</{element}>"),
            Some(text) => {
                format!("<{element} class='placeholder-conditional'>(({name}??</{element}>{text}))")
            }
        }
    }
}

/// How a field is filled in.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    /// Whether a list is written as Markdown, with a paragraph of its own.
    pub(crate) markdown_lists: bool,
    /// What is applied to a value before it enters the text.
    pub(crate) sanitise: fn(&str) -> String,
    /// Whether a value turns a condition on.
    pub(crate) is_yes: fn(&str) -> bool,
    /// The HTML element that marks up a placeholder without a value.
    pub(crate) element: &'static str,
}

impl Style {
    pub(crate) const PLAIN: Self =
        Self { markdown_lists: false, sanitise: str::to_owned, is_yes, element: "span" };
    pub(crate) const MARKDOWN: Self =
        Self { markdown_lists: true, sanitise: str::to_owned, is_yes, element: "span" };
}

/// Fills in a field.
pub(crate) fn fill(field: &Template, values: &Values<'_>, style: Style) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Placeholder { name, conditional } => placeholder(name, conditional.as_deref(), values, style),
    };
    field.parts().iter().map(part).collect()
}

fn placeholder(name: &str, conditional: Option<&str>, values: &Values<'_>, style: Style) -> String {
    let value = values.get(name);
    match (conditional, value) {
        (Some(text), Some(value)) => {
            (if value.is_truthy() && (style.is_yes)(&value.to_string()) { text } else { "" }).to_owned()
        }
        (None, Some(Value::Array(items))) => {
            let items: Vec<String> =
                items.iter().filter(|item| item.is_truthy()).map(ToString::to_string).collect();
            if items.is_empty() {
                values.stand_in(name, None, style)
            } else {
                (style.sanitise)(&list(&items, style))
            }
        }
        (None, Some(value)) => (style.sanitise)(&value.to_string()),
        (conditional, None) => values.stand_in(name, conditional, style),
    }
}

fn list(items: &[String], style: Style) -> String {
    if style.markdown_lists {
        return format!("\n\n* {}", items.join("\n* "));
    }
    match items {
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    }
}

/// The names of the placeholders of several fields in each of their spellings, in order.
pub(crate) fn placeholders<'a>(fields: &[&'a Template]) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let parts = fields.iter().flat_map(|field| field.parts());
    let names = parts.filter_map(|part| match part {
        Part::Placeholder { name, .. } => Some(name.as_str()),
        Part::Literal(_) => None,
    });
    names.filter(|name| seen.insert(*name)).collect()
}

/// The placeholders for which there is no value.
pub(crate) fn missing(fields: &[&Template], values: &Values<'_>) -> Vec<String> {
    let names = placeholders(fields).into_iter();
    names.filter(|name| values.get(name).is_none()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::json;
    use serde_json::json;

    fn filled(source: &str, values: &serde_json::Value) -> String {
        let values = json::object(values);
        fill(&Template::parse(source), &Values::of(&values), Style::PLAIN)
    }

    #[test]
    fn values_appear_as_python_prints_them() {
        assert_eq!(filled("((a)) ((B_))", &json!({"A": {"x": 1}, "b": true})), "{'x': 1} True");
        assert_eq!(filled("((l))!", &json!({"l": ["a", null, " ", 0, "d"]})), "a,   and d!");
        assert_eq!(filled("((l))", &json!({"l": []})), "<span class='placeholder'>((l))</span>");
    }

    #[test]
    fn a_list_turns_no_condition_on() {
        assert_eq!(filled("((c??x))((d??y))((e??z))", &json!({"c": ["yes"], "d": 1, "e": 0})), "y");
    }

    #[test]
    fn each_spelling_is_a_placeholder_of_its_own() {
        let field = Template::parse("((Ref no)) ((ref_no)) ((Ref no))");
        assert_eq!(placeholders(&[&field]), ["Ref no", "ref_no"]);
        assert_eq!(missing(&[&field], &Values::default()), ["Ref no", "ref_no"]);
    }
}
