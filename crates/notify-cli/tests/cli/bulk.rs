//! `notify bulk`: lists of recipients, judged as the service judges them, and sent once each.

mod arrivals;
mod cases;
mod crashes;
mod lists;
mod sending;
mod sent;
