//! Panel sessions of the store without a file.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::rules::MAX_PANEL_SESSIONS;
use super::super::{NewPanelSession, Result, StoreError};
use crate::account::{Account, AccountUid, Requirements};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
use crate::session::SessionDigest;

/// Each with its account and the version of it that it stands on.
#[derive(Default)]
pub(super) struct Panel {
    sessions: BTreeMap<SessionDigest, (AccountUid, i64, PanelSession)>,
}

impl Panel {
    pub(super) fn open(&mut self, account: &Account, new: &NewPanelSession<'_>, now: i64) -> Result<()> {
        let session = PanelSession {
            digest: new.digest,
            method: new.method.into(),
            agent: new.agent.into(),
            opened_at: new.opened_at.unwrap_or(now),
            opened_from: new.from.into(),
            proved_at: new.proved_at.unwrap_or(now),
            used_at: now,
            used_from: new.from.into(),
            limits: new.limits,
        };
        self.sessions.retain(|_, (_, _, session)| now < session.expires_at(&session.limits));
        if self.sessions.contains_key(&new.digest) {
            return Err(StoreError::Exists);
        }
        let mut own: Vec<_> = self.of(account).collect();
        own.sort_by_key(|session| (Reverse(session.used_at), Reverse(session.opened_at), session.digest));
        let old: Vec<_> = own.iter().skip(MAX_PANEL_SESSIONS - 1).map(|session| session.digest).collect();
        self.sessions.retain(|digest, _| !old.contains(digest));
        self.sessions.insert(new.digest, (account.uid, account.version, session));
        Ok(())
    }

    /// Removes those that nobody has used within their idle limit; returns how many those were.
    pub(super) fn remove_expired(&mut self, now: i64) -> usize {
        let before = self.sessions.len();
        self.sessions.retain(|_, (_, _, session)| session.used_at + session.limits.idle > now);
        before - self.sessions.len()
    }

    /// The sessions that count for this account.
    fn of(&self, account: &Account) -> impl Iterator<Item = &PanelSession> {
        let stands_on = (account.uid, account.version);
        self.sessions
            .values()
            .filter(move |(uid, version, _)| (*uid, *version) == stands_on)
            .map(|(.., session)| session)
    }

    pub(super) fn find<'a>(
        &self,
        digest: SessionDigest,
        mut accounts: impl Iterator<Item = &'a Account>,
    ) -> Option<PanelSessionFound> {
        let (uid, version, session) = self.sessions.get(&digest)?;
        let account = accounts.find(|account| (account.uid, account.version) == (*uid, *version))?;
        Some(PanelSessionFound {
            session: session.clone(),
            account: *uid,
            name: account.name.clone(),
            enabled: account.enabled,
            version: *version,
            two_factor: account.two_factor(),
            has_password: account.password.is_some(),
            requirements: Requirements::default(),
        })
    }

    pub(super) fn touch(&mut self, digest: SessionDigest, from: &str, now: i64) {
        let found = self.sessions.get_mut(&digest).map(|(.., session)| session);
        if let Some(session) = found.filter(|session| session.use_is_due(now)) {
            session.used_at = now;
            session.used_from = from.into();
        }
    }

    pub(super) fn prove(
        &mut self,
        account: &Account,
        old: SessionDigest,
        new: SessionDigest,
        now: i64,
    ) -> Result<bool> {
        let Some((uid, version, session)) = self.sessions.get(&old) else { return Ok(false) };
        if (*uid, *version, true) != (account.uid, account.version, account.enabled) {
            return Ok(false);
        }
        if self.sessions.contains_key(&new) {
            return Err(StoreError::Exists);
        }
        let session = PanelSession { digest: new, proved_at: now, used_at: now, ..session.clone() };
        self.sessions.remove(&old);
        self.sessions.insert(new, (account.uid, account.version, session));
        Ok(true)
    }

    pub(super) fn list(&self, account: &Account) -> Vec<PanelSession> {
        let mut own: Vec<_> = self.of(account).cloned().collect();
        own.sort_by_key(|session| (Reverse(session.opened_at), session.digest));
        own
    }

    pub(super) fn end(&mut self, account: &Account, which: PanelSessions) -> Vec<SessionDigest> {
        let meant = |digest: SessionDigest| match which {
            PanelSessions::All => true,
            PanelSessions::One(only) => digest == only,
            PanelSessions::AllBut(spared) => digest != spared,
        };
        let own = self.sessions.iter().filter(|(digest, (uid, ..))| *uid == account.uid && meant(**digest));
        let ended: Vec<_> = own.map(|(digest, _)| *digest).collect();
        self.sessions.retain(|digest, _| !ended.contains(digest));
        ended
    }

    pub(super) fn end_all(&mut self, account: AccountUid) {
        self.sessions.retain(|_, (uid, ..)| *uid != account);
    }

    /// Lets those that stand on `version` stand on the next one.
    pub(super) fn carry_on(&mut self, account: AccountUid, version: i64) {
        let standing = self.sessions.values_mut().filter(|(uid, on, _)| (*uid, *on) == (account, version));
        standing.for_each(|(_, on, _)| *on += 1);
    }
}
