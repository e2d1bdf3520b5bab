//! What the command and the panel ask of a store, and what it answers.

use std::collections::BTreeMap;

use super::Activity;
use crate::account::{
    AccountName, AccountUid, AppPassword, AppPasswordId, DomainName, RecoveryIndex, Requirement, Requirements, Sealed,
    TotpForm,
};
use crate::invitation::Invitation;
use crate::session::{SessionDigest, SessionLimits};

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
    /// Invitations to turn 2FA on that have expired so long ago that nobody is told so any more.
    pub invitations: u64,
    /// Counters of failures and what belongs to them.
    pub throttle: u64,
}

impl Tidied {
    /// All rows together.
    pub fn total(&self) -> u64 {
        self.activity + self.webmail_sessions + self.panel_sessions + self.invitations + self.throttle
    }
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
    /// When its invitation to turn 2FA on expires, if it has one; it may have expired.
    pub invited_until: Option<i64>,
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

/// Whose own passwords open no mail (any more): accounts without 2FA of which it is required, or which may not use them in
/// mail apps at all.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    /// Which accounts.
    pub among: Among<'a>,
    /// What is required of these, where nothing is set that counts before.
    pub required: Requirement,
    /// Only those of which 2FA has been required since after that time, by a date.
    pub after: Option<i64>,
    /// Whether mail apps may use the password of an account without 2FA.
    pub client_primary_password: bool,
    /// Only those that signed in with it since then, in a way that is now refused; none: all.
    pub since: Option<i64>,
    /// Now; for a date that lies ahead, that date.
    pub now: i64,
}

/// Which accounts.
#[derive(Clone, Copy, Debug)]
pub enum Among<'a> {
    /// All.
    All,
    /// Those of a domain.
    Domain(&'a DomainName),
    /// This one.
    Account(AccountUid),
}

/// How 2FA is reset.
#[derive(Clone, Copy, Debug)]
pub struct Reset<'a> {
    /// Which app passwords go with it.
    pub revoke: Revoke<'a>,
    /// Whether the account must turn 2FA on again before its password opens anything but the panel.
    pub enrol_again: bool,
    /// With which invitation, in place of a former one; none: such a one stays.
    pub invitation: Option<Invitation>,
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
    /// When its invitation to turn 2FA on expires, if it has one; it may have expired.
    pub invited_until: Option<i64>,
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

/// What failures of a name are counted under: [`crate::record::ThrottleKeys::subject`].
pub type SubjectOf<'a> = &'a dyn Fn(&AccountName) -> [u8; 16];

/// A domain to be renamed.
#[derive(Clone, Copy)]
pub struct RenameDomain<'a> {
    /// From this name.
    pub old: &'a DomainName,
    /// To this one.
    pub new: &'a DomainName,
    /// What is noted of each account; nothing where no activity is kept.
    pub note: Option<&'a Activity>,
    /// What failures are counted under: counters go along.
    pub subject: SubjectOf<'a>,
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

/// What is made of one account, together with that of others: [`super::Store::make_together`].
pub struct BulkChange {
    /// Whose.
    pub target: BulkTarget,
    /// An authenticator, confirmed as it comes.
    pub authenticator: Option<BulkAuthenticator>,
    /// App passwords.
    pub app_passwords: Vec<AppPassword>,
    /// An invitation to turn 2FA on, as by [`super::Store::set_invitation`].
    pub invitation: Option<Invitation>,
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

/// How [`super::Store::make_together`] ended.
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
    /// Its place in the order of [`super::Store::sealed_with_other_keys`]; the second number is the authenticator's.
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
