//! What a login leaves behind: last use and activity.

use super::super::rules::{counts_each_time, day_of};
use super::super::{Activity, ActivityEntry, Note, Used};
use super::admin::require_account;
use super::database::{Database, Row, all, change, named_params, one};
use super::error::{Failure, Outcome};
use super::{session, throttle};
use crate::account::{AccountName, AccountUid, AppPasswordId};
use crate::times::NOTE_INTERVAL;

/// What a note has to write; nothing, most of the time.
pub(super) struct Due {
    account: Option<i64>,
    activity: Option<Entry>,
    last_use: bool,
    forgive: bool,
}

impl Due {
    /// Whether there is anything to write.
    pub(super) fn any(&self) -> bool {
        self.activity.is_some() || self.last_use || self.forgive
    }
}

/// What becomes of the activity list.
#[derive(Clone, Copy)]
enum Entry {
    /// One more time of the entry with this id.
    Again(i64),
    /// An entry of its own.
    New,
    /// None is kept, and those that are there go.
    Drop,
}

/// Finds out what `note` has to write.
pub(super) fn due(db: &dyn Database, note: &Note<'_>) -> Outcome<Due> {
    let account = note.account.map(|uid| require_account(db, uid)).transpose()?;
    Ok(Due {
        account,
        activity: match account {
            Some(account) => entry_due(db, account, note)?,
            None => None,
        },
        last_use: last_use_is_due(db, account, note)?,
        forgive: match note.forgive {
            Some(keys) => throttle::has_passwords(db, keys)?,
            None => false,
        },
    })
}

/// Writes what [`due`] found, within the same transaction.
pub(super) fn write(db: &dyn Database, note: &Note<'_>, due: &Due) -> Outcome<()> {
    match (due.activity, due.account) {
        (Some(Entry::Again(id)), _) => {
            let sql = "UPDATE activity SET last_at = CASE WHEN last_at < ?2 THEN ?2 ELSE last_at END, count = count + 1 WHERE id = ?1";
            change(db, sql, (id, note.now))?;
        }
        (Some(Entry::New), Some(account)) => add_entry(db, account, note)?,
        (Some(Entry::Drop), Some(account)) => {
            change(db, "DELETE FROM activity WHERE account = ?1", [account])?;
        }
        _ => {}
    }
    match note.used {
        Some(Used::AppPassword(id)) if due.last_use => note_use_of_app_password(db, due.account, id, note)?,
        Some(Used::Session { digest, .. }) if due.last_use => {
            session::note_use(db, digest, (&note.activity.address, &note.activity.protocol), note.now)?;
        }
        _ => {}
    }
    if let (true, Some(keys)) = (due.forgive, note.forgive) {
        throttle::forgive_passwords(db, keys)?;
    }
    Ok(())
}

fn last_use_is_due(db: &dyn Database, account: Option<i64>, note: &Note<'_>) -> Outcome<bool> {
    let id = match note.used {
        None => return Ok(false),
        Some(Used::AppPassword(id)) => id,
        Some(Used::Session { digest, interval }) => {
            let whence = (note.activity.address.as_str(), note.activity.protocol.as_str());
            return session::use_is_due(db, digest, interval, whence, note.now);
        }
    };
    let due = one(
        db,
        "SELECT used_at IS NULL OR used_at <= :now - :interval OR used_at > :now
                OR used_from <> :from OR used_protocol <> :protocol
         FROM app_password WHERE account = :account AND id = :id",
        named_params! {
            ":account": account,
            ":id": id.as_str(),
            ":now": note.now,
            ":interval": NOTE_INTERVAL,
            ":from": note.activity.address,
            ":protocol": note.activity.protocol,
        },
        |row| row.get(0),
    )?;
    Ok(due.unwrap_or(false))
}

fn note_use_of_app_password(
    db: &dyn Database,
    account: Option<i64>,
    id: AppPasswordId,
    note: &Note<'_>,
) -> Outcome<()> {
    change(
        db,
        "UPDATE app_password SET used_at = :now, used_from = :from, used_protocol = :protocol
         WHERE account = :account AND id = :id",
        named_params! {
            ":account": account,
            ":id": id.as_str(),
            ":now": note.now,
            ":from": note.activity.address,
            ":protocol": note.activity.protocol,
        },
    )?;
    Ok(())
}

fn entry_due(db: &dyn Database, account: i64, note: &Note<'_>) -> Outcome<Option<Entry>> {
    if note.keep.entries == 0 {
        let kept = one(db, "SELECT 1 FROM activity WHERE account = ?1 LIMIT 1", [account], |_| Ok(()))?;
        return Ok(kept.map(|()| Entry::Drop));
    }
    let Some((id, last_at)) = same_today(db, account, note)? else { return Ok(Some(Entry::New)) };
    Ok((counts_each_time(note.activity) || last_at <= note.now - NOTE_INTERVAL).then_some(Entry::Again(id)))
}

/// Id and last time of the entry that `note` is to be folded into.
fn same_today(db: &dyn Database, account: i64, note: &Note<'_>) -> Outcome<Option<(i64, i64)>> {
    let day = day_of(note.now);
    one(
        db,
        "SELECT id, last_at FROM activity
         WHERE account = :account AND last_at >= :start AND last_at < :end
           AND event = :event AND reason = :reason AND method = :method AND mode = :mode
           AND protocol = :protocol AND address = :address AND credential = :credential
         ORDER BY last_at DESC LIMIT 1",
        named_params! {
            ":account": account,
            ":start": day.start,
            ":end": day.end,
            ":event": note.activity.event,
            ":reason": note.activity.reason,
            ":method": note.activity.method,
            ":mode": note.activity.mode,
            ":protocol": note.activity.protocol,
            ":address": note.activity.address,
            ":credential": note.activity.credential,
        },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

fn add_entry(db: &dyn Database, account: i64, note: &Note<'_>) -> Outcome<()> {
    change(
        db,
        "INSERT INTO activity
             (account, event, reason, method, mode, protocol, address, credential, codes_left, first_at, last_at, count)
         VALUES (:account, :event, :reason, :method, :mode, :protocol, :address, :credential, :codes_left, :now, :now, 1)",
        named_params! {
            ":account": account,
            ":event": note.activity.event,
            ":reason": note.activity.reason,
            ":method": note.activity.method,
            ":mode": note.activity.mode,
            ":protocol": note.activity.protocol,
            ":address": note.activity.address,
            ":credential": note.activity.credential,
            ":codes_left": note.activity.codes_left,
            ":now": note.now,
        },
    )?;
    change(
        db,
        "DELETE FROM activity WHERE id IN
             (SELECT id FROM activity WHERE account = ?1 ORDER BY last_at DESC, id DESC LIMIT 9223372036854775807 OFFSET ?2)",
        (account, note.keep.entries),
    )?;
    if let Some(since) = note.keep.since {
        change(db, "DELETE FROM activity WHERE account = ?1 AND last_at < ?2", (account, since))?;
    }
    Ok(())
}

/// See [`super::super::Store::activity`].
pub(super) fn list(db: &dyn Database, account: Option<AccountUid>, limit: u32) -> Outcome<Vec<ActivityEntry>> {
    macro_rules! select {
        ($which:literal) => {
            concat!(
                "SELECT account.name, event, reason, method, mode, protocol, address, credential, codes_left,
                     first_at, last_at, count
                 FROM activity JOIN account ON account.id = activity.account ",
                $which,
                " ORDER BY last_at DESC, activity.id DESC LIMIT :limit"
            )
        };
    }
    match account {
        Some(uid) => {
            let account = require_account(db, uid)?;
            let params = named_params! { ":account": account, ":limit": limit };
            all(db, select!("WHERE activity.account = :account"), params, entry)
        }
        None => all(db, select!(""), named_params! { ":limit": limit }, entry),
    }
}

fn entry(row: &Row<'_>) -> Outcome<ActivityEntry> {
    Ok(ActivityEntry {
        account: AccountName::from_store(row.get(0)?),
        activity: Activity {
            event: row.get(1)?,
            reason: row.get(2)?,
            method: row.get(3)?,
            mode: row.get(4)?,
            protocol: row.get(5)?,
            address: row.get(6)?,
            credential: row.get(7)?,
            codes_left: row.get(8)?,
        },
        first_at: row.get(9)?,
        last_at: row.get(10)?,
        count: u64::try_from(row.get::<i64>(11)?).map_err(|_| Failure::Value("activity.count"))?,
    })
}
