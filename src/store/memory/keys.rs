//! Which key records stand on, in the store without a file.

use super::super::{KeyUse, Reseal, Result, SealedAt, StoreError};
use super::MemoryStore;
use crate::credential::hash;

pub(super) fn count(store: &MemoryStore) -> Result<KeyUse> {
    let damaged = |_| StoreError::Unavailable("a stored hash is damaged".into());
    let mut found = KeyUse::default();
    for record in store.accounts.values() {
        for authenticator in &record.account.authenticators {
            found.of(authenticator.sealed.key).totp_secrets += 1;
        }
        if let Some(password) = &record.account.password {
            match hash::key_of(password).map_err(damaged)? {
                Some(key) => found.of(key).passwords += 1,
                None => found.foreign_passwords += 1,
            }
        }
        for app_password in record.app_passwords.values() {
            if let Some(key) = hash::key_of(&app_password.hash).map_err(damaged)? {
                found.of(key).app_passwords += 1;
            }
        }
        for code in record.recovery_codes.values() {
            if let Some(key) = hash::key_of(&code.hash).map_err(damaged)? {
                found.of(key).recovery_codes += 1;
            }
        }
    }
    Ok(found)
}

pub(super) fn sealed_with_other_keys(
    store: &MemoryStore,
    key: u32,
    after: Option<(i64, i64)>,
    limit: u32,
) -> Vec<SealedAt> {
    let all = (1..).zip(store.accounts.values()).flat_map(|(at, record)| {
        let account = &record.account;
        account.authenticators.iter().map(move |authenticator| SealedAt {
            place: (at, authenticator.id),
            account: account.uid,
            name: account.name.clone(),
            sealed: authenticator.sealed.clone(),
        })
    });
    all.filter(|found| found.sealed.key != key && Some(found.place) > after).take(limit as usize).collect()
}

pub(super) fn reseal(store: &mut MemoryStore, secrets: &[Reseal]) -> usize {
    let mut resealed = 0;
    for Reseal { account, number, old, new } in secrets {
        let Ok(record) = store.record(*account) else { continue };
        let mut authenticators = record.account.authenticators.iter_mut();
        if let Some(found) = authenticators.find(|found| found.id == *number && found.sealed == *old) {
            found.sealed = new.clone();
            resealed += 1;
        }
    }
    resealed
}
