//! The files of the page.

use crate::wire::response::{self, Response};

/// A name, its content type, and what it holds.
struct Asset(&'static str, &'static str, &'static str);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

macro_rules! assets {
    ($($name:literal: $kind:expr),* $(,)?) => {
        &[$(Asset($name, $kind, include_str!(concat!("web/", $name)))),*]
    };
}

const ASSETS: &[Asset] = assets![
    "inbox.html": HTML,
    "inbox.css": CSS,
    "icon.svg": PICTURE,
    "main.js": SCRIPT,
    "api.js": SCRIPT,
    "callbacks.js": SCRIPT,
    "controls.js": SCRIPT,
    "dom.js": SCRIPT,
    "format.js": SCRIPT,
    "message.js": SCRIPT,
    "messages.js": SCRIPT,
    "preview.js": SCRIPT,
    "refused.js": SCRIPT,
    "services.js": SCRIPT,
];

/// The file of this name; the page itself without one.
pub(super) fn find(name: &str) -> Option<Response> {
    let name = if name.is_empty() { "inbox.html" } else { name };
    let Asset(_, kind, text) = ASSETS.iter().find(|Asset(known, ..)| *known == name)?;
    Some(response::new(200, kind, *text))
}

/// What somebody sees who came without a link.
pub(super) fn not_let_in() -> Response {
    response::new(401, HTML, include_str!("web/not_let_in.html"))
}
