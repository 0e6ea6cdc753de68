//! `notify bulk`: lists of recipients, judged as the service judges them, and sent once each.

mod arrivals;
mod cases;
mod costs;
mod crashes;
mod files;
mod hundred_kills;
mod lists;
mod sending;
mod sent;
mod stops;
mod workbooks;
