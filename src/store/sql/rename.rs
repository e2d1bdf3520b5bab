//! Other names: of one account, and of all accounts of a domain.

use super::super::{DomainRename, RenameDomain, StoreError, SubjectOf};
use super::admin::{change_what_sessions_stand_on, require_account};
use super::database::{Database, add, all, change, named_params, one};
use super::error::Outcome;
use super::{requirement, session, throttle};
use crate::account::{AccountName, AccountUid, MAX_NAME};

/// The accounts of the domain `:old`, with their new names.
macro_rules! renamed {
    () => {
        "WITH renamed AS MATERIALIZED (
             SELECT id, name, substr(name, 1, instr(name, '@')) || :new AS new_name
             FROM account WHERE substr(name, instr(name, '@')) = '@' || :old) "
    };
}

/// See [`super::super::Store::rename_account`].
pub(super) fn account(db: &dyn Database, uid: AccountUid, new: &AccountName, subject: SubjectOf<'_>) -> Outcome<()> {
    let account = require_account(db, uid)?;
    let old = one(db, "SELECT name FROM account WHERE id = ?1", [account], |row| row.get(0))?;
    add(db, "UPDATE account SET name = ?2 WHERE id = ?1", (account, new.as_str()))?;
    change_what_sessions_stand_on(db, uid)?;
    if let Some(old) = old.map(AccountName::from_store) {
        throttle::rename(db, subject(&old), subject(new))?;
    }
    session::end_all_without_record(db, new)
}

/// Lets what was counted go along with the accounts of a domain that are to be renamed.
fn rename_counters(db: &dyn Database, rename: &RenameDomain<'_>) -> Outcome<()> {
    let counted = throttle::subjects(db)?;
    if counted.is_empty() {
        return Ok(());
    }
    let names = concat!(renamed!(), "SELECT name, new_name FROM renamed");
    let names = all(db, names, named_params! { ":old": rename.old.as_str(), ":new": rename.new.as_str() }, |row| {
        Ok((AccountName::from_store(row.get(0)?), AccountName::from_store(row.get(1)?)))
    })?;
    for (old, new) in names {
        let old = (rename.subject)(&old);
        if counted.contains(&old) {
            throttle::rename(db, old, (rename.subject)(&new))?;
        }
    }
    Ok(())
}

/// See [`super::super::Store::rename_domain`].
///
/// With `queues`, the old names wait for the revocation hook, as those of accounts that are renamed alone do.
pub(super) fn domain(db: &dyn Database, rename: &RenameDomain<'_>, queues: bool, now: i64) -> Outcome<DomainRename> {
    let found = look(db, rename)?;
    if rename.dry || !found.is_possible() {
        return Ok(found);
    }
    let (old, new) = (rename.old.as_str(), rename.new.as_str());
    let names = named_params! { ":old": old, ":new": new };
    change(
        db,
        concat!(
            renamed!(),
            "UPDATE session SET ended = 1
             WHERE ended = 0 AND (account IN (SELECT id FROM renamed) OR name IN (SELECT new_name FROM renamed))"
        ),
        names,
    )?;
    change(db, concat!(renamed!(), "DELETE FROM panel_session WHERE account IN (SELECT id FROM renamed)"), names)?;
    if queues {
        change(
            db,
            concat!(
                renamed!(),
                "INSERT INTO revocation (name) SELECT name FROM renamed WHERE true
                 ON CONFLICT (name) DO UPDATE SET times = revocation.times + 1,
                     next_try = CASE WHEN revocation.next_try < 1 THEN revocation.next_try ELSE 1 END"
            ),
            names,
        )?;
    }
    if let Some(note) = rename.note {
        change(
            db,
            concat!(
                renamed!(),
                "INSERT INTO activity
                     (account, event, reason, method, mode, protocol, address, credential, first_at, last_at, count)
                 SELECT id, :event, '', '', :mode, '', '', '', :now, :now, 1 FROM renamed"
            ),
            named_params! { ":old": old, ":new": new, ":event": note.event, ":mode": note.mode, ":now": now },
        )?;
    }
    rename_counters(db, rename)?;
    add(
        db,
        "UPDATE account SET name = substr(name, 1, instr(name, '@')) || :new, version = version + 1
         WHERE substr(name, instr(name, '@')) = '@' || :old",
        names,
    )?;
    if let Some(set) = requirement::of_domain(db, Some(old))? {
        requirement::set_of_domain(db, rename.old, None)?;
        requirement::set_of_domain(db, rename.new, Some(set))?;
    }
    Ok(found)
}

/// What would be renamed, and what is in the way.
fn look(db: &dyn Database, rename: &RenameDomain<'_>) -> Outcome<DomainRename> {
    let (old, new) = (rename.old.as_str(), rename.new.as_str());
    if old == new {
        return Err(StoreError::Exists.into());
    }
    let counted = concat!(renamed!(), "SELECT count(*) FROM renamed");
    let accounts: i64 =
        one(db, counted, named_params! { ":old": old, ":new": new }, |row| row.get(0))?.unwrap_or_default();
    let conflicts = all(
        db,
        concat!(
            renamed!(),
            "SELECT name FROM renamed
             WHERE length(new_name) > :most OR EXISTS (SELECT 1 FROM account WHERE account.name = new_name)
             ORDER BY name LIMIT :shown"
        ),
        named_params! {
            ":old": old,
            ":new": new,
            ":most": MAX_NAME as i64,
            ":shown": DomainRename::MOST_SHOWN as i64,
        },
        |row| Ok(AccountName::from_store(row.get(0)?)),
    )?;
    let (set, there) = (requirement::of_domain(db, Some(old))?, requirement::of_domain(db, Some(new))?);
    let requirements_differ = set.is_some() && there.is_some() && set != there;
    Ok(DomainRename { accounts: accounts.unsigned_abs(), conflicts, requirements_differ })
}
