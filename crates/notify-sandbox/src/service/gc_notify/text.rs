//! The texts of messages.

mod escape;
mod page;

use crate::account::dialect::FilledTemplate;
use crate::account::template::Template as Whole;
use crate::render::content::{Template, typography, whitespace};
use crate::render::field::{self, Style, Values};
use crate::service::sms::{close_up, extended, sent};
use crate::world::MessageType;

pub(super) use page::{page, page_of_filled};

/// How many characters a text message may have. Those of the extension table count twice.
pub(super) const LIMIT: usize = 612;

const FRENCH: &str = "ÀÂÇÈÊËÎÏÔŒÙÛÜŸàâçèêëîïôœùûüÿ";

/// The syllables of Inuktitut; neighbouring languages share some of them.
const SYLLABLES: &str = "ᐁᐃᐄᐅᐆᐊᐋᐦᐯᐱᐲᐳᐴᐸᐹᑉᑊᑌᑎᑏᑐᑑᑕᑖᑦᑫᑭᑮᑯᑰᑲᑳᒃᒉᒋᒌᒍᒎᒐᒑᒡᒣᒥᒦᒧᒨᒪᒫᒻᓀᓂᓃᓄᓅᓇᓈᓐᓭᓯᓰᓱᓲᓴᓵᔅᓓᓕᓖᓗᓘᓚᓛᓪᔦᔨᔩᔪᔫᔭᔮᔾᔐᔑᔒᔓᔔᔕᔖᔥ\
    ᕂᕆᕇᕈᕉᕋᕌᕐᕓᕕᕖᕗᕘᕙᕚᕝᕿᖀᖁᖂᖃᖄᖅᖏᖐᖑᖒᖓᖔᖕᖖᖠᖡᖢᖣᖤᖥᖦᙱᙲᙳᙴᙵᙶ";

/// The letters that it sends besides those of the alphabet.
const LETTERS: [&str; 2] = [FRENCH, SYLLABLES];

/// The values that turn a condition on.
const YES: [&str; 11] =
    ["yes", "y", "true", "t", "1", "include", "show", "oui", "vrai", "inclure", "afficher"];

const PLAIN: Style = Style { is_yes, element: "mark", ..Style::PLAIN };
const MARKDOWN: Style = Style { is_yes, element: "mark", ..Style::MARKDOWN };
const SUBJECT: Style = Style { sanitise: escape::html, ..PLAIN };

fn is_yes(value: &str) -> bool {
    YES.contains(&value.to_lowercase().as_str())
}

/// A template with its values.
pub(super) fn fill(template: &Whole, values: &Values<'_>, prefix: Option<&str>) -> FilledTemplate {
    if template.message_type == MessageType::Sms {
        return FilledTemplate::sms(sms(&template.body, values), prefix);
    }
    FilledTemplate {
        subject: Some(subject(&template.subject, values)),
        body: body(&template.body, values),
        html: (template.message_type == MessageType::Email).then(|| page(&template.body, values)),
        ..FilledTemplate::default()
    }
}

/// The text of a text message.
pub(super) fn sms(template: &Template, values: &Values<'_>) -> String {
    sent(&field::fill(template, values, PLAIN), &LETTERS)
}

/// The length of a text message, with the service's name in front if there is a prefix.
pub(super) fn sms_length(template: &Template, values: &Values<'_>, prefix: Option<&str>) -> usize {
    let filled = field::fill(template, values, PLAIN);
    let text = match prefix.filter(|prefix| !prefix.is_empty()) {
        Some(prefix) => sent(&format!("{}: {filled}", prefix.trim()), &LETTERS),
        None => sent(&filled, &LETTERS),
    };
    text.chars().count() + extended(&text)
}

/// The body of an e-mail: Markdown.
pub(super) fn body(template: &Template, values: &Values<'_>) -> String {
    field::fill(template, values, MARKDOWN)
}

/// The subject of an e-mail: HTML.
pub(super) fn subject(template: &Template, values: &Values<'_>) -> String {
    let field = Template::parse_with_brackets(&escape::html(template.source()));
    let words = typography(&field::fill(&field, values, SUBJECT));
    words.split(whitespace::is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn typography(text: &str) -> String {
    typography::straighten_in_addresses(&typography::curl(&close_up(text)))
        .replace(" -- ", " – ")
        .replace(" - ", " – ")
}
