//! Administrative changes and lists. Whatever matters to a login raises the account's version, so that a decision made
//! before the change can claim nothing after it.

use super::super::rules::MAX_REVOKED;
use super::super::{
    AccountSummary, KeyCheck, NewAccount, NewAuthenticator, NewRecoveryCode, Recipient, Reset, Revoke, StoreError,
};
use super::database::{Database, Row, add, all, change, named_params, one};
use super::decode::{self, app_password_columns, networks_text};
use super::error::{Failure, Outcome};
use super::{invitation, panel, requirement, session};
use crate::account::{AccountName, AccountUid, AppPassword, AppPasswordId, Requirement};

/// The key of an account in the other tables.
pub(super) fn require_account(db: &dyn Database, uid: AccountUid) -> Outcome<i64> {
    one(db, "SELECT id FROM account WHERE uid = ?1", [uid.0], |row| row.get(0))?
        .ok_or(Failure::Store(StoreError::NotFound))
}

/// Like [`require_account`], of an account that still has this version, where one is named.
pub(super) fn require_version(db: &dyn Database, uid: AccountUid, version: Option<i64>) -> Outcome<i64> {
    let which = "SELECT id FROM account WHERE uid = ?1 AND version = coalesce(?2, version)";
    one(db, which, (uid.0, version), |row| row.get(0))?.ok_or(Failure::Store(StoreError::NotFound))
}

/// Like [`require_account`], for a change that matters to a login and leaves sessions alone.
fn change_account(db: &dyn Database, uid: AccountUid) -> Outcome<i64> {
    let account = require_account(db, uid)?;
    panel::carry_on(db, account)?;
    raise_version(db, account)?;
    Ok(account)
}

/// Like [`require_account`], for a change after which no session goes on.
pub(super) fn change_what_sessions_stand_on(db: &dyn Database, uid: AccountUid) -> Outcome<i64> {
    let account = require_account(db, uid)?;
    raise_version(db, account)?;
    session::end_all(db, account)?;
    Ok(account)
}

fn raise_version(db: &dyn Database, account: i64) -> Outcome<()> {
    change(db, "UPDATE account SET version = version + 1 WHERE id = ?1", [account])?;
    Ok(())
}

pub(in crate::store) fn add_account(db: &dyn Database, account: &NewAccount<'_>, now: i64) -> Outcome<()> {
    add(
        db,
        "INSERT INTO account (uid, name, password, created_at) VALUES (?1, ?2, ?3, ?4)",
        (account.uid.0, account.name.as_str(), account.password, now),
    )?;
    session::end_all_without_record(db, account.name)
}

pub(super) fn remove_account(db: &dyn Database, uid: AccountUid) -> Outcome<()> {
    let account = require_account(db, uid)?;
    change(db, "DELETE FROM account WHERE id = ?1", [account])?;
    Ok(())
}

pub(super) fn set_enabled(db: &dyn Database, uid: AccountUid, enabled: bool) -> Outcome<()> {
    let account = change_what_sessions_stand_on(db, uid)?;
    change(db, "UPDATE account SET enabled = ?2 WHERE id = ?1", (account, enabled))?;
    Ok(())
}

/// See [`super::super::Store::set_account_requirement`].
pub(super) fn set_requirement(db: &dyn Database, uid: AccountUid, requirement: Option<Requirement>) -> Outcome<()> {
    let account = change_account(db, uid)?;
    change(db, "UPDATE account SET require_2fa = ?2 WHERE id = ?1", (account, requirement.map(Requirement::stored)))?;
    Ok(())
}

/// See [`super::super::Store::key_checks`].
pub(in crate::store) fn key_checks(db: &dyn Database) -> Outcome<Vec<KeyCheck>> {
    all(db, "SELECT number, digest FROM key_check ORDER BY number", (), |row| {
        Ok(KeyCheck { number: row.get(0)?, digest: row.get(1)? })
    })
}

/// See [`super::super::Store::add_key_check`].
pub(super) fn add_key_check(db: &dyn Database, check: KeyCheck) -> Outcome<()> {
    change(
        db,
        "INSERT INTO key_check (number, digest) VALUES (?1, ?2) ON CONFLICT (number) DO NOTHING",
        (check.number, check.digest),
    )?;
    Ok(())
}

/// See [`super::super::Store::set_password`].
pub(super) fn set_password(db: &dyn Database, uid: AccountUid, password: &str, version: Option<i64>) -> Outcome<bool> {
    let account = require_account(db, uid)?;
    let changed = change(
        db,
        "UPDATE account SET password = :password, version = version + 1
         WHERE id = :account AND version = coalesce(:version, version)",
        named_params! { ":account": account, ":password": password, ":version": version },
    )?;
    if changed == 1 {
        session::end_all(db, account)?;
    }
    Ok(changed == 1)
}

/// See [`super::super::Store::set_password_and_revoke`].
pub(super) fn set_password_and_revoke(
    db: &dyn Database,
    uid: AccountUid,
    password: &str,
    version: i64,
    now: i64,
) -> Outcome<Option<Vec<AppPasswordId>>> {
    if !set_password(db, uid, password, Some(version))? {
        return Ok(None);
    }
    Ok(Some(revoke(db, require_account(db, uid)?, None, now)?))
}

macro_rules! select_summary {
    ($which:literal) => {
        concat!(
            "SELECT uid, name, enabled, password IS NOT NULL,
                 EXISTS (SELECT 1 FROM authenticator WHERE account = account.id AND confirmed_at IS NOT NULL),
                 EXISTS (SELECT 1 FROM authenticator WHERE account = account.id AND confirmed_at IS NULL),
                 (SELECT count(*) FROM app_password WHERE account = account.id
                      AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)),
                 (SELECT count(*) FROM recovery_code WHERE account = account.id AND used_at IS NULL),
                 created_at, require_2fa, enrol_again,
                 (SELECT expires_at FROM invitation WHERE account = account.id)
             FROM account ",
            $which
        )
    };
}

pub(super) fn accounts(
    db: &dyn Database,
    after: Option<&AccountName>,
    limit: u32,
    now: i64,
) -> Outcome<Vec<AccountSummary>> {
    // No name is empty, so every name comes after the empty one.
    let after = after.map_or("", AccountName::as_str);
    let params = named_params! { ":after": after, ":limit": limit, ":now": now };
    let mut accounts =
        all(db, select_summary!("WHERE name > :after ORDER BY name LIMIT :limit"), params, summary_line)?;
    accounts.iter_mut().try_for_each(|summary| add_domain(db, summary))?;
    Ok(accounts)
}

pub(super) fn summary(db: &dyn Database, name: &AccountName, now: i64) -> Outcome<Option<AccountSummary>> {
    let select = select_summary!("WHERE name = :name");
    let mut found = one(db, select, named_params! { ":name": name.as_str(), ":now": now }, summary_line)?;
    found.iter_mut().try_for_each(|summary| add_domain(db, summary))?;
    Ok(found)
}

/// Completes a line with what its domain has set.
fn add_domain(db: &dyn Database, summary: &mut AccountSummary) -> Outcome<()> {
    summary.requirements.domain = requirement::of_domain(db, summary.name.domain())?;
    Ok(())
}

pub(super) fn recipients(db: &dyn Database, after: Option<&AccountName>, limit: u32) -> Outcome<Vec<Recipient>> {
    let after = after.map_or("", AccountName::as_str);
    let list = "SELECT name, enabled FROM account WHERE name > ?1 ORDER BY name LIMIT ?2";
    all(db, list, (after, limit), |row| {
        let name = AccountName::from_store(row.get(0)?);
        Ok(Recipient { name, enabled: decode::flag(row, 1, "account.enabled")? })
    })
}

fn summary_line(row: &Row<'_>) -> Outcome<AccountSummary> {
    Ok(AccountSummary {
        uid: decode::uid(row, 0)?,
        name: AccountName::from_store(row.get(1)?),
        enabled: decode::flag(row, 2, "account.enabled")?,
        has_password: row.get(3)?,
        two_factor: row.get(4)?,
        pending: row.get(5)?,
        app_passwords: row.get(6)?,
        recovery_codes: row.get(7)?,
        created_at: row.get(8)?,
        requirements: requirement::of_account(row, 9)?,
        invited_until: row.get(11)?,
    })
}

pub(in crate::store) fn begin_enrolment(
    db: &dyn Database,
    uid: AccountUid,
    new: &NewAuthenticator<'_>,
    now: i64,
) -> Outcome<i64> {
    let account = require_account(db, uid)?;
    drop_pending(db, account)?;
    let counted = "UPDATE account SET authenticators_made = authenticators_made + 1 WHERE id = ?1
                   RETURNING authenticators_made";
    let number: i64 = one(db, counted, [account], |row| row.get(0))?.ok_or(Failure::Store(StoreError::NotFound))?;
    change(
        db,
        "INSERT INTO authenticator (account, number, name, key, sealed, algorithm, digits, period, created_at)
         VALUES (:account, :number, :name, :key, :sealed, :algorithm, :digits, :period, :now)",
        named_params! {
            ":account": account,
            ":number": number,
            ":name": new.name,
            ":key": new.sealed.key,
            ":sealed": new.sealed.bytes,
            ":algorithm": new.form.algorithm.as_str(),
            ":digits": new.form.digits,
            ":period": new.form.period,
            ":now": now,
        },
    )?;
    Ok(number)
}

pub(in crate::store) fn confirm_enrolment(
    db: &dyn Database,
    uid: AccountUid,
    authenticator: i64,
    step: i64,
    recovery_codes: &[NewRecoveryCode],
    now: i64,
) -> Outcome<()> {
    let account = change_what_sessions_stand_on(db, uid)?;
    let confirmed = change(
        db,
        "UPDATE authenticator SET confirmed_at = :now, last_step = :step
         WHERE account = :account AND number = :number AND confirmed_at IS NULL",
        named_params! { ":account": account, ":number": authenticator, ":step": step, ":now": now },
    )?;
    if confirmed == 0 {
        return Err(StoreError::NotFound.into());
    }
    change(db, "UPDATE account SET enrol_again = 0 WHERE id = ?1 AND enrol_again = 1", [account])?;
    invitation::use_up(db, account)?;
    if !recovery_codes.is_empty() {
        set_recovery_codes(db, account, recovery_codes)?;
    }
    Ok(())
}

pub(super) fn cancel_enrolment(db: &dyn Database, uid: AccountUid) -> Outcome<bool> {
    let account = require_account(db, uid)?;
    Ok(drop_pending(db, account)? == 1)
}

fn drop_pending(db: &dyn Database, account: i64) -> Outcome<usize> {
    change(db, "DELETE FROM authenticator WHERE account = ?1 AND confirmed_at IS NULL", [account])
}

pub(super) fn remove_authenticator(db: &dyn Database, uid: AccountUid, authenticator: i64) -> Outcome<bool> {
    let account = require_account(db, uid)?;
    let confirmed = all(
        db,
        "SELECT number FROM authenticator WHERE account = ?1 AND confirmed_at IS NOT NULL",
        [account],
        |row| row.get(0),
    )?;
    if !confirmed.contains(&authenticator) {
        return Err(StoreError::NotFound.into());
    }
    if confirmed.len() == 1 {
        return Ok(false);
    }
    change_what_sessions_stand_on(db, uid)?;
    change(db, "DELETE FROM authenticator WHERE account = ?1 AND number = ?2", (account, authenticator))?;
    Ok(true)
}

pub(super) fn end_two_factor(db: &dyn Database, uid: AccountUid) -> Outcome<()> {
    let account = change_what_sessions_stand_on(db, uid)?;
    // Where 2FA is on by now, what a reset asked for was done.
    change(
        db,
        "UPDATE account SET enrol_again = 0 WHERE id = ?1 AND EXISTS
             (SELECT 1 FROM authenticator WHERE account = ?1 AND confirmed_at IS NOT NULL)",
        [account],
    )?;
    change(db, "DELETE FROM authenticator WHERE account = ?1", [account])?;
    set_recovery_codes(db, account, &[])
}

/// See [`super::super::Store::reset_two_factor`].
pub(super) fn reset_two_factor(
    db: &dyn Database,
    uid: AccountUid,
    reset: &Reset<'_>,
    now: i64,
) -> Outcome<Vec<AppPasswordId>> {
    end_two_factor(db, uid)?;
    let account = require_account(db, uid)?;
    change(db, "UPDATE account SET enrol_again = ?2 WHERE id = ?1", (account, reset.enrol_again))?;
    if let Some(new) = &reset.invitation {
        invitation::set(db, uid, new)?;
    }
    match reset.revoke {
        Revoke::Nothing => Ok(Vec::new()),
        Revoke::All => revoke(db, account, None, now),
        Revoke::These(ids) => {
            let mut revoked = Vec::with_capacity(ids.len());
            for id in ids {
                revoked.extend(revoke(db, account, Some(*id), now)?);
            }
            revoked.sort_unstable();
            Ok(revoked)
        }
    }
}

pub(super) fn replace_recovery_codes(
    db: &dyn Database,
    uid: AccountUid,
    version: Option<i64>,
    codes: &[NewRecoveryCode],
) -> Outcome<()> {
    require_version(db, uid, version)?;
    let account = change_what_sessions_stand_on(db, uid)?;
    set_recovery_codes(db, account, codes)
}

fn set_recovery_codes(db: &dyn Database, account: i64, codes: &[NewRecoveryCode]) -> Outcome<()> {
    change(db, "DELETE FROM recovery_code WHERE account = ?1", [account])?;
    for (index, hash) in codes {
        add(
            db,
            "INSERT INTO recovery_code (account, code, hash) VALUES (?1, ?2, ?3)",
            (account, index.as_str(), hash),
        )?;
    }
    Ok(())
}

pub(in crate::store) fn add_app_password(
    db: &dyn Database,
    uid: AccountUid,
    version: Option<i64>,
    new: &AppPassword,
) -> Outcome<()> {
    // Nothing that was decided before becomes wrong, so the version stays.
    let account = require_version(db, uid, version)?;
    add(
        db,
        "INSERT INTO app_password
             (account, id, name, hash, protocols, networks, created_at, expires_at, revoked_at,
              used_at, used_from, used_protocol)
         VALUES (:account, :id, :name, :hash, :protocols, :networks, :created_at, :expires_at, :revoked_at,
              :used_at, :used_from, :used_protocol)",
        named_params! {
        ":account": account,
        ":id": new.id.as_str(),
        ":name": new.name,
        ":hash": new.hash,
        ":protocols": new.protocols.bits(),
        ":networks": networks_text(&new.networks),
        ":created_at": new.created_at,
        ":expires_at": new.expires_at,
        ":revoked_at": new.revoked_at,
        ":used_at": new.last_use.as_ref().map(|last_use| last_use.at),
        ":used_from": new.last_use.as_ref().map(|last_use| &last_use.from),
        ":used_protocol": new.last_use.as_ref().map(|last_use| &last_use.protocol),
        },
    )?;
    Ok(())
}

pub(super) fn app_passwords(db: &dyn Database, uid: AccountUid) -> Outcome<Vec<AppPassword>> {
    let account = require_account(db, uid)?;
    all(
        db,
        concat!("SELECT ", app_password_columns!(), " FROM app_password WHERE account = ?1 ORDER BY created_at, id"),
        [account],
        decode::app_password,
    )
}

pub(super) fn revoke_app_passwords(
    db: &dyn Database,
    uid: AccountUid,
    id: Option<AppPasswordId>,
    now: i64,
) -> Outcome<Vec<AppPasswordId>> {
    let account = change_account(db, uid)?;
    revoke(db, account, id, now)
}

fn revoke(db: &dyn Database, account: i64, id: Option<AppPasswordId>, now: i64) -> Outcome<Vec<AppPasswordId>> {
    let mut revoked = all(
        db,
        "UPDATE app_password SET revoked_at = :now
         WHERE account = :account AND revoked_at IS NULL AND (:id IS NULL OR id = :id) RETURNING id",
        named_params! { ":account": account, ":id": id.as_ref().map(AppPasswordId::as_str), ":now": now },
        |row| decode::app_password_id(row, 0),
    )?;
    if id.is_some() && revoked.is_empty() {
        return Err(StoreError::NotFound.into());
    }
    change(
        db,
        "DELETE FROM app_password WHERE account = ?1 AND id IN
             (SELECT id FROM app_password WHERE account = ?1 AND revoked_at IS NOT NULL
              ORDER BY revoked_at DESC, created_at DESC, id DESC LIMIT 9223372036854775807 OFFSET ?2)",
        (account, MAX_REVOKED as u32),
    )?;
    revoked.sort_unstable();
    Ok(revoked)
}
