//! The queue of the revocation hook: one row for each name, removed only when nothing came meanwhile.

use super::database::{Database, Row, all, change, named_params, one};
use super::error::Outcome;
use crate::account::{AccountName, AccountUid};
use crate::revocation::{LONGEST_PAUSE, Revocation};

/// Whose connections are to end.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// An account's, by the name that it has before the change.
    Account(AccountUid),
    /// A name's, with a record or without.
    Name(&'a AccountName),
}

impl Whose<'_> {
    /// The name to be queued; none where there is no such account.
    pub(super) fn name(self, db: &dyn Database) -> Outcome<Option<String>> {
        match self {
            Self::Account(uid) => one(db, "SELECT name FROM account WHERE uid = ?1", [uid.0], |row| row.get(0)),
            Self::Name(name) => Ok(Some(name.as_str().into())),
        }
    }
}

/// Queues a name, to be tried at once. One that was taken before is tried after those that were not: whoever revokes his
/// own again and again keeps nobody else waiting.
pub(super) fn queue(db: &dyn Database, name: &str) -> Outcome<()> {
    change(
        db,
        "INSERT INTO revocation (name) VALUES (?1)
         ON CONFLICT (name) DO UPDATE SET times = revocation.times + 1,
             next_try = CASE WHEN revocation.next_try < 1 THEN revocation.next_try ELSE 1 END",
        [name],
    )?;
    Ok(())
}

/// See [`super::super::Store::revocations`].
pub(super) fn list(db: &dyn Database, limit: u32) -> Outcome<Vec<Revocation>> {
    let list = "SELECT CAST(NULL AS TEXT), name, times, tries, next_try, error, id FROM revocation
                UNION ALL SELECT node, name, times, tries, next_try, error, queued FROM node_revocation
                ORDER BY 7, 1 LIMIT ?1";
    all(db, list, [limit], revocation)
}

/// See [`super::super::Store::take_revocation`].
pub(super) fn take(db: &dyn Database, now: i64, until: i64) -> Outcome<Option<Revocation>> {
    one(
        db,
        "UPDATE revocation SET next_try = :until WHERE id =
             (SELECT id FROM revocation WHERE next_try <= :now OR next_try > :latest ORDER BY next_try, id LIMIT 1)
         RETURNING CAST(NULL AS TEXT), name, times, tries, next_try, error",
        // Further ahead than any pause: written before the clock was set back.
        named_params! { ":now": now, ":until": until, ":latest": now.saturating_add(LONGEST_PAUSE) },
        revocation,
    )
}

/// See [`super::super::Store::end_revocation`].
pub(super) fn end(db: &dyn Database, taken: &Revocation) -> Outcome<bool> {
    Ok(change(db, "DELETE FROM revocation WHERE name = ?1 AND times = ?2", (&taken.name, taken.times))? == 1)
}

/// See [`super::super::Store::put_revocation_off`].
pub(super) fn put_off(db: &dyn Database, taken: &Revocation, error: &str, next_try: i64) -> Outcome<bool> {
    let put_off = change(
        db,
        "UPDATE revocation SET tries = tries + 1, error = :error, next_try = :next
         WHERE name = :name AND times = :times",
        named_params! { ":name": taken.name, ":times": taken.times, ":error": error, ":next": next_try },
    )?;
    Ok(put_off == 1)
}

/// Decodes `node, name, times, tries, next_try, error`.
pub(super) fn revocation(row: &Row<'_>) -> Outcome<Revocation> {
    Ok(Revocation {
        node: row.get(0)?,
        name: row.get(1)?,
        times: row.get(2)?,
        tries: row.get(3)?,
        next_try: row.get(4)?,
        error: row.get(5)?,
    })
}
