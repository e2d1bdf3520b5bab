//! Other names for accounts and domains. Everything that belongs to an account stays with it.
//!
//! What Dovecot keeps under the old name (the mail itself) is not mailkey's to move, and authenticator apps go on to show
//! the name that they were given.

use super::accounts::gone;
use super::{Admin, AdminError, Event, Result};
use crate::account::{AccountName, DomainName};
use crate::auth::throttle_keys;
use crate::recipients::Recipients;
use crate::store::{Activity, DomainRename, RenameDomain, StoreError};

impl Admin<'_> {
    /// Gives an account another name. Its sessions end.
    pub fn rename(&mut self, old: &AccountName, new: &AccountName, now: i64) -> Result<()> {
        if old == new {
            return Err(AdminError::SameName);
        }
        let account = self.account(old)?;
        let keys = self.keys;
        let subject = |name: &AccountName| throttle_keys(keys, name, None).subject;
        self.store.rename_account(account.uid, new, &subject).map_err(|error| match error {
            StoreError::Exists => AdminError::AccountExists(new.clone()),
            other => gone(other, old),
        })?;
        self.note(account.uid, Event::AccountRenamed, "", now);
        self.tell_recipients(new, "has its new name")?;
        self.tell_recipients(old, "is the former name of an account")
    }

    /// Gives all accounts of a domain the same names in another one; or, in a `dry` run, says what would be done.
    /// Returns how many accounts.
    pub fn rename_domain(&mut self, old: &DomainName, new: &DomainName, dry: bool, now: i64) -> Result<u64> {
        if old == new {
            return Err(AdminError::SameName);
        }
        let event = Event::AccountRenamed.as_str().into();
        let note = Activity { event, mode: self.via.as_str().into(), ..Activity::default() };
        let note = Some(&note).filter(|_| self.config.activity_entries > 0);
        let keys = self.keys;
        let subject = |name: &AccountName| throttle_keys(keys, name, None).subject;
        let found = self.store.rename_domain(&RenameDomain { old, new, note, subject: &subject, dry }, now)?;
        match found {
            DomainRename { accounts: 0, .. } => Err(AdminError::NoDomain(old.clone())),
            found if !found.is_possible() => Err(AdminError::DomainConflict(new.clone(), found)),
            found => {
                if !dry {
                    self.bring_recipients_into_step(&format!("the accounts of @{old} have new names"))?;
                }
                Ok(found.accounts)
            }
        }
    }

    /// Lets the recipients database follow many changes at once.
    fn bring_recipients_into_step(&mut self, done: &str) -> Result<()> {
        let Some(path) = &self.config.recipients else { return Ok(()) };
        let mut follow = || Recipients::open(path, self.config.busy_timeout)?.bring_into_step(self.store);
        follow().map(drop).map_err(|why| AdminError::RecipientsBehind { done: done.into(), why })
    }
}
