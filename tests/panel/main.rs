//! The panel: in a real browser (Chromium through chromedriver), and met by a plain HTTP client that does what no browser
//! would; with the real PAM stack, the real store and a real Dovecot.
//!
//! tests/daemons/test_panel.py starts what is around it and runs this program; `sudo tests/run panel` is the way in. Each
//! test has accounts, browsers and a `mailkey-panel` of its own, so that they may run at the same time.

#![allow(clippy::unwrap_used)] // a test ends where something unexpected happens
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod account;
mod browser;
mod panel;
mod person;
mod routes;
mod store;
mod visitor;
mod world;

#[path = "../webmail/clients.rs"]
mod clients;
#[path = "../webmail/command.rs"]
mod command;
#[path = "../webmail/stage.rs"]
mod stage;

mod app_passwords;
mod attention;
mod crawler;
mod enrolment;
mod guests;
mod invitation;
mod keyboard;
mod limits;
mod notices;
mod pages;
mod password;
mod required;
mod sessions;
mod sign_in;
mod without_script;
