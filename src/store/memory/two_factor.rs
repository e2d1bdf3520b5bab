//! 2FA turned on, off and reset, in the store without a file.

use std::collections::BTreeSet;

use super::super::{NewAuthenticator, NewRecoveryCode, Reset, Result, Revoke, StoreError};
use super::MemoryStore;
use crate::account::{AccountUid, AppPasswordId, Authenticator};

pub(super) fn begin(store: &mut MemoryStore, account: AccountUid, new: &NewAuthenticator<'_>, now: i64) -> Result<i64> {
    let record = store.record(account)?;
    record.authenticators_made += 1;
    record.account.authenticators.retain(|authenticator| authenticator.confirmed_at.is_some());
    record.account.authenticators.push(Authenticator {
        id: record.authenticators_made,
        name: new.name.to_owned(),
        sealed: new.sealed.clone(),
        form: new.form,
        created_at: now,
        confirmed_at: None,
        last_step: 0,
    });
    Ok(record.authenticators_made)
}

pub(super) fn confirm(
    store: &mut MemoryStore,
    account: AccountUid,
    authenticator: i64,
    step: i64,
    recovery_codes: &[NewRecoveryCode],
    now: i64,
) -> Result<()> {
    let record = store.record(account)?;
    if record.account.pending().is_none_or(|pending| pending.id != authenticator) {
        return Err(StoreError::NotFound);
    }
    if !recovery_codes.is_empty() {
        record.set_recovery_codes(recovery_codes)?;
    }
    record.invitation = None;
    for pending in record.account.authenticators.iter_mut().filter(|found| found.id == authenticator) {
        pending.confirmed_at = Some(now);
        pending.last_step = step;
    }
    store.change_what_sessions_stand_on(account)?.requirements.enrol_again = false;
    Ok(())
}

pub(super) fn cancel(store: &mut MemoryStore, account: AccountUid) -> Result<bool> {
    let authenticators = &mut store.record(account)?.account.authenticators;
    let before = authenticators.len();
    authenticators.retain(|authenticator| authenticator.confirmed_at.is_some());
    Ok(authenticators.len() < before)
}

pub(super) fn remove_authenticator(store: &mut MemoryStore, account: AccountUid, authenticator: i64) -> Result<bool> {
    let confirmed: Vec<_> = store.record(account)?.account.confirmed().map(|found| found.id).collect();
    match confirmed.contains(&authenticator) {
        false => Err(StoreError::NotFound),
        true if confirmed.len() == 1 => Ok(false),
        true => {
            let record = store.change_what_sessions_stand_on(account)?;
            record.account.authenticators.retain(|found| found.id != authenticator);
            Ok(true)
        }
    }
}

pub(super) fn end(store: &mut MemoryStore, account: AccountUid) -> Result<()> {
    let record = store.change_what_sessions_stand_on(account)?;
    record.requirements.enrol_again &= !record.account.two_factor();
    record.account.authenticators.clear();
    record.recovery_codes.clear();
    Ok(())
}

pub(super) fn reset(
    store: &mut MemoryStore,
    account: AccountUid,
    reset: &Reset<'_>,
    now: i64,
) -> Result<Vec<AppPasswordId>> {
    let record = store.record(account)?;
    let in_force =
        |id: &AppPasswordId| record.app_passwords.get(id).is_some_and(|app_password| app_password.revoked_at.is_none());
    if let Revoke::These(ids) = reset.revoke
        && !(ids.iter().all(in_force) && ids.iter().collect::<BTreeSet<_>>().len() == ids.len())
    {
        return Err(StoreError::NotFound);
    }
    end(store, account)?;
    let record = store.record(account)?;
    record.requirements.enrol_again = reset.enrol_again;
    record.invitation = reset.invitation.or(record.invitation);
    let mut revoked = match reset.revoke {
        Revoke::Nothing => Vec::new(),
        Revoke::All => record.revoke(None, now),
        Revoke::These(ids) => ids.iter().flat_map(|id| record.revoke(Some(*id), now)).collect(),
    };
    revoked.sort_unstable();
    Ok(revoked)
}
