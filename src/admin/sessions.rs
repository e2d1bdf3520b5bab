//! Webmail sessions: list and revoke.

use super::{Admin, AdminError, Event, Result};
use crate::account::AccountName;
use crate::session::{Life, Session, SessionId};
use crate::store::Lookup;

impl Admin<'_> {
    /// The sessions of a name that are alive, newest first; also of a name without a record, whose password another PAM
    /// module keeps.
    pub fn sessions(&mut self, name: &AccountName, now: i64) -> Result<Vec<Session>> {
        let limits = self.config.policy.session_limits;
        let mut sessions = self.store.sessions(name)?;
        sessions.retain(|session| session.life(&limits, now) == Life::Live);
        if sessions.is_empty() {
            // A name that was mistyped has none either.
            self.account(name)?;
        }
        Ok(sessions)
    }

    /// Ends the session with that id, or all of them; returns the ids of those that this ended.
    pub fn revoke_sessions(&mut self, name: &AccountName, id: Option<SessionId>, now: i64) -> Result<Vec<SessionId>> {
        let alive = self.sessions(name, now)?;
        let named = id.map(|id| {
            let found = alive.iter().find(|session| session.digest.id() == id);
            found.map(|session| session.digest).ok_or_else(|| AdminError::NoSession(name.clone(), id))
        });
        // With all of them also those that have expired: longer limits may not bring them back.
        let ended = self.store.end_sessions(name, named.transpose()?)?;
        let revoked: Vec<SessionId> =
            alive.iter().filter(|session| ended.contains(&session.digest)).map(|session| session.digest.id()).collect();
        if let (Some(id), true) = (id, revoked.is_empty()) {
            return Err(AdminError::NoSession(name.clone(), id));
        }
        if let Some(account) = self.store.load(&Lookup::account(name))?.account {
            for id in &revoked {
                self.note(account.uid, Event::SessionRevoked, id.as_str(), now);
            }
        }
        Ok(revoked)
    }
}
