//! Notices by mail: queued by whoever notices something, sent later; and the networks that people are known by.

use super::super::rules::{DAY, MAX_KNOWN_NETWORKS, NETWORK_FORGOTTEN, NOTICE_KEPT, day_of, most_notices_before};
use super::admin::require_account;
use super::database::{Database, Row, all, change, named_params, one};
use super::decode;
use super::error::{Failure, Outcome};
use crate::account::{AccountName, AccountUid};
use crate::notice::{NewNotice, Notice, NoticeKind, NoticeSettings, Settled};

/// See [`super::super::Store::queue_notice`].
pub(super) fn queue(db: &dyn Database, new: &NewNotice<'_>) -> Outcome<bool> {
    let account = require_account(db, new.account)?;
    if !settings_of(db, account)?.enabled || is_silenced(db, account, new)? {
        return Ok(false);
    }
    change(
        db,
        "INSERT INTO notice (account, kind, at, address, mode, subject, codes_left, next_try)
         VALUES (:account, :kind, :now, :address, :mode, :subject, :codes_left, :now)",
        named_params! {
            ":account": account,
            ":kind": new.kind.as_str(),
            ":now": new.now,
            ":address": new.address,
            ":mode": new.mode,
            ":subject": new.subject,
            ":codes_left": new.codes_left,
        },
    )?;
    Ok(true)
}

/// Whether one like it was queued a moment ago, or too many were today.
fn is_silenced(db: &dyn Database, account: i64, new: &NewNotice<'_>) -> Outcome<bool> {
    let silence = new.kind.silence();
    let like_it = one(
        db,
        "SELECT 1 FROM notice WHERE account = :account AND kind = :kind AND at > :since AND at <= :now LIMIT 1",
        named_params! {
            ":account": account,
            ":kind": new.kind.as_str(),
            ":since": new.now.saturating_sub(silence),
            ":now": new.now,
        },
        |_| Ok(()),
    )?;
    if silence > 0 && like_it.is_some() {
        return Ok(true);
    }
    let day = day_of(new.now);
    let today = "SELECT count(*) FROM notice WHERE account = ?1 AND at >= ?2 AND at < ?3";
    let queued: u32 = one(db, today, (account, day.start, day.end), |row| row.get(0))?.unwrap_or_default();
    Ok(queued >= most_notices_before(new.kind))
}

/// Whether [`meet_network`] has nothing to write: this network was seen within a day.
pub(super) fn knows_network(db: &dyn Database, uid: AccountUid, network: &str, now: i64) -> Outcome<bool> {
    let account = require_account(db, uid)?;
    let fresh = "SELECT 1 FROM known_network WHERE account = ?1 AND network = ?2 AND last_at BETWEEN ?3 AND ?4";
    let found = one(db, fresh, (account, network, now.saturating_sub(DAY), now), |_| Ok(()))?;
    Ok(found.is_some())
}

/// See [`super::super::Store::meet_network`].
pub(super) fn meet_network(db: &dyn Database, uid: AccountUid, network: &str, now: i64) -> Outcome<bool> {
    let account = require_account(db, uid)?;
    let forgotten = now.saturating_sub(NETWORK_FORGOTTEN);
    // Those that are forgotten by now count among the others: whoever has signed in before, however long ago, is told.
    let known = one(
        db,
        "SELECT count(*), count(*) FILTER (WHERE network = ?2 AND last_at >= ?3) FROM known_network WHERE account = ?1",
        (account, network, forgotten),
        |row| Ok((row.get::<u32>(0)?, row.get::<u32>(1)?)),
    )?;
    let (others, this) = known.unwrap_or_default();
    change(
        db,
        "INSERT INTO known_network (account, network, last_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (account, network) DO UPDATE SET last_at = excluded.last_at",
        (account, network, now),
    )?;
    change(db, "DELETE FROM known_network WHERE account = ?1 AND last_at < ?2", (account, forgotten))?;
    change(
        db,
        "DELETE FROM known_network WHERE account = ?1 AND network NOT IN
             (SELECT network FROM known_network WHERE account = ?1 ORDER BY last_at DESC, network LIMIT ?2)",
        (account, MAX_KNOWN_NETWORKS),
    )?;
    // Where somebody signs in for the first time, there is nothing that it could differ from.
    Ok(others > 0 && this == 0)
}

/// What a letter is made of, as [`notice`] decodes it.
macro_rules! notices {
    () => {
        "SELECT notice.id, account.name, kind, at, address, mode, subject, codes_left, tries, error,
             account.notices, account.notify_address, account.language
         FROM notice JOIN account ON account.id = notice.account "
    };
}

/// See [`super::super::Store::notices_due`].
pub(super) fn due(db: &dyn Database, now: i64, limit: u32) -> Outcome<Vec<Notice>> {
    all(
        db,
        concat!(notices!(), "WHERE settled_at IS NULL AND next_try <= ?1 ORDER BY next_try, notice.id LIMIT ?2"),
        (now, limit),
        notice,
    )
}

/// See [`super::super::Store::take_notice`].
pub(super) fn take(db: &dyn Database, now: i64, until: i64) -> Outcome<Option<Notice>> {
    let taken: Option<i64> = one(
        db,
        "UPDATE notice SET next_try = ?2 WHERE id =
             (SELECT id FROM notice WHERE settled_at IS NULL AND next_try <= ?1 ORDER BY next_try, id LIMIT 1)
         RETURNING id",
        (now, until),
        |row| row.get(0),
    )?;
    match taken {
        Some(id) => one(db, concat!(notices!(), "WHERE notice.id = ?1"), [id], notice),
        None => Ok(None),
    }
}

fn notice(row: &Row<'_>) -> Outcome<Notice> {
    let kind: String = row.get(2)?;
    Ok(Notice {
        id: row.get(0)?,
        account: AccountName::from_store(row.get(1)?),
        kind: NoticeKind::parse(&kind).ok_or(Failure::Value("notice.kind"))?,
        at: row.get(3)?,
        address: row.get(4)?,
        mode: row.get(5)?,
        subject: row.get(6)?,
        codes_left: row.get(7)?,
        tries: row.get(8)?,
        error: row.get(9)?,
        settings: settings(row, 10)?,
    })
}

/// See [`super::super::Store::settle_notice`].
pub(super) fn settle(db: &dyn Database, id: i64, settled: Settled<'_>, now: i64) -> Outcome<bool> {
    let changed = match settled {
        Settled::Done => {
            change(db, "UPDATE notice SET settled_at = ?2 WHERE id = ?1 AND settled_at IS NULL", (id, now))?
        }
        Settled::Failed { next_try, error } => change(
            db,
            "UPDATE notice SET tries = tries + 1, next_try = ?2, error = ?3 WHERE id = ?1 AND settled_at IS NULL",
            (id, next_try, error),
        )?,
    };
    change(db, "DELETE FROM notice WHERE settled_at < ?1", [now.saturating_sub(NOTICE_KEPT)])?;
    Ok(changed == 1)
}

/// See [`super::super::Store::notice_settings`].
pub(super) fn settings_by_uid(db: &dyn Database, uid: AccountUid) -> Outcome<NoticeSettings> {
    settings_of(db, require_account(db, uid)?)
}

fn settings_of(db: &dyn Database, account: i64) -> Outcome<NoticeSettings> {
    let found = one(db, "SELECT notices, notify_address, language FROM account WHERE id = ?1", [account], |row| {
        settings(row, 0)
    })?;
    found.ok_or(Failure::Store(super::super::StoreError::NotFound))
}

/// Decodes `notices, notify_address, language` from column `first` on.
fn settings(row: &Row<'_>, first: usize) -> Outcome<NoticeSettings> {
    Ok(NoticeSettings {
        enabled: decode::flag(row, first, "account.notices")?,
        address: row.get(first + 1)?,
        language: row.get(first + 2)?,
    })
}

/// See [`super::super::Store::set_notice_settings`].
pub(super) fn set_settings(db: &dyn Database, uid: AccountUid, new: &NoticeSettings) -> Outcome<()> {
    let account = require_account(db, uid)?;
    change(
        db,
        "UPDATE account SET notices = ?2, notify_address = ?3, language = ?4 WHERE id = ?1",
        (account, new.enabled, new.address.as_deref(), new.language.as_deref()),
    )?;
    Ok(())
}
