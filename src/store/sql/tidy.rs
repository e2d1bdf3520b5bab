//! Removing what has expired, a little at a time, so that no login waits for it.

use super::super::rules::SESSION_KEPT;
use super::super::{Stale, Tidied};
use super::database::{Database, change};
use super::error::Outcome;
use super::{invitation, throttle};

/// Rows of each kind that one transaction removes: a few milliseconds of the write lock.
const AT_ONCE: u32 = 500;

/// See [`super::super::Store::tidy`].
pub(super) fn tidy(db: &dyn Database, stale: &Stale) -> Outcome<Tidied> {
    let removed = |rows: usize| rows as u64;
    let activity = match stale.activity_before {
        Some(before) => change(
            db,
            "DELETE FROM activity WHERE id IN
                 (SELECT id FROM activity WHERE last_at < ?1 ORDER BY last_at LIMIT ?2)",
            (before, AT_ONCE),
        )?,
        None => 0,
    };
    let webmail_sessions = change(
        db,
        "DELETE FROM session WHERE digest IN
             (SELECT digest FROM session WHERE used_at <= ?1 ORDER BY used_at LIMIT ?2)",
        (stale.now.saturating_sub(SESSION_KEPT), AT_ONCE),
    )?;
    let panel_sessions = change(
        db,
        "DELETE FROM panel_session WHERE digest IN
             (SELECT digest FROM panel_session WHERE used_at + idle <= ?1 ORDER BY used_at + idle LIMIT ?2)",
        (stale.now, AT_ONCE),
    )?;
    Ok(Tidied {
        activity: removed(activity),
        webmail_sessions: removed(webmail_sessions),
        panel_sessions: removed(panel_sessions),
        invitations: removed(invitation::purge(db, stale.now, AT_ONCE)?),
        throttle: removed(throttle::purge(db, stale.now, AT_ONCE)?),
    })
}
