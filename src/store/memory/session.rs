//! Webmail sessions of the store without a file.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::rules::{MAX_SESSIONS, SESSION_KEPT};
use super::super::{NewSession, Note, SessionFound};
use crate::account::{AccountName, AccountUid, LastUse};
use crate::session::{Session, SessionDigest, SessionKind};

/// Whose a session is.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Owner {
    Account(AccountUid),
    Name(AccountName),
}

#[derive(Default)]
pub(super) struct Sessions {
    held: BTreeMap<SessionDigest, (Owner, Session)>,
    /// Digests of session credentials that were used.
    seen: BTreeSet<SessionDigest>,
}

impl Sessions {
    pub(super) fn find(&self, digest: SessionDigest, owner: &Owner) -> SessionFound {
        match self.held.get(&digest) {
            Some((whose, session)) if whose == owner => SessionFound::Here(session.clone()),
            Some(_) => SessionFound::Elsewhere,
            None if self.seen.contains(&digest) => SessionFound::Gone,
            None => SessionFound::Unknown,
        }
    }

    pub(super) fn is_known(&self, new: &NewSession<'_>) -> bool {
        self.seen.contains(&new.digest) || self.held.contains_key(&new.digest)
    }

    pub(super) fn open(&mut self, new: &NewSession<'_>, owner: Owner, now: i64) {
        if new.kind == SessionKind::Exchange {
            self.seen.insert(new.digest);
        }
        let session = Session {
            digest: new.digest,
            kind: new.kind,
            opening: new.opening,
            method: new.method.into(),
            opened_at: now,
            opened_from: new.from.into(),
            last_use: LastUse { at: now, from: new.from.into(), protocol: new.protocol.into() },
            confirmed: new.confirmed,
            ended: false,
        };
        self.remove_stale(now);
        self.held.insert(new.digest, (owner.clone(), session));
        let mut own: Vec<_> = self.held.values().filter(|(whose, _)| *whose == owner).collect();
        own.sort_by_key(|(_, session)| (session.ended, Reverse(session.opened_at), session.digest));
        let old: Vec<_> = own.iter().skip(MAX_SESSIONS).map(|(_, session)| session.digest).collect();
        old.iter().for_each(|digest| drop(self.held.remove(digest)));
    }

    pub(super) fn note_use(&mut self, digest: SessionDigest, interval: i64, note: &Note<'_>) {
        let Some((_, session)) = self.held.get_mut(&digest) else { return };
        let (from, protocol) = (&note.activity.address, &note.activity.protocol);
        let last = &session.last_use;
        let recent =
            (last.at..last.at + interval).contains(&note.now) && last.from == *from && last.protocol == *protocol;
        if !session.ended && !recent {
            session.last_use = LastUse { at: note.now, from: from.clone(), protocol: protocol.clone() };
            session.opening = session.opening.filter(|_| note.now - session.opened_at <= Session::REPEAT);
        }
    }

    /// Returns whether it was there, and not ended.
    pub(super) fn confirm(&mut self, digest: SessionDigest) -> bool {
        let found = self.held.get_mut(&digest).filter(|(_, session)| !session.ended);
        found.map(|(_, session)| session.confirmed = true).is_some()
    }

    pub(super) fn list(&self, owner: &Owner) -> Vec<Session> {
        let own = self.held.values().filter(|(whose, session)| whose == owner && !session.ended);
        let mut own: Vec<_> = own.map(|(_, session)| session.clone()).collect();
        own.sort_by_key(|session| (Reverse(session.opened_at), session.digest));
        own
    }

    /// Ends one session or all; returns those that it ended.
    pub(super) fn end(&mut self, owner: &Owner, digest: Option<SessionDigest>) -> Vec<SessionDigest> {
        let mut ended = Vec::new();
        for (whose, session) in self.held.values_mut() {
            if whose == owner && !session.ended && digest.is_none_or(|digest| digest == session.digest) {
                session.ended = true;
                ended.push(session.digest);
            }
        }
        ended
    }

    pub(super) fn forget(&mut self, account: AccountUid) {
        self.held.retain(|_, (owner, _)| *owner != Owner::Account(account));
    }

    /// Removes those that nobody has used for long; returns how many those were.
    pub(super) fn remove_stale(&mut self, now: i64) -> usize {
        let before = self.held.len();
        self.held.retain(|_, (_, session)| session.last_use.at > now - SESSION_KEPT);
        before - self.held.len()
    }
}
