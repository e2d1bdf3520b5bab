//! One PAM transaction, from the module's arguments to its answer and its line in the log.
//!
//! [`authenticate`], [`account`] and [`change_password`] are what the entry points in `pam` call. They see libpam only
//! through [`Transaction`], so that tests play a scripted one.
//!
//! Security: everything fails closed. What is wrong (a refusal) and what is broken ([`Trouble`]) are different types all
//! the way; a broken store, key or configuration is logged once at LOG_ERR and opens nothing.

mod case;
mod clock;
mod line;
mod nearby;
mod notices;
mod options;
mod pipeline;
mod queue;
mod syslog;
mod transaction;
mod worker;

pub use line::{Line, Outcome};
pub use options::{OptionError, Options, StackUser};
pub use pipeline::{ChangePhase, abandoned, account, authenticate, change_password, panicked};
pub use transaction::{Code, ConversationError, State, Transaction};

use std::fmt;

/// What is broken. The list is closed: log and documentation use the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// An argument in the PAM file.
    BadOption,
    /// The configuration or key file.
    BadConfig,
    /// The store.
    Store,
    /// A hash or a sealed secret cannot be computed with: damaged, or the key is another one.
    Proof,
    /// Too many slow hashes are being computed on this machine.
    Busy,
    /// libpam or the program did not hand over user name or password.
    Conversation,
    /// A defect of mailkey.
    Internal,
}

impl TroubleKind {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::BadOption, Self::BadConfig, Self::Store, Self::Proof, Self::Busy, Self::Conversation, Self::Internal];

    /// The name used in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadOption => "bad_option",
            Self::BadConfig => "bad_config",
            Self::Store => "store_unavailable",
            Self::Proof => "proof_failed",
            Self::Busy => "busy",
            Self::Conversation => "conversation_failed",
            Self::Internal => "internal_error",
        }
    }
}

/// Something is broken; the text says what, and what to do. It never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind of thing.
    pub kind: TroubleKind,
    /// For the administrator.
    pub detail: String,
    /// The site wants a worker to end where this happens, rather than that its client hears of a wrong password.
    pub ends_worker: bool,
}

impl Trouble {
    fn new(kind: TroubleKind, detail: impl fmt::Display) -> Self {
        Self { kind, detail: detail.to_string(), ends_worker: false }
    }
}

impl From<crate::store::StoreError> for Trouble {
    fn from(error: crate::store::StoreError) -> Self {
        Self::new(TroubleKind::Store, error)
    }
}

impl From<crate::auth::ProofError> for Trouble {
    fn from(error: crate::auth::ProofError) -> Self {
        use crate::auth::ProofError;
        use crate::credential::HashError;
        let kind = match error {
            ProofError::Hash(HashError::Busy) => TroubleKind::Busy,
            ProofError::Hash(_) | ProofError::Seal(_) => TroubleKind::Proof,
        };
        Self::new(kind, error)
    }
}

impl From<crate::credential::HashError> for Trouble {
    fn from(error: crate::credential::HashError) -> Self {
        crate::auth::ProofError::from(error).into()
    }
}

impl From<crate::shared::passwords::Failed> for Trouble {
    fn from(error: crate::shared::passwords::Failed) -> Self {
        use crate::shared::passwords::Failed;
        match error {
            Failed::Store(error) => error.into(),
            Failed::Hash(error) => error.into(),
        }
    }
}

impl From<crate::config::ConfigError> for Trouble {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::new(TroubleKind::BadConfig, error)
    }
}

impl From<crate::config::KeyCheckError> for Trouble {
    fn from(error: crate::config::KeyCheckError) -> Self {
        match error {
            crate::config::KeyCheckError::Store(error) => error.into(),
            crate::config::KeyCheckError::Key(error) => error.into(),
        }
    }
}

impl From<ConversationError> for Trouble {
    fn from(error: ConversationError) -> Self {
        Self::new(TroubleKind::Conversation, error)
    }
}

impl From<crate::credential::RandomError> for Trouble {
    fn from(error: crate::credential::RandomError) -> Self {
        Self::new(TroubleKind::Internal, error)
    }
}
