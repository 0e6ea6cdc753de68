//! `notify` as a program: what it prints, where, and the status it ends with, against a sandbox and against servers that
//! lie.
//!
//! What a reader can follow as a session in a shell stands in `sessions/*.trycmd`; what takes more is a test here.

mod demo;
mod doubt;
mod fixture;
mod interrupt;
mod key;
mod lists;
mod manual;
mod output;
mod picture;
mod refusal;
mod secret;
mod server;
mod sessions;
mod token;
