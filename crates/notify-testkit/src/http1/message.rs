//! What requests and responses share: a head of lines, and a body whose length is given in the head.

use std::io::{self, BufRead, Read};

/// The header lines of a message in order, with the names as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Appends a line.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The value of the first line with this name, ignoring case.
    pub fn get<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The values of all lines with this name, ignoring case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All lines in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        for (name, value) in self.iter() {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
    }

    fn is_chunked(&self) -> bool {
        self.get("Transfer-Encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
    }
}

impl FromIterator<(String, String)> for Headers {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(lines: I) -> Self {
        Self(lines.into_iter().collect())
    }
}

pub(super) fn malformed(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

/// The first line and the header lines; `None` if the connection ended before the first byte.
pub(super) fn read_head(reader: &mut impl BufRead) -> io::Result<Option<(String, Headers)>> {
    if reader.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let first = read_line(reader)?;
    let mut headers = Headers::default();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Ok(Some((first, headers)));
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| malformed(format!("a header line without a colon: {line:?}")))?;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(malformed(format!("a header line without a proper name: {line:?}")));
        }
        headers.push(name, value.trim());
    }
}

/// How a body without a given length ends.
pub(super) enum UnknownLength {
    Empty,
    UntilClosed,
}

pub(super) fn read_body(
    reader: &mut impl BufRead,
    headers: &Headers,
    untold: &UnknownLength,
) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if headers.is_chunked() {
        loop {
            let line = read_line(reader)?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(digits, 16)
                .map_err(|_| malformed(format!("a chunk without a size: {line:?}")))?;
            read_exactly(reader, size, &mut body)?;
            if !read_line(reader)?.is_empty() {
                return Err(malformed("a chunk longer than its size, or a trailer"));
            }
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match (headers.get("Content-Length"), untold) {
        (Some(length), _) => {
            let length = length.parse().map_err(|_| malformed(format!("Content-Length: {length:?}")))?;
            read_exactly(reader, length, &mut body)?;
        }
        (None, UnknownLength::Empty) => {}
        (None, UnknownLength::UntilClosed) => {
            reader.read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

fn read_exactly(reader: &mut impl BufRead, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
    let before = body.len();
    reader.take(length as u64).read_to_end(body)?;
    let got = body.len() - before;
    if got == length {
        Ok(())
    } else {
        Err(malformed(format!("the connection ended after {got} of {length} bytes of a body")))
    }
}

/// A line without its `\r\n`; both characters must be there.
fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    let Some(line) = line.strip_suffix(b"\r\n") else {
        return Err(malformed(format!("a line without its end: {:?}", String::from_utf8_lossy(&line))));
    };
    String::from_utf8(line.to_vec()).map_err(|_| malformed("a line of the head is not UTF-8"))
}
