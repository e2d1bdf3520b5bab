//! Invitations to turn 2FA on: made, revoked, and looked at when their owner shows one.

use super::accounts::gone;
use super::{Admin, AdminError, Event, Result};
use crate::account::{Account, AccountName, AppPasswordId};
use crate::auth::{FaultFound, Reason, throttle_keys};
use crate::config::EnrolmentRule;
use crate::credential::Secret;
use crate::credential::invitation::InvitationCode;
use crate::invitation::{Invitation, InvitationDigest, InvitationFault, Shown};
use crate::notice::NoticeKind;
use crate::record::{Fault, Lookup};
use crate::shared::claims::Wrong;
use crate::store::{Activity, BulkChange, BulkTarget, Reset, Together};

impl Admin<'_> {
    /// Invites the owner of an account without 2FA to turn it on, until `expires_at`, in place of a former invitation.
    /// Returns the code as it is shown, once.
    pub fn invite(&mut self, name: &AccountName, expires_at: i64, now: i64) -> Result<Secret> {
        let account = self.check_invite(name, expires_at, now)?;
        let code = InvitationCode::generate()?;
        let made = Invitation { digest: code.digest(account.uid), created_at: now, expires_at };
        if !self.store.set_invitation(account.uid, &made).map_err(|error| gone(error, name))? {
            return Err(AdminError::TwoFactorOn(name.clone()));
        }
        self.note(account.uid, Event::InvitationCreated, "", now);
        Ok(code.shown())
    }

    /// Whether [`Self::invite`] would: the account that it would invite.
    pub fn check_invite(&mut self, name: &AccountName, expires_at: i64, now: i64) -> Result<Account> {
        let account = self.account(name)?;
        if account.two_factor() {
            return Err(AdminError::TwoFactorOn(name.clone()));
        }
        if expires_at <= now { Err(AdminError::ExpiryPast) } else { Ok(account) }
    }

    /// Invites several, each until its time, or nobody. Returns the codes in the same order. No account may be named twice.
    pub fn invite_all(&mut self, invited: &[(AccountName, i64)], now: i64) -> Result<Vec<Secret>> {
        let mut shown = Vec::with_capacity(invited.len());
        let mut changes = Vec::with_capacity(invited.len());
        for (name, expires_at) in invited {
            let account = self.check_invite(name, *expires_at, now)?;
            let code = InvitationCode::generate()?;
            changes.push(BulkChange {
                target: BulkTarget::There { uid: account.uid, version: account.version },
                authenticator: None,
                app_passwords: Vec::new(),
                invitation: Some(Invitation {
                    digest: code.digest(account.uid),
                    created_at: now,
                    expires_at: *expires_at,
                }),
                activities: vec![self.activity_of(Event::InvitationCreated, "")],
            });
            shown.push(code.shown());
        }
        match self.store.make_together(&changes, self.config.kept_activity(now), now)? {
            Together::Done => Ok(shown),
            Together::Nothing(at) => {
                let name = invited.get(at).map_or("an account", |(name, _)| name.as_str());
                Err(AdminError::Unavailable(format!("{name} was changed meanwhile: nobody was invited; try again")))
            }
        }
    }

    /// [`Self::reset_two_factor`], and in the same breath invites the account's owner to turn it on again, until
    /// `expires_at`: there is no moment at which her password alone would do. Returns the app passwords that this revoked,
    /// and the code as it is shown, once.
    pub fn reset_and_invite(
        &mut self,
        name: &AccountName,
        reset: &Reset<'_>,
        expires_at: i64,
        now: i64,
    ) -> Result<(Vec<AppPasswordId>, Secret)> {
        if expires_at <= now {
            return Err(AdminError::ExpiryPast);
        }
        let account = self.account(name)?;
        let code = InvitationCode::generate()?;
        let made = Invitation { digest: code.digest(account.uid), created_at: now, expires_at };
        let revoked = self.reset_two_factor(name, &Reset { invitation: Some(made), ..*reset }, now)?;
        self.note(account.uid, Event::InvitationCreated, "", now);
        Ok((revoked, code.shown()))
    }

    /// The account's invitation, also one that has expired.
    pub fn invitation(&mut self, name: &AccountName) -> Result<Option<Invitation>> {
        let account = self.account(name)?;
        self.store.invitation(account.uid).map_err(|error| gone(error, name))
    }

    /// Revokes the account's invitation, also one that has expired.
    pub fn revoke_invitation(&mut self, name: &AccountName, now: i64) -> Result<()> {
        let account = self.account(name)?;
        if !self.store.remove_invitation(account.uid).map_err(|error| gone(error, name))? {
            return Err(AdminError::NoInvitation(name.clone()));
        }
        self.note(account.uid, Event::InvitationRevoked, "", now);
        Ok(())
    }

    /// Whether the account's owner needs an invitation to turn 2FA on in the panel: it is off, and she was invited, or all
    /// must be.
    pub fn needs_invitation(&mut self, name: &AccountName, now: i64) -> Result<bool> {
        let account = self.account(name)?;
        if account.two_factor() {
            return Ok(false);
        }
        let made = self.store.invitation(account.uid).map_err(|error| gone(error, name))?;
        Ok(self.shown(None).judge(made.as_ref(), now).is_err())
    }

    /// Looks at an invitation as its owner types it; nothing is used up. A wrong one counts as a wrong code does, by the
    /// same counters, and like one it is not looked at where there were too many. What has not the shape of one cannot be
    /// one, and does not count. [`AdminError::Invitation`] says what is wrong with it.
    pub fn check_invitation(&mut self, name: &AccountName, typed: &Secret, now: i64) -> Result<InvitationDigest> {
        let refused = |fault| AdminError::Invitation(name.clone(), fault);
        if typed.as_bytes().trim_ascii().is_empty() {
            return Err(refused(InvitationFault::Missing));
        }
        let code = InvitationCode::read(typed.as_bytes()).ok_or_else(|| refused(InvitationFault::Shape))?;
        let throttle = throttle_keys(self.keys, name, self.remote);
        let loaded = self.store.load(&Lookup { throttle: Some(&throttle), ..Lookup::account(name) })?;
        let account = loaded.account.as_ref().ok_or_else(|| AdminError::NoAccount(name.clone()))?;
        if self.is_another(account) {
            return Err(AdminError::Changed(name.clone()));
        }
        let rules = &self.config.policy.throttle;
        if rules.is_paused(&loaded.counters, true, now) {
            let (event, reason) = ("refused".into(), Reason::Throttled.as_str().into());
            self.note_activity(account.uid, Activity { event, reason, ..Activity::default() }, now);
            return Err(refused(InvitationFault::Throttled));
        }
        let digest = code.digest(account.uid);
        let made = self.store.invitation(account.uid).map_err(|error| gone(error, name))?;
        let Err(fault) = self.shown(Some(digest)).judge(made.as_ref(), now) else { return Ok(digest) };
        if fault == InvitationFault::Wrong {
            let found = FaultFound { fault: Fault::Code, step: 0 };
            let guessed = [b"".as_slice(), b"invitation", code.symbols()];
            Wrong { throttle: &throttle, name: name.as_str(), guessed, found }
                .count(self.store, self.keys, rules, now)?;
            if rules.are_guesses(&loaded.counters, now) {
                self.tell(account.uid, NoticeKind::CodeGuessing, "", None, now);
            }
        }
        self.note(account.uid, Event::InvitationRefused, "", now);
        Err(refused(fault))
    }

    /// What an owner shows with this invitation, here.
    pub(super) fn shown(&self, invitation: Option<InvitationDigest>) -> Shown {
        Shown { needed: self.config.enrolment == EnrolmentRule::Invited, invitation }
    }
}
