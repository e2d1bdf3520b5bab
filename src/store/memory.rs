//! A store without a file, for tests. It says in plain collections what the others do in their own way.

mod bulk;
mod invitation;
mod keys;
mod notice;
mod panel;
mod record;
mod refusal;
mod rename;
mod revocation;
mod session;
mod throttle;
mod two_factor;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

use super::{
    AccountSummary, ActivityEntry, BulkChange, Charge, Claim, Claimed, CounterKind, DomainRename, HashOf, Holder, Keep,
    KeptPassword, KeyCheck, KeyUse, Loaded, Lookup, NewAccount, NewAuthenticator, NewPanelSession, NewRecoveryCode,
    Note, Recipient, Refusal, RenameDomain, ReportQuery, ReportRow, Reseal, Reset, Result, SealedAt, Stale, Store,
    StoreError, SubjectOf, Tidied, Together, Used,
};
use crate::account::{
    Account, AccountName, AccountUid, AppPassword, AppPasswordId, DomainName, Requirement, Requirements,
};
use crate::invitation::{Invitation, InvitationFault, Shown};
use crate::node::Node;
use crate::notice::{NewNotice, Notice, NoticeSettings, Settled};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
use crate::revocation::Revocation;
use crate::session::{Session, SessionDigest};
use record::Record;
use session::Owner;

/// A store that lives as long as it is held.
#[derive(Default)]
pub struct MemoryStore {
    accounts: BTreeMap<AccountName, Record>,
    domains: BTreeMap<DomainName, Requirement>,
    throttle: throttle::Throttle,
    /// Activity entries made so far.
    entries: u64,
    key_checks: BTreeMap<u32, [u8; 16]>,
    sessions: session::Sessions,
    panel: panel::Panel,
    revocations: revocation::Queue,
    notices: notice::Notices,
}

impl MemoryStore {
    fn record(&mut self, uid: AccountUid) -> Result<&mut Record> {
        self.accounts.values_mut().find(|record| record.account.uid == uid).ok_or(StoreError::NotFound)
    }

    /// Like [`Self::record`], of an account that still has this version, where one is named.
    fn record_in(&mut self, uid: AccountUid, version: Option<i64>) -> Result<&mut Record> {
        let record = self.record(uid)?;
        let same = version.is_none_or(|version| version == record.account.version);
        if same { Ok(record) } else { Err(StoreError::NotFound) }
    }

    /// Like [`Self::change`], for a change after which no session goes on.
    fn change_what_sessions_stand_on(&mut self, uid: AccountUid) -> Result<&mut Record> {
        self.sessions.end(&Owner::Account(uid), None);
        self.panel.end_all(uid);
        self.queue_revocation_of(uid)?;
        self.change(uid)
    }

    fn queue_revocation_of(&mut self, uid: AccountUid) -> Result<()> {
        let name = self.record(uid)?.account.name.clone();
        self.revocations.push(name.as_str());
        Ok(())
    }

    /// The record, for a change that matters to a login.
    fn change(&mut self, uid: AccountUid) -> Result<&mut Record> {
        let record = self.record(uid)?;
        record.account.version += 1;
        Ok(record)
    }

    /// Like [`Self::change`], for a change after which panel sessions go on.
    fn change_and_carry_on(&mut self, uid: AccountUid) -> Result<&mut Record> {
        let version = self.record(uid)?.account.version;
        self.panel.carry_on(uid, version);
        self.change(uid)
    }

    /// What is set about requiring 2FA of a name, whether or not it has an account.
    fn requirements(&self, name: &AccountName) -> Requirements {
        let set = self.accounts.get(name).map(|record| record.requirements).unwrap_or_default();
        let domain = self.domains.iter().find(|(domain, _)| Some(domain.as_str()) == name.domain());
        Requirements { domain: domain.map(|(_, requirement)| *requirement), ..set }
    }

    fn owner(&self, name: &AccountName) -> Owner {
        self.accounts.get(name).map_or(Owner::Name(name.clone()), |record| Owner::Account(record.account.uid))
    }
}

impl Store for MemoryStore {
    fn load(&mut self, lookup: &Lookup<'_>) -> Result<Loaded> {
        let mut loaded = Loaded { requirements: self.requirements(lookup.name), ..Loaded::default() };
        if let Some(record) = self.accounts.get(lookup.name) {
            loaded.account = Some(record.account.clone());
            loaded.app_password = lookup.app_password.and_then(|id| record.app_passwords.get(&id).cloned());
            loaded.recovery_code = lookup.recovery_code.and_then(|index| record.recovery_codes.get(&index).cloned());
        }
        if let Some(digest) = lookup.session {
            loaded.session = self.sessions.find(digest, &self.owner(lookup.name));
        }
        if let Some(keys) = lookup.throttle {
            loaded.counters = self.throttle.counters(keys);
        }
        Ok(loaded)
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<Claimed> {
        let owner = match claim.holder {
            Holder::Account { uid, version } => match self.record(uid) {
                Ok(record) if record.account.enabled && record.account.version == version => Owner::Account(uid),
                _ => return Ok(Claimed::Changed),
            },
            Holder::NoRecord(name) if self.accounts.contains_key(name) => return Ok(Claimed::Changed),
            Holder::NoRecord(name) => Owner::Name(name.clone()),
        };
        if claim.session.is_some_and(|new| self.sessions.is_known(new)) {
            return Ok(Claimed::SessionSeen);
        }
        if let Some(what) = claim.what {
            let codes = [CounterKind::Code, CounterKind::CodeHour];
            if codes.into_iter().any(|kind| self.throttle.counter(claim.throttle, kind).refuses(claim.now)) {
                return Ok(Claimed::Blocked);
            }
            let taken = match owner {
                Owner::Account(uid) => self.record(uid)?.take(what, claim.now),
                Owner::Name(_) => false,
            };
            if !taken {
                return Ok(Claimed::Used);
            }
            self.throttle.forgive(claim.throttle, CounterKind::Code);
            self.throttle.forgive(claim.throttle, CounterKind::Password);
        }
        if let Some(new) = claim.session {
            self.sessions.open(new, owner, claim.now);
        }
        Ok(Claimed::Yes)
    }

    fn key_checks(&mut self) -> Result<Vec<KeyCheck>> {
        Ok(self.key_checks.iter().map(|(&number, &digest)| KeyCheck { number, digest }).collect())
    }

    fn add_key_check(&mut self, check: KeyCheck) -> Result<()> {
        self.key_checks.entry(check.number).or_insert(check.digest);
        Ok(())
    }

    fn remove_key_check(&mut self, number: u32) -> Result<bool> {
        Ok(self.key_checks.remove(&number).is_some())
    }

    fn key_use(&mut self) -> Result<KeyUse> {
        keys::count(self)
    }

    fn sealed_with_other_keys(&mut self, key: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<SealedAt>> {
        Ok(keys::sealed_with_other_keys(self, key, after, limit))
    }

    fn reseal(&mut self, secrets: &[Reseal]) -> Result<usize> {
        Ok(keys::reseal(self, secrets))
    }

    fn charge(&mut self, charge: &Charge<'_>) -> Result<bool> {
        Ok(self.throttle.charge(charge))
    }

    fn note(&mut self, note: &Note<'_>) -> Result<()> {
        self.entries += 1;
        let number = self.entries;
        if let Some(uid) = note.account {
            let record = self.record(uid)?;
            if let Some(Used::AppPassword(id)) = note.used {
                record.note_last_use(id, note);
            }
            record.note_activity(note, number);
        }
        if let Some(Used::Session { digest, interval }) = note.used {
            self.sessions.note_use(digest, interval, note);
        }
        if let Some(keys) = note.forgive {
            self.throttle.forgive(keys, CounterKind::Password);
        }
        Ok(())
    }

    fn rehash(&mut self, account: AccountUid, of: HashOf, old: &str, new: &str) -> Result<bool> {
        let Ok(record) = self.record(account) else { return Ok(false) };
        let hash = match of {
            HashOf::Password => record.account.password.as_mut(),
            HashOf::AppPassword(id) => record.app_passwords.get_mut(&id).map(|app_password| &mut app_password.hash),
        };
        Ok(hash.filter(|hash| *hash == old).map(|hash| *hash = new.to_owned()).is_some())
    }

    fn add_account(&mut self, account: &NewAccount<'_>, now: i64) -> Result<()> {
        if self.accounts.contains_key(account.name) || self.record(account.uid).is_ok() {
            return Err(StoreError::Exists);
        }
        let record = Record {
            account: Account {
                uid: account.uid,
                name: account.name.clone(),
                enabled: true,
                version: 1,
                password: account.password.map(Into::into),
                created_at: now,
                authenticators: Vec::new(),
            },
            requirements: Requirements::default(),
            authenticators_made: 0,
            invitation: None,
            recovery_codes: BTreeMap::new(),
            app_passwords: BTreeMap::new(),
            activity: Vec::new(),
        };
        self.sessions.end(&Owner::Name(account.name.clone()), None);
        self.accounts.insert(account.name.clone(), record);
        Ok(())
    }

    fn make_together(&mut self, changes: &[BulkChange], keep: Keep, now: i64) -> Result<Together> {
        bulk::make_together(self, changes, keep, now)
    }

    fn remove_account(&mut self, account: AccountUid) -> Result<()> {
        let name = self.record(account)?.account.name.clone();
        self.accounts.remove(&name);
        self.sessions.forget(account);
        self.panel.end_all(account);
        self.revocations.push(name.as_str());
        self.notices.forget(account);
        Ok(())
    }

    fn set_enabled(&mut self, account: AccountUid, enabled: bool) -> Result<()> {
        self.change_what_sessions_stand_on(account)?.account.enabled = enabled;
        Ok(())
    }

    fn set_password(&mut self, account: AccountUid, password: &str, version: Option<i64>) -> Result<bool> {
        let record = self.record(account)?;
        if version.is_some_and(|version| version != record.account.version) {
            return Ok(false);
        }
        self.change_what_sessions_stand_on(account)?.account.password = Some(password.to_owned());
        Ok(true)
    }

    fn set_password_and_revoke(
        &mut self,
        account: AccountUid,
        password: &str,
        version: i64,
        now: i64,
    ) -> Result<Option<Vec<AppPasswordId>>> {
        if !self.set_password(account, password, Some(version))? {
            return Ok(None);
        }
        Ok(Some(self.record(account)?.revoke(None, now)))
    }

    fn accounts(&mut self, after: Option<&AccountName>, limit: u32, now: i64) -> Result<Vec<AccountSummary>> {
        let after = self.accounts.values().filter(|record| Some(&record.account.name) > after);
        let summary = |record: &Record| record.summary(self.requirements(&record.account.name), now);
        Ok(after.take(limit as usize).map(summary).collect())
    }

    fn summary(&mut self, name: &AccountName, now: i64) -> Result<Option<AccountSummary>> {
        Ok(self.accounts.get(name).map(|record| record.summary(self.requirements(name), now)))
    }

    fn set_account_requirement(
        &mut self,
        account: AccountUid,
        requirement: Option<Requirement>,
        bites: Option<&Refusal<'_>>,
    ) -> Result<()> {
        self.change_and_carry_on(account)?.requirements.account = requirement;
        bites.map_or(Ok(0), |refusal| self.queue_refused(refusal)).map(drop)
    }

    fn set_domain_requirement(
        &mut self,
        domain: &DomainName,
        requirement: Option<Requirement>,
        bites: Option<&Refusal<'_>>,
    ) -> Result<Option<Requirement>> {
        let before = match requirement {
            Some(requirement) => self.domains.insert(domain.clone(), requirement),
            None => self.domains.remove(domain),
        };
        bites.map_or(Ok(0), |refusal| self.queue_refused(refusal)).map(|_| before)
    }

    fn refused(&mut self, refusal: &Refusal<'_>) -> Result<u64> {
        Ok(refusal::names(self, refusal).len() as u64)
    }

    fn queue_refused(&mut self, refusal: &Refusal<'_>) -> Result<u64> {
        let names = if self.revocations.on { refusal::names(self, refusal) } else { Vec::new() };
        names.iter().for_each(|name| self.revocations.push_behind(name));
        Ok(names.len() as u64)
    }

    fn domain_requirements(
        &mut self,
        after: Option<&DomainName>,
        limit: u32,
    ) -> Result<Vec<(DomainName, Requirement)>> {
        let after = self.domains.iter().filter(|(domain, _)| Some(*domain) > after);
        Ok(after.take(limit as usize).map(|(domain, requirement)| (domain.clone(), *requirement)).collect())
    }

    fn account_requirements(
        &mut self,
        after: Option<&AccountName>,
        limit: u32,
    ) -> Result<Vec<(AccountName, Requirements)>> {
        let set = |(name, record): &(&AccountName, &Record)| {
            Some(*name) > after && (record.requirements.account.is_some() || record.requirements.enrol_again)
        };
        let set = self.accounts.iter().filter(set).map(|(name, _)| (name.clone(), self.requirements(name)));
        Ok(set.take(limit as usize).collect())
    }

    fn recipients(&mut self, after: Option<&AccountName>, limit: u32) -> Result<Vec<Recipient>> {
        let after = self.accounts.values().map(|record| &record.account).filter(|account| Some(&account.name) > after);
        let recipient = |account: &Account| Recipient { name: account.name.clone(), enabled: account.enabled };
        Ok(after.take(limit as usize).map(recipient).collect())
    }

    fn begin_enrolment(&mut self, account: AccountUid, new: &NewAuthenticator<'_>, now: i64) -> Result<i64> {
        two_factor::begin(self, account, new, now)
    }

    fn confirm_enrolment(
        &mut self,
        account: AccountUid,
        authenticator: i64,
        step: i64,
        recovery_codes: &[NewRecoveryCode],
        now: i64,
    ) -> Result<()> {
        two_factor::confirm(self, account, authenticator, step, recovery_codes, now)
    }

    fn confirm_own_enrolment(
        &mut self,
        account: AccountUid,
        authenticator: i64,
        step: i64,
        recovery_codes: &[NewRecoveryCode],
        shown: &Shown,
        now: i64,
    ) -> Result<std::result::Result<(), InvitationFault>> {
        invitation::confirm_own(self, account, authenticator, step, recovery_codes, shown, now)
    }

    fn invitation(&mut self, account: AccountUid) -> Result<Option<Invitation>> {
        Ok(self.record(account)?.invitation)
    }

    fn set_invitation(&mut self, account: AccountUid, new: &Invitation) -> Result<bool> {
        invitation::set(self, account, new)
    }

    fn remove_invitation(&mut self, account: AccountUid) -> Result<bool> {
        Ok(self.record(account)?.invitation.take().is_some())
    }

    fn cancel_enrolment(&mut self, account: AccountUid) -> Result<bool> {
        two_factor::cancel(self, account)
    }

    fn remove_authenticator(&mut self, account: AccountUid, authenticator: i64) -> Result<bool> {
        two_factor::remove_authenticator(self, account, authenticator)
    }

    fn end_two_factor(&mut self, account: AccountUid) -> Result<()> {
        two_factor::end(self, account)
    }

    fn reset_two_factor(&mut self, account: AccountUid, reset: &Reset<'_>, now: i64) -> Result<Vec<AppPasswordId>> {
        two_factor::reset(self, account, reset, now)
    }

    fn rename_account(&mut self, account: AccountUid, new: &AccountName, subject: SubjectOf<'_>) -> Result<()> {
        rename::account(self, account, new, subject)
    }

    fn rename_domain(&mut self, rename: &RenameDomain<'_>, now: i64) -> Result<DomainRename> {
        rename::domain(self, rename, now)
    }

    fn report(&mut self, query: &ReportQuery<'_>, after: Option<&AccountName>, limit: u32) -> Result<Vec<ReportRow>> {
        let asked = |name: &AccountName| {
            Some(name) > after && query.domain.is_none_or(|domain| name.domain() == Some(domain.as_str()))
        };
        let rows = self.accounts.iter().filter(|(name, _)| asked(name)).map(|(name, record)| ReportRow {
            name: name.clone(),
            enabled: record.account.enabled,
            two_factor: record.account.two_factor(),
            requirements: self.requirements(name),
            invited_until: record.invitation.map(|invitation| invitation.expires_at),
            password: match &record.account.password {
                None => KeptPassword::Elsewhere,
                Some(hash) if hash.starts_with('{') => KeptPassword::Imported,
                Some(_) => KeptPassword::Own,
            },
            devices: record.devices(query.since),
        });
        Ok(rows.take(limit as usize).collect())
    }

    fn replace_recovery_codes(
        &mut self,
        account: AccountUid,
        version: Option<i64>,
        codes: &[NewRecoveryCode],
    ) -> Result<()> {
        let record = self.record_in(account, version)?;
        record.set_recovery_codes(codes)?;
        self.change_what_sessions_stand_on(account)?;
        Ok(())
    }

    fn add_app_password(&mut self, account: AccountUid, version: Option<i64>, new: &AppPassword) -> Result<()> {
        let record = self.record_in(account, version)?;
        if record.app_passwords.contains_key(&new.id) {
            return Err(StoreError::Exists);
        }
        record.app_passwords.insert(new.id, new.clone());
        Ok(())
    }

    fn app_passwords(&mut self, account: AccountUid) -> Result<Vec<AppPassword>> {
        let mut app_passwords: Vec<_> = self.record(account)?.app_passwords.values().cloned().collect();
        app_passwords.sort_by_key(|app_password| (app_password.created_at, app_password.id));
        Ok(app_passwords)
    }

    fn revoke_app_passwords(
        &mut self,
        account: AccountUid,
        id: Option<AppPasswordId>,
        now: i64,
    ) -> Result<Vec<AppPasswordId>> {
        let record = self.record(account)?;
        let revoked = record.revoke(id, now);
        if id.is_some() && revoked.is_empty() {
            return Err(StoreError::NotFound);
        }
        self.change_and_carry_on(account)?;
        if !revoked.is_empty() {
            self.queue_revocation_of(account)?;
        }
        Ok(revoked)
    }

    fn confirm_session(&mut self, digest: SessionDigest) -> Result<bool> {
        Ok(self.sessions.confirm(digest))
    }

    fn sessions(&mut self, name: &AccountName) -> Result<Vec<Session>> {
        Ok(self.sessions.list(&self.owner(name)))
    }

    fn end_sessions(&mut self, name: &AccountName, digest: Option<SessionDigest>) -> Result<Vec<SessionDigest>> {
        let ended = self.sessions.end(&self.owner(name), digest);
        if !ended.is_empty() {
            self.revocations.push(name.as_str());
        }
        Ok(ended)
    }

    fn open_panel_session(
        &mut self,
        account: AccountUid,
        version: i64,
        new: &NewPanelSession<'_>,
        now: i64,
    ) -> Result<bool> {
        let found = self.accounts.values().map(|record| &record.account).find(|found| found.uid == account);
        match found.filter(|found| found.enabled && found.version == version) {
            Some(found) => self.panel.open(found, new, now).map(|()| true),
            None => Ok(false),
        }
    }

    fn panel_session(&mut self, digest: SessionDigest) -> Result<Option<PanelSessionFound>> {
        let found = self.panel.find(digest, self.accounts.values().map(|record| &record.account));
        Ok(found.map(|found| {
            let requirements = self.requirements(&found.name);
            PanelSessionFound { requirements, ..found }
        }))
    }

    fn touch_panel_session(&mut self, digest: SessionDigest, from: &str, now: i64) -> Result<()> {
        self.panel.touch(digest, from, now);
        Ok(())
    }

    fn prove_panel_session(
        &mut self,
        account: AccountUid,
        old: SessionDigest,
        new: SessionDigest,
        now: i64,
    ) -> Result<bool> {
        match self.accounts.values().map(|record| &record.account).find(|found| found.uid == account) {
            Some(found) => self.panel.prove(found, old, new, now),
            None => Ok(false),
        }
    }

    fn panel_sessions(&mut self, name: &AccountName) -> Result<Vec<PanelSession>> {
        Ok(self.accounts.get(name).map(|record| self.panel.list(&record.account)).unwrap_or_default())
    }

    fn end_panel_sessions(&mut self, name: &AccountName, which: PanelSessions) -> Result<Vec<SessionDigest>> {
        Ok(self.accounts.get(name).map(|record| self.panel.end(&record.account, which)).unwrap_or_default())
    }

    fn tidy(&mut self, stale: &Stale) -> Result<Tidied> {
        let mut activity = 0;
        for record in self.accounts.values_mut() {
            let before = record.activity.len();
            record.activity.retain(|(_, entry)| stale.activity_before.is_none_or(|time| entry.last_at >= time));
            activity += before - record.activity.len();
        }
        Ok(Tidied {
            activity: activity as u64,
            webmail_sessions: self.sessions.remove_stale(stale.now) as u64,
            panel_sessions: self.panel.remove_expired(stale.now) as u64,
            invitations: invitation::purge(self, stale.now) as u64,
            throttle: self.throttle.remove_expired(stale.now) as u64,
        })
    }

    fn queue_revocations(&mut self, on: bool) {
        self.revocations.on = on;
    }

    fn wake_beside(&mut self, _: &Path) {}

    fn revocations(&mut self, limit: u32) -> Result<Vec<Revocation>> {
        Ok(self.revocations.list(limit))
    }

    fn take_revocation(&mut self, node: Option<&str>, now: i64, until: i64) -> Result<Option<Revocation>> {
        Ok(self.revocations.take(node, now, until))
    }

    fn end_revocation(&mut self, taken: &Revocation) -> Result<bool> {
        Ok(self.revocations.end(taken))
    }

    fn put_revocation_off(&mut self, taken: &Revocation, error: &str, next_try: i64) -> Result<bool> {
        Ok(self.revocations.put_off(taken, error, next_try))
    }

    fn see_node(&mut self, node: &Node) -> Result<()> {
        self.revocations.see(node)
    }

    fn nodes(&mut self) -> Result<Vec<Node>> {
        Ok(self.revocations.nodes())
    }

    fn forget_node(&mut self, name: &str) -> Result<bool> {
        Ok(self.revocations.forget(name))
    }

    fn activity(&mut self, account: Option<AccountUid>, limit: u32) -> Result<Vec<ActivityEntry>> {
        let mut entries: Vec<&(u64, ActivityEntry)> = match account {
            Some(account) => self.record(account)?.activity.iter().collect(),
            None => self.accounts.values().flat_map(|record| &record.activity).collect(),
        };
        entries.sort_by_key(|(number, entry)| Reverse((entry.last_at, *number)));
        Ok(entries.into_iter().take(limit as usize).map(|(_, entry)| entry.clone()).collect())
    }

    fn queue_notice(&mut self, new: &NewNotice<'_>) -> Result<bool> {
        let name = self.record(new.account)?.account.name.clone();
        Ok(self.notices.queue(&name, new))
    }

    fn meet_network(&mut self, account: AccountUid, network: &str, now: i64) -> Result<bool> {
        self.record(account)?;
        Ok(self.notices.meet_network(account, network, now))
    }

    fn notices_due(&mut self, now: i64, limit: u32) -> Result<Vec<Notice>> {
        Ok(self.notices.due(now, limit))
    }

    fn take_notice(&mut self, now: i64, until: i64) -> Result<Option<Notice>> {
        Ok(self.notices.take(now, until))
    }

    fn settle_notice(&mut self, id: i64, settled: Settled<'_>, now: i64) -> Result<bool> {
        Ok(self.notices.settle(id, settled, now))
    }

    fn notice_settings(&mut self, account: AccountUid) -> Result<NoticeSettings> {
        self.record(account)?;
        Ok(self.notices.settings(account))
    }

    fn set_notice_settings(&mut self, account: AccountUid, new: &NoticeSettings) -> Result<()> {
        self.record(account)?;
        self.notices.set_settings(account, new);
        Ok(())
    }
}
