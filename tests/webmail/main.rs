//! The webmail in a real browser: Debian's Roundcube on a private Dovecot and Postfix, Chromium driven through
//! chromedriver.
//!
//! tests/daemons/test_webmail.py starts all of that, once for each value of `webmail_session`, and runs from this
//! program the module of that name; `sudo tests/run webmail` is the way in. Every test has an account and a browser
//! profile of its own, so that they may run at the same time.

#![allow(clippy::unwrap_used)] // a test ends where something unexpected happens
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod account;
mod browser;
mod clients;
mod command;
mod log;
mod roundcube;
mod stage;
mod world;

mod exchange;
mod grace;
mod renewal;
mod short;
