//! `notify` as a program: what it prints, where, and its exit status, against a sandbox and against servers that lie.
//!
//! What a reader can follow as a shell session is in `sessions/*.trycmd`; anything more complex is a test here.

mod bulk;
mod callbacks;
mod check;
mod complete;
mod control;
mod demo;
mod doubt;
mod fixture;
mod formats;
mod interrupt;
mod key;
mod keyring;
mod lists;
mod machine;
mod manual;
mod network;
mod outbox;
mod output;
mod paths;
mod pdf;
mod picture;
mod port;
mod private;
mod profile;
mod refusal;
mod secret;
mod server;
mod sessions;
mod tables;
mod templates;
mod tls;
mod token;
mod wait;
mod widths;
mod words;
