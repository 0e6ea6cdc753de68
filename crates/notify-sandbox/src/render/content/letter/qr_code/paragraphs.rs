//! Finds the paragraphs of a letter, as the service's Markdown splits a body.

/// The paragraphs; a heading below the first level is one too, and an inset contains its own.
pub(super) fn of(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace(['\u{a0}', '\u{2424}'], " ");
    let lines: Vec<String> = text.split('\n').map(expand_tabs).collect();
    let lines: Vec<&str> =
        lines.iter().map(|line| if line.trim_matches(' ').is_empty() { "" } else { line }).collect();
    let mut paragraphs = Vec::new();
    let mut rest = &lines[..];
    while let Some(line) = rest.first() {
        let taken = if line.is_empty() || is_rule(line) || is_indented(line) || is_definition(line) {
            1
        } else if let Some(length) = fence(rest).or_else(|| table(rest)) {
            length
        } else if let Some((level, text)) = heading(line) {
            paragraphs.extend((level > 1).then(|| text.to_owned()));
            1
        } else if let Some(level) = underlined(rest) {
            paragraphs.extend((level > 1).then(|| (*line).to_owned()));
            2
        } else if inset_mark(line).is_some() {
            let length = inset(rest);
            let inside =
                rest[..length].iter().map(|line| inset_mark(line).unwrap_or(line)).collect::<Vec<_>>();
            paragraphs.append(&mut of(&inside.join("\n")));
            length
        } else if is_item(line) {
            list(rest)
        } else {
            let goes_on = (1..rest.len()).take_while(|at| !interrupts(&rest[*at..])).count();
            paragraphs.push(rest[..=goes_on].join("\n"));
            1 + goes_on
        };
        rest = &rest[taken..];
    }
    paragraphs
}

/// Whether the first of these lines ends the paragraph before it.
fn interrupts(lines: &[&str]) -> bool {
    let line = lines[0];
    line.is_empty()
        || is_rule(line)
        || is_definition(line)
        || heading(line).is_some()
        || is_spaced_item(line)
        || fence(lines).is_some()
        || underlined(lines).is_some()
}

fn expand_tabs(line: &str) -> String {
    let mut expanded = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            let width = 4 - column % 4;
            expanded.extend(std::iter::repeat_n(' ', width));
            column += width;
        } else {
            expanded.push(c);
            column += 1;
        }
    }
    expanded
}

fn is_indented(line: &str) -> bool {
    line.starts_with("    ")
}

/// Three or more marks, which need not be the same, with spaces between them.
fn is_rule(line: &str) -> bool {
    let marks = line.replace(' ', "");
    !is_indented(line) && marks.len() >= 3 && marks.bytes().all(|mark| b"-*_".contains(&mark))
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim_start_matches(' ');
    // More than six marks are text, and so is the last one if there is nothing else.
    let level = (line.len() - line.trim_start_matches('#').len()).min(6).min(line.len().saturating_sub(1));
    let text = line[level..].trim_end_matches(' ').trim_end_matches('#').trim_matches(' ');
    (level > 0).then_some((level, text))
}

/// The level of the heading that the second line makes of the first.
fn underlined(lines: &[&str]) -> Option<usize> {
    let line = lines.get(1)?.trim_matches(' ');
    let is_line = !line.is_empty() && line.bytes().all(|byte| matches!(byte, b'=' | b'-'));
    is_line.then(|| if line.ends_with('=') { 1 } else { 2 })
}

/// How many lines are between one fence and the next, both of them included.
fn fence(lines: &[&str]) -> Option<usize> {
    let line = lines.first()?.trim_start_matches(' ');
    let mark = ["`", "~"].into_iter().find(|mark| line.starts_with(&mark.repeat(3)))?;
    let fence = &line[..line.len() - line.trim_start_matches(mark).len()];
    if line[fence.len()..].trim_matches(' ').contains([' ', '`']) {
        return None;
    }
    lines.iter().skip(2).position(|line| line.trim_matches(' ') == fence).map(|at| at + 3)
}

/// How many lines a table has: one with bars, one with the column rules, and more with bars.
fn table(lines: &[&str]) -> Option<usize> {
    let is_ruled = |line: &&&str| {
        let line = line.trim_matches(' ');
        line.starts_with(['-', ':', '|'])
            && line.contains('|')
            && line.contains('-')
            && line.bytes().all(|byte| b"-:| ".contains(&byte))
    };
    let has_bar = |line: &&&str| line.contains('|');
    lines.first().filter(has_bar)?;
    lines.get(1).filter(is_ruled)?;
    Some(2 + lines[2..].iter().take_while(has_bar).count())
}

/// The text of a line that defines a link or a footnote, and nothing more.
fn is_definition(line: &str) -> bool {
    let Some((name, target)) =
        line.trim_start_matches(' ').strip_prefix('[').and_then(|line| line.split_once("]:"))
    else {
        return false;
    };
    let target = target.trim_matches(' ');
    let is_footnote = name.strip_prefix('^').is_some_and(|name| !name.is_empty()) && line.starts_with('[');
    let is_link =
        !name.is_empty() && !name.contains(['^', ']']) && !target.is_empty() && !target.contains(' ');
    is_footnote || is_link
}

/// A line without the mark of an inset.
fn inset_mark(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ').strip_prefix('^').filter(|text| !text.is_empty())?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

/// An inset continues up to the next empty line, and past it if another one follows.
fn inset(lines: &[&str]) -> usize {
    let mut length = 0;
    while lines.get(length).is_some_and(|line| inset_mark(line).is_some()) {
        length += lines[length..].iter().take_while(|line| !line.is_empty()).count();
        length += lines[length..].iter().take_while(|line| line.is_empty()).count();
    }
    length
}

/// The text after an item's mark.
fn item(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(' ');
    let numbered = || {
        let text = line.trim_start_matches(|c: char| c.is_ascii_digit());
        (text.len() < line.len()).then(|| text.strip_prefix('.')).flatten()
    };
    line.strip_prefix(['*', '-', '•']).or_else(numbered)
}

fn is_item(line: &str) -> bool {
    item(line).is_some()
}

/// Whether a line begins a list even within a paragraph: a bullet of three other kinds, a space, and a text.
fn is_spaced_item(line: &str) -> bool {
    let start = line.trim_start_matches(' ');
    let text = start.strip_prefix('+').or_else(|| item(start).filter(|_| !start.starts_with('•')));
    text.and_then(|text| text.strip_prefix(' ')).is_some_and(|text| !text.is_empty())
}

/// A list continues up to an empty line, and past it if an item or an indented line follows.
fn list(lines: &[&str]) -> usize {
    let mut length = 1;
    while let Some(line) = lines.get(length) {
        if is_rule(line) {
            break;
        }
        if line.is_empty() {
            let follows = lines[length..].iter().find(|line| !line.is_empty());
            if !follows.is_some_and(|line| {
                line.starts_with(' ') || item(line).is_some_and(|text| text.starts_with(' '))
            }) {
                break;
            }
        }
        length += 1;
    }
    length
}
