//! One attempt beside what the store knows about it: decided, then carried out.

use super::line::{Line, Outcome};
use super::queue::Queue;
use super::worker::Desk;
use super::{Trouble, TroubleKind};
use crate::account::{AccountName, AccountUid, Protocol};
use crate::auth::{
    Answer, Attempt, FaultFound, Method, ProofError, Prover, Reason, Rehash, Verdict, after_password, decide,
};
use crate::credential::Secret;
use crate::credential::hash::{self, Owner};
use crate::credential::password::{PasswordError, check_new};
use crate::store::{
    Activity, Charge, Claim, Claimable, Claimed, Fault, HashOf, Loaded, Lookup, NOTE_INTERVAL, Note, StoreError,
    ThrottleKeys,
};

/// An attempt, and what was loaded for it.
pub(super) struct Case<'a, 'd> {
    attempt: &'a Attempt,
    desk: &'a mut Desk<'d>,
    throttle: ThrottleKeys,
    loaded: Loaded,
    now: i64,
}

/// What became of it.
pub(super) struct Settled {
    pub outcome: Outcome,
    /// Accepted for turning 2FA on and nothing else.
    pub enrolment_only: bool,
    /// The account that it was about, and its version.
    pub account: Option<(AccountUid, i64)>,
}

impl<'a, 'd> Case<'a, 'd> {
    /// Loads what the store knows.
    pub(super) fn load(attempt: &'a Attempt, desk: &'a mut Desk<'d>, now: i64) -> Result<Self, Trouble> {
        let throttle = attempt.throttle_keys(desk.keys);
        let loaded = desk.store.load(&attempt.lookup(&throttle))?;
        Ok(Self { attempt, desk, throttle, loaded, now })
    }

    /// Decides, as far as that goes without a stacked module.
    pub(super) fn decide(&mut self) -> Result<Verdict, Trouble> {
        self.prove(decide)
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
        line.method = Some(verdict.method);
        line.credential.clone_from(&verdict.credential);
        line.password_right = verdict.password_right;
        let (outcome, enrolment_only) = match &verdict.answer {
            Answer::Accept(acceptance) => (self.claim(acceptance.claim)?, acceptance.enrolment_only),
            Answer::Refuse(reason) => (Outcome::Refused(*reason), false),
            Answer::AskStack(_) => return Err(Trouble::new(TroubleKind::Internal, "the stack was asked twice")),
        };
        if let Some(found) = verdict.fault {
            line.ban = !self.throttle.network.is_empty();
            self.charge(found)?;
        }
        if let (Outcome::Accepted, Some(rehash)) = (&outcome, verdict.rehash) {
            self.rehash(rehash, verdict.method);
        }
        self.note(&outcome, line);
        let account = self.loaded.account.as_ref().map(|account| (account.uid, account.version));
        Ok(Settled { outcome, enrolment_only, account })
    }

    /// Takes what may be used once; the loser of a race is refused.
    fn claim(&mut self, what: Option<Claimable>) -> Result<Outcome, Trouble> {
        let Some(what) = what else { return Ok(Outcome::Accepted) };
        let Some(account) = &self.loaded.account else {
            return Err(Trouble::new(TroubleKind::Internal, "a claim without an account"));
        };
        let claim =
            Claim { account: account.uid, version: account.version, what, throttle: &self.throttle, now: self.now };
        Ok(match self.desk.store.claim(&claim)? {
            Claimed::Yes => Outcome::Accepted,
            Claimed::Blocked => Outcome::Refused(Reason::Throttled),
            Claimed::Changed => Outcome::Refused(Reason::AccountChanged),
            Claimed::Used => Outcome::Refused(match what {
                Claimable::TotpStep { .. } => Reason::CodeUsed,
                Claimable::RecoveryCode(_) => Reason::RecoveryCodeUsed,
            }),
        })
    }

    /// Counts a failure. A wrong code must be counted, or codes could be guessed on a full disk; a wrong password is
    /// counted where that is possible.
    fn charge(&mut self, found: FaultFound) -> Result<(), Trouble> {
        let name = self.attempt.name.as_str().as_bytes();
        let whole = self.attempt.presented.whole().as_bytes();
        let rules = self.desk.config.policy.throttle;
        let now = self.now;
        let charge = Charge {
            throttle: &self.throttle,
            fault: found.fault,
            digest: self.desk.keys.digest("wrong", &[name, whole, &found.step.to_le_bytes()]),
            remember: rules.remember.into(),
            durable: found.fault == Fault::Code,
            now,
            next: &|kind, counter| rules.after_failure(kind, counter, now),
        };
        match (self.desk.store.charge(&charge), found.fault) {
            (Err(error), Fault::Code) => Err(error.into()),
            (Ok(_) | Err(_), _) => Ok(()),
        }
    }

    /// Hashes what was just right as the settings want it now. Best effort: the old hash is as right as before.
    fn rehash(&mut self, rehash: Rehash, method: Method) {
        let Some(account) = &self.loaded.account else { return };
        let presented = &self.attempt.presented;
        let (owner, old, secret) = match rehash.of {
            HashOf::Password => {
                let digits = account.confirmed().next().map_or(0, |first| first.form.digits);
                let password = if method == Method::Password {
                    Some(presented.whole().clone())
                } else {
                    Some(presented.password_before_code(digits))
                };
                (Owner::Password(account.uid), account.password.as_deref(), password)
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

    /// Leaves last use and activity. Best effort: a full disk locks out no phone.
    fn note(&mut self, outcome: &Outcome, line: &Line) {
        let Some(account) = &self.loaded.account else { return };
        // Anybody can present what looks like an app password, as often as he likes: the log has it. Writing here would
        // let him write to the database, and tell by the time it takes whether there is such an account.
        if *outcome == Outcome::Refused(Reason::WrongAppPassword) {
            return;
        }
        let accepted = *outcome == Outcome::Accepted;
        let address = self.attempt.remote.map(|remote| remote.to_string()).unwrap_or_default();
        let protocol = self.attempt.protocol.map(Protocol::as_str).unwrap_or_default();
        let row = self.loaded.app_password.as_ref().filter(|_| accepted && line.method == Some(Method::AppPassword));
        let forgiven = accepted && self.loaded.counters.password.failures > 0 && row.is_none();
        let last = row.and_then(|row| row.last_use.as_ref());
        if last.is_some_and(|last| {
            (0..NOTE_INTERVAL).contains(&(self.now - last.at)) && last.from == address && last.protocol == protocol
        }) {
            return;
        }
        let activity = Activity {
            event: if accepted { "accepted" } else { "refused" }.into(),
            reason: match outcome {
                Outcome::Refused(reason) => reason.as_str().into(),
                Outcome::Accepted | Outcome::Unavailable(_) => String::new(),
            },
            method: line.method.map_or("", Method::as_str).into(),
            mode: self.attempt.mode.as_str().into(),
            protocol: protocol.into(),
            address,
            credential: line.credential.clone().unwrap_or_default(),
        };
        let _: Result<(), StoreError> = self.desk.store.note(&Note {
            account: account.uid,
            activity: &activity,
            keep: self.desk.config.activity_entries,
            used: row.map(|row| row.id),
            forgive: forgiven.then_some(&self.throttle),
            now: self.now,
        });
    }
}

/// What became of a new primary password.
pub(super) enum Set {
    Done,
    /// It does not follow the rules.
    Refused(PasswordError),
    /// The account is not what it was when the old password was checked.
    Changed,
}

/// Hashes and stores a new primary password, if the account still is `uid` in `version`.
pub(super) fn set_password(
    name: &AccountName,
    (uid, version): (AccountUid, i64),
    new: &Secret,
    desk: &mut Desk<'_>,
    now: i64,
) -> Result<Set, Trouble> {
    if let Err(error) = check_new(new, name, desk.config.password_min_length) {
        return Ok(Set::Refused(error));
    }
    let lookup = Lookup { name, app_password: None, recovery_code: None, throttle: None };
    let account = desk.store.load(&lookup)?.account.filter(|account| (account.uid, account.version) == (uid, version));
    let Some(account) = account else { return Ok(Set::Changed) };
    let owner = Owner::Password(uid);
    let mut memory = Queue::new(desk.arena, &desk.config.database, desk.config.concurrent_hashes);
    if let Some(stored) = &account.password
        && hash::verify(&mut memory, desk.keys, owner, stored, new)?
    {
        return Ok(Set::Refused(PasswordError::Unchanged));
    }
    let hashed = hash::create(&mut memory, desk.keys, desk.config.policy.password_profile, owner, new)?;
    match desk.store.set_password(uid, &hashed, Some(version)) {
        Ok(true) => {}
        Ok(false) | Err(StoreError::NotFound) => return Ok(Set::Changed),
        Err(error) => return Err(error.into()),
    }
    let activity = Activity { event: Activity::PASSWORD_CHANGED.into(), ..Activity::default() };
    let keep = desk.config.activity_entries;
    // The password is changed; an activity list that could not be written does not undo it.
    let _: Result<(), StoreError> =
        desk.store.note(&Note { account: uid, activity: &activity, keep, used: None, forgive: None, now });
    Ok(Set::Done)
}
