//! A new primary password in place of the one that its owner has just shown.

use crate::account::{AccountName, AccountUid, AppPasswordId};
use crate::config::Config;
use crate::credential::hash::{self, Owner};
use crate::credential::password::{PasswordError, check_new};
use crate::credential::{HashError, Keyring, Memory, Secret};
use crate::store::{Lookup, Store, StoreError};

/// A change of the primary password.
pub(crate) struct Change<'a> {
    /// The account's name.
    pub name: &'a AccountName,
    /// The account.
    pub uid: AccountUid,
    /// Its version when the old password was checked.
    pub version: i64,
    /// The new password.
    pub new: &'a Secret,
    /// Whether every app password is revoked with it.
    pub revoke_app_passwords: bool,
}

/// What became of it.
pub(crate) enum Set {
    /// It is set; with the app passwords that were revoked.
    Done(Vec<AppPasswordId>),
    /// It does not follow the rules.
    Refused(PasswordError),
    /// The account is not what it was when the old password was checked.
    Changed,
}

/// Why nothing can be said.
pub(crate) enum Failed {
    Store(StoreError),
    Hash(HashError),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<HashError> for Failed {
    fn from(error: HashError) -> Self {
        Self::Hash(error)
    }
}

impl Change<'_> {
    /// Hashes and stores the new password, if the account still is as it was.
    pub(crate) fn set(
        &self,
        store: &mut dyn Store,
        keys: &Keyring,
        config: &Config,
        memory: &mut dyn Memory,
        now: i64,
    ) -> Result<Set, Failed> {
        let Self { name, uid, version, new, .. } = *self;
        if let Err(error) = check_new(new, name, config.password_min_length) {
            return Ok(Set::Refused(error));
        }
        let account = store.load(&Lookup::account(name))?.account;
        let unchanged = account.filter(|account| (account.uid, account.version) == (uid, version));
        let Some(account) = unchanged else { return Ok(Set::Changed) };
        let owner = Owner::Password(uid);
        if let Some(stored) = &account.password
            && hash::verify(memory, keys, owner, stored, new)?
        {
            return Ok(Set::Refused(PasswordError::Unchanged));
        }
        let hashed = hash::create(memory, keys, config.policy.password_profile, owner, new)?;
        let set = if self.revoke_app_passwords {
            store.set_password_and_revoke(uid, &hashed, version, now)
        } else {
            store.set_password(uid, &hashed, Some(version)).map(|set| set.then(Vec::new))
        };
        match set {
            Ok(Some(revoked)) => Ok(Set::Done(revoked)),
            Ok(None) | Err(StoreError::NotFound) => Ok(Set::Changed),
            Err(error) => Err(error.into()),
        }
    }
}
