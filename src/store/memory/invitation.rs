//! Invitations to turn 2FA on, in the store without a file.

use super::super::rules::INVITATION_KEPT;
use super::super::{NewRecoveryCode, Result};
use super::{MemoryStore, two_factor};
use crate::account::AccountUid;
use crate::invitation::{Invitation, InvitationFault, Shown};

pub(super) fn set(store: &mut MemoryStore, account: AccountUid, new: &Invitation) -> Result<bool> {
    let record = store.record(account)?;
    let possible = !record.account.two_factor();
    if possible {
        record.invitation = Some(*new);
    }
    Ok(possible)
}

pub(super) fn confirm_own(
    store: &mut MemoryStore,
    account: AccountUid,
    authenticator: i64,
    step: i64,
    recovery_codes: &[NewRecoveryCode],
    shown: &Shown,
    now: i64,
) -> Result<std::result::Result<(), InvitationFault>> {
    let record = store.record(account)?;
    if !record.account.two_factor()
        && let Err(fault) = shown.judge(record.invitation.as_ref(), now)
    {
        return Ok(Err(fault));
    }
    two_factor::confirm(store, account, authenticator, step, recovery_codes, now).map(Ok)
}

/// Removes those whose time has been over for long; returns how many those were.
pub(super) fn purge(store: &mut MemoryStore, now: i64) -> usize {
    let is_stale = |invitation: &Invitation| invitation.expires_at <= now.saturating_sub(INVITATION_KEPT);
    let records = store.accounts.values_mut();
    records.filter_map(|record| record.invitation.take_if(|invitation| is_stale(invitation))).count()
}
