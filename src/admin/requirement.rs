//! Who must have 2FA on: what is set for accounts and for domains, and what follows for one of them.

use super::accounts::gone;
use super::{Admin, AdminError, Event, Result};
use crate::account::{Account, AccountName, DomainName, Requirement, Requirements};
use crate::store::{Among, Lookup, Refusal, ReportQuery, ReportRow};

/// For how many days a sign-in says that a connection may still be open, and that a device is still in use.
pub const LATELY: i64 = 30;

impl Admin<'_> {
    /// What the owner of a name is to be told at `now`, whether or not it has a record: see
    /// [`crate::auth::Policy::two_factor_at`].
    pub fn two_factor_at(&mut self, name: &AccountName, now: i64) -> Result<Requirement> {
        let set = self.store.load(&Lookup::account(name))?.requirements;
        Ok(self.config.policy.two_factor_at(&set, now))
    }

    /// Whether a name must have 2FA on at `now`.
    pub fn requires_two_factor(&mut self, name: &AccountName, now: i64) -> Result<bool> {
        Ok(self.two_factor_at(name, now)? == Requirement::Now)
    }

    /// How many accounts would be shut out where they are now: those without 2FA that signed in with their own password
    /// within [`LATELY`] days (0 or 1, of an account). The requirement is as for [`Self::require_of_account`].
    pub fn shut_out_by_account(
        &mut self,
        name: &AccountName,
        requirement: Option<Requirement>,
        now: i64,
    ) -> Result<u64> {
        let (account, set) = self.loaded(name)?;
        let refusal = self.refusal(Among::Account(account.uid), requirement.or(set.domain), now);
        Ok(self.store.refused(&refusal)?)
    }

    /// The same for the accounts of a domain.
    pub fn shut_out_by_domain(
        &mut self,
        domain: &DomainName,
        requirement: Option<Requirement>,
        now: i64,
    ) -> Result<u64> {
        let refusal = self.refusal(Among::Domain(domain), requirement, now);
        Ok(self.store.refused(&refusal)?)
    }

    /// Those who signed in lately and would be refused with this requirement, at its date if it has one.
    fn refusal<'a>(&self, among: Among<'a>, requirement: Option<Requirement>, now: i64) -> Refusal<'a> {
        let required = requirement.unwrap_or(self.config.policy.require_2fa);
        let date = if let Requirement::From(time) = required { time } else { now };
        Refusal {
            among,
            required,
            after: None,
            client_primary_password: true,
            since: Some(now.saturating_sub(LATELY * 86_400)),
            now: date.max(now),
        }
    }

    /// Whose connections end by it: as [`Self::refusal`], where it counts at once. Where no activity is kept, nobody can
    /// tell who signed in, and all are meant; of a single account that is always so.
    fn bites<'a>(&self, among: Among<'a>, requirement: Option<Requirement>, now: i64) -> Option<Refusal<'a>> {
        let refusal = self.refusal(among, requirement, now);
        let known = self.config.activity_entries > 0 && !matches!(among, Among::Account(_));
        (refusal.now == now).then_some(Refusal { since: refusal.since.filter(|_| known), ..refusal })
    }

    /// Queues for the hook whose own passwords have become useless by time, since `after`: by dates that have come.
    /// Returns how many.
    pub fn queue_shut_out_since(&mut self, after: i64, now: i64) -> Result<u64> {
        let all = self.refusal(Among::All, None, now);
        let known = self.config.activity_entries > 0;
        let refusal = Refusal { after: Some(after), since: all.since.filter(|_| known), now, ..all };
        Ok(self.store.queue_refused(&refusal)?)
    }

    /// Queues for the hook whose own passwords are useless as everything is set now. Returns how many.
    pub fn queue_shut_out(&mut self, now: i64) -> Result<u64> {
        let all = self.refusal(Among::All, None, now);
        let known = self.config.activity_entries > 0;
        let client_primary_password = self.config.policy.client_primary_password;
        let refusal = Refusal { client_primary_password, since: all.since.filter(|_| known), now, ..all };
        Ok(self.store.queue_refused(&refusal)?)
    }

    fn loaded(&mut self, name: &AccountName) -> Result<(Account, Requirements)> {
        let loaded = self.store.load(&Lookup::account(name))?;
        let account = loaded.account.ok_or_else(|| AdminError::NoAccount(name.clone()))?;
        Ok((account, loaded.requirements))
    }

    /// Sets whether an account must have 2FA on, whatever is set for its domain; none: as its domain. Returns whether
    /// that changed anything. Where its password opens no mail any more, its connections end.
    pub fn require_of_account(
        &mut self,
        name: &AccountName,
        requirement: Option<Requirement>,
        now: i64,
    ) -> Result<bool> {
        let (account, set) = self.loaded(name)?;
        if set.account == requirement {
            return Ok(false);
        }
        let bites = self.bites(Among::Account(account.uid), requirement.or(set.domain), now);
        let done = self.store.set_account_requirement(account.uid, requirement, bites.as_ref());
        done.map_err(|error| gone(error, name))?;
        let event = match requirement {
            Some(Requirement::Now | Requirement::From(_)) => Event::TwoFactorRequired,
            Some(Requirement::Never) => Event::TwoFactorExempted,
            None => Event::RequirementCleared,
        };
        self.note(account.uid, event, "", now);
        Ok(true)
    }

    /// Sets the same for the accounts of a domain; none: as all. Returns whether that changed anything. It stands in no
    /// account's activity: it is no change of theirs. Connections end of those accounts whose passwords open no mail any
    /// more and that signed in with them within [`LATELY`] days.
    pub fn require_of_domain(
        &mut self,
        domain: &DomainName,
        requirement: Option<Requirement>,
        now: i64,
    ) -> Result<bool> {
        let bites = self.bites(Among::Domain(domain), requirement, now);
        Ok(self.store.set_domain_requirement(domain, requirement, bites.as_ref())? != requirement)
    }

    /// Up to `limit` accounts whose names come after `after`, by name, with what the report says of each.
    pub fn report(
        &mut self,
        query: &ReportQuery<'_>,
        after: Option<&AccountName>,
        limit: u32,
    ) -> Result<Vec<ReportRow>> {
        Ok(self.store.report(query, after, limit)?)
    }

    /// Up to `limit` domains for which something is set and whose names come after `after`, by name.
    pub fn domain_requirements(
        &mut self,
        after: Option<&DomainName>,
        limit: u32,
    ) -> Result<Vec<(DomainName, Requirement)>> {
        Ok(self.store.domain_requirements(after, limit)?)
    }

    /// Up to `limit` accounts for which something is set themselves, or whose 2FA was reset, and whose names come after
    /// `after`, by name.
    pub fn account_requirements(
        &mut self,
        after: Option<&AccountName>,
        limit: u32,
    ) -> Result<Vec<(AccountName, Requirements)>> {
        Ok(self.store.account_requirements(after, limit)?)
    }
}
