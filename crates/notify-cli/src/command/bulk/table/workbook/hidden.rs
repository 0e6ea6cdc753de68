//! Hidden rows and columns, which calamine reads like others.

use std::collections::HashSet;
use std::io::{BufReader, Read, Seek};
use std::ops::RangeInclusive;

use anyhow::{Context as _, Result};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// What a sheet hides, counted from zero.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Hidden {
    rows: HashSet<u32>,
    columns: Vec<RangeInclusive<u32>>,
}

impl Hidden {
    pub(super) fn has_row(&self, row: u32) -> bool {
        self.rows.contains(&row)
    }

    pub(super) fn has_column(&self, column: u32) -> bool {
        self.columns.iter().any(|columns| columns.contains(&column))
    }

    /// What is hidden in the sheet at this place in its workbook.
    pub(super) fn of_sheet(workbook: impl Read + Seek, index: usize) -> Result<Self> {
        let mut archive = ZipArchive::new(workbook)?;
        let sheets = elements(&mut archive, "xl/workbook.xml", "sheet", &["r:id"])?;
        let id = sheets.get(index).and_then(|sheet| sheet[0].clone()).context("a sheet has no id")?;
        let links = elements(&mut archive, "xl/_rels/workbook.xml.rels", "Relationship", &["Id", "Target"])?;
        let target = links.into_iter().find(|link| link[0].as_ref() == Some(&id));
        let target = target.and_then(|mut link| link[1].take()).context("a sheet is not there")?;
        let path = match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{target}"),
        };
        Self::of_xml(BufReader::new(archive.by_name(&path)?))
    }

    fn of_xml(xml: impl std::io::BufRead) -> Result<Self> {
        let mut hidden = Self::default();
        let (mut reader, mut buffer) = (Reader::from_reader(xml), Vec::new());
        let mut next_row = 0;
        loop {
            match reader.read_event_into(&mut buffer)? {
                Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                    "col" => hidden.add_columns(&element),
                    "row" => {
                        let number = attribute(&element, "r").and_then(|number| number.parse().ok());
                        let row = number.map_or(next_row, |number: u32| number.saturating_sub(1));
                        next_row = row + 1;
                        if is_hidden(&element) {
                            hidden.rows.insert(row);
                        }
                    }
                    _ => {}
                },
                Event::Eof => return Ok(hidden),
                _ => {}
            }
            buffer.clear();
        }
    }

    fn add_columns(&mut self, element: &BytesStart<'_>) {
        let number = |name| attribute(element, name)?.parse::<u32>().ok()?.checked_sub(1);
        if let (true, Some(first), Some(last)) = (is_hidden(element), number("min"), number("max")) {
            self.columns.push(first..=last);
        }
    }
}

/// Whether a sheet of an ods, which has this name, hides anything.
pub(super) fn hides_any(workbook: impl Read + Seek, sheet: &str) -> Result<bool> {
    let mut archive = ZipArchive::new(workbook)?;
    let content = BufReader::new(archive.by_name("content.xml")?);
    let (mut reader, mut buffer) = (Reader::from_reader(content), Vec::new());
    let mut is_in_sheet = false;
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "table" => is_in_sheet = attribute(&element, "table:name").is_some_and(|name| name == sheet),
                "table-row" | "table-column" if is_in_sheet => {
                    let visibility = attribute(&element, "table:visibility");
                    if visibility.is_some_and(|visibility| visibility == "collapse" || visibility == "filter")
                    {
                        return Ok(true);
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(false),
            _ => {}
        }
        buffer.clear();
    }
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    attribute(element, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true")
}

/// These attributes of each such element of a file.
fn elements(
    archive: &mut ZipArchive<impl Read + Seek>,
    file: &str,
    name: &str,
    attributes: &[&str],
) -> Result<Vec<Vec<Option<String>>>> {
    let mut reader = Reader::from_reader(BufReader::new(archive.by_name(file)?));
    let (mut buffer, mut found) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == name => {
                found.push(attributes.iter().map(|name| attribute(&element, name)).collect());
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
        buffer.clear();
    }
}

/// An attribute. Its prefix stands only for a namespace, and programs choose prefixes differently.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let (prefix, local) = name.split_once(':').map_or((false, name), |(_, local)| (true, local));
    let mut attributes = element.attributes().flatten();
    let attribute = attributes.find(|attribute| {
        attribute.key.local_name().as_ref() == local && attribute.key.prefix().is_some() == prefix
    })?;
    Some(attribute.value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_and_columns_are_known_by_their_numbers() {
        let xml = r#"<worksheet><cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols><sheetData>
            <row r="1"/><row r="2" hidden="1"><c/></row><row/><row hidden="true"/></sheetData></worksheet>"#;
        let hidden = Hidden::of_xml(xml.as_bytes()).unwrap();
        let rows: Vec<u32> = (0..6).filter(|row| hidden.has_row(*row)).collect();
        let columns: Vec<u32> = (0..6).filter(|column| hidden.has_column(*column)).collect();
        assert_eq!((rows, columns), (vec![1, 3], vec![1, 2]));
    }
}
