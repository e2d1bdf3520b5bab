//! Panel sessions: opened after a sign-in, found by their cookie, proved at a step up, listed and ended.
//!
//! The panel keeps the cookie's value nowhere: [`crate::credential::panel_cookie`] reads it, and here only its digest
//! passes.

use super::app_passwords::unprintable;
use super::{Admin, AdminError, Event, Result};
use crate::account::{AccountName, AccountUid};
use crate::auth::Method;
use crate::credential::{Secret, panel_cookie};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
use crate::session::{Life, SessionDigest, SessionId, SessionLimits};
use crate::store::NewPanelSession;

/// Longest description of a browser that is kept, in characters.
const MAX_AGENT: usize = 64;

/// What a panel session is opened with.
pub struct PanelSignIn<'a> {
    /// The account.
    pub account: AccountUid,
    /// The version that it must have: the one that was loaded before the password was asked for, or `before + 1` after a
    /// change that ended the visitor's own session.
    pub version: i64,
    /// What opened it.
    pub method: Method,
    /// The browser in words, such as "Firefox on Linux"; empty when it said nothing.
    pub agent: &'a str,
    /// How long it may live.
    pub limits: SessionLimits,
    /// The session whose place it takes, if any.
    pub goes_on: Option<GoesOn>,
}

/// What a session takes over from the one whose place it takes: nobody has signed in anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoesOn {
    /// When that one was opened: what goes on does not become younger.
    pub opened_at: i64,
    /// When its owner last showed a password or code; none: just now.
    pub proved_at: Option<i64>,
}

impl Admin<'_> {
    /// Opens a panel session, from this Admin's address; returns the cookie's value. [`AdminError::Changed`] where the
    /// account is disabled or has another version by now.
    pub fn open_panel_session(&mut self, name: &AccountName, sign_in: &PanelSignIn<'_>, now: i64) -> Result<Secret> {
        let (cookie, digest) = panel_cookie::generate()?;
        let agent: String = sign_in.agent.chars().filter(|symbol| !unprintable(*symbol)).take(MAX_AGENT).collect();
        let from = self.address();
        let new = NewPanelSession {
            digest,
            method: sign_in.method.as_str(),
            agent: &agent,
            from: &from,
            limits: sign_in.limits,
            opened_at: sign_in.goes_on.map(|before| before.opened_at),
            proved_at: sign_in.goes_on.and_then(|before| before.proved_at),
        };
        let opened = self.store.open_panel_session(sign_in.account, sign_in.version, &new, now)?;
        if opened { Ok(cookie) } else { Err(AdminError::Changed(name.clone())) }
    }

    /// The panel session that a cookie stands for, if it is alive, with its account; its use is noted. None for what was
    /// ended, has expired, or belongs to a disabled account.
    pub fn panel_session(
        &mut self,
        cookie: SessionDigest,
        limits: &SessionLimits,
        now: i64,
    ) -> Result<Option<PanelSessionFound>> {
        let Some(found) = self.store.panel_session(cookie)? else { return Ok(None) };
        if !found.enabled || found.session.life(limits, now) != Life::Live {
            return Ok(None);
        }
        if found.session.use_is_due(now) {
            // Nice to know: on a full disk the page is shown all the same, and the session expires early.
            let _ = self.store.touch_panel_session(cookie, &self.address(), now);
        }
        Ok(Some(found))
    }

    /// The visitor has shown a code or password again: the session gets another cookie, whose value this returns, and
    /// the old one stands for nothing. None where the session was ended meanwhile.
    pub fn prove_panel_session(
        &mut self,
        account: AccountUid,
        cookie: SessionDigest,
        now: i64,
    ) -> Result<Option<Secret>> {
        let (value, digest) = panel_cookie::generate()?;
        let proved = self.store.prove_panel_session(account, cookie, digest, now)?;
        Ok(proved.then_some(value))
    }

    /// The panel sessions of a name that are alive, newest first. `limits` are those that the panel has set now; who
    /// does not know them names none, and sees those that were set when each was opened.
    pub fn panel_sessions(
        &mut self,
        name: &AccountName,
        limits: Option<&SessionLimits>,
        now: i64,
    ) -> Result<Vec<PanelSession>> {
        let mut sessions = self.store.panel_sessions(name)?;
        sessions.retain(|session| session.life(limits.unwrap_or(&session.limits), now) == Life::Live);
        Ok(sessions)
    }

    /// Signs the visitor out: ends the session that the cookie stands for. Returns false where it was ended before.
    pub fn close_panel_session(&mut self, name: &AccountName, cookie: SessionDigest, now: i64) -> Result<bool> {
        let ended = self.store.end_panel_sessions(name, PanelSessions::One(cookie))?;
        self.note_ended(name, &ended, Event::SessionClosed, now)?;
        Ok(!ended.is_empty())
    }

    /// Ends panel sessions of a name; returns the ids of those that this ended.
    pub fn end_panel_sessions(&mut self, name: &AccountName, which: PanelSessions, now: i64) -> Result<Vec<SessionId>> {
        let ended = self.store.end_panel_sessions(name, which)?;
        self.note_ended(name, &ended, Event::SessionRevoked, now)?;
        Ok(ended.iter().map(SessionDigest::id).collect())
    }

    /// Ends the panel session with that id.
    pub fn end_panel_session(&mut self, name: &AccountName, id: SessionId, now: i64) -> Result<()> {
        let sessions = self.store.panel_sessions(name)?;
        let found = sessions.iter().find(|session| session.digest.id() == id);
        let missing = || AdminError::NoSession(name.clone(), id);
        let digest = found.ok_or_else(missing)?.digest;
        let ended = self.end_panel_sessions(name, PanelSessions::One(digest), now)?;
        if ended.is_empty() { Err(missing()) } else { Ok(()) }
    }

    fn note_ended(&mut self, name: &AccountName, ended: &[SessionDigest], event: Event, now: i64) -> Result<()> {
        if !ended.is_empty() {
            let uid = self.load(name)?.uid;
            ended.iter().for_each(|digest| self.note(uid, event, digest.id().as_str(), now));
        }
        Ok(())
    }
}
