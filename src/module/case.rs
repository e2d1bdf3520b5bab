//! One attempt beside what the store knows about it: decided, then carried out.

use super::line::{Line, Outcome, Source};
use super::nearby::{self, Nearby};
use super::notices::{self, Notable};
use super::queue::Queue;
use super::worker::Desk;
use super::{Trouble, TroubleKind};
use crate::account::{AccountName, AccountUid, Protocol};
use crate::auth::{
    Acceptance, Answer, Attempt, FaultFound, Method, Mode, PrimarySource, ProofError, Prover, Reason, Rehash,
    SessionChange, Verdict, after_password, by_repetition, by_session, decide, primary_password_of,
};
use crate::credential::Secret;
use crate::credential::hash::{self, Owner};
use crate::credential::session::PresentedSession;
use crate::notice::{NewNotice, NoticeKind};
use crate::record::Fault;
use crate::session::{SessionDigest, SessionKind};
use crate::shared::claims::{Wrong, lost};
use crate::shared::passwords::{Change, Set};
use crate::store::{
    Activity, Claim, Claimable, Claimed, HashOf, Holder, Loaded, NewSession, Note, SessionFound, StoreError,
    ThrottleKeys, Used,
};
use crate::times::NOTE_INTERVAL;

/// An attempt, and what was loaded for it.
pub(super) struct Case<'a, 'd> {
    attempt: &'a Attempt,
    desk: &'a mut Desk<'d>,
    throttle: ThrottleKeys,
    loaded: Loaded,
    source: Source,
    now: i64,
}

/// What became of it.
pub(super) struct Settled {
    pub outcome: Outcome,
    /// Accepted for turning 2FA on and nothing else.
    pub enrolment_only: bool,
    /// The account that it was about, and its version.
    pub account: Option<(AccountUid, i64)>,
    /// The session that counts only when the whole sign-in was accepted.
    pub unconfirmed: Option<SessionDigest>,
}

impl<'a, 'd> Case<'a, 'd> {
    /// Loads what the store knows.
    pub(super) fn load(attempt: &'a Attempt, desk: &'a mut Desk<'d>, now: i64) -> Result<Self, Trouble> {
        let throttle = attempt.throttle_keys(desk.keys);
        let loaded = look_up(attempt, desk, &throttle)?;
        Ok(Self { attempt, desk, throttle, loaded, source: Source::Store, now })
    }

    /// Loads, and decides as far as that goes without a stacked module. Where a replica lets in, the store is asked only if
    /// the replica may be too far behind; if the store does not answer then, the replica's word counts.
    pub(super) fn decided(attempt: &'a Attempt, desk: &'a mut Desk<'d>, now: i64) -> Result<(Self, Verdict), Trouble> {
        let throttle = attempt.throttle_keys(desk.keys);
        let mut nearby = nearby::decide(attempt, desk, &throttle, now, false)?;
        if nearby.as_ref().is_none_or(|nearby| !nearby.fresh && !desk.is_store_gone()) {
            match look_up(attempt, desk, &throttle) {
                Ok(loaded) => {
                    let mut case = Self { attempt, desk, throttle, loaded, source: Source::Store, now };
                    let verdict = case.prove(decide)?;
                    return Ok((case, verdict));
                }
                Err(error) if nearby.is_none() => {
                    nearby = nearby::decide(attempt, desk, &throttle, now, true)?;
                    if nearby.is_none() {
                        return Err(error.into());
                    }
                }
                Err(_) => {}
            }
        }
        let Some(Nearby { loaded, verdict, behind, .. }) = nearby else {
            return Err(Trouble::new(TroubleKind::Internal, "neither store nor replica decided"));
        };
        let source = Source::Replica { behind, store_is_gone: desk.is_store_gone() };
        Ok((Self { attempt, desk, throttle, loaded, source, now }, verdict))
    }

    /// Decides after the stacked module found the password right.
    pub(super) fn after_password(&mut self) -> Result<Verdict, Trouble> {
        self.prove(after_password)
    }

    /// The verdict after the stacked module found the password wrong.
    pub(super) fn wrong_password(&self) -> Verdict {
        Verdict::wrong_password(self.attempt, &self.loaded)
    }

    fn prove(
        &mut self,
        decide: fn(&Attempt, &Loaded, &crate::auth::Policy, &mut Prover<'_>, i64) -> Result<Verdict, ProofError>,
    ) -> Result<Verdict, Trouble> {
        let config = self.desk.config;
        let mut memory = Queue::new(self.desk.arena, &config.database, config.concurrent_hashes);
        let mut prover = Prover { keys: self.desk.keys, memory: &mut memory, memo: self.desk.memo };
        Ok(decide(self.attempt, &self.loaded, &config.policy, &mut prover, self.now)?)
    }

    /// Carries a verdict out: claims or charges what it says, leaves last use and activity, and fills the line in.
    pub(super) fn settle(mut self, verdict: Verdict, line: &mut Line) -> Result<Settled, Trouble> {
        let (verdict, outcome) = self.carry_out(verdict)?;
        line.source = self.source;
        line.method = Some(verdict.method);
        line.credential.clone_from(&verdict.credential);
        line.session = verdict.session.map(|session| session.id());
        line.password_right = verdict.password_right;
        let acceptance = match verdict.answer {
            Answer::Accept(acceptance) if outcome == Outcome::Accepted => acceptance,
            _ => Acceptance::default(),
        };
        if let Some(found) = verdict.fault {
            line.ban = !self.throttle.network.is_empty();
            // A phone that goes on with an old password is no attack.
            line.ban &= self.charge(found)?;
        }
        if let (Outcome::Accepted, Some(rehash)) = (&outcome, verdict.rehash.filter(|_| !self.desk.is_store_gone())) {
            self.rehash(rehash);
        }
        if let Some(Claimable::RecoveryCode(_)) = acceptance.claim {
            // Nice to know, and no more: the code is claimed.
            let summary = self.desk.store.summary(&self.attempt.name, self.now).ok().flatten();
            line.codes_left = summary.map(|summary| summary.recovery_codes);
        }
        if let (Some(PresentedSession::Close(digest)), Outcome::Refused(Reason::SessionExpired)) =
            (self.attempt.presented.session(), &outcome)
        {
            // Signed out of what had expired: longer limits may not bring it back. Best effort: it opens nothing as it is.
            let _: Result<Vec<_>, StoreError> = self.desk.store.end_sessions(&self.attempt.name, Some(*digest));
        }
        if !self.desk.is_store_gone() {
            self.note(&outcome, acceptance.session, line);
            self.tell(&outcome, verdict.method, verdict.fault, line.codes_left);
            self.desk.beat();
        }
        let account = self.loaded.account.as_ref().map(|account| (account.uid, account.version));
        let unconfirmed = match acceptance.session {
            Some(SessionChange::Open(digest, _) | SessionChange::Repeat(digest)) if self.opens_unconfirmed() => {
                Some(digest)
            }
            _ => None,
        };
        Ok(Settled { outcome, enrolment_only: acceptance.enrolment_only, account, unconfirmed })
    }

    /// Whether a session that opens here waits for the account line: what happened between our lines, ours do not see.
    fn opens_unconfirmed(&self) -> bool {
        self.attempt.primary != PrimarySource::Store
    }

    /// Does what a verdict asks for. Where its session was opened a moment ago by another login, that session decides
    /// instead.
    fn carry_out(&mut self, mut verdict: Verdict) -> Result<(Verdict, Outcome), Trouble> {
        for _ in 0..2 {
            let outcome = match &verdict.answer {
                Answer::Accept(acceptance) => self.accept(acceptance, verdict.method)?,
                Answer::Refuse(reason) => Some(Outcome::Refused(*reason)),
                Answer::AskStack(_) => return Err(Trouble::new(TroubleKind::Internal, "the stack was asked twice")),
            };
            if let Some(outcome) = outcome {
                return Ok((verdict, outcome));
            }
            self.loaded = look_up(self.attempt, self.desk, &self.throttle)?;
            let (policy, keys) = (&self.desk.config.policy, self.desk.keys);
            let decided = by_session(self.attempt, &self.loaded, policy, keys, self.now)
                .or_else(|| by_repetition(self.attempt, &self.loaded, keys, self.now));
            // No session that this attempt may use: then the code went into the one that was opened.
            verdict = decided.unwrap_or(Verdict { answer: Answer::Refuse(Reason::CodeUsed), session: None, ..verdict });
        }
        Ok((verdict, Outcome::Refused(Reason::AccountChanged)))
    }

    /// Takes what an acceptance needs; none where its session was opened by another login meanwhile.
    fn accept(&mut self, acceptance: &Acceptance, method: Method) -> Result<Option<Outcome>, Trouble> {
        match (acceptance.session, acceptance.claim) {
            (Some(SessionChange::Open(digest, kind)), claim) => self.claim(claim, Some((digest, kind)), method),
            (None, Some(claim)) => self.claim(Some(claim), None, method),
            (Some(SessionChange::Close(digest)), _) => self.close(digest).map(Some),
            (Some(SessionChange::Use(_) | SessionChange::Repeat(_)) | None, _) => Ok(Some(Outcome::Accepted)),
        }
    }

    /// Takes what may be used once, and opens a session with it; the loser of a race is refused.
    fn claim(
        &mut self,
        what: Option<Claimable>,
        session: Option<(SessionDigest, SessionKind)>,
        method: Method,
    ) -> Result<Option<Outcome>, Trouble> {
        let attempt = self.attempt;
        let from = address_of(attempt);
        let session = session.map(|(digest, kind)| NewSession {
            digest,
            kind,
            opening: (kind == SessionKind::Exchange).then(|| attempt.opening_digest(self.desk.keys)),
            method: method.as_str(),
            from: &from,
            protocol: attempt.protocol.map(Protocol::as_str).unwrap_or_default(),
            confirmed: !self.opens_unconfirmed(),
        });
        let holder = match &self.loaded.account {
            Some(account) => Holder::Account { uid: account.uid, version: account.version },
            None => Holder::NoRecord(&attempt.name),
        };
        let claim = Claim { holder, what, session: session.as_ref(), throttle: &self.throttle, now: self.now };
        let claimed = self.desk.store.claim(&claim)?;
        if claimed == Claimed::SessionSeen {
            return Ok(None);
        }
        Ok(Some(lost(claimed, what).map_or(Outcome::Accepted, Outcome::Refused)))
    }

    /// Ends the session; one that was ended meanwhile is refused.
    fn close(&mut self, digest: SessionDigest) -> Result<Outcome, Trouble> {
        let ended = self.desk.store.end_sessions(&self.attempt.name, Some(digest))?;
        Ok(if ended.is_empty() { Outcome::Refused(Reason::SessionEnded) } else { Outcome::Accepted })
    }

    /// Counts a failure.
    /// Counts a failure; returns false when the same was counted before.
    fn charge(&mut self, found: FaultFound) -> Result<bool, Trouble> {
        let (name, guessed) = (self.attempt.name.as_str(), self.attempt.presented.guessed());
        let wrong = Wrong { throttle: &self.throttle, name, guessed, found };
        let rules = self.desk.config.policy.throttle;
        Ok(wrong.count(&mut **self.desk.store, self.desk.keys, &rules, self.now)?)
    }

    /// Hashes what was just right as the settings want it now. Best effort: the old hash is as right as before.
    fn rehash(&mut self, rehash: Rehash) {
        let Some(account) = &self.loaded.account else { return };
        let presented = &self.attempt.presented;
        let (owner, old, secret) = match rehash.of {
            HashOf::Password => {
                let password = primary_password_of(self.attempt, &self.loaded);
                (Owner::Password(account.uid), account.password.as_deref(), Some(password))
            }
            HashOf::AppPassword(id) => (
                Owner::AppPassword(account.uid, id),
                self.loaded.app_password.as_ref().map(|row| row.hash.as_str()),
                presented.app_password_secret().cloned(),
            ),
        };
        let (Some(old), Some(secret)) = (old, secret) else { return };
        let config = self.desk.config;
        let mut memory = Queue::new(self.desk.arena, &config.database, config.concurrent_hashes);
        if let Ok(new) = hash::create(&mut memory, self.desk.keys, rehash.profile, owner, &secret) {
            let _: Result<bool, StoreError> = self.desk.store.rehash(account.uid, rehash.of, old, &new);
        }
    }

    /// Lets the account's owner be told of what is worth a letter.
    fn tell(&mut self, outcome: &Outcome, method: Method, fault: Option<FaultFound>, codes_left: Option<u32>) {
        let Some(account) = &self.loaded.account else { return };
        let notable = Notable { account, attempt: self.attempt, now: self.now };
        let wrong_code = fault.is_some_and(|found| found.fault == Fault::Code);
        let rules = self.desk.config.policy.throttle;
        if *outcome == Outcome::Accepted {
            notable.signed_in(method, codes_left, self.desk);
        } else if wrong_code && rules.are_guesses(&self.loaded.counters, self.now) {
            notable.guessed(self.desk);
        }
    }

    /// Leaves last use and activity. Best effort: a full disk locks out no phone.
    fn note(&mut self, outcome: &Outcome, session: Option<SessionChange>, line: &Line) {
        let account = self.loaded.account.as_ref();
        let accepted = *outcome == Outcome::Accepted;
        // Anybody can present what looks like an app password or a session credential, as often as he likes: the log has
        // it. Writing here would let him write to the database, and tell by the time it takes whether there is such an
        // account.
        let foreign = line.method == Some(Method::Session) && !matches!(self.loaded.session, SessionFound::Here(_));
        let guess = *outcome == Outcome::Refused(Reason::WrongAppPassword) || (foreign && !accepted);
        if guess || (account.is_none() && session.is_none()) {
            return;
        }
        let address = address_of(self.attempt);
        let protocol = self.attempt.protocol.map(Protocol::as_str).unwrap_or_default();
        let row = self.loaded.app_password.as_ref().filter(|_| accepted && line.method == Some(Method::AppPassword));
        let proved = accepted && line.password_right == Some(true);
        let forgiven = proved && self.loaded.counters.password.failures > 0;
        let interval = self.desk.config.policy.session_limits.renewal();
        let (used, last) = match (row, session, &self.loaded.session) {
            (Some(row), ..) => (Some(Used::AppPassword(row.id)), row.last_use.as_ref().zip(Some(NOTE_INTERVAL))),
            (None, Some(SessionChange::Use(digest)), SessionFound::Here(found)) => {
                (Some(Used::Session { digest, interval }), Some((&found.last_use, interval)))
            }
            _ => (None, None),
        };
        if last.is_some_and(|(last, interval)| {
            (0..interval).contains(&(self.now - last.at)) && last.from == address && last.protocol == protocol
        }) {
            return;
        }
        let event = match session {
            Some(SessionChange::Close(_)) => Activity::SESSION_CLOSED,
            _ if accepted => "accepted",
            _ => "refused",
        };
        let activity = Activity {
            event: event.into(),
            reason: match outcome {
                Outcome::Refused(reason) => reason.as_str().into(),
                Outcome::Accepted | Outcome::Unavailable(_) => String::new(),
            },
            method: line.method.map_or("", Method::as_str).into(),
            mode: self.attempt.mode.as_str().into(),
            protocol: protocol.into(),
            address,
            credential: line.credential.clone().unwrap_or_default(),
            codes_left: line.codes_left,
        };
        let noted = self.desk.store.note(&Note {
            account: account.map(|account| account.uid),
            activity: &activity,
            keep: self.desk.config.kept_activity(self.now),
            used,
            forgive: forgiven.then_some(&self.throttle),
            now: self.now,
        });
        self.desk.remember(&noted);
    }
}

/// Reads what the store knows.
fn look_up(attempt: &Attempt, desk: &mut Desk<'_>, throttle: &ThrottleKeys) -> Result<Loaded, StoreError> {
    let session = attempt.session(desk.keys, desk.config.policy.webmail_session);
    let loaded = desk.store.load(&attempt.lookup(throttle, session));
    desk.remember(&loaded);
    loaded
}

/// The address as it is stored; empty where there is none.
fn address_of(attempt: &Attempt) -> String {
    attempt.remote.map(|remote| remote.to_string()).unwrap_or_default()
}

/// Hashes and stores a new primary password, if the account still is `uid` in `version`.
pub(super) fn set_password(
    name: &AccountName,
    (uid, version): (AccountUid, i64),
    new: &Secret,
    desk: &mut Desk<'_>,
    now: i64,
) -> Result<Set, Trouble> {
    let mut memory = Queue::new(desk.arena, &desk.config.database, desk.config.concurrent_hashes);
    let change = Change { name, uid, version, new, revoke_app_passwords: desk.config.password_change_revokes };
    // Only for this: what a webmail signs out with the same handle takes nothing away from others.
    desk.store.queue_revocations(desk.config.revocation_hook.is_some());
    desk.store.wake_beside(&desk.config.database);
    let set = change.set(&mut **desk.store, desk.keys, desk.config, &mut memory, now);
    desk.store.queue_revocations(false);
    let set = set?;
    if let Set::Done(revoked) = &set {
        let changed = Activity { event: Activity::PASSWORD_CHANGED.into(), ..Activity::default() };
        let gone = revoked.iter().map(|id| Activity {
            event: Activity::APP_PASSWORD_REVOKED.into(),
            credential: id.as_str().into(),
            ..Activity::default()
        });
        let keep = desk.config.kept_activity(now);
        for activity in std::iter::once(changed).chain(gone) {
            // The password is changed; an activity list that could not be written does not undo it.
            let _: Result<(), StoreError> = desk.store.note(&Note {
                account: Some(uid),
                activity: &activity,
                keep,
                used: None,
                forgive: None,
                now,
            });
        }
        let (kind, mode) = (NoticeKind::PasswordChanged, Mode::Panel.as_str());
        let new = NewNotice { account: uid, kind, address: "", mode, subject: "", codes_left: None, now };
        notices::queue(&new, desk);
    }
    Ok(set)
}
