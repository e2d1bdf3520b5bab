//! Administration: what the command does today, and the panel as well.
//!
//! [`Admin`] holds a store, the keys and the configuration; each of its methods is one change or one list. Nothing here
//! prints, and time is an argument (seconds since the Unix epoch). Secrets are shown once, to the caller, as
//! [`Secret`](crate::credential::Secret).
//!
//! Each change is noted in the account's activity list under the name of an [`Event`]; by then it is done, so that a
//! note that cannot be written does not undo it. The same with the recipients database, where there is one: it follows
//! when the change is done, and where it cannot, [`AdminError::RecipientsBehind`] says so. [`instance`] makes the files that all this works on.

mod accounts;
mod activity;
mod app_passwords;
pub mod backup;
mod check;
mod codes;
mod error;
pub mod explain;
pub mod import;
pub mod instance;
mod invitation;
mod keys;
mod notices;
mod panel;
pub mod place;
mod rename;
pub mod requirement;
mod sessions;
mod tidy;
mod two_factor;

pub use activity::Event;
pub use app_passwords::{AppPasswordRequest, MAX_APP_PASSWORD_NAME, check_name};
pub use check::{CheckOutcome, CheckRequest};
pub use error::{AdminError, NameFault, NoticeFault};
pub use keys::Resealed;
pub use panel::{GoesOn, PanelSignIn};
pub use two_factor::{Confirmation, Enrolment};

use std::net::IpAddr;

use crate::account::{Account, AccountName, AccountUid};
use crate::config::Config;
use crate::credential::Keyring;
use crate::credential::hash::HeapMemory;
use crate::recipients::Recipients;
use crate::store::{Lookup, Store};

/// What every operation returns.
pub type Result<T> = std::result::Result<T, AdminError>;

/// Through which door a change came; the activity list shows it as the mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The command `mailkey`: an administrator.
    Command,
    /// The panel: the account's owner.
    Panel,
}

impl Via {
    /// The name in the activity list.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Panel => "panel",
        }
    }
}

/// An administrator at work.
pub struct Admin<'a> {
    store: &'a mut dyn Store,
    keys: &'a Keyring,
    config: &'a Config,
    via: Via,
    remote: Option<IpAddr>,
    expected: Option<(AccountUid, i64)>,
    memory: HeapMemory,
}

impl<'a> Admin<'a> {
    /// Works on `store` with the keys and settings of the same instance.
    pub fn new(store: &'a mut dyn Store, keys: &'a Keyring, config: &'a Config, via: Via) -> Self {
        store.queue_revocations(config.revocation_hook.is_some());
        store.wake_beside(&config.database);
        Self { store, keys, config, via, remote: None, expected: None, memory: HeapMemory::default() }
    }

    /// For somebody at this address: it stands in the activity list, and wrong codes from there are counted by it.
    #[must_use]
    pub fn with_remote(self, remote: Option<IpAddr>) -> Self {
        Self { remote: remote.map(|address| address.to_canonical()), ..self }
    }

    /// For somebody whose session stands on this version of her account: a change is [`AdminError::Changed`] where the
    /// account has another one by then, or another account has its name, and so her session has ended.
    #[must_use]
    pub fn expecting(self, account: AccountUid, version: i64) -> Self {
        Self { expected: Some((account, version)), ..self }
    }

    /// The settings of the instance.
    pub fn config(&self) -> &Config {
        self.config
    }

    /// The account, as the store has it.
    pub fn account(&mut self, name: &AccountName) -> Result<Account> {
        let account = self.load(name)?;
        if self.is_another(&account) { Err(AdminError::Changed(name.clone())) } else { Ok(account) }
    }

    /// Whether it is not what was expected.
    fn is_another(&self, account: &Account) -> bool {
        self.expected.is_some_and(|expected| expected != (account.uid, account.version))
    }

    /// The account, whatever version was expected.
    fn load(&mut self, name: &AccountName) -> Result<Account> {
        self.store.load(&Lookup::account(name))?.account.ok_or_else(|| AdminError::NoAccount(name.clone()))
    }

    /// The address as it is stored; empty where there is none.
    fn address(&self) -> String {
        self.remote.map(|remote| remote.to_string()).unwrap_or_default()
    }

    /// Lets the recipients database follow a change of an account: `name` was `done`.
    fn tell_recipients(&mut self, name: &AccountName, done: &str) -> Result<()> {
        let Some(path) = &self.config.recipients else { return Ok(()) };
        let mut follow = || Recipients::open(path, self.config.busy_timeout)?.follow(name, self.store);
        follow().map_err(|why| AdminError::RecipientsBehind { done: format!("{name} {done}"), why })
    }
}

#[cfg(test)]
mod tests;
