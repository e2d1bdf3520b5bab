//! Many changes in one transaction.
//!
//! Of 100,000 new accounts it takes about a second, so that a login which must write waits and is not lost. What is noted
//! of them would take as long again: it follows in transactions of its own.

use rusqlite::Connection;

use super::super::{BulkChange, BulkTarget, Keep, NewAccount, NewAuthenticator, Note};
use super::error::Outcome;
use super::{activity, admin};

/// Changes that are noted at once.
pub(super) const NOTED_AT_ONCE: usize = 5000;

/// See [`super::super::Store::make_together`]; `at` is the change that was being made when it failed.
pub(super) fn make(db: &Connection, changes: &[BulkChange], now: i64, at: &mut usize) -> Outcome<()> {
    for (index, change) in changes.iter().enumerate() {
        *at = index;
        make_one(db, change, now)?;
    }
    Ok(())
}

fn make_one(db: &Connection, change: &BulkChange, now: i64) -> Outcome<()> {
    let uid = change.target.uid();
    match &change.target {
        BulkTarget::New { name, password, enabled, .. } => {
            admin::add_account(db, &NewAccount { uid, name, password: password.as_deref() }, now)?;
            if !enabled {
                admin::set_enabled(db, uid, false)?;
            }
        }
        BulkTarget::There { version, .. } => {
            admin::require_version(db, uid, Some(*version))?;
        }
    }
    if let Some(new) = &change.authenticator {
        let enrolment = NewAuthenticator { name: &new.name, sealed: &new.sealed, form: new.form };
        let number = admin::begin_enrolment(db, uid, &enrolment, now)?;
        admin::confirm_enrolment(db, uid, number, new.last_step, &[], now)?;
    }
    for app_password in &change.app_passwords {
        admin::add_app_password(db, uid, None, app_password)?;
    }
    Ok(())
}

/// Notes what was made, in the activity lists.
pub(super) fn note(db: &Connection, changes: &[BulkChange], keep: Keep, now: i64) -> Outcome<()> {
    for change in changes {
        for activity in &change.activities {
            let account = Some(change.target.uid());
            let note = Note { account, activity, keep, used: None, forgive: None, now };
            activity::write(db, &note, &activity::due(db, &note)?)?;
        }
    }
    Ok(())
}
