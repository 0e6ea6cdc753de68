//! `notify bulk`: lists of recipients, judged as the service judges them, and sent once each.

mod cases;
mod crashes;
mod lists;
mod sending;
mod sent;
