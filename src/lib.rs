//! mailkey: two-factor sign-in for self-hosted mail.
//!
//! This library is the PAM module `pam_mailkey.so` (as a cdylib) and what the command `mailkey` builds on (as an
//! rlib). One login passes through these rooms:
//!
//! ```text
//! pam_sm_authenticate → module::Transaction (safe PAM handle) → module::Options (argv + config)
//!   → auth::Attempt (who, where, what was presented)
//!   → store.load(account, credential ids) → auth::decide(attempt, account, policy, now) → auth::Verdict
//!   → store.claim(…) (atomic: the time step, the recovery code, the session) → module::Outcome (PAM code + exactly one log line)
//! ```
//!
//! `auth` is pure: it never sees the store, the clock, the log or PAM. `pam` holds the only unsafe code.

#![deny(unsafe_code)]

pub mod account;
#[cfg(feature = "admin")]
pub mod admin;
pub mod auth;
pub mod config;
pub mod credential;
pub mod invitation;
#[cfg(feature = "admin")]
pub mod locale;
pub mod module;
pub mod node;
pub mod notice;
#[allow(unsafe_code)]
mod pam;
#[cfg(any(feature = "command", feature = "panel"))]
pub use pam::client as pam_client;
#[cfg(any(feature = "command", feature = "panel"))]
pub mod pam_worker;
pub mod panel_session;
#[cfg(feature = "admin")]
pub mod recipients;
pub mod record;
pub mod revocation;
pub mod session;
mod shared;
pub mod store;
pub mod times;

/// What stands in front of the version in the module's file, with a line's end behind it: so whoever may not load the
/// module can tell its version.
pub const MODULE_VERSION_MARK: &str = "mailkey: this is pam_mailkey.so of version ";

/// The mark and the version, for the file. Nobody reads it at run time.
#[used]
static MODULE_VERSION: [u8; MODULE_VERSION_TEXT.len()] = {
    let mut bytes = [0; MODULE_VERSION_TEXT.len()];
    bytes.copy_from_slice(MODULE_VERSION_TEXT.as_bytes());
    bytes
};

const MODULE_VERSION_TEXT: &str =
    concat!("mailkey: this is pam_mailkey.so of version ", env!("CARGO_PKG_VERSION"), "\n");
