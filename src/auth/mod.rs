//! The decision: who may come in with what, where.
//!
//! Everything here is pure: no clock, no store, no PAM, no log. [`decide()`] says what must be claimed; the store claims
//! it.

mod attempt;
mod decide;
mod memo;
mod policy;
mod prove;
mod reason;
mod session;
pub mod throttle;

pub use attempt::{Attempt, Mode, Presented, PrimarySource};
pub(crate) use decide::primary_password_of;
pub use decide::{Acceptance, Answer, FaultFound, Method, Rehash, Verdict, after_password, decide};
pub use memo::Memo;
pub use policy::{Policy, WebmailSession};
pub use prove::{ProofError, Prover};
pub use reason::Reason;
pub use session::{SessionChange, by_repetition, by_session};
