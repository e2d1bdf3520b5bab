//! A store without a file, for tests. It says in plain collections what the others do in their own way.

mod notice;
mod panel;
mod revocation;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::rules::{
    DISTINCT_WINDOW, MAX_REVOKED, MAX_SESSIONS, MAX_THROTTLE_ROWS, SESSION_KEPT, counter_expiry, counts_each_time,
    day_of, moved_by,
};
use super::{
    AccountSummary, Activity, ActivityEntry, BulkChange, BulkTarget, Charge, Claim, Claimable, Claimed, Counter,
    CounterKind, Counters, DomainRename, HashOf, Holder, Keep, KeptPassword, KeyCheck, KeyUse, Loaded, Lookup,
    NewAccount, NewAuthenticator, NewPanelSession, NewRecoveryCode, NewSession, Note, PasswordDevice, Recipient,
    RenameDomain, ReportQuery, ReportRow, Reseal, Reset, Result, Revoke, SealedAt, SessionFound, Stale, Store,
    StoreError, ThrottleKeys, Tidied, Together, Used,
};
use crate::account::{
    Account, AccountName, AccountUid, AppPassword, AppPasswordId, Authenticator, DomainName, LastUse, RecoveryCode,
    RecoveryIndex, Requirement, Requirements,
};
use crate::credential::hash;
use crate::notice::{NewNotice, Notice, NoticeSettings, Settled};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
use crate::revocation::Revocation;
use crate::session::{Session, SessionDigest, SessionKind};
use crate::times::NOTE_INTERVAL;

/// A store that lives as long as it is held.
#[derive(Default)]
pub struct MemoryStore {
    accounts: BTreeMap<AccountName, Record>,
    domains: BTreeMap<DomainName, Requirement>,
    throttle: BTreeMap<CounterKey, Counter>,
    /// Digest → when it is forgotten.
    seen_wrong: BTreeMap<[u8; 16], i64>,
    /// Network and subject → when the pair was counted.
    tried: BTreeMap<(String, [u8; 16]), i64>,
    /// Activity entries made so far.
    entries: u64,
    key_checks: BTreeMap<u32, [u8; 16]>,
    sessions: BTreeMap<SessionDigest, (Owner, Session)>,
    /// Digests of session credentials that were used.
    session_seen: BTreeSet<SessionDigest>,
    panel: panel::Panel,
    revocations: revocation::Queue,
    notices: notice::Notices,
}

/// Whose a session is.
#[derive(Clone, PartialEq, Eq)]
enum Owner {
    Account(AccountUid),
    Name(AccountName),
}

type CounterKey = (CounterKind, [u8; 16], String);

/// An account and what belongs to it.
struct Record {
    account: Account,
    /// What is set for it alone.
    requirements: Requirements,
    authenticators_made: i64,
    recovery_codes: BTreeMap<RecoveryIndex, RecoveryCode>,
    app_passwords: BTreeMap<AppPasswordId, AppPassword>,
    /// Each with its number in the order in which they were made.
    activity: Vec<(u64, ActivityEntry)>,
}

impl Record {
    fn summary(&self, requirements: Requirements, now: i64) -> AccountSummary {
        let in_force = |app_password: &&AppPassword| {
            app_password.revoked_at.is_none() && app_password.expires_at.is_none_or(|expiry| expiry > now)
        };
        AccountSummary {
            uid: self.account.uid,
            name: self.account.name.clone(),
            enabled: self.account.enabled,
            has_password: self.account.password.is_some(),
            two_factor: self.account.two_factor(),
            pending: self.account.pending().is_some(),
            requirements,
            app_passwords: self.app_passwords.values().filter(in_force).count() as u32,
            recovery_codes: self.recovery_codes.values().filter(|code| code.used_at.is_none()).count() as u32,
            created_at: self.account.created_at,
        }
    }

    fn set_recovery_codes(&mut self, codes: &[NewRecoveryCode]) -> Result<()> {
        let new = |(index, hash): &NewRecoveryCode| {
            (*index, RecoveryCode { index: *index, hash: hash.clone(), used_at: None })
        };
        let set: BTreeMap<_, _> = codes.iter().map(new).collect();
        if set.len() != codes.len() {
            return Err(StoreError::Exists);
        }
        self.recovery_codes = set;
        Ok(())
    }

    /// Takes what may be used once; false when it was taken before.
    fn take(&mut self, what: Claimable, now: i64) -> bool {
        match what {
            Claimable::TotpStep { authenticator, step } => {
                let mut authenticators = self.account.authenticators.iter_mut();
                let found = authenticators
                    .find(|found| found.id == authenticator && found.confirmed_at.is_some() && found.last_step < step);
                found.map(|found| found.last_step = step).is_some()
            }
            Claimable::RecoveryCode(index) => {
                let found = self.recovery_codes.get_mut(&index).filter(|code| code.used_at.is_none());
                found.map(|code| code.used_at = Some(now)).is_some()
            }
        }
    }

    /// Revokes one app password or all; returns those that it revoked.
    fn revoke(&mut self, id: Option<AppPasswordId>, now: i64) -> Vec<AppPasswordId> {
        let mut revoked = Vec::new();
        for app_password in self.app_passwords.values_mut() {
            if app_password.revoked_at.is_none() && id.is_none_or(|id| id == app_password.id) {
                app_password.revoked_at = Some(now);
                revoked.push(app_password.id);
            }
        }
        let mut old: Vec<_> = self.app_passwords.values().filter(|kept| kept.revoked_at.is_some()).collect();
        old.sort_by_key(|kept| Reverse((kept.revoked_at, kept.created_at, kept.id)));
        let old: Vec<_> = old.iter().skip(MAX_REVOKED).map(|kept| kept.id).collect();
        self.app_passwords.retain(|id, _| !old.contains(id));
        revoked
    }

    /// What signed in, or tried to, as a mail app with the account's own password since then.
    fn devices(&self, since: i64) -> Vec<PasswordDevice> {
        let mut devices: Vec<PasswordDevice> = Vec::new();
        for (_, ActivityEntry { activity, last_at, count, .. }) in &self.activity {
            let opens = activity.event == "accepted" && activity.method == "password";
            let needs_more = matches!(activity.reason.as_str(), "app_password_required" | "enrolment_required");
            let refused = activity.event == "refused" && needs_more;
            if activity.mode != "client" || *last_at < since || !(opens || refused) {
                continue;
            }
            let same = |device: &&mut PasswordDevice| {
                (&device.protocol, &device.address, device.opens) == (&activity.protocol, &activity.address, opens)
            };
            match devices.iter_mut().find(same) {
                Some(device) => {
                    device.last_at = device.last_at.max(*last_at);
                    device.count += count;
                }
                None => devices.push(PasswordDevice {
                    protocol: activity.protocol.clone(),
                    address: activity.address.clone(),
                    opens,
                    last_at: *last_at,
                    count: *count,
                }),
            }
        }
        devices.sort_by(|one, other| {
            let key = |device: &PasswordDevice| {
                (Reverse(device.last_at), device.protocol.clone(), device.address.clone(), !device.opens)
            };
            key(one).cmp(&key(other))
        });
        devices
    }

    fn note_last_use(&mut self, id: AppPasswordId, note: &Note<'_>) {
        let Some(app_password) = self.app_passwords.get_mut(&id) else { return };
        let (from, protocol) = (&note.activity.address, &note.activity.protocol);
        let recent = app_password.last_use.as_ref().is_some_and(|last| {
            (last.at..last.at + NOTE_INTERVAL).contains(&note.now) && last.from == *from && last.protocol == *protocol
        });
        if !recent {
            app_password.last_use = Some(LastUse { at: note.now, from: from.clone(), protocol: protocol.clone() });
        }
    }

    fn note_activity(&mut self, note: &Note<'_>, number: u64) {
        let today = day_of(note.now);
        // Recovery codes left are told, and tell no entry from another.
        let same = |entry: &&mut (u64, ActivityEntry)| {
            let codes_left = entry.1.activity.codes_left;
            let like = Activity { codes_left, ..note.activity.clone() };
            entry.1.activity == like && today.contains(&entry.1.last_at)
        };
        if note.keep.entries > 0 {
            match self.activity.iter_mut().find(same) {
                Some((_, entry)) => {
                    if !counts_each_time(note.activity) && note.now < entry.last_at + NOTE_INTERVAL {
                        return;
                    }
                    entry.last_at = entry.last_at.max(note.now);
                    entry.count += 1;
                    return;
                }
                None => self.activity.push((
                    number,
                    ActivityEntry {
                        account: self.account.name.clone(),
                        activity: note.activity.clone(),
                        first_at: note.now,
                        last_at: note.now,
                        count: 1,
                    },
                )),
            }
        }
        self.activity.sort_by_key(|(number, entry)| Reverse((entry.last_at, *number)));
        self.activity.truncate(note.keep.entries as usize);
        self.activity.retain(|(_, entry)| note.keep.since.is_none_or(|since| entry.last_at >= since));
    }
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
        self.end_sessions_of(&Owner::Account(uid));
        self.panel.end_all(uid);
        self.queue_revocation_of(uid)?;
        self.change(uid)
    }

    fn queue_revocation_of(&mut self, uid: AccountUid) -> Result<()> {
        let name = self.record(uid)?.account.name.clone();
        self.revocations.push(name.as_str());
        Ok(())
    }

    fn owner(&self, name: &AccountName) -> Owner {
        self.accounts.get(name).map_or(Owner::Name(name.clone()), |record| Owner::Account(record.account.uid))
    }

    fn end_sessions_of(&mut self, owner: &Owner) {
        self.sessions.values_mut().filter(|(whose, _)| whose == owner).for_each(|(_, session)| session.ended = true);
    }

    fn find_session(&self, digest: SessionDigest, owner: &Owner) -> SessionFound {
        match self.sessions.get(&digest) {
            Some((whose, session)) if whose == owner => SessionFound::Here(session.clone()),
            Some(_) => SessionFound::Elsewhere,
            None if self.session_seen.contains(&digest) => SessionFound::Gone,
            None => SessionFound::Unknown,
        }
    }

    fn is_known(&self, new: &NewSession<'_>) -> bool {
        self.session_seen.contains(&new.digest) || self.sessions.contains_key(&new.digest)
    }

    fn open_session(&mut self, new: &NewSession<'_>, owner: Owner, now: i64) {
        if new.kind == SessionKind::Exchange {
            self.session_seen.insert(new.digest);
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
        self.sessions.retain(|_, (_, session)| session.last_use.at > now - SESSION_KEPT);
        self.sessions.insert(new.digest, (owner.clone(), session));
        let mut own: Vec<_> = self.sessions.values().filter(|(whose, _)| *whose == owner).collect();
        own.sort_by_key(|(_, session)| (session.ended, Reverse(session.opened_at), session.digest));
        let old: Vec<_> = own.iter().skip(MAX_SESSIONS).map(|(_, session)| session.digest).collect();
        old.iter().for_each(|digest| drop(self.sessions.remove(digest)));
    }

    fn note_use_of_session(&mut self, digest: SessionDigest, interval: i64, note: &Note<'_>) {
        let Some((_, session)) = self.sessions.get_mut(&digest) else { return };
        let (from, protocol) = (&note.activity.address, &note.activity.protocol);
        let last = &session.last_use;
        let recent =
            (last.at..last.at + interval).contains(&note.now) && last.from == *from && last.protocol == *protocol;
        if !session.ended && !recent {
            session.last_use = LastUse { at: note.now, from: from.clone(), protocol: protocol.clone() };
            session.opening = session.opening.filter(|_| note.now - session.opened_at <= Session::REPEAT);
        }
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

    fn counter(&self, keys: &ThrottleKeys, kind: CounterKind) -> Counter {
        self.throttle.get(&counter_key(keys, kind)).copied().unwrap_or_default()
    }

    fn forgive(&mut self, keys: &ThrottleKeys, kind: CounterKind) {
        self.throttle.remove(&counter_key(keys, kind));
    }

    /// Whether this account was not tried from this network within the last hour; remembers that it was now.
    fn is_distinct(&mut self, keys: &ThrottleKeys, now: i64) -> bool {
        if keys.network.is_empty() {
            return false;
        }
        let pair = (keys.network.clone(), keys.subject);
        if self.tried.get(&pair).is_some_and(|at| (*at..*at + DISTINCT_WINDOW).contains(&now)) {
            return false;
        }
        self.tried.insert(pair, now);
        true
    }

    /// Forgets what has expired, and what is too much.
    fn purge(&mut self, now: i64) {
        self.throttle.retain(|_, counter| counter_expiry(counter) > now);
        self.seen_wrong.retain(|_, expires_at| *expires_at > now);
        self.tried.retain(|_, at| *at + DISTINCT_WINDOW > now);
        let max = MAX_THROTTLE_ROWS as usize;
        cut_back(&mut self.throttle, max, |(kind, ..), counter| {
            (matches!(kind, CounterKind::Code | CounterKind::CodeHour), counter_expiry(counter))
        });
        cut_back(&mut self.seen_wrong, max, |_, expires_at| *expires_at);
        cut_back(&mut self.tried, max, |_, at| *at);
    }
}

fn counter_key(keys: &ThrottleKeys, kind: CounterKind) -> CounterKey {
    let (subject, network) = keys.key(kind);
    (kind, subject, network.to_owned())
}

/// Removes what comes first in `order` until `max` are left.
fn cut_back<K: Ord + Clone, V, O: Ord>(map: &mut BTreeMap<K, V>, max: usize, order: impl Fn(&K, &V) -> O) {
    while map.len() > max {
        let first = map.iter().min_by_key(|(key, value)| order(key, value)).map(|(key, _)| key.clone());
        first.map(|key| map.remove(&key));
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
            loaded.session = self.find_session(digest, &self.owner(lookup.name));
        }
        if let Some(keys) = lookup.throttle {
            loaded.counters = Counters {
                code: self.counter(keys, CounterKind::Code),
                code_hour: self.counter(keys, CounterKind::CodeHour),
                password: self.counter(keys, CounterKind::Password),
                network: Counter::default(),
            };
            if !keys.network.is_empty() {
                loaded.counters.network = self.counter(keys, CounterKind::Network);
            }
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
        if claim.session.is_some_and(|new| self.is_known(new)) {
            return Ok(Claimed::SessionSeen);
        }
        if let Some(what) = claim.what {
            let codes = [CounterKind::Code, CounterKind::CodeHour];
            if codes.into_iter().any(|kind| self.counter(claim.throttle, kind).refuses(claim.now)) {
                return Ok(Claimed::Blocked);
            }
            let taken = match owner {
                Owner::Account(uid) => self.record(uid)?.take(what, claim.now),
                Owner::Name(_) => false,
            };
            if !taken {
                return Ok(Claimed::Used);
            }
            self.forgive(claim.throttle, CounterKind::Code);
            self.forgive(claim.throttle, CounterKind::Password);
        }
        if let Some(new) = claim.session {
            self.open_session(new, owner, claim.now);
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
        let damaged = |_| StoreError::Unavailable("a stored hash is damaged".into());
        let mut found = KeyUse::default();
        for record in self.accounts.values() {
            for authenticator in &record.account.authenticators {
                found.of(authenticator.sealed.key).totp_secrets += 1;
            }
            if let Some(password) = &record.account.password {
                match hash::key_of(password).map_err(damaged)? {
                    Some(key) => found.of(key).passwords += 1,
                    None => found.foreign_passwords += 1,
                }
            }
            for app_password in record.app_passwords.values() {
                if let Some(key) = hash::key_of(&app_password.hash).map_err(damaged)? {
                    found.of(key).app_passwords += 1;
                }
            }
            for code in record.recovery_codes.values() {
                if let Some(key) = hash::key_of(&code.hash).map_err(damaged)? {
                    found.of(key).recovery_codes += 1;
                }
            }
        }
        Ok(found)
    }

    fn sealed_with_other_keys(&mut self, key: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<SealedAt>> {
        let all = (1..).zip(self.accounts.values()).flat_map(|(at, record)| {
            let account = &record.account;
            account.authenticators.iter().map(move |authenticator| SealedAt {
                place: (at, authenticator.id),
                account: account.uid,
                name: account.name.clone(),
                sealed: authenticator.sealed.clone(),
            })
        });
        Ok(all.filter(|found| found.sealed.key != key && Some(found.place) > after).take(limit as usize).collect())
    }

    fn reseal(&mut self, secrets: &[Reseal]) -> Result<usize> {
        let mut resealed = 0;
        for Reseal { account, number, old, new } in secrets {
            let Ok(record) = self.record(*account) else { continue };
            let mut authenticators = record.account.authenticators.iter_mut();
            if let Some(found) = authenticators.find(|found| found.id == *number && found.sealed == *old) {
                found.sealed = new.clone();
                resealed += 1;
            }
        }
        Ok(resealed)
    }

    fn charge(&mut self, charge: &Charge<'_>) -> Result<bool> {
        let until = charge.now.saturating_add(charge.remember);
        let seen = self.seen_wrong.insert(charge.digest, until);
        if seen.is_some_and(|expires_at| expires_at > charge.now) {
            return Ok(false);
        }
        for &kind in moved_by(charge.fault) {
            if kind == CounterKind::Network && !self.is_distinct(charge.throttle, charge.now) {
                continue;
            }
            let mut before = self.counter(charge.throttle, kind);
            if counter_expiry(&before) <= charge.now {
                before = Counter::default();
            }
            self.throttle.insert(counter_key(charge.throttle, kind), (charge.next)(kind, before));
        }
        self.purge(charge.now);
        Ok(true)
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
            self.note_use_of_session(digest, interval, note);
        }
        if let Some(keys) = note.forgive {
            self.forgive(keys, CounterKind::Password);
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
            recovery_codes: BTreeMap::new(),
            app_passwords: BTreeMap::new(),
            activity: Vec::new(),
        };
        self.end_sessions_of(&Owner::Name(account.name.clone()));
        self.accounts.insert(account.name.clone(), record);
        Ok(())
    }

    fn make_together(&mut self, changes: &[BulkChange], keep: Keep, now: i64) -> Result<Together> {
        let (mut names, mut uids) = (BTreeSet::new(), BTreeSet::new());
        for (index, change) in changes.iter().enumerate() {
            let uid = change.target.uid();
            let mut ids: BTreeSet<_> = change.app_passwords.iter().map(|new| new.id).collect();
            let distinct = ids.len() == change.app_passwords.len();
            let possible = match &change.target {
                BulkTarget::New { name, .. } => !self.accounts.contains_key(name) && names.insert(name),
                BulkTarget::There { version, .. } => match self.record(uid) {
                    Ok(record) => {
                        ids.retain(|id| record.app_passwords.contains_key(id));
                        record.account.version == *version && ids.is_empty()
                    }
                    Err(_) => false,
                },
            };
            if !possible || !distinct || !uids.insert(uid) {
                return Ok(Together::Nothing(index));
            }
        }
        let queues = self.revocations.on;
        for change in changes {
            let uid = change.target.uid();
            self.revocations.on = queues && change.takes_something_away();
            if let BulkTarget::New { name, password, enabled, .. } = &change.target {
                self.add_account(&NewAccount { uid, name, password: password.as_deref() }, now)?;
                if !enabled {
                    self.set_enabled(uid, false)?;
                }
            }
            if let Some(new) = &change.authenticator {
                let enrolment = NewAuthenticator { name: &new.name, sealed: &new.sealed, form: new.form };
                let number = self.begin_enrolment(uid, &enrolment, now)?;
                self.confirm_enrolment(uid, number, new.last_step, &[], now)?;
            }
            for app_password in &change.app_passwords {
                self.add_app_password(uid, None, app_password)?;
            }
            for activity in &change.activities {
                self.note(&Note { account: Some(uid), activity, keep, used: None, forgive: None, now })?;
            }
        }
        self.revocations.on = queues;
        Ok(Together::Done)
    }

    fn remove_account(&mut self, account: AccountUid) -> Result<()> {
        let name = self.record(account)?.account.name.clone();
        self.accounts.remove(&name);
        self.sessions.retain(|_, (owner, _)| *owner != Owner::Account(account));
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

    fn set_account_requirement(&mut self, account: AccountUid, requirement: Option<Requirement>) -> Result<()> {
        self.change_and_carry_on(account)?.requirements.account = requirement;
        Ok(())
    }

    fn set_domain_requirement(
        &mut self,
        domain: &DomainName,
        requirement: Option<Requirement>,
    ) -> Result<Option<Requirement>> {
        Ok(match requirement {
            Some(requirement) => self.domains.insert(domain.clone(), requirement),
            None => self.domains.remove(domain),
        })
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
        let record = self.record(account)?;
        record.authenticators_made += 1;
        record.account.authenticators.retain(|authenticator| authenticator.confirmed_at.is_some());
        record.account.authenticators.push(Authenticator {
            id: record.authenticators_made,
            name: new.name.to_owned(),
            sealed: new.sealed.clone(),
            form: new.form,
            created_at: now,
            confirmed_at: None,
            last_step: 0,
        });
        Ok(record.authenticators_made)
    }

    fn confirm_enrolment(
        &mut self,
        account: AccountUid,
        authenticator: i64,
        step: i64,
        recovery_codes: &[NewRecoveryCode],
        now: i64,
    ) -> Result<()> {
        let record = self.record(account)?;
        if record.account.pending().is_none_or(|pending| pending.id != authenticator) {
            return Err(StoreError::NotFound);
        }
        if !recovery_codes.is_empty() {
            record.set_recovery_codes(recovery_codes)?;
        }
        for pending in record.account.authenticators.iter_mut().filter(|found| found.id == authenticator) {
            pending.confirmed_at = Some(now);
            pending.last_step = step;
        }
        self.change_what_sessions_stand_on(account)?.requirements.enrol_again = false;
        Ok(())
    }

    fn cancel_enrolment(&mut self, account: AccountUid) -> Result<bool> {
        let authenticators = &mut self.record(account)?.account.authenticators;
        let before = authenticators.len();
        authenticators.retain(|authenticator| authenticator.confirmed_at.is_some());
        Ok(authenticators.len() < before)
    }

    fn remove_authenticator(&mut self, account: AccountUid, authenticator: i64) -> Result<bool> {
        let confirmed: Vec<_> = self.record(account)?.account.confirmed().map(|found| found.id).collect();
        match confirmed.contains(&authenticator) {
            false => Err(StoreError::NotFound),
            true if confirmed.len() == 1 => Ok(false),
            true => {
                let record = self.change_what_sessions_stand_on(account)?;
                record.account.authenticators.retain(|found| found.id != authenticator);
                Ok(true)
            }
        }
    }

    fn end_two_factor(&mut self, account: AccountUid) -> Result<()> {
        let record = self.change_what_sessions_stand_on(account)?;
        record.requirements.enrol_again &= !record.account.two_factor();
        record.account.authenticators.clear();
        record.recovery_codes.clear();
        Ok(())
    }

    fn reset_two_factor(&mut self, account: AccountUid, reset: &Reset<'_>, now: i64) -> Result<Vec<AppPasswordId>> {
        let record = self.record(account)?;
        let in_force = |id: &AppPasswordId| {
            record.app_passwords.get(id).is_some_and(|app_password| app_password.revoked_at.is_none())
        };
        if let Revoke::These(ids) = reset.revoke
            && !(ids.iter().all(in_force) && ids.iter().collect::<BTreeSet<_>>().len() == ids.len())
        {
            return Err(StoreError::NotFound);
        }
        self.end_two_factor(account)?;
        let record = self.record(account)?;
        record.requirements.enrol_again = reset.enrol_again;
        let mut revoked = match reset.revoke {
            Revoke::Nothing => Vec::new(),
            Revoke::All => record.revoke(None, now),
            Revoke::These(ids) => ids.iter().flat_map(|id| record.revoke(Some(*id), now)).collect(),
        };
        revoked.sort_unstable();
        Ok(revoked)
    }

    fn rename_account(&mut self, account: AccountUid, new: &AccountName) -> Result<()> {
        let old = self.record(account)?.account.name.clone();
        if old != *new && self.accounts.contains_key(new) {
            return Err(StoreError::Exists);
        }
        self.change_what_sessions_stand_on(account)?;
        self.end_sessions_of(&Owner::Name(new.clone()));
        if let Some(mut record) = self.accounts.remove(&old) {
            record.account.name = new.clone();
            record.activity.iter_mut().for_each(|(_, entry)| entry.account = new.clone());
            self.accounts.insert(new.clone(), record);
        }
        Ok(())
    }

    fn rename_domain(&mut self, rename: &RenameDomain<'_>, now: i64) -> Result<DomainRename> {
        if rename.old == rename.new {
            return Err(StoreError::Exists);
        }
        let of_old = |account: &&Account| account.name.domain() == Some(rename.old.as_str());
        let accounts = self.accounts.values().map(|record| &record.account).filter(of_old);
        let renamed: Vec<(AccountUid, AccountName, Option<AccountName>)> = accounts
            .map(|account| (account.uid, account.name.clone(), account.name.in_domain(rename.new).ok()))
            .collect();
        let in_the_way = |new: &Option<AccountName>| new.as_ref().is_none_or(|new| self.accounts.contains_key(new));
        let conflicts = renamed.iter().filter(|(.., new)| in_the_way(new)).map(|(_, old, _)| old.clone());
        let conflicts: Vec<_> = conflicts.take(DomainRename::MOST_SHOWN).collect();
        let (set, there) = (self.domains.get(rename.old).copied(), self.domains.get(rename.new).copied());
        let requirements_differ = set.is_some() && there.is_some() && set != there;
        let found = DomainRename { accounts: renamed.len() as u64, conflicts, requirements_differ };
        if rename.dry || !found.is_possible() {
            return Ok(found);
        }
        for (uid, _, new) in renamed {
            let Some(new) = new else { continue };
            self.rename_account(uid, &new)?;
            if let Some(activity) = rename.note {
                self.note(&Note {
                    account: Some(uid),
                    activity,
                    keep: Keep { entries: u32::MAX, since: None },
                    used: None,
                    forgive: None,
                    now,
                })?;
            }
        }
        if let Some(set) = self.domains.remove(rename.old) {
            self.domains.insert(rename.new.clone(), set);
        }
        Ok(found)
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
        let found = self.sessions.get_mut(&digest).filter(|(_, session)| !session.ended);
        Ok(found.map(|(_, session)| session.confirmed = true).is_some())
    }

    fn sessions(&mut self, name: &AccountName) -> Result<Vec<Session>> {
        let owner = self.owner(name);
        let own = self.sessions.values().filter(|(whose, session)| *whose == owner && !session.ended);
        let mut own: Vec<_> = own.map(|(_, session)| session.clone()).collect();
        own.sort_by_key(|session| (Reverse(session.opened_at), session.digest));
        Ok(own)
    }

    fn end_sessions(&mut self, name: &AccountName, digest: Option<SessionDigest>) -> Result<Vec<SessionDigest>> {
        let owner = self.owner(name);
        let mut ended = Vec::new();
        for (whose, session) in self.sessions.values_mut() {
            if *whose == owner && !session.ended && digest.is_none_or(|digest| digest == session.digest) {
                session.ended = true;
                ended.push(session.digest);
            }
        }
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
        let sessions = self.sessions.len();
        self.sessions.retain(|_, (_, session)| session.last_use.at > stale.now - SESSION_KEPT);
        let counters = self.throttle.len() + self.seen_wrong.len() + self.tried.len();
        self.purge(stale.now);
        Ok(Tidied {
            activity: activity as u64,
            webmail_sessions: (sessions - self.sessions.len()) as u64,
            panel_sessions: self.panel.remove_expired(stale.now) as u64,
            throttle: (counters - self.throttle.len() - self.seen_wrong.len() - self.tried.len()) as u64,
        })
    }

    fn queue_revocations(&mut self, on: bool) {
        self.revocations.on = on;
    }

    fn revocations(&mut self, limit: u32) -> Result<Vec<Revocation>> {
        Ok(self.revocations.list(limit))
    }

    fn take_revocation(&mut self, now: i64, until: i64) -> Result<Option<Revocation>> {
        Ok(self.revocations.take(now, until))
    }

    fn end_revocation(&mut self, taken: &Revocation) -> Result<bool> {
        Ok(self.revocations.end(taken))
    }

    fn put_revocation_off(&mut self, taken: &Revocation, error: &str, next_try: i64) -> Result<bool> {
        Ok(self.revocations.put_off(taken, error, next_try))
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
