//! What a service renders for each part of a text.

use super::escape;

/// How a service has changed the library's grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// The library's own, except that `^` marks a quote.
    Library,
    /// A bullet may be `•`, but not `+`, and no space need follow it; nothing is emphasised, struck through or code
    /// within a line; an address may end with a semicolon.
    GovUk,
    /// GC Notify's: the same bullets, but the first of a list needs its space, and what follows must not look like
    /// emphasis; an address may end with a semicolon.
    GcNotify,
}

/// Renders each part of a line. The defaults are the library's, without its HTML.
pub(crate) trait InlineRenderer {
    fn syntax(&self) -> Syntax {
        Syntax::Library
    }

    fn linebreak(&self) -> String;

    fn link(&self, link: &str, title: Option<&str>, content: &str) -> String;

    fn autolink(&self, link: &str, is_email: bool) -> String;

    fn codespan(&self, text: &str) -> String {
        text.to_owned()
    }

    fn emphasis(&self, text: &str) -> String {
        text.to_owned()
    }

    fn double_emphasis(&self, text: &str) -> String {
        text.to_owned()
    }

    fn strikethrough(&self, text: &str) -> String {
        text.to_owned()
    }

    fn inline_html(&self, html: &str) -> String {
        html.to_owned()
    }

    fn text(&self, text: &str) -> String {
        escape(text)
    }
}

/// Renders each block.
pub(crate) trait Renderer: InlineRenderer {
    fn block_code(&self, code: &str) -> String {
        code.to_owned()
    }

    fn block_quote(&self, text: &str) -> String {
        text.to_owned()
    }

    fn block_html(&self, html: &str) -> String {
        html.to_owned()
    }

    fn header(&self, text: &str, level: usize) -> String;

    fn hrule(&self) -> String;

    fn list(&self, body: &str, ordered: bool) -> String;

    fn list_item(&self, text: &str) -> String;

    fn paragraph(&self, text: &str) -> String;

    fn newline(&self) -> String {
        self.linebreak()
    }
}
