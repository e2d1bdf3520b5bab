//! Invitations to turn 2FA on.

use super::super::NewRecoveryCode;
use super::super::rules::INVITATION_KEPT;
use super::admin::{confirm_enrolment, require_account};
use super::database::{Database, Row, change, named_params, one};
use super::error::{Failure, Outcome};
use crate::account::AccountUid;
use crate::invitation::{Invitation, InvitationDigest, InvitationFault, Shown};

/// See [`super::super::Store::invitation`].
pub(super) fn find(db: &dyn Database, uid: AccountUid) -> Outcome<Option<Invitation>> {
    of_account(db, require_account(db, uid)?)
}

fn of_account(db: &dyn Database, account: i64) -> Outcome<Option<Invitation>> {
    one(db, "SELECT digest, created_at, expires_at FROM invitation WHERE account = ?1", [account], decode)
}

fn decode(row: &Row<'_>) -> Outcome<Invitation> {
    Ok(Invitation {
        digest: InvitationDigest(row.get(0).map_err(|_| Failure::Value("invitation.digest"))?),
        created_at: row.get(1)?,
        expires_at: row.get(2)?,
    })
}

/// See [`super::super::Store::set_invitation`].
pub(super) fn set(db: &dyn Database, uid: AccountUid, new: &Invitation) -> Outcome<bool> {
    let account = require_account(db, uid)?;
    if has_two_factor(db, account)? {
        return Ok(false);
    }
    change(
        db,
        "INSERT INTO invitation (account, digest, created_at, expires_at)
         VALUES (:account, :digest, :created_at, :expires_at)
         ON CONFLICT (account) DO UPDATE
             SET digest = excluded.digest, created_at = excluded.created_at, expires_at = excluded.expires_at",
        named_params! {
            ":account": account,
            ":digest": new.digest.0,
            ":created_at": new.created_at,
            ":expires_at": new.expires_at,
        },
    )?;
    Ok(true)
}

/// See [`super::super::Store::remove_invitation`].
pub(super) fn remove(db: &dyn Database, uid: AccountUid) -> Outcome<bool> {
    let account = require_account(db, uid)?;
    use_up(db, account)
}

/// Removes the account's invitation; returns whether there was one.
pub(super) fn use_up(db: &dyn Database, account: i64) -> Outcome<bool> {
    Ok(change(db, "DELETE FROM invitation WHERE account = ?1", [account])? == 1)
}

/// See [`super::super::Store::confirm_own_enrolment`].
pub(super) fn confirm_own(
    db: &dyn Database,
    uid: AccountUid,
    authenticator: i64,
    step: i64,
    recovery_codes: &[NewRecoveryCode],
    shown: &Shown,
    now: i64,
) -> Outcome<Result<(), InvitationFault>> {
    let account = require_account(db, uid)?;
    if !has_two_factor(db, account)?
        && let Err(fault) = shown.judge(of_account(db, account)?.as_ref(), now)
    {
        return Ok(Err(fault));
    }
    confirm_enrolment(db, uid, authenticator, step, recovery_codes, now).map(Ok)
}

fn has_two_factor(db: &dyn Database, account: i64) -> Outcome<bool> {
    let confirmed = "SELECT EXISTS (SELECT 1 FROM authenticator WHERE account = ?1 AND confirmed_at IS NOT NULL)";
    Ok(one(db, confirmed, [account], |row| row.get(0))?.unwrap_or(false))
}

/// Removes at most `limit` of those whose time has been over for long; returns how many.
pub(super) fn purge(db: &dyn Database, now: i64, limit: u32) -> Outcome<usize> {
    change(
        db,
        "DELETE FROM invitation WHERE account IN
             (SELECT account FROM invitation WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
        (now.saturating_sub(INVITATION_KEPT), limit),
    )
}
