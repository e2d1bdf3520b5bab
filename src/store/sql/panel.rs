//! Panel sessions: opened, found, used, proved, ended. One that ends is removed.
//!
//! Security: a session counts only while its `version` is the account's. So it ends with every change that raises the
//! version, also where the change was made by older code, which knows nothing of these sessions.

use super::super::NewPanelSession;
use super::super::rules::MAX_PANEL_SESSIONS;
use super::database::{Database, Row, add, all, change, named_params, one};
use super::decode;
use super::error::{Failure, Outcome};
use super::requirement;
use crate::account::{AccountName, AccountUid};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
use crate::session::{SessionDigest, SessionLimits};

/// Expired sessions of anybody that one opening removes.
const PURGE: u32 = 8;

/// Columns of a session, in the order of [`session`].
macro_rules! panel_session_columns {
    () => {
        "digest, method, agent, opened_at, opened_from, proved_at, used_at, used_from, idle, absolute"
    };
}

/// Decodes [`panel_session_columns`].
fn session(row: &Row<'_>) -> Outcome<PanelSession> {
    Ok(PanelSession {
        digest: digest(row)?,
        method: row.get(1)?,
        agent: row.get(2)?,
        opened_at: row.get(3)?,
        opened_from: row.get(4)?,
        proved_at: row.get(5)?,
        used_at: row.get(6)?,
        used_from: row.get(7)?,
        limits: SessionLimits { idle: row.get(8)?, absolute: row.get(9)? },
    })
}

/// The digest in the first column.
fn digest(row: &Row<'_>) -> Outcome<SessionDigest> {
    row.get(0).map(SessionDigest).map_err(|_| Failure::Value("panel_session.digest"))
}

/// See [`super::super::Store::open_panel_session`].
pub(super) fn open(
    db: &dyn Database,
    uid: AccountUid,
    version: i64,
    new: &NewPanelSession<'_>,
    now: i64,
) -> Outcome<bool> {
    let found: Option<(i64, bool)> =
        one(db, "SELECT id, enabled FROM account WHERE uid = ?1 AND version = ?2", (uid.0, version), |row| {
            Ok((row.get(0)?, decode::flag(row, 1, "account.enabled")?))
        })?;
    let Some((account, true)) = found else { return Ok(false) };
    make_room(db, account, version, now)?;
    add(
        db,
        "INSERT INTO panel_session
             (digest, account, version, method, agent, opened_at, opened_from, proved_at, used_at, used_from, idle,
              absolute)
         VALUES (:digest, :account, :version, :method, :agent, :opened, :from, :proved, :now, :from, :idle, :absolute)",
        named_params! {
        ":digest": new.digest.0,
        ":account": account,
        ":version": version,
        ":method": new.method,
        ":agent": new.agent,
        ":opened": new.opened_at.unwrap_or(now),
        ":proved": new.proved_at.unwrap_or(now),
        ":now": now,
        ":from": new.from,
        ":idle": new.limits.idle,
        ":absolute": new.limits.absolute,
        },
    )?;
    Ok(true)
}

/// Removes what opens nothing any more, a few of anybody's and all of the account's, and leaves room for one more.
fn make_room(db: &dyn Database, account: i64, version: i64, now: i64) -> Outcome<()> {
    change(
        db,
        "DELETE FROM panel_session WHERE digest IN
             (SELECT digest FROM panel_session WHERE used_at + idle <= ?1 ORDER BY used_at + idle LIMIT ?2)",
        (now, PURGE),
    )?;
    change(
        db,
        "DELETE FROM panel_session WHERE account = :account
             AND (version <> :version OR used_at + idle <= :now OR opened_at + absolute <= :now)",
        named_params! { ":account": account, ":version": version, ":now": now },
    )?;
    change(
        db,
        "DELETE FROM panel_session WHERE digest IN
             (SELECT digest FROM panel_session WHERE account = ?1
              ORDER BY used_at DESC, opened_at DESC, digest LIMIT 9223372036854775807 OFFSET ?2)",
        (account, MAX_PANEL_SESSIONS as u32 - 1),
    )?;
    Ok(())
}

/// See [`super::super::Store::panel_session`].
pub(super) fn find(db: &dyn Database, presented: SessionDigest) -> Outcome<Option<PanelSessionFound>> {
    let mut found = one(
        db,
        "SELECT digest, method, agent, opened_at, opened_from, proved_at, used_at, used_from, idle, absolute,
             uid, name, enabled, account.version,
             EXISTS (SELECT 1 FROM authenticator WHERE account = account.id AND confirmed_at IS NOT NULL),
             password IS NOT NULL, require_2fa, enrol_again
         FROM panel_session JOIN account ON account.id = panel_session.account
         WHERE digest = ?1 AND panel_session.version = account.version",
        [presented.0],
        |row| {
            Ok(PanelSessionFound {
                session: session(row)?,
                account: decode::uid(row, 10)?,
                name: AccountName::from_store(row.get(11)?),
                enabled: decode::flag(row, 12, "account.enabled")?,
                version: row.get(13)?,
                two_factor: row.get(14)?,
                has_password: row.get(15)?,
                requirements: requirement::of_account(row, 16)?,
            })
        },
    )?;
    if let Some(found) = &mut found {
        found.requirements.domain = requirement::of_domain(db, found.name.domain())?;
    }
    Ok(found)
}

/// See [`super::super::Store::touch_panel_session`].
pub(super) fn touch(db: &dyn Database, digest: SessionDigest, from: &str, now: i64) -> Outcome<()> {
    let select = concat!("SELECT ", panel_session_columns!(), " FROM panel_session WHERE digest = ?1");
    let found = one(db, select, [digest.0], session)?;
    if found.is_some_and(|session| session.use_is_due(now)) {
        change(db, "UPDATE panel_session SET used_at = ?2, used_from = ?3 WHERE digest = ?1", (digest.0, now, from))?;
    }
    Ok(())
}

/// See [`super::super::Store::prove_panel_session`].
pub(super) fn prove(
    db: &dyn Database,
    uid: AccountUid,
    old: SessionDigest,
    new: SessionDigest,
    now: i64,
) -> Outcome<bool> {
    let changed = add(
        db,
        "UPDATE panel_session SET digest = :new, proved_at = :now, used_at = :now
             WHERE digest = :old AND EXISTS
                 (SELECT 1 FROM account WHERE id = panel_session.account AND uid = :uid
                      AND version = panel_session.version AND enabled = 1)",
        named_params! { ":old": old.0, ":new": new.0, ":uid": uid.0, ":now": now },
    )?;
    Ok(changed == 1)
}

/// See [`super::super::Store::panel_sessions`].
pub(super) fn list(db: &dyn Database, name: &AccountName) -> Outcome<Vec<PanelSession>> {
    all(
        db,
        concat!(
            "SELECT ",
            panel_session_columns!(),
            " FROM panel_session JOIN account ON account.id = panel_session.account
              WHERE name = ?1 AND panel_session.version = account.version ORDER BY opened_at DESC, digest"
        ),
        [name.as_str()],
        session,
    )
}

/// See [`super::super::Store::end_panel_sessions`].
pub(super) fn end(db: &dyn Database, name: &AccountName, which: PanelSessions) -> Outcome<Vec<SessionDigest>> {
    let (only, spared) = match which {
        PanelSessions::All => (None, None),
        PanelSessions::One(digest) => (Some(digest.0), None),
        PanelSessions::AllBut(digest) => (None, Some(digest.0)),
    };
    let mut ended = all(
        db,
        "DELETE FROM panel_session
         WHERE account = (SELECT id FROM account WHERE name = :name)
             AND (:only IS NULL OR digest = :only) AND (:spared IS NULL OR digest <> :spared)
         RETURNING digest",
        named_params! { ":name": name.as_str(), ":only": only, ":spared": spared },
        digest,
    )?;
    ended.sort_unstable();
    Ok(ended)
}

/// Ends every panel session of an account, because something changed that they stood on.
pub(super) fn end_all(db: &dyn Database, account: i64) -> Outcome<()> {
    change(db, "DELETE FROM panel_session WHERE account = ?1", [account])?;
    Ok(())
}

/// Lets the account's panel sessions stand on the next version. To be called before the version is raised: only those
/// that stand on the present one go on.
pub(super) fn carry_on(db: &dyn Database, account: i64) -> Outcome<()> {
    change(
        db,
        "UPDATE panel_session SET version = version + 1
         WHERE account = ?1 AND version = (SELECT version FROM account WHERE id = ?1)",
        [account],
    )?;
    Ok(())
}
