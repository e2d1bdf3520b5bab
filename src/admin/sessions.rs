//! Webmail sessions: list and revoke.

use super::{Admin, AdminError, Event, Result};
use crate::account::AccountName;
use crate::session::{Life, Session, SessionDigest, SessionId};
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

    /// Ends the session with that id, or all of them, also those that have expired: longer limits may not bring them
    /// back. Returns the ids of those that this ended.
    pub fn revoke_sessions(&mut self, name: &AccountName, id: Option<SessionId>, now: i64) -> Result<Vec<SessionId>> {
        let named = match id {
            None => None,
            Some(id) => {
                let sessions = self.store.sessions(name)?;
                let found = sessions.iter().find(|session| session.digest.id() == id);
                Some(found.ok_or_else(|| AdminError::NoSession(name.clone(), id))?.digest)
            }
        };
        let revoked: Vec<SessionId> = self.store.end_sessions(name, named)?.iter().map(SessionDigest::id).collect();
        let account = self.store.load(&Lookup::account(name))?.account;
        match account {
            Some(account) => {
                revoked.iter().for_each(|id| self.note(account.uid, Event::SessionRevoked, id.as_str(), now))
            }
            None if revoked.is_empty() => return Err(AdminError::NoAccount(name.clone())),
            None => {}
        }
        Ok(revoked)
    }
}
