//! How the panel signs people in: its own code and its own worker, with the real libpam and the module's .so, in a
//! private namespace.
//!
//! Needs root as tests/pam does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)] // a test that cannot go on ends there

#[path = "../../src/bin/mailkey-panel/authenticate/mod.rs"]
#[allow(dead_code, missing_docs)] // the panel uses the rest
mod authenticate;
#[path = "../pam/harness.rs"]
#[macro_use]
#[allow(dead_code)] // tests/pam uses the rest
mod harness;

mod pam;
mod worker;
