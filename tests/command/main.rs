//! The command, run as a process on an instance in a directory of its own.
//!
//! What people see is kept beside this file in `*.txt`; `UPDATE_OUTPUT=1 cargo test --test command` writes it anew.

#![allow(clippy::unwrap_used)] // a test ends where something unexpected happens

mod accounts;
mod backup;
mod check;
mod days_after;
mod doctor;
mod enrolment;
mod explain;
mod export;
mod faults;
mod generated;
mod hook;
mod import;
mod init;
mod input;
mod invitation;
mod json;
mod kept;
mod keys;
mod lab;
mod many;
mod nodes;
mod notices;
mod recipients;
mod report;
mod require;
mod server;
mod store;
mod terminal;
