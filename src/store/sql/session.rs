//! Sessions: found, opened, used, ended.

use super::super::rules::{MAX_SESSIONS, SESSION_KEPT};
use super::super::{NewSession, SessionFound};
use super::database::{Database, Params, Row, all, change, named_params, one};
use super::decode;
use super::error::{Failure, Outcome};
use super::panel;
use crate::account::{AccountName, LastUse};
use crate::session::{Session, SessionDigest, SessionKind};

/// Sessions that are kept no longer and that one opening removes.
const PURGE: u32 = 8;

/// Whose a session is: the key of an account in the other tables, or a name without a record.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    Account(i64),
    Name(&'a AccountName),
}

impl<'a> Owner<'a> {
    /// The owner that has this name now.
    fn of(db: &dyn Database, name: &'a AccountName) -> Outcome<Self> {
        let account = one(db, "SELECT id FROM account WHERE name = ?1", [name.as_str()], |row| row.get(0))?;
        Ok(account.map_or(Self::Name(name), Self::Account))
    }

    fn account(self) -> Option<i64> {
        match self {
            Self::Account(account) => Some(account),
            Self::Name(_) => None,
        }
    }

    fn name(self) -> Option<&'a str> {
        match self {
            Self::Account(_) => None,
            Self::Name(name) => Some(name.as_str()),
        }
    }
}

/// Columns of a session, in the order of [`session`].
macro_rules! session_columns {
    () => {
        "digest, kind, opening, method, opened_at, opened_from, used_at, used_from, used_protocol, confirmed, ended"
    };
}

/// Decodes [`session_columns`].
fn session(row: &Row<'_>) -> Outcome<Session> {
    let kind = match row.get(1)? {
        1 => SessionKind::Exchange,
        2 => SessionKind::Grace,
        _ => return Err(Failure::Value("session.kind")),
    };
    let opening: Option<[u8; 16]> = row.get(2).map_err(|_| Failure::Value("session.opening"))?;
    Ok(Session {
        digest: digest(row)?,
        kind,
        opening,
        method: row.get(3)?,
        opened_at: row.get(4)?,
        opened_from: row.get(5)?,
        last_use: LastUse { at: row.get(6)?, from: row.get(7)?, protocol: row.get(8)? },
        confirmed: decode::flag(row, 9, "session.confirmed")?,
        ended: decode::flag(row, 10, "session.ended")?,
    })
}

/// The digest in the first column.
fn digest(row: &Row<'_>) -> Outcome<SessionDigest> {
    row.get(0).map(SessionDigest).map_err(|_| Failure::Value("session.digest"))
}

/// What is known of `digest`, for `owner`.
pub(super) fn find(db: &dyn Database, digest: SessionDigest, owner: Owner<'_>) -> Outcome<SessionFound> {
    let found = one(
        db,
        concat!("SELECT ", session_columns!(), ", account, name FROM session WHERE digest = ?1"),
        [digest.0],
        |row| found(row, owner),
    )?;
    match found {
        Some(found) => Ok(found),
        None if is_seen(db, digest)? => Ok(SessionFound::Gone),
        None => Ok(SessionFound::Unknown),
    }
}

/// Decodes [`session_columns`] and `account, name`, for `owner`.
pub(super) fn found(row: &Row<'_>, owner: Owner<'_>) -> Outcome<SessionFound> {
    let (account, name): (Option<i64>, Option<&str>) = (row.get(11)?, row.get(12)?);
    let here = (account, name) == (owner.account(), owner.name());
    Ok(if here { SessionFound::Here(session(row)?) } else { SessionFound::Elsewhere })
}

fn is_seen(db: &dyn Database, digest: SessionDigest) -> Outcome<bool> {
    Ok(one(db, "SELECT 1 FROM session_seen WHERE digest = ?1", [seen(digest)], |_| Ok(()))?.is_some())
}

/// What is remembered of a digest for ever.
pub(super) fn seen(digest: SessionDigest) -> [u8; 16] {
    let [first, _] = *digest.0.as_chunks::<16>().0 else { return [0; 16] };
    first
}

/// Whether a session that is to be opened was there before.
pub(super) fn is_known(db: &dyn Database, new: &NewSession<'_>) -> Outcome<bool> {
    match new.kind {
        SessionKind::Exchange => is_seen(db, new.digest),
        SessionKind::Grace => {
            let sql = "SELECT 1 FROM session WHERE digest = ?1";
            Ok(one(db, sql, [new.digest.0], |_| Ok(()))?.is_some())
        }
    }
}

/// Opens a session that [`is_known`] does not know, within the same transaction.
pub(super) fn open(db: &dyn Database, new: &NewSession<'_>, owner: Owner<'_>, now: i64) -> Outcome<()> {
    if new.kind == SessionKind::Exchange {
        change(db, "INSERT INTO session_seen (digest) VALUES (?1)", [seen(new.digest)])?;
    }
    change(
        db,
        "INSERT INTO session
             (digest, kind, account, name, opening, method, opened_at, opened_from, used_at, used_from, used_protocol,
              confirmed)
         VALUES (:digest, :kind, :account, :name, :opening, :method, :now, :from, :now, :from, :protocol, :confirmed)",
        named_params! {
            ":digest": new.digest.0,
            ":kind": new.kind as u8,
            ":account": owner.account(),
            ":name": owner.name(),
            ":opening": new.opening,
            ":method": new.method,
            ":now": now,
            ":from": new.from,
            ":protocol": new.protocol,
            ":confirmed": new.confirmed,
        },
    )?;
    cut_back(db, owner, now)
}

/// See [`super::super::Store::confirm_session`].
pub(super) fn confirm(db: &dyn Database, digest: SessionDigest) -> Outcome<bool> {
    Ok(change(db, "UPDATE session SET confirmed = 1 WHERE digest = ?1 AND ended = 0", [digest.0])? == 1)
}

/// Removes sessions that are kept no longer: a few of anybody's, and the oldest of an owner who has too many.
fn cut_back(db: &dyn Database, owner: Owner<'_>, now: i64) -> Outcome<()> {
    change(
        db,
        "DELETE FROM session WHERE digest IN (SELECT digest FROM session WHERE used_at <= ?1 ORDER BY used_at LIMIT ?2)",
        (now.saturating_sub(SESSION_KEPT), PURGE),
    )?;
    let most = MAX_SESSIONS as u32;
    match owner {
        Owner::Account(account) => change(
            db,
            "DELETE FROM session WHERE digest IN
                 (SELECT digest FROM session WHERE account = ?1 ORDER BY ended, opened_at DESC, digest LIMIT 9223372036854775807 OFFSET ?2)",
            (account, most),
        )?,
        Owner::Name(name) => change(
            db,
            "DELETE FROM session WHERE digest IN
                 (SELECT digest FROM session WHERE name = ?1 ORDER BY ended, opened_at DESC, digest LIMIT 9223372036854775807 OFFSET ?2)",
            (name.as_str(), most),
        )?,
    };
    Ok(())
}

/// Whether the use of a session must be written again.
pub(super) fn use_is_due(
    db: &dyn Database,
    digest: SessionDigest,
    interval: i64,
    (from, protocol): (&str, &str),
    now: i64,
) -> Outcome<bool> {
    let due = one(
        db,
        "SELECT used_at <= :now - :interval OR used_at > :now OR used_from <> :from OR used_protocol <> :protocol
         FROM session WHERE digest = :digest AND ended = 0",
        named_params! {
            ":digest": digest.0,
            ":interval": interval,
            ":now": now,
            ":from": from,
            ":protocol": protocol,
        },
        |row| row.get(0),
    )?;
    Ok(due.unwrap_or(false))
}

/// Writes the use of a session.
pub(super) fn note_use(
    db: &dyn Database,
    digest: SessionDigest,
    (from, protocol): (&str, &str),
    now: i64,
) -> Outcome<()> {
    change(
        db,
        "UPDATE session SET used_at = :now, used_from = :from, used_protocol = :protocol,
             opening = CASE WHEN :now - opened_at <= :repeat THEN opening END
         WHERE digest = :digest AND ended = 0",
        named_params! {
            ":digest": digest.0,
            ":now": now,
            ":from": from,
            ":protocol": protocol,
            ":repeat": Session::REPEAT,
        },
    )?;
    Ok(())
}

/// See [`super::super::Store::sessions`].
pub(super) fn list(db: &dyn Database, name: &AccountName) -> Outcome<Vec<Session>> {
    macro_rules! select {
        ($owner:literal) => {
            concat!(
                "SELECT ",
                session_columns!(),
                " FROM session WHERE ",
                $owner,
                " = ?1 AND ended = 0 ORDER BY opened_at DESC, digest"
            )
        };
    }
    match Owner::of(db, name)? {
        Owner::Account(account) => all(db, select!("account"), [account], session),
        Owner::Name(name) => all(db, select!("name"), [name.as_str()], session),
    }
}

/// See [`super::super::Store::end_sessions`].
pub(super) fn end(db: &dyn Database, name: &AccountName, digest: Option<SessionDigest>) -> Outcome<Vec<SessionDigest>> {
    match Owner::of(db, name)? {
        Owner::Account(account) => end_where(
            db,
            "UPDATE session SET ended = 1
             WHERE account = ?1 AND ended = 0 AND digest = coalesce(?2, digest) RETURNING digest",
            (account, digest.map(|digest| digest.0)),
        ),
        Owner::Name(name) => end_where(
            db,
            "UPDATE session SET ended = 1
             WHERE name = ?1 AND ended = 0 AND digest = coalesce(?2, digest) RETURNING digest",
            (name.as_str(), digest.map(|digest| digest.0)),
        ),
    }
}

/// Ends every session of an account, also those of the panel, because something changed that they stood on.
pub(super) fn end_all(db: &dyn Database, account: i64) -> Outcome<()> {
    change(db, "UPDATE session SET ended = 1 WHERE account = ?1 AND ended = 0", [account])?;
    panel::end_all(db, account)
}

/// Ends what a name had before it got a record.
pub(super) fn end_all_without_record(db: &dyn Database, name: &AccountName) -> Outcome<()> {
    change(db, "UPDATE session SET ended = 1 WHERE name = ?1 AND ended = 0", [name.as_str()])?;
    Ok(())
}

fn end_where(db: &dyn Database, sql: &'static str, params: impl Params) -> Outcome<Vec<SessionDigest>> {
    let mut ended = all(db, sql, params, digest)?;
    ended.sort_unstable();
    Ok(ended)
}
