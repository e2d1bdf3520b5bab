//! Throttle counters, and what keeps them small under a flood of failures.
//!
//! Every charge adds at most four rows and removes up to [`PURGE`] expired ones of each table. Should they be added
//! faster than they expire, each table is cut back to [`MAX_THROTTLE_ROWS`] now and then: one charge in 256 counts its rows.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::super::rules::{DISTINCT_WINDOW, MAX_THROTTLE_ROWS, counter_expiry, moved_by};
use super::super::{Charge, Counter, CounterKind, Counters, ThrottleKeys};
use super::database::{Database, OwnedValue, Params, all, change, named_params, one};
use super::decode;
use super::error::Outcome;

/// Expired rows that one charge removes from each table.
const PURGE: u32 = 8;

/// The four counters of `keys`.
pub(super) fn counters(db: &dyn Database, keys: &ThrottleKeys) -> Outcome<Counters> {
    Ok(Counters {
        code: stored(db, keys, CounterKind::Code)?,
        code_hour: stored(db, keys, CounterKind::CodeHour)?,
        password: stored(db, keys, CounterKind::Password)?,
        network: if keys.network.is_empty() { Counter::default() } else { stored(db, keys, CounterKind::Network)? },
    })
}

fn stored(db: &dyn Database, keys: &ThrottleKeys, kind: CounterKind) -> Outcome<Counter> {
    let (subject, network) = keys.key(kind);
    let found = one(
        db,
        "SELECT failures, since, last_at, blocked_until FROM throttle WHERE kind = ?1 AND subject = ?2 AND network = ?3",
        (kind as u8, subject, network),
        decode::counter,
    )?;
    Ok(found.unwrap_or_default())
}

/// Whether a code counter of `keys` refuses attempts.
pub(super) fn codes_blocked(db: &dyn Database, keys: &ThrottleKeys, now: i64) -> Outcome<bool> {
    Ok(stored(db, keys, CounterKind::Code)?.refuses(now) || stored(db, keys, CounterKind::CodeHour)?.refuses(now))
}

/// What a right code forgives: the counters of this account and network.
pub(super) fn forgive_network(db: &dyn Database, keys: &ThrottleKeys) -> Outcome<()> {
    forgive(db, keys, CounterKind::Code)?;
    forgive(db, keys, CounterKind::Password)
}

/// What a right password forgives.
pub(super) fn forgive_passwords(db: &dyn Database, keys: &ThrottleKeys) -> Outcome<()> {
    forgive(db, keys, CounterKind::Password)
}

/// Whether [`forgive_passwords`] has anything to do.
pub(super) fn has_passwords(db: &dyn Database, keys: &ThrottleKeys) -> Outcome<bool> {
    Ok(stored(db, keys, CounterKind::Password)? != Counter::default())
}

fn forgive(db: &dyn Database, keys: &ThrottleKeys, kind: CounterKind) -> Outcome<()> {
    let (subject, network) = keys.key(kind);
    change(
        db,
        "DELETE FROM throttle WHERE kind = ?1 AND subject = ?2 AND network = ?3",
        (kind as u8, subject, network),
    )?;
    Ok(())
}

/// See [`super::super::Store::charge`].
pub(super) fn charge(db: &dyn Database, charge: &Charge<'_>) -> Outcome<bool> {
    let counted_before = change(
        db,
        "UPDATE seen_wrong SET expires_at = :until WHERE digest = :digest AND expires_at > :now",
        named_params! {
            ":digest": charge.digest,
            ":until": charge.now.saturating_add(charge.remember),
            ":now": charge.now,
        },
    )?;
    if counted_before == 1 {
        return Ok(false);
    }
    change(
        db,
        "INSERT INTO seen_wrong (digest, expires_at) VALUES (?1, ?2)
         ON CONFLICT (digest) DO UPDATE SET expires_at = excluded.expires_at",
        (charge.digest, charge.now.saturating_add(charge.remember)),
    )?;
    for &kind in moved_by(charge.fault) {
        if kind != CounterKind::Network || is_distinct(db, charge.throttle, charge.now)? {
            count(db, charge, kind)?;
        }
    }
    purge(db, charge.now, PURGE)?;
    // The digest is keyed, so an attacker cannot choose it, and its first byte is as good as random.
    if charge.digest[0] == 0 {
        cut_back(db, MAX_THROTTLE_ROWS)?;
    }
    Ok(true)
}

/// Whether this account was not tried from this network within the last hour; remembers that it was now.
fn is_distinct(db: &dyn Database, keys: &ThrottleKeys, now: i64) -> Outcome<bool> {
    if keys.network.is_empty() {
        return Ok(false);
    }
    // A row that lasts longer than it can (the clock stepped back) does not hide anything.
    let written = change(
        db,
        "INSERT INTO tried (network, subject, expires_at) VALUES (:network, :subject, :until)
         ON CONFLICT (network, subject) DO UPDATE SET expires_at = :until
             WHERE tried.expires_at <= :now OR tried.expires_at > :until",
        named_params! {
            ":network": keys.network,
            ":subject": keys.subject,
            ":now": now,
            ":until": now.saturating_add(DISTINCT_WINDOW),
        },
    )?;
    Ok(written == 1)
}

/// From now on what was counted under `old` counts under `new`; where that has counters, the worse of both.
pub(super) fn rename(db: &dyn Database, old: [u8; 16], new: [u8; 16]) -> Outcome<()> {
    if old == new {
        return Ok(());
    }
    for kind in [CounterKind::Code, CounterKind::CodeHour, CounterKind::Password] {
        change(
            db,
            "INSERT INTO throttle (kind, subject, network, failures, since, last_at, blocked_until, expires_at)
             SELECT kind, :new, network, failures, since, last_at, blocked_until, expires_at FROM throttle
             WHERE kind = :kind AND subject = :old
             ON CONFLICT (kind, subject, network) DO UPDATE SET
                 failures = CASE WHEN excluded.failures > throttle.failures THEN excluded.failures ELSE throttle.failures END,
                 since = CASE WHEN excluded.since < throttle.since THEN excluded.since ELSE throttle.since END,
                 last_at = CASE WHEN excluded.last_at > throttle.last_at THEN excluded.last_at ELSE throttle.last_at END,
                 blocked_until = CASE WHEN excluded.blocked_until > throttle.blocked_until THEN excluded.blocked_until ELSE throttle.blocked_until END,
                 expires_at = CASE WHEN excluded.expires_at > throttle.expires_at THEN excluded.expires_at ELSE throttle.expires_at END",
            named_params! { ":kind": kind as u8, ":old": old, ":new": new },
        )?;
        change(db, "DELETE FROM throttle WHERE kind = ?1 AND subject = ?2", (kind as u8, old))?;
    }
    change(
        db,
        "INSERT INTO tried (network, subject, expires_at) SELECT network, :new, expires_at FROM tried WHERE subject = :old
         ON CONFLICT (network, subject) DO UPDATE SET expires_at = excluded.expires_at",
        named_params! { ":old": old, ":new": new },
    )?;
    change(db, "DELETE FROM tried WHERE subject = ?1", [old])?;
    Ok(())
}

/// What anything is counted under.
pub(super) fn subjects(db: &dyn Database) -> Outcome<BTreeSet<[u8; 16]>> {
    let all_of_them = "SELECT subject FROM throttle UNION SELECT subject FROM tried";
    Ok(all(db, all_of_them, (), |row| row.get(0))?.into_iter().collect())
}

fn count(db: &dyn Database, charge: &Charge<'_>, kind: CounterKind) -> Outcome<()> {
    let (subject, network) = charge.throttle.key(kind);
    let mut before = stored(db, charge.throttle, kind)?;
    if counter_expiry(&before) <= charge.now {
        before = Counter::default();
    }
    let after = (charge.next)(kind, before);
    change(
        db,
        "INSERT INTO throttle (kind, subject, network, failures, since, last_at, blocked_until, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (kind, subject, network) DO UPDATE SET failures = excluded.failures, since = excluded.since,
             last_at = excluded.last_at, blocked_until = excluded.blocked_until, expires_at = excluded.expires_at",
        (
            kind as u8,
            subject,
            network,
            after.failures,
            after.since,
            after.last_at,
            after.blocked_until,
            counter_expiry(&after),
        ),
    )?;
    Ok(())
}

/// Rows that one statement removes: for an engine that is some way off each statement is a round trip. The smaller one is for
/// what a charge removes.
const AT_ONCE: [usize; 2] = [256, PURGE as usize];

/// How rows are removed from one of the tables. Each by its whole key: SQLite would use only the first column of a key for
/// `WHERE (a, b) IN (SELECT …)`, and walk through everything that begins alike.
pub(in crate::store) struct Removal {
    count: String,
    /// Keys of up to ?2 rows that expired at ?1.
    pub(in crate::store) expired: String,
    /// Keys of the ?1 rows that are spared least.
    excess: String,
    /// Columns of a key.
    #[cfg(test)]
    pub(in crate::store) columns: usize,
    /// Removes as many rows as [`AT_ONCE`] says, by their keys.
    pub(in crate::store) remove: [String; AT_ONCE.len()],
}

/// Counters of codes come last where there are too many: only who knows a password can add to them, and no flood of guessed
/// passwords may wipe them away.
pub(in crate::store) static REMOVALS: LazyLock<[Removal; 3]> = LazyLock::new(|| {
    [
        Removal::from("throttle", &["kind", "subject", "network"], "kind <= 2, expires_at"),
        Removal::from("seen_wrong", &["digest"], "expires_at"),
        Removal::from("tried", &["network", "subject"], "expires_at"),
    ]
});

impl Removal {
    /// From a table with this key; where there are too many rows, the first in this order go.
    fn from(table: &str, key: &[&str], order: &str) -> Self {
        let select = format!("SELECT {} FROM {table}", key.join(", "));
        let remove = AT_ONCE.map(|rows| {
            let is = |row, at| format!("{} = ?{}", key[at], row * key.len() + at + 1);
            let row = |row: usize| (0..key.len()).map(|at| is(row, at)).collect::<Vec<_>>().join(" AND ");
            let rows: Vec<_> = (0..rows).map(|number| format!("({})", row(number))).collect();
            format!("DELETE FROM {table} WHERE {}", rows.join(" OR "))
        });
        Self {
            count: format!("SELECT count(*) FROM {table}"),
            expired: format!("{select} WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2"),
            excess: format!("{select} ORDER BY {order} LIMIT ?1"),
            #[cfg(test)]
            columns: key.len(),
            remove,
        }
    }

    /// Removes the rows whose keys `select` finds; returns how many those are.
    fn remove_each(&'static self, db: &dyn Database, select: &'static str, params: impl Params) -> Outcome<usize> {
        let keys: Vec<Vec<OwnedValue>> = all(db, select, params, |row| row.values())?;
        for some in keys.chunks(AT_ONCE[0]) {
            let few = usize::from(some.len() <= AT_ONCE[1]);
            // The last key again, as often as there are parameters for: a row goes once.
            let padding = some.iter().rev().take(1).cycle().take(AT_ONCE[few] - some.len());
            let values: Vec<OwnedValue> = some.iter().chain(padding).flatten().cloned().collect();
            change(db, &self.remove[few], &values[..])?;
        }
        Ok(keys.len())
    }
}

/// Removes up to `most` expired rows of each table; returns how many it removed.
pub(super) fn purge(db: &dyn Database, now: i64, most: u32) -> Outcome<usize> {
    REMOVALS.iter().try_fold(0, |removed, table| Ok(removed + table.remove_each(db, &table.expired, (now, most))?))
}

/// Cuts each table back to `max` rows, those that would expire first first, and a little further, so that it is not
/// soon to be done again.
pub(in crate::store) fn cut_back(db: &dyn Database, max: u32) -> Outcome<()> {
    for table in REMOVALS.iter() {
        let rows: u32 = one(db, &table.count, (), |row| row.get(0))?.unwrap_or_default();
        if rows > max {
            table.remove_each(db, &table.excess, [rows - max + max / 64])?;
        }
    }
    Ok(())
}
