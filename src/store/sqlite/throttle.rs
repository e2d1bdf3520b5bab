//! Throttle counters, and what keeps them small under a flood of failures.
//!
//! Every charge adds at most four rows and removes up to [`PURGE`] expired ones of each table. Should they be added
//! faster than they expire, each table is cut back to [`MAX_THROTTLE_ROWS`] now and then: one charge in 256 counts its rows.

use rusqlite::{Connection, named_params};

use super::super::rules::{DISTINCT_WINDOW, MAX_THROTTLE_ROWS, counter_expiry, moved_by};
use super::super::{Charge, Counter, CounterKind, Counters, ThrottleKeys};
use super::decode::{self, change, one};
use super::error::Outcome;

/// Expired rows that one charge removes from each table.
const PURGE: u32 = 8;

/// The four counters of `keys`.
pub(super) fn counters(db: &Connection, keys: &ThrottleKeys) -> Outcome<Counters> {
    Ok(Counters {
        code: stored(db, keys, CounterKind::Code)?,
        code_hour: stored(db, keys, CounterKind::CodeHour)?,
        password: stored(db, keys, CounterKind::Password)?,
        network: if keys.network.is_empty() { Counter::default() } else { stored(db, keys, CounterKind::Network)? },
    })
}

fn stored(db: &Connection, keys: &ThrottleKeys, kind: CounterKind) -> Outcome<Counter> {
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
pub(super) fn codes_blocked(db: &Connection, keys: &ThrottleKeys, now: i64) -> Outcome<bool> {
    Ok(stored(db, keys, CounterKind::Code)?.blocked_until > now
        || stored(db, keys, CounterKind::CodeHour)?.blocked_until > now)
}

/// What a right code forgives: the counters of this account and network.
pub(super) fn forgive_network(db: &Connection, keys: &ThrottleKeys) -> Outcome<()> {
    forgive(db, keys, CounterKind::Code)?;
    forgive(db, keys, CounterKind::Password)
}

/// What a right password forgives.
pub(super) fn forgive_passwords(db: &Connection, keys: &ThrottleKeys) -> Outcome<()> {
    forgive(db, keys, CounterKind::Password)
}

/// Whether [`forgive_passwords`] has anything to do.
pub(super) fn has_passwords(db: &Connection, keys: &ThrottleKeys) -> Outcome<bool> {
    Ok(stored(db, keys, CounterKind::Password)? != Counter::default())
}

fn forgive(db: &Connection, keys: &ThrottleKeys, kind: CounterKind) -> Outcome<()> {
    let (subject, network) = keys.key(kind);
    change(
        db,
        "DELETE FROM throttle WHERE kind = ?1 AND subject = ?2 AND network = ?3",
        (kind as u8, subject, network),
    )?;
    Ok(())
}

/// See [`super::super::Store::charge`].
pub(super) fn charge(db: &Connection, charge: &Charge<'_>) -> Outcome<bool> {
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
        "INSERT OR REPLACE INTO seen_wrong (digest, expires_at) VALUES (?1, ?2)",
        (charge.digest, charge.now.saturating_add(charge.remember)),
    )?;
    for &kind in moved_by(charge.fault) {
        if kind != CounterKind::Network || is_distinct(db, charge.throttle, charge.now)? {
            count(db, charge, kind)?;
        }
    }
    purge(db, charge.now)?;
    // The digest is keyed, so an attacker cannot choose it, and its first byte is as good as random.
    if charge.digest[0] == 0 {
        cut_back(db, MAX_THROTTLE_ROWS)?;
    }
    Ok(true)
}

/// Whether this account was not tried from this network within the last hour; remembers that it was now.
fn is_distinct(db: &Connection, keys: &ThrottleKeys, now: i64) -> Outcome<bool> {
    if keys.network.is_empty() {
        return Ok(false);
    }
    // A row that lasts longer than it can (the clock stepped back) does not hide anything.
    let written = change(
        db,
        "INSERT INTO tried (network, subject, expires_at) VALUES (:network, :subject, :until)
         ON CONFLICT (network, subject) DO UPDATE SET expires_at = :until
             WHERE expires_at <= :now OR expires_at > :until",
        named_params! {
            ":network": keys.network,
            ":subject": keys.subject,
            ":now": now,
            ":until": now.saturating_add(DISTINCT_WINDOW),
        },
    )?;
    Ok(written == 1)
}

fn count(db: &Connection, charge: &Charge<'_>, kind: CounterKind) -> Outcome<()> {
    let (subject, network) = charge.throttle.key(kind);
    let mut before = stored(db, charge.throttle, kind)?;
    if counter_expiry(&before) <= charge.now {
        before = Counter::default();
    }
    let after = (charge.next)(kind, before);
    change(
        db,
        "INSERT OR REPLACE INTO throttle
             (kind, subject, network, failures, since, last_at, blocked_until, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
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

/// Each removes from one table up to ?2 rows that expired at ?1.
pub(super) const PURGE_STATEMENTS: [&str; 3] = [
    "DELETE FROM throttle WHERE (kind, subject, network) IN
         (SELECT kind, subject, network FROM throttle WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
    "DELETE FROM seen_wrong WHERE digest IN
         (SELECT digest FROM seen_wrong WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
    "DELETE FROM tried WHERE (network, subject) IN
         (SELECT network, subject FROM tried WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
];

/// Removes a few expired rows.
fn purge(db: &Connection, now: i64) -> Outcome<()> {
    for statement in PURGE_STATEMENTS {
        change(db, statement, (now, PURGE))?;
    }
    Ok(())
}

/// Cuts each table back to `max` rows, those that would expire first first. Counters of passwords go before those of
/// codes: only who knows a password can add to the latter, and no flood of guessed passwords may wipe them away.
pub(super) fn cut_back(db: &Connection, max: u32) -> Outcome<()> {
    for (count, delete) in [
        (
            "SELECT count(*) FROM throttle",
            "DELETE FROM throttle WHERE (kind, subject, network) IN
                 (SELECT kind, subject, network FROM throttle ORDER BY kind <= 2, expires_at LIMIT ?1)",
        ),
        (
            "SELECT count(*) FROM seen_wrong",
            "DELETE FROM seen_wrong WHERE digest IN (SELECT digest FROM seen_wrong ORDER BY expires_at LIMIT ?1)",
        ),
        (
            "SELECT count(*) FROM tried",
            "DELETE FROM tried WHERE (network, subject) IN
                 (SELECT network, subject FROM tried ORDER BY expires_at LIMIT ?1)",
        ),
    ] {
        let rows: u32 = db.prepare_cached(count)?.query_row([], |row| row.get(0))?;
        if rows > max {
            change(db, delete, [rows - max])?;
        }
    }
    Ok(())
}
