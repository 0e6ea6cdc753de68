//! Lays out the prose of the help for a screen: continued lines are indented under their text, and commands can still
//! be pasted.

/// The widest help: longer lines are hard to read.
const WIDEST: usize = 100;

/// The narrowest screen that help is laid out for.
const NARROWEST: usize = 40;

/// Programs that examples begin with.
const PROGRAMS: [&str; 6] = ["notify", "echo", "curl", "export", "printf", "cargo"];

/// The width of help on a screen with this many columns.
pub(super) fn width(screen: usize) -> usize {
    screen.clamp(NARROWEST, WIDEST)
}

/// A text with every line broken to a width.
pub(super) fn laid_out(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.lines().map(|line| broken(line, width)).collect();
    lines.join("\n")
}

fn broken(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let indent = line.chars().take_while(|character| *character == ' ').count();
    let text = line.trim_start();
    let column =
        text.find("  ").map(|gap| (gap, gap + text[gap..].chars().take_while(|c| *c == ' ').count()));
    if let Some((_, column)) = column.filter(|(_, column)| indent + column < width / 2) {
        // A term and its explanation.
        return filled(line, width, &" ".repeat(indent + column), "");
    }
    if let Some((gap, column)) = column {
        // A long term gets a line of its own.
        let term = broken(&format!("{}{}", " ".repeat(indent), &text[..gap]), width);
        let deeper = " ".repeat(indent + 4);
        return format!("{term}\n{}", filled(&format!("{deeper}{}", &text[column..]), width, &deeper, ""));
    }
    let is_command = indent > 0 && text.split(' ').next().is_some_and(|word| PROGRAMS.contains(&word));
    if is_command {
        filled(line, width, &" ".repeat(indent + 4), " \\")
    } else {
        filled(line, width, &" ".repeat(indent), "")
    }
}

/// Breaks a line before the words that do not fit; what continues is indented, and what is continued ends with `end`.
fn filled(line: &str, width: usize, indent: &str, end: &str) -> String {
    let mut text = String::new();
    let mut room = width;
    for (index, word) in words(line).into_iter().enumerate() {
        let needed = word.chars().count() + usize::from(index > 0);
        if index > 0 && needed + end.len() > room {
            text.push_str(end);
            text.push('\n');
            text.push_str(indent);
            room = width.saturating_sub(indent.len() + needed - 1);
        } else {
            if index > 0 {
                text.push(' ');
            }
            room = room.saturating_sub(needed);
        }
        text.push_str(&word);
    }
    text
}

/// The words between single spaces; quotes and backticks hold words together, and a gap stays with the word before it.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let last = words.last_mut().expect("there is always a word");
        let ends_word = character == ' '
            && quote.is_none()
            && characters.peek().is_some_and(|next| *next != ' ')
            && !last.trim().is_empty()
            && !last.ends_with(' ');
        if ends_word {
            words.push(String::new());
            continue;
        }
        let opens = matches!(character, '\'' | '`') && (last.is_empty() || last.ends_with([' ', '=', '(']));
        quote = match quote {
            Some(open) if open == character => None,
            None if opens => Some(character),
            quote => quote,
        };
        last.push(character);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_continues_under_what_it_continues() {
        for (line, laid) in [
            ("  short", "  short"),
            ("a text that is too long for one line", "a text that is too\nlong for one line"),
            ("  one    explains the first", "  one    explains\n         the first"),
            ("  a longer term  explains the second", "  a longer term\n      explains the\n      second"),
            ("  notify list --type sms", "  notify list \\\n      --type sms"),
            ("  notify x 'half past two' y", "  notify x \\\n      'half past two' \\\n      y"),
        ] {
            assert_eq!(laid_out(line, 20), laid, "{line}");
        }
    }
}
