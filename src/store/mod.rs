//! The store: what is remembered between logins, behind a small set of named, synchronous operations.
//!
//! `sqlite` keeps it in one file; `memory` keeps it nowhere (tests). Callers never see which. The stored format is
//! described field by field in [`sqlite`].
//!
//! Errors: a store that cannot answer returns [`StoreError::Unavailable`]; that is never "no such account". Time is
//! always an argument, in seconds since the Unix epoch.
//!
//! Security: a claim (a TOTP time step, a recovery code, the opening of a session) is a compare-and-set in one
//! transaction, so that of any number of simultaneous claims exactly one succeeds. Claims, charged code failures and every administrative change survive a power cut
//! when the operation has returned.

#[cfg(test)]
mod contract;
mod memory;
mod rules;
pub mod sqlite;

use std::collections::BTreeMap;
use std::path::Path;

use crate::account::{
    AccountName, AccountUid, AppPassword, AppPasswordId, DomainName, RecoveryIndex, Requirement, Requirements, Sealed,
    TotpForm,
};
use crate::notice::{NewNotice, Notice, NoticeSettings, Settled};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
pub use crate::record::{
    Claimable, Counter, CounterKind, Counters, Fault, HashOf, KeyCheck, Loaded, Lookup, SessionFound, ThrottleKeys,
};
use crate::revocation::Revocation;
use crate::session::{Session, SessionDigest, SessionKind, SessionLimits};
pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

/// Why a store did not do what it was asked.
#[derive(Debug, PartialEq, Eq)]
pub enum StoreError {
    /// It is missing, locked, full, damaged, outdated, … The text says what, and what to do; it never holds a secret.
    Unavailable(String),
    /// The account, authenticator or app password that was named is not there.
    NotFound,
    /// The name or id that was to be added is there already.
    Exists,
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable(what) => f.write_str(what),
            Self::NotFound => f.write_str("not found"),
            Self::Exists => f.write_str("exists already"),
        }
    }
}

impl std::error::Error for StoreError {}

/// What an operation returns.
pub type Result<T> = std::result::Result<T, StoreError>;

/// One claim.
pub struct Claim<'a> {
    /// Whose it is.
    pub holder: Holder<'a>,
    /// What may be used once and is claimed, if anything.
    pub what: Option<Claimable>,
    /// The session that is opened with it, if any.
    pub session: Option<&'a NewSession<'a>>,
    /// With something that may be used once: the code counters that must not be blocked when the claim is written;
    /// those of this network are then forgiven ([`CounterKind::Code`] and [`CounterKind::Password`], never
    /// [`CounterKind::CodeHour`]).
    pub throttle: &'a ThrottleKeys,
    /// Now.
    pub now: i64,
}

/// Who claims, as the decision saw him.
#[derive(Clone, Copy)]
pub enum Holder<'a> {
    /// An account, in this [`crate::account::Account::version`].
    Account {
        /// The account.
        uid: AccountUid,
        /// The version that the decision was made on.
        version: i64,
    },
    /// A name that has no record: another PAM module knows it. It has nothing that may be used once.
    NoRecord(&'a AccountName),
}

/// A session to be opened.
pub struct NewSession<'a> {
    /// What stands for its credential.
    pub digest: SessionDigest,
    /// How it is held.
    pub kind: SessionKind,
    /// Keyed digest of what was presented; none for [`SessionKind::Grace`].
    pub opening: Option<[u8; 16]>,
    /// What opened it, as the log names it.
    pub method: &'a str,
    /// From where; empty when the service gave no address.
    pub from: &'a str,
    /// The protocol; empty if none.
    pub protocol: &'a str,
    /// Whether it opens something at once; else only after [`Store::confirm_session`].
    pub confirmed: bool,
}

/// A panel session to be opened.
pub struct NewPanelSession<'a> {
    /// What stands for its cookie.
    pub digest: SessionDigest,
    /// What opened it, as the log names it.
    pub method: &'a str,
    /// The browser in words; empty when it said nothing.
    pub agent: &'a str,
    /// From where; empty when no address is known.
    pub from: &'a str,
    /// How long it may live.
    pub limits: SessionLimits,
    /// When its owner signed in; none: now. A session that takes the place of another is as old as that one.
    pub opened_at: Option<i64>,
    /// When its owner last showed a password or code; none: now.
    pub proved_at: Option<i64>,
}

/// How a claim ended.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// It is this attempt's alone.
    Yes,
    /// Another attempt had it before.
    Used,
    /// A code counter was blocked by the time.
    Blocked,
    /// The account changed (or was disabled or removed) since it was loaded.
    Changed,
    /// The session that was to be opened was seen before. Nothing was claimed.
    SessionSeen,
}

/// One failure to be counted.
pub struct Charge<'a> {
    /// Whose counters.
    pub throttle: &'a ThrottleKeys,
    /// Which counters move: [`CounterKind::Code`] and [`CounterKind::CodeHour`], or [`CounterKind::Password`] and
    /// (with a network) [`CounterKind::Network`].
    pub fault: Fault,
    /// Keyed digest of account, credential and, for codes, time step. Seen again while it is remembered, it counts once.
    pub digest: [u8; 16],
    /// For how many seconds the digest is remembered; seeing it again prolongs that.
    pub remember: i64,
    /// Whether it must survive a power cut (codes).
    pub durable: bool,
    /// Now.
    pub now: i64,
    /// The next value of a counter after one more failure.
    pub next: &'a dyn Fn(CounterKind, Counter) -> Counter,
}

/// What happened, for the activity list. Entries that differ only in time are folded into one per UTC day, with a count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// `accepted`, `refused`, or the name of an administrative change.
    pub event: String,
    /// The reason of a refusal.
    pub reason: String,
    /// What was presented.
    pub method: String,
    /// The mode.
    pub mode: String,
    /// The protocol; empty if none.
    pub protocol: String,
    /// The address; empty if none.
    pub address: String,
    /// Id of the app password or session, or index of the recovery code; empty if none.
    pub credential: String,
    /// Recovery codes left after one was used.
    pub codes_left: Option<u32>,
}

impl Activity {
    /// The event of a revoked app password, which the module and the administration both write.
    pub const APP_PASSWORD_REVOKED: &'static str = "app_password_revoked";
    /// The event of a changed primary password, which the module and the administration both write.
    pub const PASSWORD_CHANGED: &'static str = "password_changed";
    /// The event of a session that its webmail has ended.
    pub const SESSION_CLOSED: &'static str = "session_closed";
}

/// What a login used, to be remembered as its last use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// An app password; written once in [`crate::times::NOTE_INTERVAL`].
    AppPassword(AppPasswordId),
    /// A session; written once in `interval` seconds.
    Session {
        /// Which one.
        digest: SessionDigest,
        /// See [`crate::session::SessionLimits::renewal`].
        interval: i64,
    },
}

/// Which activity entries of an account are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// How many, the newest; 0 keeps none and writes none.
    pub entries: u32,
    /// Those whose last time is earlier go; none: age does not matter.
    pub since: Option<i64>,
}

impl Keep {
    /// By number alone.
    pub fn newest(entries: u32) -> Self {
        Self { entries, since: None }
    }
}

/// What is removed because its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Now.
    pub now: i64,
    /// Activity entries whose last time is earlier; none: age does not matter.
    pub activity_before: Option<i64>,
}

/// Rows that were removed because their time was over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Activity entries.
    pub activity: u64,
    /// Webmail sessions that nobody has used for so long that they are not even told apart any more.
    pub webmail_sessions: u64,
    /// Panel sessions that have expired.
    pub panel_sessions: u64,
    /// Counters of failures and what belongs to them.
    pub throttle: u64,
}

impl Tidied {
    /// All rows together.
    pub fn total(&self) -> u64 {
        self.activity + self.webmail_sessions + self.panel_sessions + self.throttle
    }
}

/// What a login leaves behind. Best effort: a store that cannot write it changes no answer.
pub struct Note<'a> {
    /// The account; none for a name without a record, of which only the use of its session can be noted.
    pub account: Option<AccountUid>,
    /// What happened.
    pub activity: &'a Activity,
    /// Which entries of the account are kept when this one is added.
    pub keep: Keep,
    /// The app password or session whose last use is now.
    pub used: Option<Used>,
    /// Counters of this network that a right password forgives ([`CounterKind::Password`] alone).
    pub forgive: Option<&'a ThrottleKeys>,
    /// Now.
    pub now: i64,
}

/// One folded line of the activity list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityEntry {
    /// The account's name.
    pub account: AccountName,
    /// What happened.
    pub activity: Activity,
    /// First time.
    pub first_at: i64,
    /// Last time.
    pub last_at: i64,
    /// How often.
    pub count: u64,
}

/// An account to be added.
pub struct NewAccount<'a> {
    /// Its identity, random.
    pub uid: AccountUid,
    /// Its name.
    pub name: &'a AccountName,
    /// PHC string of its primary password; none where another PAM module keeps it.
    pub password: Option<&'a str>,
}

/// A line of the list of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// Its identity.
    pub uid: AccountUid,
    /// Its name.
    pub name: AccountName,
    /// Whether anything opens it.
    pub enabled: bool,
    /// Whether it has a primary password here.
    pub has_password: bool,
    /// Whether 2FA is on.
    pub two_factor: bool,
    /// Whether an enrolment waits for its first code.
    pub pending: bool,
    /// What is set about requiring 2FA.
    pub requirements: Requirements,
    /// App passwords neither revoked nor expired.
    pub app_passwords: u32,
    /// Recovery codes left.
    pub recovery_codes: u32,
    /// When it was created.
    pub created_at: i64,
}

/// What others may know of an account: that it is there, and whether anything opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Its name.
    pub name: AccountName,
    /// Whether anything opens it. Mail for it is taken either way.
    pub enabled: bool,
}

/// How 2FA is reset.
#[derive(Clone, Copy, Debug)]
pub struct Reset<'a> {
    /// Which app passwords go with it.
    pub revoke: Revoke<'a>,
    /// Whether the account must turn 2FA on again before its password opens anything but the panel.
    pub enrol_again: bool,
}

/// Which app passwords are revoked.
#[derive(Clone, Copy, Debug)]
pub enum Revoke<'a> {
    /// None of them.
    Nothing,
    /// These.
    These(&'a [AppPasswordId]),
    /// All that are left.
    All,
}

/// Which accounts a report is about, and from when on what they did counts.
#[derive(Clone, Copy, Debug)]
pub struct ReportQuery<'a> {
    /// Those of this domain; none: all.
    pub domain: Option<&'a DomainName>,
    /// Sign-ins since then are looked at.
    pub since: i64,
}

/// What a report says of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Its name.
    pub name: AccountName,
    /// Whether anything opens it.
    pub enabled: bool,
    /// Whether 2FA is on.
    pub two_factor: bool,
    /// What is set about requiring it.
    pub requirements: Requirements,
    /// Its primary password.
    pub password: KeptPassword,
    /// What uses that password as a mail app does, or tries to; what was seen last first.
    pub devices: Vec<PasswordDevice>,
}

/// Who keeps a primary password, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptPassword {
    /// Another PAM module.
    Elsewhere,
    /// mailkey, as the hash that was imported.
    Imported,
    /// mailkey, as a hash of its own.
    Own,
}

/// A protocol and an address from which the primary password was used in client mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordDevice {
    /// The protocol; empty if none.
    pub protocol: String,
    /// The address; empty if none.
    pub address: String,
    /// Whether it was accepted; else it was refused because an app password or 2FA is needed.
    pub opens: bool,
    /// The last time.
    pub last_at: i64,
    /// How often, as the activity list counts.
    pub count: u64,
}

/// A domain to be renamed.
#[derive(Clone, Copy)]
pub struct RenameDomain<'a> {
    /// From this name.
    pub old: &'a DomainName,
    /// To this one.
    pub new: &'a DomainName,
    /// What is noted of each account; nothing where no activity is kept.
    pub note: Option<&'a Activity>,
    /// Whether it is only looked whether it can be done.
    pub dry: bool,
}

/// What renaming a domain means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainRename {
    /// Accounts that get another name.
    pub accounts: u64,
    /// Accounts, by name, at most [`Self::MOST_SHOWN`], for whose new names there is an account already, or whose new
    /// names would be too long.
    pub conflicts: Vec<AccountName>,
    /// Whether something else is set for the new domain, about requiring 2FA, than for the old one, which has something
    /// set.
    pub requirements_differ: bool,
}

impl DomainRename {
    /// Most accounts that are named as conflicts.
    pub const MOST_SHOWN: usize = 20;

    /// Whether it can be done.
    pub fn is_possible(&self) -> bool {
        self.conflicts.is_empty() && !self.requirements_differ
    }
}

/// An authenticator to be enrolled.
pub struct NewAuthenticator<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    /// The sealed secret.
    pub sealed: &'a Sealed,
    /// How codes are made.
    pub form: TotpForm,
}

/// What is made of one account, together with that of others: [`Store::make_together`].
pub struct BulkChange {
    /// Whose.
    pub target: BulkTarget,
    /// An authenticator, confirmed as it comes.
    pub authenticator: Option<BulkAuthenticator>,
    /// App passwords.
    pub app_passwords: Vec<AppPassword>,
    /// What is noted in the account's activity list.
    pub activities: Vec<Activity>,
}

/// Whose a [`BulkChange`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkTarget {
    /// An account that is added.
    New {
        /// Its identity, random.
        uid: AccountUid,
        /// Its name.
        name: AccountName,
        /// The stored hash of its primary password; none where another PAM module keeps it.
        password: Option<String>,
        /// Whether anything opens it.
        enabled: bool,
    },
    /// An account that is there, in this version.
    There {
        /// The account.
        uid: AccountUid,
        /// The version that the change was prepared on.
        version: i64,
    },
}

impl BulkTarget {
    /// The account's identity.
    pub fn uid(&self) -> AccountUid {
        match self {
            Self::New { uid, .. } | Self::There { uid, .. } => *uid,
        }
    }
}

/// An authenticator that was in use elsewhere.
pub struct BulkAuthenticator {
    /// What its owner calls it.
    pub name: String,
    /// The sealed secret.
    pub sealed: Sealed,
    /// How codes are made.
    pub form: TotpForm,
    /// The last time step (RFC 6238 T) that opens nothing.
    pub last_step: i64,
}

impl BulkChange {
    /// Whether something that opens the account now does not afterwards: its password alone, when 2FA is on.
    pub(crate) fn takes_something_away(&self) -> bool {
        self.authenticator.is_some() && matches!(self.target, BulkTarget::There { .. })
    }
}

/// How [`Store::make_together`] ended.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// Everything was made.
    Done,
    /// Nothing was made, because of the change with this index: its name or an id is taken, or its account is gone or
    /// has another version.
    Nothing(usize),
}

/// Which records stand on which key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// By the key's number.
    pub keys: BTreeMap<u32, KeyCount>,
    /// Primary passwords as another program hashed them, which stand on none.
    pub foreign_passwords: u64,
}

impl KeyUse {
    /// What stands on key `number`.
    pub fn of(&mut self, number: u32) -> &mut KeyCount {
        self.keys.entry(number).or_default()
    }
}

/// How many records stand on a key. Those that were revoked or used up are among them: what they were must be known, so
/// that they are told apart from what is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCount {
    /// TOTP secrets.
    pub totp_secrets: u64,
    /// Primary passwords.
    pub passwords: u64,
    /// App passwords.
    pub app_passwords: u64,
    /// Recovery codes.
    pub recovery_codes: u64,
}

impl KeyCount {
    /// All of them.
    pub fn total(self) -> u64 {
        self.totp_secrets + self.passwords + self.app_passwords + self.recovery_codes
    }
}

/// A sealed TOTP secret, and where it is.
pub struct SealedAt {
    /// Its place in the order of [`Store::sealed_with_other_keys`]; the second number is the authenticator's.
    pub place: (i64, i64),
    /// Whose.
    pub account: AccountUid,
    /// The account's name.
    pub name: AccountName,
    /// The secret.
    pub sealed: Sealed,
}

/// A TOTP secret sealed anew.
pub struct Reseal {
    /// Whose.
    pub account: AccountUid,
    /// The authenticator.
    pub number: i64,
    /// As it was.
    pub old: Sealed,
    /// As it is to be.
    pub new: Sealed,
}

/// A recovery code to be stored: its index and its PHC string.
pub type NewRecoveryCode = (RecoveryIndex, String);

/// What every store can do. The first five are the login path.
///
/// Each change that matters to a login raises the account's version, and each by exactly one: who knows the version
/// before his change knows the version after it, if nobody else made one meanwhile. So the panel, whose own session such
/// a change ends, opens the next one with `before + 1`.
pub trait Store: Send {
    /// Reads what one attempt needs, as one snapshot.
    fn load(&mut self, lookup: &Lookup<'_>) -> Result<Loaded>;

    /// Takes what may be used once. Durable.
    fn claim(&mut self, claim: &Claim<'_>) -> Result<Claimed>;

    /// Counts a failure; returns false when the same wrong credential had been counted before.
    fn charge(&mut self, charge: &Charge<'_>) -> Result<bool>;

    /// Writes last use and activity, and forgives. Not durable.
    fn note(&mut self, note: &Note<'_>) -> Result<()>;

    /// The keys that this store was used with, by number.
    fn key_checks(&mut self) -> Result<Vec<KeyCheck>>;

    /// Remembers a key, unless one with its number is remembered.
    fn add_key_check(&mut self, check: KeyCheck) -> Result<()>;

    /// Forgets a key; returns whether it was remembered. Durable.
    fn remove_key_check(&mut self, number: u32) -> Result<bool>;

    /// Counts the records that stand on each key. It reads all of them.
    fn key_use(&mut self) -> Result<KeyUse>;

    /// Up to `limit` TOTP secrets that are not sealed with `key`, and whose place comes after `after`.
    fn sealed_with_other_keys(&mut self, key: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<SealedAt>>;

    /// Replaces sealed secrets where they are still as they were; returns how many. Changes no version: it is the same
    /// secret. Durable.
    fn reseal(&mut self, secrets: &[Reseal]) -> Result<usize>;

    /// Replaces the hash `old` by `new` where it is still `old`; returns whether it was. Does not change the version.
    fn rehash(&mut self, account: AccountUid, of: HashOf, old: &str, new: &str) -> Result<bool>;

    /// Adds an account. [`StoreError::Exists`] when the name is taken. Sessions that the name had without a record end.
    fn add_account(&mut self, account: &NewAccount<'_>, now: i64) -> Result<()>;

    /// Makes all of `changes`, or nothing; `keep` as in [`Note::keep`]. Durable. The
    /// activities follow, best effort as by [`Self::note`].
    fn make_together(&mut self, changes: &[BulkChange], keep: Keep, now: i64) -> Result<Together>;

    /// Removes an account and everything that belongs to it.
    fn remove_account(&mut self, account: AccountUid) -> Result<()>;

    /// Enables or disables an account. Its sessions end, those of the panel too: so wherever sessions end here.
    fn set_enabled(&mut self, account: AccountUid, enabled: bool) -> Result<()>;

    /// Sets the PHC string of the primary password, where a version is named only if the account still has that one;
    /// returns whether it was set. Then the account's sessions end.
    fn set_password(&mut self, account: AccountUid, password: &str, version: Option<i64>) -> Result<bool>;

    /// Like [`Self::set_password`] in this version, and revokes every app password in the same breath; returns those that
    /// it revoked, and nothing where the account has another version.
    fn set_password_and_revoke(
        &mut self,
        account: AccountUid,
        password: &str,
        version: i64,
        now: i64,
    ) -> Result<Option<Vec<AppPasswordId>>>;

    /// Up to `limit` accounts whose names come after `after`, by name.
    fn accounts(&mut self, after: Option<&AccountName>, limit: u32, now: i64) -> Result<Vec<AccountSummary>>;

    /// One line of that list.
    fn summary(&mut self, name: &AccountName, now: i64) -> Result<Option<AccountSummary>>;

    /// Sets whether this account must have 2FA on, whatever is set for its domain; none: as its domain. No session ends
    /// by it: whether it still opens something is decided at each login.
    fn set_account_requirement(&mut self, account: AccountUid, requirement: Option<Requirement>) -> Result<()>;

    /// Sets the same for the accounts of a domain; none: as all. Returns what was set before.
    fn set_domain_requirement(
        &mut self,
        domain: &DomainName,
        requirement: Option<Requirement>,
    ) -> Result<Option<Requirement>>;

    /// Up to `limit` domains for which something is set and whose names come after `after`, by name.
    fn domain_requirements(&mut self, after: Option<&DomainName>, limit: u32)
    -> Result<Vec<(DomainName, Requirement)>>;

    /// Up to `limit` accounts for which something is set themselves, or whose 2FA was reset, and whose names come after
    /// `after`, by name.
    fn account_requirements(
        &mut self,
        after: Option<&AccountName>,
        limit: u32,
    ) -> Result<Vec<(AccountName, Requirements)>>;

    /// Like [`Self::accounts`], with what a mail server may know of each, and so quicker.
    fn recipients(&mut self, after: Option<&AccountName>, limit: u32) -> Result<Vec<Recipient>>;

    /// Starts an enrolment, in place of a pending one; returns the authenticator's id. 2FA is not on yet.
    fn begin_enrolment(&mut self, account: AccountUid, new: &NewAuthenticator<'_>, now: i64) -> Result<i64>;

    /// Confirms the pending enrolment `authenticator` with the step of its first code (which is thereby used) and sets
    /// the recovery codes (none: those that are there stay). The account's sessions end.
    /// [`StoreError::NotFound`] when that enrolment is not pending any more.
    fn confirm_enrolment(
        &mut self,
        account: AccountUid,
        authenticator: i64,
        step: i64,
        recovery_codes: &[NewRecoveryCode],
        now: i64,
    ) -> Result<()>;

    /// Drops the enrolment that is pending; returns whether there was one.
    fn cancel_enrolment(&mut self, account: AccountUid) -> Result<bool>;

    /// Removes a confirmed authenticator, unless it is the last one: then it returns false, and
    /// [`Self::end_two_factor`] is what removes it. The account's sessions end. [`StoreError::NotFound`] when there is
    /// no such confirmed one.
    fn remove_authenticator(&mut self, account: AccountUid, authenticator: i64) -> Result<bool>;

    /// Turns 2FA off: removes every authenticator, also a pending one, and every recovery code, and ends every session.
    fn end_two_factor(&mut self, account: AccountUid) -> Result<()>;

    /// Like [`Self::end_two_factor`], for somebody who has lost what she signed in with, in one breath with the app
    /// passwords that go; returns those that this revoked. [`StoreError::NotFound`] when one that was named is not there
    /// or was revoked before: then nothing is changed.
    fn reset_two_factor(&mut self, account: AccountUid, reset: &Reset<'_>, now: i64) -> Result<Vec<AppPasswordId>>;

    /// Gives an account another name; everything that belongs to it stays. Its sessions end, and those that the new name
    /// had without a record. [`StoreError::Exists`] when the name is taken.
    fn rename_account(&mut self, account: AccountUid, new: &AccountName) -> Result<()>;

    /// Gives all accounts of a domain the same names in another one, and what is set for the domain with them, in one
    /// step; where that is not possible, or it is a `dry` run,
    /// nothing is changed. As if each were renamed alone.
    fn rename_domain(&mut self, rename: &RenameDomain<'_>, now: i64) -> Result<DomainRename>;

    /// Up to `limit` accounts whose names come after `after`, by name, with what the report says of each.
    fn report(&mut self, query: &ReportQuery<'_>, after: Option<&AccountName>, limit: u32) -> Result<Vec<ReportRow>>;

    /// Replaces the set of recovery codes; with `version`, only while the account has this one ([`StoreError::NotFound`]
    /// else). The account's sessions end.
    fn replace_recovery_codes(
        &mut self,
        account: AccountUid,
        version: Option<i64>,
        codes: &[NewRecoveryCode],
    ) -> Result<()>;

    /// Adds an app password; with `version`, only while the account has this one ([`StoreError::NotFound`] else).
    /// [`StoreError::Exists`] when the account has (or had) one with this id.
    fn add_app_password(&mut self, account: AccountUid, version: Option<i64>, new: &AppPassword) -> Result<()>;

    /// The account's app passwords, revoked ones included, oldest first.
    fn app_passwords(&mut self, account: AccountUid) -> Result<Vec<AppPassword>>;

    /// Revokes one app password, or all of them; returns those that this call revoked. One that is not there (any more)
    /// is [`StoreError::NotFound`].
    fn revoke_app_passwords(
        &mut self,
        account: AccountUid,
        id: Option<AppPasswordId>,
        now: i64,
    ) -> Result<Vec<AppPasswordId>>;

    /// Confirms a session that was opened unconfirmed; returns false when it was ended meanwhile. Durable.
    fn confirm_session(&mut self, digest: SessionDigest) -> Result<bool>;

    /// The sessions of a name that were not ended, newest first; also of a name without a record. Those that have
    /// expired are among them.
    fn sessions(&mut self, name: &AccountName) -> Result<Vec<Session>>;

    /// Ends one session of a name, or all of them; returns those that this call ended. Durable.
    fn end_sessions(&mut self, name: &AccountName, digest: Option<SessionDigest>) -> Result<Vec<SessionDigest>>;

    /// Opens a panel session, if the account is enabled and still has this version; returns whether it did. The account's
    /// expired ones go, and where there are too many the one that was not used for the longest time. Durable.
    fn open_panel_session(
        &mut self,
        account: AccountUid,
        version: i64,
        new: &NewPanelSession<'_>,
        now: i64,
    ) -> Result<bool>;

    /// The panel session with this digest, whoever's it is, if it was not ended; whether it has expired the caller sees.
    fn panel_session(&mut self, digest: SessionDigest) -> Result<Option<PanelSessionFound>>;

    /// Writes the use of a panel session where [`PanelSession::use_is_due`]. Not durable.
    fn touch_panel_session(&mut self, digest: SessionDigest, from: &str, now: i64) -> Result<()>;

    /// The owner of a panel session has shown a code or password: from now on `new` stands for it, and `old` for
    /// nothing. Returns false, and changes nothing, where it was ended or is another account's. Durable.
    fn prove_panel_session(
        &mut self,
        account: AccountUid,
        old: SessionDigest,
        new: SessionDigest,
        now: i64,
    ) -> Result<bool>;

    /// The panel sessions of a name that were not ended, newest first. Those that have expired may be among them.
    fn panel_sessions(&mut self, name: &AccountName) -> Result<Vec<PanelSession>>;

    /// Ends panel sessions of a name; returns those that this call ended. Durable.
    fn end_panel_sessions(&mut self, name: &AccountName, which: PanelSessions) -> Result<Vec<SessionDigest>>;

    /// Removes some of what has expired, in one short transaction; nothing where nothing has. To be called again until
    /// it removes nothing.
    fn tidy(&mut self, stale: &Stale) -> Result<Tidied>;

    /// From now on, changes made with this handle that take something away (an app password or a session that is revoked,
    /// and whatever ends sessions) queue the account's name for the hook, within the same change. Off at first: a webmail
    /// that signs somebody out ends no phone's connection.
    fn queue_revocations(&mut self, on: bool);

    /// Up to `limit` names that wait for the hook, in the order in which they were first queued.
    fn revocations(&mut self, limit: u32) -> Result<Vec<Revocation>>;

    /// Takes the name that is due first, if one is; it is due again at `until`, should nobody say what became of it.
    fn take_revocation(&mut self, now: i64, until: i64) -> Result<Option<Revocation>>;

    /// The hook has done its work for what was taken; returns false, and leaves it there, where the name was queued
    /// again meanwhile.
    fn end_revocation(&mut self, taken: &Revocation) -> Result<bool>;

    /// The hook has failed for what was taken; returns false, and changes nothing, where the name was queued again
    /// meanwhile.
    fn put_revocation_off(&mut self, taken: &Revocation, error: &str, next_try: i64) -> Result<bool>;

    /// The newest `limit` activity entries of one account or of all, newest first.
    fn activity(&mut self, account: Option<AccountUid>, limit: u32) -> Result<Vec<ActivityEntry>>;

    /// Queues a notice; returns false, and queues nothing, where its owner wants none, where one like it was queued
    /// within [`crate::notice::NoticeKind::silence`], or where there were too many today. Not durable.
    fn queue_notice(&mut self, new: &NewNotice<'_>) -> Result<bool>;

    /// Remembers a network ([`crate::notice::familiar_network`]) that somebody signed in from; returns whether it is new,
    /// while others are known. Writes at most once a day and network. Not durable.
    fn meet_network(&mut self, account: AccountUid, network: &str, now: i64) -> Result<bool>;

    /// Up to `limit` notices that wait to be sent at `now`, those that wait the longest first.
    fn notices_due(&mut self, now: i64, limit: u32) -> Result<Vec<Notice>>;

    /// Says what became of a notice; returns false where it was settled before. Those that were settled long ago go.
    fn settle_notice(&mut self, id: i64, settled: Settled<'_>, now: i64) -> Result<bool>;

    /// How the account's owner wants to be told.
    fn notice_settings(&mut self, account: AccountUid) -> Result<NoticeSettings>;

    /// Sets that. Does not change the version.
    fn set_notice_settings(&mut self, account: AccountUid, new: &NoticeSettings) -> Result<()>;
}

/// Opens the store at `path` for logins and administration. Nothing is created or migrated.
pub fn open(path: &Path, busy_timeout: std::time::Duration) -> Result<SqliteStore> {
    SqliteStore::open(path, busy_timeout)
}
