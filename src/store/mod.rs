//! The store: what is remembered between logins, behind a small set of named, synchronous operations.
//!
//! `sqlite` keeps it in one file; `memory` keeps it nowhere (tests). Callers never see which. The stored format is
//! described field by field in [`sql`].
//!
//! Errors: a store that cannot answer returns [`StoreError::Unavailable`]; that is never "no such account". Time is
//! always an argument, in seconds since the Unix epoch.
//!
//! Security: a claim (a TOTP time step, a recovery code, the opening of a session) is a compare-and-set in one
//! transaction, so that of any number of simultaneous claims exactly one succeeds. Claims, charged code failures and every
//! administrative change survive a power cut when the operation has returned.

mod administration;
#[cfg(test)]
mod contract;
#[cfg(feature = "admin")]
pub mod copy;
mod login;
mod memory;
mod place;
#[cfg(feature = "postgres")]
pub mod postgres;
mod replica;
mod rules;
pub mod sql;
pub mod sqlite;

use std::path::Path;

use crate::account::{AccountName, AccountUid, AppPassword, AppPasswordId, DomainName, Requirement, Requirements};
use crate::invitation::{Invitation, InvitationFault, Shown};
use crate::node::Node;
use crate::notice::{NewNotice, Notice, NoticeSettings, Settled};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
pub use crate::record::{
    Claimable, Counter, CounterKind, Counters, Fault, HashOf, KeyCheck, Loaded, Lookup, SessionFound, ThrottleKeys,
};
use crate::revocation::Revocation;
use crate::session::{Session, SessionDigest};
pub use administration::{
    AccountSummary, Among, BulkAuthenticator, BulkChange, BulkTarget, DomainRename, KeptPassword, KeyCount, KeyUse,
    NewAccount, NewAuthenticator, NewPanelSession, NewRecoveryCode, PasswordDevice, Recipient, Refusal, RenameDomain,
    ReportQuery, ReportRow, Reseal, Reset, Revoke, SealedAt, Stale, SubjectOf, Tidied, Together,
};
pub use login::{Activity, ActivityEntry, Charge, Claim, Claimed, Holder, Keep, NewSession, Note, Used};
pub use memory::MemoryStore;
#[cfg(feature = "admin")]
pub use place::open_patiently;
#[cfg(feature = "postgres")]
pub use place::survey;
pub use place::{OpenStore, Place, create_or_migrate, open, open_later};
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
pub use replica::{Copied, Replica, ReplicaRules};
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
    /// by it: whether it still opens something is decided at each login. With `bites`, and where revocations are queued,
    /// the accounts that are then refused are queued for the hook, within the same change.
    fn set_account_requirement(
        &mut self,
        account: AccountUid,
        requirement: Option<Requirement>,
        bites: Option<&Refusal<'_>>,
    ) -> Result<()>;

    /// Sets the same for the accounts of a domain; none: as all. Returns what was set before.
    fn set_domain_requirement(
        &mut self,
        domain: &DomainName,
        requirement: Option<Requirement>,
        bites: Option<&Refusal<'_>>,
    ) -> Result<Option<Requirement>>;

    /// Counts the accounts that are refused. It reads all accounts that are meant, and their activity.
    fn refused(&mut self, refusal: &Refusal<'_>) -> Result<u64>;

    /// Queues these for the hook, where revocations are queued; returns how many. With [`Refusal::after`] it is cheap where
    /// no date has come since.
    fn queue_refused(&mut self, refusal: &Refusal<'_>) -> Result<u64>;

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
    /// the recovery codes (none: those that are there stay). The account's sessions end, and so does its invitation.
    /// [`StoreError::NotFound`] when that enrolment is not pending any more.
    fn confirm_enrolment(
        &mut self,
        account: AccountUid,
        authenticator: i64,
        step: i64,
        recovery_codes: &[NewRecoveryCode],
        now: i64,
    ) -> Result<()>;

    /// Like [`Self::confirm_enrolment`], for the account's owner: the one that turns 2FA on needs what `shown` says. That
    /// is judged, and the invitation used up, in the same transaction, so that of any number of simultaneous ones exactly
    /// one succeeds, and none with an invitation that was revoked or replaced meanwhile. Else nothing is changed.
    fn confirm_own_enrolment(
        &mut self,
        account: AccountUid,
        authenticator: i64,
        step: i64,
        recovery_codes: &[NewRecoveryCode],
        shown: &Shown,
        now: i64,
    ) -> Result<std::result::Result<(), InvitationFault>>;

    /// The account's invitation to turn 2FA on, also one that has expired.
    fn invitation(&mut self, account: AccountUid) -> Result<Option<Invitation>>;

    /// Invites the account's owner to turn 2FA on, in place of a former invitation; returns false, and changes nothing,
    /// where 2FA is on. Durable.
    fn set_invitation(&mut self, account: AccountUid, new: &Invitation) -> Result<bool>;

    /// Revokes the account's invitation; returns whether there was one. Durable.
    fn remove_invitation(&mut self, account: AccountUid) -> Result<bool>;

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

    /// Gives an account another name; everything that belongs to it stays, and so do pauses: what was counted under the old
    /// name counts under the new one, where that had counters of its own the worse of both. Its sessions end, and those
    /// that the new name had without a record. [`StoreError::Exists`] when the name is taken.
    fn rename_account(&mut self, account: AccountUid, new: &AccountName, subject: SubjectOf<'_>) -> Result<()>;

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

    /// Whoever runs the hook on this machine looks for a sign beside `database` ([`crate::revocation::wake`]): it is given
    /// whenever a change made with this handle has queued a name. A store in a file needs no word of it.
    fn wake_beside(&mut self, database: &Path);

    /// Up to `limit` names that wait for the hook, in the order in which they were first queued, for each node.
    fn revocations(&mut self, limit: u32) -> Result<Vec<Revocation>>;

    /// Takes the name that is due first, if one is; it is due again at `until`, should nobody say what became of it. With
    /// the name of a `node`, one of that node's own: what was queued since is then given to every node that is known, and
    /// to this one.
    fn take_revocation(&mut self, node: Option<&str>, now: i64, until: i64) -> Result<Option<Revocation>>;

    /// The hook has done its work for what was taken; returns false, and leaves it there, where the name was queued
    /// again meanwhile.
    fn end_revocation(&mut self, taken: &Revocation) -> Result<bool>;

    /// The hook has failed for what was taken; returns false, and changes nothing, where the name was queued again
    /// meanwhile.
    fn put_revocation_off(&mut self, taken: &Revocation, error: &str, next_try: i64) -> Result<bool>;

    /// This node is there; writes where [`Node::is_news_to`] what is known of it. Those that were not seen for
    /// [`crate::node::FORGOTTEN`] go, and what waits for them. [`StoreError::Exists`], and nothing is written, where another
    /// machine has its name ([`Node::is_a_rival_of`]).
    fn see_node(&mut self, node: &Node) -> Result<()>;

    /// The nodes that are known, by name.
    fn nodes(&mut self) -> Result<Vec<Node>>;

    /// Forgets a node, and what waits for it; returns whether it was known. Durable.
    fn forget_node(&mut self, name: &str) -> Result<bool>;

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

    /// Takes the notice that waits the longest, if one is due; it is due again at `until`, should nobody say what became of
    /// it. So of any number who take at the same time each gets another one.
    fn take_notice(&mut self, now: i64, until: i64) -> Result<Option<Notice>>;

    /// Says what became of a notice; returns false where it was settled before. Those that were settled long ago go.
    fn settle_notice(&mut self, id: i64, settled: Settled<'_>, now: i64) -> Result<bool>;

    /// How the account's owner wants to be told.
    fn notice_settings(&mut self, account: AccountUid) -> Result<NoticeSettings>;

    /// Sets that. Does not change the version.
    fn set_notice_settings(&mut self, account: AccountUid, new: &NoticeSettings) -> Result<()>;
}
