//! The module as libpam runs it: the real libpam, the module's .so, a scripted conversation.
//!
//! Needs root for its private namespace (its own /dev/log, /etc/passwd and /etc/shadow); nothing outside is touched.
//! Without root each test says so and counts as passed, except with CI=true, where that is a failure.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)] // a test that cannot go on ends there

#[macro_use]
mod harness;

mod change;
mod faults;
mod kept;
mod limits;
mod log;
mod modes;
mod names;
mod notices;
mod options;
mod replica;
mod session;
mod stack;
mod throttle;
mod upgrade;
