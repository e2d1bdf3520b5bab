//! Who must have 2FA on: what is set for accounts and for domains, and what follows for one of them.

use super::accounts::gone;
use super::{Admin, AdminError, Event, Result};
use crate::account::{AccountName, DomainName, Requirement, Requirements};
use crate::store::{Lookup, ReportQuery, ReportRow};

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

    /// Sets whether an account must have 2FA on, whatever is set for its domain; none: as its domain. Returns whether
    /// that changed anything.
    pub fn require_of_account(
        &mut self,
        name: &AccountName,
        requirement: Option<Requirement>,
        now: i64,
    ) -> Result<bool> {
        let loaded = self.store.load(&Lookup::account(name))?;
        let account = loaded.account.ok_or_else(|| AdminError::NoAccount(name.clone()))?;
        if loaded.requirements.account == requirement {
            return Ok(false);
        }
        self.store.set_account_requirement(account.uid, requirement).map_err(|error| gone(error, name))?;
        let event = match requirement {
            Some(Requirement::Now | Requirement::From(_)) => Event::TwoFactorRequired,
            Some(Requirement::Never) => Event::TwoFactorExempted,
            None => Event::RequirementCleared,
        };
        self.note(account.uid, event, "", now);
        Ok(true)
    }

    /// Sets the same for the accounts of a domain; none: as all. Returns whether that changed anything. It stands in no
    /// account's activity: it is no change of theirs.
    pub fn require_of_domain(&mut self, domain: &DomainName, requirement: Option<Requirement>) -> Result<bool> {
        Ok(self.store.set_domain_requirement(domain, requirement)? != requirement)
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
