//! The decision: who may come in with what, where.
//!
//! Everything here is pure: no clock, no store, no PAM, no log. [`decide()`] says what must be claimed; the store claims
//! it.

mod attempt;
mod code;
mod decide;
mod memo;
mod policy;
mod prove;
mod reason;
mod session;
pub mod throttle;
mod verdict;

#[cfg(feature = "admin")]
pub(crate) use attempt::throttle_keys;
pub use attempt::{Attempt, Mode, Presented, PrimarySource};
pub use code::decide_code;
pub(crate) use decide::primary_password_of;
pub use decide::{after_password, by_reading, decide};
pub use memo::Memo;
pub use policy::{Policy, WebmailSession};
pub use prove::{ProofError, Prover};
pub use reason::Reason;
pub use session::{by_repetition, by_session};
pub use verdict::{Acceptance, Answer, FaultFound, Method, Rehash, SessionChange, Verdict};
