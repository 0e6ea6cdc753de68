//! Spreadsheets as text, read as Python reads them.

/// The rows of a text: fields between commas, quotes around those that have commas, quotes or line ends in them, and no
/// space before a field. A carriage return alone is an error.
pub(super) fn rows(text: &str) -> Result<Vec<Vec<String>>, ()> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut started, mut any) = (false, false, false);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if quoted {
            match c {
                '"' if characters.peek() == Some(&'"') => {
                    field.push('"');
                    characters.next();
                }
                '"' => quoted = false,
                c => field.push(c),
            }
            continue;
        }
        match c {
            ' ' if !started => {}
            '"' if !started => (quoted, started, any) = (true, true, true),
            ',' => {
                row.push(std::mem::take(&mut field));
                (started, any) = (false, true);
            }
            '\r' if characters.peek() != Some(&'\n') && characters.peek().is_some() => return Err(()),
            '\r' => {}
            '\n' => {
                if any {
                    row.push(std::mem::take(&mut field));
                }
                rows.push(std::mem::take(&mut row));
                (started, any) = (false, false);
            }
            c => {
                field.push(c);
                (started, any) = (true, true);
            }
        }
    }
    if any {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_hold_commas_quotes_and_line_ends() {
        let read = rows("a, b,\"c,\"\"d\"\"\ne\"\r\n,\n\nx").unwrap();
        assert_eq!(read, [vec!["a", "b", "c,\"d\"\ne"], vec!["", ""], vec![], vec!["x"]]);
        assert!(rows("a,b\rc,d").is_err());
    }
}
