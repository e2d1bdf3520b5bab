//! Many changes in one transaction.
//!
//! New accounts are made by statements for many at a time: on a server each statement is a round trip, and a login that must
//! write may wait for all of them. What is noted of them would take as long again: it follows in transactions of its own.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::super::{BulkChange, BulkTarget, Keep, NewAuthenticator, Note, StoreError};
use super::database::{Bound, Database, Kind, ToValue, Value};
use super::error::{Failure, Outcome};
use super::{activity, admin, invitation};

/// Changes that are noted at once.
pub(super) const NOTED_AT_ONCE: usize = 5000;

/// Rows of one statement: most by the largest, the last few by the others.
const ROWS: [usize; 3] = [128, 8, 1];

/// Statements for as many rows as [`ROWS`] says.
type Statements = LazyLock<[String; ROWS.len()]>;

static NAMES_TAKEN: Statements =
    LazyLock::new(|| ROWS.map(|rows| format!("SELECT name FROM account WHERE name IN {}", list(rows))));

static SESSIONS: Statements = LazyLock::new(|| {
    ROWS.map(|rows| format!("UPDATE session SET ended = 1 WHERE ended = 0 AND name IN {}", list(rows)))
});

static ACCOUNTS: Statements = LazyLock::new(|| {
    ROWS.map(|rows| {
        format!(
            "INSERT INTO account (uid, name, password, enabled, authenticators_made, created_at) VALUES {}",
            values(rows, 6)
        )
    })
});

static AUTHENTICATORS: Statements = LazyLock::new(|| {
    ROWS.map(|rows| {
        format!(
            "INSERT INTO authenticator
                 (account, number, name, key, sealed, algorithm, digits, period, created_at, confirmed_at, last_step)
             SELECT account.id, 1, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7, v.column8,
                 v.column8, v.column9
             FROM (VALUES {}) AS v JOIN account ON account.uid = v.column1",
            values(rows, 9)
        )
    })
});

static ACTIVITIES: Statements = LazyLock::new(|| {
    ROWS.map(|rows| {
        format!(
            "INSERT INTO activity
                 (account, event, reason, method, mode, protocol, address, credential, codes_left, first_at, last_at, count)
             SELECT account.id, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7, v.column8,
                 v.column9, v.column10, v.column10, 1
             FROM (VALUES {}) AS v JOIN account ON account.uid = v.column1",
            values(rows, 10)
        )
    })
});

/// `(?1, ?2)`
fn list(many: usize) -> String {
    row(0, many)
}

/// `(?1, ?2), (?3, ?4)`
fn values(rows: usize, columns: usize) -> String {
    (0..rows).map(|number| row(number * columns, columns)).collect::<Vec<_>>().join(", ")
}

fn row(after: usize, many: usize) -> String {
    let parameters: Vec<_> = (1..=many).map(|number| format!("?{}", after + number)).collect();
    format!("({})", parameters.join(", "))
}

/// Hands over the statement and the values for each group of `rows`.
fn each_group<'a, const N: usize>(
    rows: &[[Value<'a>; N]],
    statements: &'static Statements,
    mut run: impl FnMut(&'static str, Bound<'_>) -> Outcome<()>,
) -> Outcome<()> {
    let mut rest = rows;
    for (size, sql) in ROWS.into_iter().zip(statements.iter()) {
        let groups = rest.chunks_exact(size);
        rest = groups.remainder();
        groups.into_iter().try_for_each(|group| run(sql, Bound::Numbered(group.as_flattened())))?;
    }
    Ok(())
}

/// See [`super::super::Store::make_together`]; `at` is the change that was being made when it failed.
pub(super) fn make(db: &dyn Database, changes: &[BulkChange], now: i64, at: &mut usize) -> Outcome<()> {
    let mut first = 0;
    let together = |changes| <[BulkChange]>::chunk_by(changes, |one, next| is_new(one) && is_new(next));
    for changes in changes.chunks(NOTED_AT_ONCE).flat_map(together) {
        *at = first;
        if changes.first().is_some_and(is_new) {
            add(db, changes, now, at)?;
        }
        for (index, change) in changes.iter().enumerate() {
            *at = first + index;
            add_to(db, change, now)?;
        }
        first += changes.len();
    }
    Ok(())
}

fn is_new(change: &BulkChange) -> bool {
    matches!(change.target, BulkTarget::New { .. })
}

/// What a change adds to an account that is there, by now.
fn add_to(db: &dyn Database, change: &BulkChange, now: i64) -> Outcome<()> {
    let uid = change.target.uid();
    if let BulkTarget::There { version, .. } = &change.target {
        admin::require_version(db, uid, Some(*version))?;
        if let Some(new) = &change.authenticator {
            let enrolment = NewAuthenticator { name: &new.name, sealed: &new.sealed, form: new.form };
            let number = admin::begin_enrolment(db, uid, &enrolment, now)?;
            admin::confirm_enrolment(db, uid, number, new.last_step, &[], now)?;
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

/// Adds accounts as if each had been added and enrolled one step after the other. `at` is the number of the first of them,
/// and of the one that is there already where one is.
fn add(db: &dyn Database, changes: &[BulkChange], now: i64, at: &mut usize) -> Outcome<()> {
    let (mut names, mut accounts, mut authenticators) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        let BulkTarget::New { uid, name, password, enabled } = &change.target else { continue };
        names.push([name.as_str().value()]);
        accounts.push([
            uid.0.value(),
            name.as_str().value(),
            password.value(),
            enabled.value(),
            Value::Integer(change.authenticator.is_some().into()),
            now.value(),
        ]);
        if let Some(new) = &change.authenticator {
            authenticators.push([
                uid.0.value(),
                new.name.value(),
                new.sealed.key.value(),
                new.sealed.bytes.value(),
                new.form.algorithm.as_str().value(),
                new.form.digits.value(),
                new.form.period.value(),
                now.value(),
                new.last_step.value(),
            ]);
        }
    }
    let mut uids = HashSet::new();
    if let Some(taken) = first_taken(db, &names, |at| !uids.insert(changes[at].target.uid().0))? {
        *at += taken;
        return Err(StoreError::Exists.into());
    }
    let run = |sql: &'static str, values: Bound<'_>| db.execute(sql, values).map(|_| ()).map_err(Failure::or_exists);
    each_group(&accounts, &ACCOUNTS, run)?;
    each_group(&authenticators, &AUTHENTICATORS, run)?;
    each_group(&names, &SESSIONS, run)
}

/// The first account that cannot be added: its name is taken, or it stands in the list before.
fn first_taken(
    db: &dyn Database,
    names: &[[Value<'_>; 1]],
    mut is_again: impl FnMut(usize) -> bool,
) -> Outcome<Option<usize>> {
    let mut taken: HashSet<String> = HashSet::new();
    each_group(names, &NAMES_TAKEN, |sql, values| {
        db.query(sql, values, &mut |row| {
            taken.insert(row.get(0)?);
            Ok(true)
        })
    })?;
    let is_taken = |(at, [name]): (usize, &[Value<'_>; 1])| match name {
        Value::Text(name) => is_again(at) | !taken.insert((*name).to_owned()),
        _ => false,
    };
    Ok(names.iter().enumerate().position(is_taken))
}

/// Notes what was made, in the activity lists.
pub(super) fn note(db: &dyn Database, changes: &[BulkChange], keep: Keep, now: i64) -> Outcome<()> {
    let fits = |change: &BulkChange| (change.activities.len() as u64) < u64::from(keep.entries);
    // The list of a new account is empty: there is nothing to fold into, and nothing that is too much.
    let (fresh, others): (Vec<_>, Vec<_>) = changes.iter().partition(|change| is_new(change) && fits(change));
    let mut rows = Vec::new();
    for change in fresh {
        let BulkTarget::New { uid, .. } = &change.target else { continue };
        for activity in &change.activities {
            rows.push([
                uid.0.value(),
                activity.event.value(),
                activity.reason.value(),
                activity.method.value(),
                activity.mode.value(),
                activity.protocol.value(),
                activity.address.value(),
                activity.credential.value(),
                activity.codes_left.map_or(Value::Null(Kind::Integer), |left| Value::Integer(left.into())),
                now.value(),
            ]);
        }
    }
    each_group(&rows, &ACTIVITIES, |sql, values| db.execute(sql, values).map(|_| ()))?;
    for change in others {
        for activity in &change.activities {
            let account = Some(change.target.uid());
            let note = Note { account, activity, keep, used: None, forgive: None, now };
            activity::write(db, &note, &activity::due(db, &note)?)?;
        }
    }
    Ok(())
}
