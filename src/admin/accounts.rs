//! Accounts: create, list, disable, remove, and the primary password.

use super::{Admin, AdminError, Event, Result};
use crate::account::{Account, AccountName, AccountUid, AppPasswordId};
use crate::credential::hash::{self, Owner};
use crate::credential::password::PasswordError;
use crate::credential::{Secret, password, random};
use crate::shared::passwords::{Change, Set};
use crate::store::{AccountSummary, NewAccount, Recipient, StoreError};

impl Admin<'_> {
    /// Creates an account; `password` is its primary password, none where another PAM module keeps it.
    pub fn create(&mut self, name: &AccountName, password: Option<&Secret>, now: i64) -> Result<AccountSummary> {
        let uid = AccountUid(random()?);
        let hash = password.map(|password| self.hash_password(uid, name, password)).transpose()?;
        let account = NewAccount { uid, name, password: hash.as_deref() };
        self.store.add_account(&account, now).map_err(|error| match error {
            StoreError::Exists => AdminError::AccountExists(name.clone()),
            other => other.into(),
        })?;
        self.note(uid, Event::AccountCreated, "", now);
        self.tell_recipients(name, "was created")?;
        self.summary(name, now)
    }

    /// Sets the primary password. With `revoke_app_passwords`, all of them go in the same breath; returns those that this
    /// revoked.
    pub fn set_password(
        &mut self,
        name: &AccountName,
        password: &Secret,
        revoke_app_passwords: bool,
        now: i64,
    ) -> Result<Vec<AppPasswordId>> {
        let account = self.account(name)?;
        let uid = account.uid;
        let hash = self.hash_password(uid, name, password)?;
        let set = if revoke_app_passwords {
            self.store.set_password_and_revoke(uid, &hash, account.version, now)
        } else {
            self.store.set_password(uid, &hash, None).map(|set| set.then(Vec::new))
        };
        let revoked = set.map_err(|error| gone(error, name))?.ok_or_else(|| AdminError::Changed(name.clone()))?;
        self.note_password_changed(uid, &revoked, now);
        Ok(revoked)
    }

    fn note_password_changed(&mut self, uid: AccountUid, revoked: &[AppPasswordId], now: i64) {
        self.note(uid, Event::PasswordChanged, "", now);
        revoked.iter().for_each(|id| self.note(uid, Event::AppPasswordRevoked, id.as_str(), now));
    }

    /// Whether a new primary password follows the rules: asked before a code is used up for it.
    pub fn check_new_password(&self, name: &AccountName, new: &Secret) -> std::result::Result<(), PasswordError> {
        password::check_new(new, name, self.config.password_min_length)
    }

    /// Sets a new primary password in place of the one that its owner has just shown, in this version of the account;
    /// the new one must be another. With `revoke_app_passwords`, all of them go in the same breath; returns the ids of
    /// those that this revoked. The account's version is `version + 1` afterwards, and its sessions have ended.
    pub fn change_password(
        &mut self,
        name: &AccountName,
        new: &Secret,
        version: i64,
        revoke_app_passwords: bool,
        now: i64,
    ) -> Result<Vec<AppPasswordId>> {
        let account = self.account(name)?;
        if account.password.is_none() {
            return Err(AdminError::PasswordElsewhere(name.clone()));
        }
        let uid = account.uid;
        let change = Change { name, uid, version, new, revoke_app_passwords };
        match change.set(self.store, self.keys, self.config, &mut self.memory, now)? {
            Set::Done(revoked) => {
                self.note_password_changed(uid, &revoked, now);
                Ok(revoked)
            }
            Set::Refused(error) => Err(error.into()),
            Set::Changed => Err(AdminError::Changed(name.clone())),
        }
    }

    /// The record of a name that a stacked PAM module vouches for, made if it is missing; mailkey keeps no password for
    /// it. The recipients database follows where it can, and where not `mailkey init` brings it into step later.
    pub fn adopt(&mut self, name: &AccountName, now: i64) -> Result<Account> {
        match self.load(name) {
            Err(AdminError::NoAccount(_)) => {}
            found => return found,
        }
        match self.create(name, None, now) {
            // Somebody else was quicker.
            Ok(_) | Err(AdminError::AccountExists(_) | AdminError::RecipientsBehind { .. }) => self.load(name),
            Err(error) => Err(error),
        }
    }

    /// Enables or disables an account; returns whether that changed anything.
    pub fn set_enabled(&mut self, name: &AccountName, enabled: bool, now: i64) -> Result<bool> {
        let account = self.account(name)?;
        if account.enabled == enabled {
            // When it was changed, the recipients database may have been out of reach.
            self.tell_recipients(name, if enabled { "is enabled" } else { "is disabled" })?;
            return Ok(false);
        }
        self.store.set_enabled(account.uid, enabled).map_err(|error| gone(error, name))?;
        let event = if enabled { Event::AccountEnabled } else { Event::AccountDisabled };
        self.note(account.uid, event, "", now);
        self.tell_recipients(name, if enabled { "is enabled" } else { "is disabled" })?;
        Ok(true)
    }

    /// Removes an account with everything that belongs to it, its activity included.
    pub fn remove(&mut self, name: &AccountName) -> Result<()> {
        let account = self.account(name)?;
        self.store.remove_account(account.uid).map_err(|error| gone(error, name))?;
        self.tell_recipients(name, "was removed")
    }

    /// One line of the list of accounts.
    pub fn summary(&mut self, name: &AccountName, now: i64) -> Result<AccountSummary> {
        self.store.summary(name, now)?.ok_or_else(|| AdminError::NoAccount(name.clone()))
    }

    /// Up to `limit` accounts whose names come after `after`, by name.
    pub fn accounts(&mut self, after: Option<&AccountName>, limit: u32, now: i64) -> Result<Vec<AccountSummary>> {
        Ok(self.store.accounts(after, limit, now)?)
    }

    /// Up to `limit` accounts whose names come after `after`, by name, with what a mail server may know of them.
    pub fn recipients(&mut self, after: Option<&AccountName>, limit: u32) -> Result<Vec<Recipient>> {
        Ok(self.store.recipients(after, limit)?)
    }

    fn hash_password(&mut self, uid: AccountUid, name: &AccountName, new: &Secret) -> Result<String> {
        password::check_new(new, name, self.config.password_min_length)?;
        let profile = self.config.policy.password_profile;
        Ok(hash::create(&mut self.memory, self.keys, profile, Owner::Password(uid), new)?)
    }
}

/// An account that was loaded a moment ago and is not there any more was removed by somebody else.
pub(super) fn gone(error: StoreError, name: &AccountName) -> AdminError {
    match error {
        StoreError::NotFound => AdminError::NoAccount(name.clone()),
        other => other.into(),
    }
}
