//! What the module needs of a PAM transaction.

use std::fmt;

use crate::account::{AccountName, AccountUid};
use crate::auth::Attempt;
use crate::credential::Secret;
use crate::session::SessionDigest;

/// What an entry point answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// PAM_SUCCESS.
    Success,
    /// PAM_IGNORE: the answer of the other modules counts.
    Ignore,
    /// PAM_AUTH_ERR: refused.
    AuthErr,
    /// PAM_PERM_DENIED: this transaction was not accepted.
    PermDenied,
    /// PAM_AUTHINFO_UNAVAIL: something is broken.
    AuthInfoUnavail,
    /// PAM_AUTHTOK_ERR: the new password was not taken.
    AuthtokErr,
    /// PAM_SYSTEM_ERR: a defect of mailkey.
    SystemErr,
    /// No answer: the process ends, and the daemon that it worked for says that this is a temporary failure.
    EndProcess,
}

/// libpam or the program did not do its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationError(pub String);

impl fmt::Display for ConversationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConversationError {}

/// One PAM transaction. Nothing here prompts for anything but a password without echo (FACTS: mail daemons answer an
/// echoing prompt with the user name, or crash).
pub trait Transaction {
    /// PAM_SERVICE.
    fn service(&self) -> Vec<u8>;
    /// PAM_USER as it stands; empty if none is set.
    fn user(&self) -> Vec<u8>;
    /// Sets PAM_USER.
    fn set_user(&mut self, user: &str) -> Result<(), ConversationError>;
    /// PAM_RHOST; empty if none is set.
    fn remote_host(&self) -> Vec<u8>;
    /// PAM_TTY; empty if none is set. Dovecot sets it to its own name.
    fn terminal(&self) -> Vec<u8>;
    /// PAM_AUTHTOK, asked for where it is not set (and `use_first_pass` does not forbid it).
    fn password(&mut self) -> Result<Secret, ConversationError>;
    /// PAM_OLDAUTHTOK, likewise.
    fn old_password(&mut self) -> Result<Secret, ConversationError>;
    /// Sets PAM_AUTHTOK.
    fn set_password(&mut self, password: &Secret) -> Result<(), ConversationError>;
    /// A variable of the PAM environment; empty if it is not set.
    fn env(&self, name: &str) -> Vec<u8>;
    /// Sets a variable of the PAM environment; an empty value removes it.
    fn set_env(&mut self, name: &str, value: &str) -> Result<(), ConversationError>;
    /// Shows a message to the person, unless the program asked for silence.
    fn tell(&mut self, text: &str);
    /// Whether pam_unix has recorded that the password of `user` was wrong in this transaction.
    fn unix_refused(&self, user: &str) -> bool;
    /// Takes the state that an earlier call left in this transaction.
    fn take_state(&mut self) -> Option<State>;
    /// Leaves a state in this transaction.
    fn put_state(&mut self, state: State) -> Result<(), ConversationError>;
}

/// What one call leaves for the next one in the same transaction.
pub struct State {
    /// The process that left it; a fork has no part in it.
    process: u32,
    /// How far the transaction has come.
    pub(super) stage: Stage,
}

impl State {
    pub(super) fn new(stage: Stage) -> Self {
        Self { process: std::process::id(), stage }
    }

    /// Whether this process left it.
    pub(super) fn is_here(&self) -> bool {
        self.process == std::process::id()
    }
}

/// How far a transaction has come.
pub(super) enum Stage {
    /// The stacked module was asked; the `finish` line has not run.
    Pending(Box<Pending>),
    /// Accepted, and claimed.
    Accepted(Accepted),
    /// Refused, or broken.
    Refused,
    /// The current password was right; the new one has not come yet.
    MayChange {
        /// The account.
        identity: Identity,
        /// Its uid, and the version whose password was right.
        account: (AccountUid, i64),
        /// The line of the attempt.
        line: Box<super::Line>,
    },
}

/// What was accepted.
pub(super) struct Accepted {
    /// For this account.
    pub identity: Identity,
    /// The session that counts when the whole sign-in was accepted, and the configuration that says where it is.
    pub unconfirmed: Option<(std::path::PathBuf, SessionDigest)>,
}

/// The account of a transaction, under the names that PAM_USER may have.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// Its canonical name.
    pub name: AccountName,
    /// The form that the stacked module gets.
    pub stacked: String,
}

impl Identity {
    /// Whether `user` is this account's PAM_USER.
    pub(super) fn is(&self, user: &[u8]) -> bool {
        user == self.name.as_str().as_bytes() || user == self.stacked.as_bytes()
    }
}

/// An attempt that waits for the stacked module's word.
pub(super) struct Pending {
    pub attempt: Attempt,
    pub identity: Identity,
    pub config: std::path::PathBuf,
    pub line: super::Line,
}
