//! Colours and weights.

use anstyle::{AnsiColor, Style};
use notify_http::model::Status;

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const WAITING: Style = AnsiColor::Yellow.on_default();

/// The colour of a message's status.
pub(crate) fn of_status(status: &Status) -> Style {
    match status {
        status if status.is_failure() => BAD,
        status if status.is_final() => GOOD,
        _ => WAITING,
    }
}
