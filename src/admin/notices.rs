//! Notices by mail: how people want to be told, and what waits to be sent.

use super::accounts::gone;
use super::{Admin, AdminError, NoticeFault, Result};
use crate::account::{AccountName, Requirement};
use crate::locale::LANGUAGES;
use crate::notice::{NewNotice, Notice, NoticeKind, NoticeSettings, Settled};
use crate::store::StoreError;

/// Longest address that notices are sent to, in bytes (RFC 5321 section 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

/// Seconds before 2FA is required from which on people are told.
const ENROLMENT_NEAR: i64 = 14 * 86_400;

/// Accounts read at once.
const PAGE: u32 = 500;

impl Admin<'_> {
    /// How the account's owner wants to be told.
    pub fn notice_settings(&mut self, name: &AccountName) -> Result<NoticeSettings> {
        let account = self.account(name)?;
        self.store.notice_settings(account.uid).map_err(|error| gone(error, name))
    }

    /// Sets that; the former settings are told of it, where they were on and go off or elsewhere.
    pub fn set_notice_settings(&mut self, name: &AccountName, new: &NoticeSettings, now: i64) -> Result<()> {
        check(name, new)?;
        let account = self.account(name)?;
        let before = self.store.notice_settings(account.uid).map_err(|error| gone(error, name))?;
        if before.enabled && (!new.enabled || before.address != new.address) {
            // First: who turns notices off may not be their owner.
            self.tell(
                account.uid,
                NoticeKind::NoticesChanged,
                before.address.as_deref().unwrap_or_default(),
                None,
                now,
            );
        }
        self.store.set_notice_settings(account.uid, new).map_err(|error| gone(error, name))
    }

    /// Remembers the language that the account's owner reads. Best effort: whoever signs in does not wait for it.
    pub fn learn_language(&mut self, name: &AccountName, tag: &str) -> Result<()> {
        if self.config.notices.is_none() {
            return Ok(());
        }
        let account = self.load(name)?;
        let before = self.store.notice_settings(account.uid)?;
        if before.language.as_deref() != Some(tag) {
            let new = NoticeSettings { language: Some(tag.to_string()), ..before };
            self.store.set_notice_settings(account.uid, &new)?;
        }
        Ok(())
    }

    /// Queues a notice for everybody without 2FA of whom it will be required within [`ENROLMENT_NEAR`], unless there was
    /// one some days ago; returns how many. Reads all accounts, where anything of that kind is set.
    pub fn remind_of_enrolment(&mut self, now: i64) -> Result<u64> {
        let mut queued = 0;
        if self.config.notices.is_none() || !self.is_anything_near(now)? {
            return Ok(queued);
        }
        let mut after = None;
        loop {
            let page = self.store.accounts(after.as_ref(), PAGE, now)?;
            for account in page.iter().filter(|account| account.enabled && !account.two_factor) {
                let required = self.config.policy.two_factor_at(&account.requirements, now);
                let Some(from) = near(required, now) else { continue };
                let (kind, subject) = (NoticeKind::EnrolmentDue, from.to_string());
                let new = NewNotice {
                    account: account.uid,
                    kind,
                    address: "",
                    mode: "",
                    subject: &subject,
                    codes_left: None,
                    now,
                };
                match self.store.queue_notice(&new) {
                    Ok(was_queued) => queued += u64::from(was_queued),
                    // It was removed meanwhile.
                    Err(StoreError::NotFound) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            if page.len() < PAGE as usize {
                return Ok(queued);
            }
            after = page.into_iter().next_back().map(|account| account.name);
        }
    }

    /// Whether any date that is set, for all, a domain or an account, is near.
    fn is_anything_near(&mut self, now: i64) -> Result<bool> {
        let mut set = vec![self.config.policy.require_2fa];
        set.extend(self.store.domain_requirements(None, u32::MAX)?.into_iter().map(|(_, requirement)| requirement));
        let accounts = self.store.account_requirements(None, u32::MAX)?;
        set.extend(accounts.into_iter().filter_map(|(_, requirements)| requirements.account));
        Ok(set.into_iter().any(|requirement| near(requirement, now).is_some()))
    }

    /// Up to `limit` notices that wait to be sent, those that wait the longest first.
    pub fn notices_due(&mut self, now: i64, limit: u32) -> Result<Vec<Notice>> {
        Ok(self.store.notices_due(now, limit)?)
    }

    /// Takes the notice that waits the longest, for nobody else before `until`.
    pub fn take_notice(&mut self, now: i64, until: i64) -> Result<Option<Notice>> {
        Ok(self.store.take_notice(now, until)?)
    }

    /// Says what became of one; false where it was settled before.
    pub fn settle_notice(&mut self, id: i64, settled: Settled<'_>, now: i64) -> Result<bool> {
        Ok(self.store.settle_notice(id, settled, now)?)
    }
}

/// The time from which on 2FA is required, where that is near.
fn near(requirement: Requirement, now: i64) -> Option<i64> {
    match requirement {
        Requirement::From(time) if (now + 1..=now.saturating_add(ENROLMENT_NEAR)).contains(&time) => Some(time),
        Requirement::From(_) | Requirement::Now | Requirement::Never => None,
    }
}

fn check(name: &AccountName, new: &NoticeSettings) -> Result<()> {
    if let Some(address) = &new.address {
        let sound = address.len() <= MAX_ADDRESS && email_address::EmailAddress::is_valid(address);
        if !sound || address.chars().any(|symbol| symbol.is_control() || symbol.is_whitespace()) {
            return Err(AdminError::Notice(NoticeFault::Address(address.clone())));
        }
        if address.eq_ignore_ascii_case(name.as_str()) {
            return Err(AdminError::Notice(NoticeFault::Mailbox));
        }
    }
    match &new.language {
        Some(tag) if LANGUAGES.iter().all(|language| language.tag != tag) => {
            Err(AdminError::Notice(NoticeFault::Language(tag.clone())))
        }
        _ => Ok(()),
    }
}
