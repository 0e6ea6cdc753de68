//! The texts of messages.

use crate::python::decomposition::{self, Base};
use crate::render::content::{Template, html, typography, whitespace};
use crate::render::field::{self, Style, Values};
use crate::render::mistune::{self, Renderer};

/// Characters that a text may have, those of the extension table twice.
pub(super) const LIMIT: usize = 612;

const ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
const EXTENSION: &str = "^{}\\[~]|€";
const WELSH: &str = "ÂâÊêÎîÔôÛûŴŵŶŷ";
const FRENCH: &str = "ÀÂÇÈÊËÎÏÔŒÙÛÜŸàâçèêëîïôœùûüÿ";

/// The syllables of Inuktitut, of which the languages around it share some.
const SYLLABLES: &str = "ᐁᐃᐄᐅᐆᐊᐋᐦᐯᐱᐲᐳᐴᐸᐹᑉᑊᑌᑎᑏᑐᑑᑕᑖᑦᑫᑭᑮᑯᑰᑲᑳᒃᒉᒋᒌᒍᒎᒐᒑᒡᒣᒥᒦᒧᒨᒪᒫᒻᓀᓂᓃᓄᓅᓇᓈᓐᓭᓯᓰᓱᓲᓴᓵᔅᓓᓕᓖᓗᓘᓚᓛᓪᔦᔨᔩᔪᔫᔭᔮᔾᔐᔑᔒᔓᔔᔕᔖᔥ\
    ᕂᕆᕇᕈᕉᕋᕌᕐᕓᕕᕖᕗᕘᕙᕚᕝᕿᖀᖁᖂᖃᖄᖅᖏᖐᖑᖒᖓᖔᖕᖖᖠᖡᖢᖣᖤᖥᖦᙱᙲᙳᙴᙵᙶ";

/// What is the same text, shown as it is, in an e-mail and in a letter.
const YES: [&str; 11] =
    ["yes", "y", "true", "t", "1", "include", "show", "oui", "vrai", "inclure", "afficher"];

const PLAIN: Style = Style { is_yes, element: "mark", ..Style::PLAIN };
const MARKDOWN: Style = Style { is_yes, element: "mark", ..Style::MARKDOWN };
const PAGE: Style = Style { sanitise: html::escape, ..MARKDOWN };
const SUBJECT: Style = Style { sanitise: html::escape, ..PLAIN };

fn is_yes(value: &str) -> bool {
    YES.contains(&value.to_lowercase().as_str())
}

/// The text of a text message.
pub(super) fn sms(template: &Template, values: &Values<'_>) -> String {
    sent(&field::fill(template, values, PLAIN))
}

/// The length of a text message, with the name of the service in front if it prefixes.
pub(super) fn sms_length(template: &Template, values: &Values<'_>, prefix: Option<&str>) -> usize {
    let filled = field::fill(template, values, PLAIN);
    let text = match prefix.filter(|prefix| !prefix.is_empty()) {
        Some(prefix) => sent(&format!("{}: {filled}", prefix.trim())),
        None => sent(&filled),
    };
    text.chars().count() + text.chars().filter(|c| EXTENSION.contains(*c)).count()
}

fn sent(filled: &str) -> String {
    let lines = close_up(&encode(filled));
    whitespace::lines(&lines).join("\n").trim_matches(whitespace::is_space).to_owned()
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        let is_sendable = c.is_ascii_alphanumeric()
            || [ALPHABET, EXTENSION, WELSH, FRENCH, SYLLABLES].iter().any(|set| set.contains(c));
        if is_sendable {
            encoded.push(c);
            continue;
        }
        match decomposition::base(c) {
            Base::Letter(base) => encoded.push(base),
            _ => encoded.push_str(match c {
                '–' | '—' => "-",
                '…' => "...",
                '‘' | '’' => "'",
                '“' | '”' => "\"",
                '\u{200b}' | '\u{a0}' => "",
                '\t' => " ",
                _ => "?",
            }),
        }
    }
    encoded
}

fn close_up(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ',' | '.' | '|') {
            tidy.truncate(tidy.trim_end_matches([' ', '\t']).len());
        }
        tidy.push(c);
    }
    tidy
}

/// The body of an e-mail: Markdown.
pub(super) fn body(template: &Template, values: &Values<'_>) -> String {
    field::fill(template, values, MARKDOWN)
}

/// The subject of an e-mail: HTML.
pub(super) fn subject(template: &Template, values: &Values<'_>) -> String {
    let field = Template::parse_with_brackets(&html::escape(template.source()));
    let words = typography(&field::fill(&field, values, SUBJECT));
    words.split(whitespace::is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The HTML of an e-mail.
pub(super) fn page(template: &Template, values: &Values<'_>) -> String {
    let field = Template::parse_with_brackets(&html::escape(template.source()));
    typography(&mistune::render(&field::fill(&field, values, PAGE), &Page))
}

fn typography(text: &str) -> String {
    typography::straighten_in_addresses(&typography::curl(&close_up(text)))
        .replace(" -- ", " – ")
        .replace(" - ", " – ")
}

const PARAGRAPH: &str = "Margin: 0 0 20px 0; font-size: 19px; line-height: 25px; color: #0B0C0C;";
const HEADING: &str =
    "Margin: 0 0 20px 0; padding: 0; font-size: 27px; line-height: 35px; font-weight: bold; color: #0B0C0C;";
const SUBHEADING: &str =
    "Margin: 0 0 15px 0; padding: 0; line-height: 26px; color: #0B0C0C;font-size: 24px; font-weight: bold;";
const RULE: &str = "border: 0; height: 1px; background: #BFC1C3; Margin: 30px 0 30px 0;";
const QUOTE: &str = "Margin: 0 0 20px 0; border-left: 10px solid #BFC1C3;padding: 15px 0 0.1px 15px; font-size: 19px; \
    line-height: 25px;";
const CELL: &str = "font-family: Helvetica, Arial, sans-serif;";
const ITEM: &str = "Margin: 5px 0 5px; padding: 0 0 0 5px; font-size: 19px; line-height: 25px; color: #0B0C0C; \
    text-align:start;";
const LINK: &str = "word-wrap: break-word; word-break: break-word;";

/// The HTML that the service makes of Markdown.
struct Page;

impl Renderer for Page {
    fn block_quote(&self, text: &str) -> String {
        format!("<blockquote style=\"{QUOTE}\">{text}</blockquote>")
    }

    fn header(&self, text: &str, level: usize) -> String {
        match level {
            1 => format!("<h2 style=\"{HEADING}\">{text}</h2>"),
            2 => format!("<h3 style=\"{SUBHEADING}\">{text}</h3>"),
            _ => self.paragraph(text),
        }
    }

    fn hrule(&self) -> String {
        format!("<hr style=\"{RULE}\">")
    }

    fn list(&self, body: &str, ordered: bool) -> String {
        let (name, marks) = if ordered { ("ol", "decimal") } else { ("ul", "disc") };
        format!(
            "<table role=\"presentation\" style=\"padding: 0 0 20px 0;\"><tr><td style=\"{CELL}\"><{name} style=\"margin: 0; \
             padding: 0; list-style-type: {marks}; margin-inline-start: 20px;\">{body}</{name}></td></tr></table>"
        )
    }

    fn list_item(&self, text: &str) -> String {
        format!("<li style=\"{ITEM}\">{}</li>", text.trim())
    }

    fn paragraph(&self, text: &str) -> String {
        if text.trim().is_empty() { String::new() } else { format!("<p style=\"{PARAGRAPH}\">{text}</p>") }
    }

    fn newline(&self) -> String {
        self.linebreak()
    }

    fn linebreak(&self) -> String {
        "<br />".to_owned()
    }

    fn link(&self, link: &str, _: Option<&str>, content: &str) -> String {
        format!("<a style=\"{LINK}\" href=\"{link}\">{content}</a>")
    }

    fn autolink(&self, link: &str, is_email: bool) -> String {
        if is_email { link.to_owned() } else { format!("<a style=\"{LINK}\" href=\"{link}\">{link}</a>") }
    }

    fn codespan(&self, text: &str) -> String {
        format!("<code>{text}</code>")
    }

    fn emphasis(&self, text: &str) -> String {
        format!("<em>{text}</em>")
    }

    fn double_emphasis(&self, text: &str) -> String {
        format!("<strong>{text}</strong>")
    }
}
