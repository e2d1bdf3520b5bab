//! Notices by mail: how people want to be told, and what waits to be sent.

use super::accounts::gone;
use super::{Admin, AdminError, NoticeFault, Result};
use crate::account::AccountName;
use crate::locale::LANGUAGES;
use crate::notice::{Notice, NoticeKind, NoticeSettings, Settled};

/// Longest address that notices are sent to, in bytes (RFC 5321 section 4.5.3.1.3).
const MAX_ADDRESS: usize = 254;

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

    /// Up to `limit` notices that wait to be sent, those that wait the longest first.
    pub fn notices_due(&mut self, now: i64, limit: u32) -> Result<Vec<Notice>> {
        Ok(self.store.notices_due(now, limit)?)
    }

    /// Says what became of one; false where it was settled before.
    pub fn settle_notice(&mut self, id: i64, settled: Settled<'_>, now: i64) -> Result<bool> {
        Ok(self.store.settle_notice(id, settled, now)?)
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
