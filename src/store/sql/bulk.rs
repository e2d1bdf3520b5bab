//! Many changes in one transaction.
//!
//! Of 100,000 new accounts it takes about a second, so that a login which must write waits and is not lost. What is noted
//! of them would take as long again: it follows in transactions of its own.

use super::super::{BulkAuthenticator, BulkChange, BulkTarget, Keep, NewAccount, NewAuthenticator, Note, StoreError};
use super::database::{Database, change, named_params, one};
use super::error::{Failure, Outcome};
use super::{activity, admin, invitation, session};

/// Changes that are noted at once.
pub(super) const NOTED_AT_ONCE: usize = 5000;

/// See [`super::super::Store::make_together`]; `at` is the change that was being made when it failed.
pub(super) fn make(db: &dyn Database, changes: &[BulkChange], now: i64, at: &mut usize) -> Outcome<()> {
    for (index, change) in changes.iter().enumerate() {
        *at = index;
        make_one(db, change, now)?;
    }
    Ok(())
}

fn make_one(db: &dyn Database, change: &BulkChange, now: i64) -> Outcome<()> {
    let uid = change.target.uid();
    match &change.target {
        BulkTarget::New { name, password, enabled, .. } => {
            let account = NewAccount { uid, name, password: password.as_deref() };
            add(db, &account, *enabled, change.authenticator.as_ref(), now)?;
        }
        BulkTarget::There { version, .. } => {
            admin::require_version(db, uid, Some(*version))?;
            if let Some(new) = &change.authenticator {
                let enrolment = NewAuthenticator { name: &new.name, sealed: &new.sealed, form: new.form };
                let number = admin::begin_enrolment(db, uid, &enrolment, now)?;
                admin::confirm_enrolment(db, uid, number, new.last_step, &[], now)?;
            }
        }
    }
    for app_password in &change.app_passwords {
        admin::add_app_password(db, uid, None, app_password)?;
    }
    if let Some(new) = &change.invitation
        && !invitation::set(db, uid, new)?
    {
        return Err(StoreError::NotFound.into());
    }
    Ok(())
}

/// Adds an account as if it had been added and enrolled one step after the other, in the fewest statements: this is most
/// of the time for which the lock is held.
fn add(
    db: &dyn Database,
    account: &NewAccount<'_>,
    enabled: bool,
    authenticator: Option<&BulkAuthenticator>,
    now: i64,
) -> Outcome<()> {
    let key: Option<i64> = one(
        db,
        "INSERT INTO account (uid, name, password, enabled, authenticators_made, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
        (account.uid.0, account.name.as_str(), account.password, enabled, authenticator.is_some(), now),
        |row| row.get(0),
    )
    .map_err(Failure::or_exists)?;
    if let Some(new) = authenticator {
        change(
            db,
            "INSERT INTO authenticator
                 (account, number, name, key, sealed, algorithm, digits, period, created_at, confirmed_at, last_step)
             VALUES (:account, 1, :name, :key, :sealed, :algorithm, :digits, :period, :now, :now, :last_step)",
            named_params! {
                ":account": key,
                ":name": new.name,
                ":key": new.sealed.key,
                ":sealed": new.sealed.bytes,
                ":algorithm": new.form.algorithm.as_str(),
                ":digits": new.form.digits,
                ":period": new.form.period,
                ":now": now,
                ":last_step": new.last_step,
            },
        )?;
    }
    session::end_all_without_record(db, account.name)
}

/// Notes what was made, in the activity lists.
pub(super) fn note(db: &dyn Database, changes: &[BulkChange], keep: Keep, now: i64) -> Outcome<()> {
    for change in changes {
        for activity in &change.activities {
            let account = Some(change.target.uid());
            let note = Note { account, activity, keep, used: None, forgive: None, now };
            activity::write(db, &note, &activity::due(db, &note)?)?;
        }
    }
    Ok(())
}
