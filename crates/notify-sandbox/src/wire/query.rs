//! Query strings, read and written as the service does.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode, utf8_percent_encode};

use crate::python::json::{Object, Value};

/// What the service does not escape in the query of a link.
pub(crate) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'?')
    .remove(b'@')
    // Written as `+` afterwards.
    .remove(b' ');

/// What older services do not escape.
pub(crate) const EVERYTHING: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');

/// The parameters of a query: names in the order of their first appearance, each with all its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(String, Vec<String>)>);

impl Query {
    pub(crate) fn read(text: &str) -> Self {
        let mut query = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name), decode(value));
            match query.0.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => query.0.push((name, vec![value])),
            }
        }
        query
    }

    /// Keeps only the first value of each parameter but these.
    pub(crate) fn with_lists_only_for(mut self, names: &[&str]) -> Self {
        for (name, values) in &mut self.0 {
            if !names.contains(&name.as_str()) {
                values.truncate(1);
            }
        }
        self
    }

    /// The query as an object to check against a schema, with these parameters as lists.
    pub(crate) fn to_value(&self, lists: &[&str]) -> Value {
        let mut object = Object::EMPTY;
        for (name, values) in &self.0 {
            let mut values = values.iter().cloned().map(Value::String);
            let value = if lists.contains(&name.as_str()) {
                Value::Array(values.collect())
            } else {
                values.next().unwrap_or(Value::Null)
            };
            object.insert(name, value);
        }
        Value::Object(object)
    }

    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .flat_map(|(_, values)| values)
            .map(String::as_str)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The same query with one value for a parameter, in its old place if it had one.
    pub(crate) fn with(mut self, name: &str, value: String) -> Self {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => *values = vec![value],
            None => self.0.push((name.to_owned(), vec![value])),
        }
        self
    }

    /// The same query with the first value of each parameter.
    pub(crate) fn with_firsts_only(mut self) -> Self {
        for (_, values) in &mut self.0 {
            values.truncate(1);
        }
        self
    }

    /// A link to a path with this query.
    pub(crate) fn link(&self, base: &str, path: &str) -> String {
        self.link_escaping(base, path, ESCAPED)
    }

    /// The same, for a service that escapes in its own way.
    pub(crate) fn link_escaping(&self, base: &str, path: &str, escaped: &'static AsciiSet) -> String {
        let mut link = format!("{base}{path}");
        let pairs = self.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        for (index, (name, value)) in pairs.enumerate() {
            link.push(if index == 0 { '?' } else { '&' });
            link.push_str(&encode(name, escaped));
            link.push('=');
            link.push_str(&encode(value, escaped));
        }
        link
    }
}

/// Decodes a text. Bytes that are not UTF-8 stay escaped.
fn decode(text: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(&text.replace('+', " ")).collect();
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        decoded.extend(percent_encode(chunk.invalid(), NON_ALPHANUMERIC));
    }
    decoded
}

fn encode(text: &str, escaped: &'static AsciiSet) -> String {
    utf8_percent_encode(text, escaped).to_string().replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_repeat_the_query_in_order() {
        let query = Query::read("status=a&x=1&status=b&&reference=two%20words+%26+%C3%A9");
        assert_eq!(
            query.link("http://h", "/p"),
            "http://h/p?status=a&status=b&x=1&reference=two+words+%26+%C3%A9"
        );
        assert_eq!(query.first("x"), Some("1"));
        assert_eq!(Query::read("").link("http://h", "/p"), "http://h/p");
    }

    #[test]
    fn bytes_that_are_not_utf_8_stay_escaped() {
        let query = Query::read("reference=a%ff%C3%A9%ed%a0%80%c3");
        assert_eq!(query.first("reference"), Some("a%FFé%ED%A0%80%C3"));
        assert_eq!(query.link("", ""), "?reference=a%25FF%C3%A9%25ED%25A0%2580%25C3");
    }

    #[test]
    fn a_cursor_takes_the_place_of_the_one_before() {
        let query =
            Query::read("older_than=1&status=a").with("older_than", "2".to_owned()).with("z", "3".to_owned());
        assert_eq!(query.link("", ""), "?older_than=2&status=a&z=3");
    }

    #[test]
    fn only_lists_keep_more_than_their_first_value() {
        let query = Query::read("status=a&status=b&reference=r&reference=s").with_lists_only_for(&["status"]);
        assert_eq!(query.to_value(&["status"]).to_string(), "{'status': ['a', 'b'], 'reference': 'r'}");
    }
}
