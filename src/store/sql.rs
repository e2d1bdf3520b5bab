//! The store on an SQL engine: what is stored, and the operations, once for all engines.
//!
//! An engine ([`super::sqlite`]) gives transactions; what happens in them stands here. A transaction that reads sees one
//! snapshot; one that writes behaves as if it were alone (SQLite: the write lock is taken before anything is read), so the
//! operations look first and write then, and need no locks of their own.
//!
//! # The stored format: schema 8
//!
//! Times are seconds since the Unix epoch (UTC). "none" is NULL. Tables are STRICT; those whose key is not a number are
//! WITHOUT ROWID.
//!
//! **An account's rows are tied together by `account.id`**, an integer that is never used again (AUTOINCREMENT), with
//! ON DELETE CASCADE: a name that is created again finds nothing of the former account's. It is not the random
//! identity itself, because that would make every row 15 bytes longer and scatter the accounts over the whole file; the
//! random identity is bound into every hash and sealed secret instead, so a row carried to another account opens nothing.
//!
//! `account`
//!
//! | field | meaning |
//! |---|---|
//! | id | key of the account in the other tables |
//! | uid | 16 random bytes, the immutable identity; unique |
//! | name | normalised name; unique |
//! | enabled | 0: nothing opens it; 1 |
//! | version | begins at 1, grows with every change that matters to a login |
//! | password | Argon2id PHC string of the primary password; or `{CRYPT}` or `{ARGON2ID}` and a hash that another program made ([`crate::credential::foreign`]), until its first success; none where another PAM module keeps it |
//! | authenticators_made | number of the last authenticator that was enrolled |
//! | created_at | when it was added |
//! | require_2fa | whether it must have 2FA on: -1 never, 0 now, else from that time on; none: as its domain |
//! | enrol_again | 1: its 2FA was reset, and until it is on again it is required, whatever else is set; 0 |
//! | notices | 1: notices are sent; 0 |
//! | notify_address | a second address for them; none: the mailbox alone |
//! | language | of the notices (BCP 47); none: the site's |
//!
//! `domain`: domains for whose accounts something is set
//!
//! | field | meaning |
//! |---|---|
//! | name | key: the domain, lower-case, without `@` |
//! | require_2fa | as in `account`, for the accounts that have none set; for names without a record, too |
//!
//! `authenticator`: one row per TOTP authenticator; an account with a confirmed one has 2FA on
//!
//! | field | meaning |
//! |---|---|
//! | account, number | key; numbers count from 1 within the account and are never used again |
//! | name | what its owner calls it |
//! | key | number of the key (of the key file) that sealed the secret |
//! | sealed | 24 bytes of nonce, then XChaCha20-Poly1305 ciphertext and tag |
//! | algorithm | `SHA1`, `SHA256`, `SHA512` |
//! | digits | 6 or 8 |
//! | period | length of a time step in seconds |
//! | created_at | when the enrolment began |
//! | confirmed_at | when its first code was right; none: pending (at most one per account) |
//! | last_step | last time step (RFC 6238 T) that was accepted; only later ones are |
//!
//! `invitation`: what an administrator wants to see before 2FA is turned on in the panel; at most one of an account
//!
//! | field | meaning |
//! |---|---|
//! | account | key |
//! | digest | SHA-256 of the account's uid and of the 80 random bits in the code (32 bytes): [`crate::credential::invitation`] |
//! | created_at | when it was made |
//! | expires_at | from then on it counts no more; 45 days later the row may go |
//!
//! `recovery_code`: the account's current set
//!
//! | field | meaning |
//! |---|---|
//! | account, code | key; `code` is the first two symbols of the code |
//! | hash | Argon2id PHC string of the rest |
//! | used_at | when it was used; none: not yet |
//!
//! `app_password`: those in force, and the 50 of each account that were revoked last
//!
//! | field | meaning |
//! |---|---|
//! | account, id | key; `id` is the first four symbols, shown in lists and logs |
//! | name | what its owner calls it |
//! | hash | Argon2id PHC string of the rest |
//! | protocols | sum of imap 1, pop3 2, smtp 4, sieve 8 |
//! | networks | CIDRs separated by commas; none: from everywhere (an empty text is an error) |
//! | created_at | when it was made |
//! | expires_at | from then on it opens nothing; none: never |
//! | revoked_at | from then on it opens nothing; none: not revoked |
//! | used_at, used_from, used_protocol | last use, to the minute: when, address (empty if none), protocol; all none: never used |
//!
//! `session`: webmail sessions, and those that ended or expired within the last 45 days; at most 100 of an account
//!
//! | field | meaning |
//! |---|---|
//! | digest | key, 32 bytes. Kind 1: SHA-256 of the session credential. Kind 2: keyed digest of the account's name and of the password and code that opened it |
//! | kind | 1 exchange, 2 grace |
//! | account | whose; none for a name without a record |
//! | name | whose, where `account` is none |
//! | opening | kind 1, until it is used half a minute later: keyed digest of everything that was presented to open it (16 bytes), so that the same again is known; else none |
//! | method | what opened it: `password`, `totp`, `recovery_code` |
//! | opened_at, opened_from | when, and from which address (empty if none) |
//! | used_at, used_from, used_protocol | last use, to the minute (closer where the idle limit is short): when, address, protocol (empty if none) |
//! | confirmed | 1: the whole sign-in was accepted; 0: not yet (another PAM module keeps the password, and the account line has not run): it opens nothing |
//! | ended | 1: signed out, revoked, or the account changed; 0 |
//!
//! `session_seen`: every session credential that ever opened a session. None opens another one, so that a session
//! cannot be set up for somebody else. One row of about 30 bytes for each sign-in to the webmail, never removed.
//!
//! | field | meaning |
//! |---|---|
//! | digest | first 16 bytes of the credential's digest (kind 1 only: what is kept for ever may not help to guess a password) |
//!
//! `panel_session`: sessions of the panel; at most 20 of an account. One that ends is removed. One whose `version` is not
//! its account's has ended, too: code of schema 2, which goes on with this schema, raises the version and knows nothing
//! of these sessions.
//!
//! | field | meaning |
//! |---|---|
//! | digest | key: SHA-256 of the 256 random bits in the cookie (32 bytes) |
//! | account | whose |
//! | version | `account.version` that it stands on; a change that ends no session moves it on |
//! | method | what opened it: `password`, `totp`, `recovery_code` |
//! | agent | the browser in words; empty if it said nothing |
//! | opened_at, opened_from | when, and from which address (empty if none) |
//! | proved_at | when a password or code was last shown: at the sign-in or at a step up since, which changes the digest |
//! | used_at, used_from | last use, to the minute (closer where `idle` is short): when, and from which address |
//! | idle, absolute | seconds after the last use, and after it was opened, at which it expires; as the panel had it set when it was opened |
//!
//! `notice`: what people are told by mail; those that were sent go 45 days later
//!
//! | field | meaning |
//! |---|---|
//! | id | key, never used again |
//! | account | whose account it is about |
//! | kind | name of a [`NoticeKind`](crate::notice::NoticeKind) |
//! | at | when it happened |
//! | address, mode | from where, and through which door; empty if unknown |
//! | subject | what it is about, as its owner calls it; empty if that has no name |
//! | codes_left | recovery codes left; none: it is not about them |
//! | tries, next_try, error | how often it could not be sent, when it is due, and why it was not sent the last time |
//! | settled_at | when it was handed to the mail system, or given up; none: it waits |
//!
//! `known_network`: from where people sign in to webmail and panel; at most 50 of an account
//!
//! | field | meaning |
//! |---|---|
//! | account, network | key; the /24 of an IPv4 address, the /48 of an IPv6 address |
//! | last_at | last sign-in from there, to the day; half a year later it is new again |
//!
//! `compatibility`: one row, which says whose code may use this file (see above)
//!
//! | field | meaning |
//! |---|---|
//! | oldest | the oldest schema whose code may go on with this file: 2 |
//!
//! `revocation`: names that wait for the revocation hook, or, where nodes share the store, for whoever hands them out to all
//! nodes; empty where no hook is configured
//!
//! | field | meaning |
//! |---|---|
//! | id | key; in the order in which names were first queued |
//! | name | the account's name when it was queued; unique. The account may be gone |
//! | times | how often it was queued: who has done the work removes the row only where this is what he had read |
//! | tries | tries that failed |
//! | next_try | when it is due; 0: at once; 1: at once, after those with 0 |
//! | error | why the last try failed; none: none did |
//!
//! `node`: the nodes that share the store; empty where it is a file
//!
//! | field | meaning |
//! |---|---|
//! | name | key: the host's name, or the setting `node` |
//! | machine | what tells machines with the same name apart: a digest of /etc/machine-id; empty: unknown |
//! | version | the version of mailkey there; empty: it has not said |
//! | keys | the numbers of the keys that it has, separated by commas |
//! | clock_off | milliseconds by which its clock is ahead of the server's; none: not measured |
//! | seen_at | when it was last seen, to the minute, by the server's clock; 7 days later it is forgotten |
//!
//! `node_revocation`: names that wait for the revocation hook of one node
//!
//! | field | meaning |
//! |---|---|
//! | node, name | key |
//! | queued | the `id` that it had in `revocation`, from where it was moved |
//! | times, tries, next_try, error | as in `revocation` |
//!
//! `throttle`: counters of failures
//!
//! | field | meaning |
//! |---|---|
//! | kind | 1 wrong codes of an account from a network, 2 of an account within the hour, 3 wrong passwords of an account from a network, 4 accounts that a network failed to open within the hour |
//! | subject | keyed digest of the account's name (16 bytes; it need not exist); zeroes for kind 4 |
//! | network | IPv4 address or IPv6 /64; empty for kind 2, and where the service gives none |
//! | failures | failures counted |
//! | since | when the current window began |
//! | last_at | when the last failure was counted |
//! | blocked_until | until then attempts are refused |
//! | expires_at | a day after last_at, or blocked_until if that is later; then the row may go |
//!
//! `seen_wrong`: wrong credentials that were counted and are not counted again
//!
//! | field | meaning |
//! |---|---|
//! | digest | keyed digest of account, credential and, for codes, time step (16 bytes) |
//! | expires_at | until then it is remembered |
//!
//! `tried`: which accounts a network failed to open
//!
//! | field | meaning |
//! |---|---|
//! | network, subject | key; as in `throttle` |
//! | expires_at | an hour after the pair was counted; until then it is not counted again |
//!
//! `key_check`: the keys that this database was used with
//!
//! | field | meaning |
//! |---|---|
//! | number | number of a key in the key file |
//! | digest | what that key derives for the label `mailkey check` (first 16 bytes): another key under this number is noticed |
//!
//! `activity`: what happened, for people
//!
//! | field | meaning |
//! |---|---|
//! | id | key |
//! | account | whose |
//! | event, reason, method, mode, protocol, address, credential | as in [`Activity`](super::Activity); never a secret |
//! | codes_left | recovery codes left after this one was used; none: no recovery code was |
//! | first_at, last_at | first and last time on one UTC day |
//! | count | how often on that day; an accepted login is counted once a minute |

mod activity;
pub(super) mod admin;
mod bulk;
pub(super) mod database;
mod decode;
mod error;
#[cfg(feature = "postgres")]
pub(super) mod glance;
mod invitation;
mod keys;
mod login;
mod node;
mod notice;
mod panel;
mod refusal;
mod rename;
mod report;
mod requirement;
mod revocation;
mod session;
pub(super) mod throttle;
mod tidy;

use std::path::{Path, PathBuf};

use super::sqlite::SCHEMA_VERSION;
use super::{
    AccountSummary, ActivityEntry, BulkChange, Charge, Claim, Claimed, DomainRename, HashOf, Keep, KeyCheck, KeyUse,
    Loaded, Lookup, NewAccount, NewAuthenticator, NewPanelSession, NewRecoveryCode, Note, Recipient, Refusal,
    RenameDomain, ReportQuery, ReportRow, Reseal, Reset, Result, SealedAt, Stale, Store, StoreError, SubjectOf, Tidied,
    Together,
};
use crate::account::{AccountName, AccountUid, AppPassword, AppPasswordId, DomainName, Requirement, Requirements};
use crate::invitation::{Invitation, InvitationFault, Shown};
use crate::node::Node;
use crate::notice::{NewNotice, Notice, NoticeSettings, Settled};
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};
use crate::revocation::{Revocation, wake};
use crate::session::{Session, SessionDigest};
use database::Database;
pub(super) use error::{Failure, Outcome};
use revocation::Whose;

/// An SQL engine, with a database that is open.
pub(super) trait Engine: Send {
    /// Works on one snapshot. `work` must not write.
    fn read<T>(&mut self, work: impl FnMut(&dyn Database) -> Outcome<T>) -> Result<T>;

    /// Works as if nobody else did; what `work` did is kept only if it succeeds. It may be called again, from the
    /// beginning, where the engine asks for that.
    fn write<T>(&mut self, durability: Durability, work: impl FnMut(&dyn Database) -> Outcome<T>) -> Result<T>;

    /// See [`Store::load`].
    fn load(&mut self, lookup: &Lookup<'_>) -> Result<Loaded> {
        self.read(|db| login::load(db, lookup))
    }

    /// Whether a note has anything to write. Most logins come within a minute of one like them.
    fn is_due(&mut self, note: &Note<'_>) -> Result<bool> {
        self.read(|db| Ok(activity::due(db, note)?.any()))
    }

    /// Makes ready for very many changes in one transaction, or for few again.
    fn expect_many(&mut self, many: bool) -> Result<()>;
}

/// What a commit survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    /// The end of the process. The last commits may be missing after a power cut.
    Normal,
    /// A power cut.
    Full,
}

/// What a database must be, so that a handle is for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Complete: of this schema, or of a newer one that allows it.
    Complete,
    /// A copy of this schema that is not complete ([`super::copy`]), which nobody else uses.
    #[cfg(feature = "admin")]
    Unfinished,
}

impl Standing {
    /// The number that such a database of this schema says it has.
    pub(super) fn schema(self) -> i64 {
        match self {
            Self::Complete => SCHEMA_VERSION.into(),
            #[cfg(feature = "admin")]
            Self::Unfinished => -i64::from(SCHEMA_VERSION),
        }
    }
}

/// What is wrong with a copy that is not complete, after the database's name.
pub(super) const UNFINISHED: &str =
    "is a copy that is not complete; complete it (`mailkey store copy`), or name the database that it is a copy of";

/// A store on an SQL engine.
pub struct SqlStore<E> {
    pub(super) engine: E,
    queues_revocations: bool,
    has_queued: bool,
    /// Beside what whoever runs the hook looks for a sign.
    pub(super) wake_beside: Option<PathBuf>,
}

#[expect(private_bounds, reason = "which engines there are is this module's business")]
impl<E: Engine> SqlStore<E> {
    pub(super) fn on(engine: E) -> Self {
        Self { engine, queues_revocations: false, has_queued: false, wake_beside: None }
    }

    /// A change that takes something away, where it `took` something: then the name is queued for the hook with it, if
    /// revocations are queued here.
    fn revoke<T>(
        &mut self,
        whose: Whose<'_>,
        took: impl Fn(&T) -> bool,
        mut work: impl FnMut(&dyn Database) -> Outcome<T>,
    ) -> Result<T> {
        let queues = self.queues_revocations;
        let (done, queued) = self.engine.write(Durability::Full, |db| {
            let name = if queues { whose.name(db)? } else { None };
            let done = work(db)?;
            match name.filter(|_| took(&done)) {
                Some(name) => revocation::queue(db, &name).map(|()| (done, true)),
                None => Ok((done, false)),
            }
        })?;
        if queued {
            self.wake_hook();
        }
        Ok(done)
    }

    /// A change after which the accounts of `bites` are refused: they are queued for the hook with it, if revocations are
    /// queued here. Returns how many.
    fn refuse<T>(
        &mut self,
        bites: Option<&Refusal<'_>>,
        mut work: impl FnMut(&dyn Database) -> Outcome<T>,
    ) -> Result<(T, u64)> {
        let bites = bites.filter(|_| self.queues_revocations);
        let (done, queued) = self.engine.write(Durability::Full, |db| {
            let done = work(db)?;
            let queued = bites.map_or(Ok(0), |refusal| refusal::queue(db, refusal))?;
            Ok((done, queued))
        })?;
        if queued > 0 {
            self.wake_hook();
        }
        Ok((done, queued))
    }

    /// A name was queued: whoever runs the hook is told so.
    fn wake_hook(&mut self) {
        self.has_queued = true;
        if let Some(database) = &self.wake_beside {
            wake(database);
        }
    }
}

impl<E> SqlStore<E> {
    /// Whether a change made with this handle has queued a name for the hook.
    pub fn has_queued_revocations(&self) -> bool {
        self.has_queued
    }
}

impl<E: Engine> Store for SqlStore<E> {
    fn load(&mut self, lookup: &Lookup<'_>) -> Result<Loaded> {
        self.engine.load(lookup)
    }

    fn claim(&mut self, claim: &Claim<'_>) -> Result<Claimed> {
        self.engine.write(Durability::Full, |db| login::claim(db, claim))
    }

    fn key_checks(&mut self) -> Result<Vec<KeyCheck>> {
        self.engine.read(admin::key_checks)
    }

    fn add_key_check(&mut self, check: KeyCheck) -> Result<()> {
        self.engine.write(Durability::Full, |db| admin::add_key_check(db, check))
    }

    fn remove_key_check(&mut self, number: u32) -> Result<bool> {
        self.engine.write(Durability::Full, |db| keys::remove_key_check(db, number))
    }

    fn key_use(&mut self) -> Result<KeyUse> {
        self.engine.read(keys::key_use)
    }

    fn sealed_with_other_keys(&mut self, key: u32, after: Option<(i64, i64)>, limit: u32) -> Result<Vec<SealedAt>> {
        self.engine.read(|db| keys::sealed_with_other_keys(db, key, after, limit))
    }

    fn reseal(&mut self, secrets: &[Reseal]) -> Result<usize> {
        self.engine.write(Durability::Full, |db| keys::reseal(db, secrets))
    }

    fn charge(&mut self, charge: &Charge<'_>) -> Result<bool> {
        let durability = if charge.durable { Durability::Full } else { Durability::Normal };
        self.engine.write(durability, |db| throttle::charge(db, charge))
    }

    fn note(&mut self, note: &Note<'_>) -> Result<()> {
        // Only those that leave something wait for others who write.
        if self.engine.is_due(note)? {
            self.engine.write(Durability::Normal, |db| activity::write(db, note, &activity::due(db, note)?))?;
        }
        Ok(())
    }

    fn rehash(&mut self, account: AccountUid, of: HashOf, old: &str, new: &str) -> Result<bool> {
        self.engine.write(Durability::Normal, |db| login::rehash(db, account, of, old, new))
    }

    fn add_account(&mut self, account: &NewAccount<'_>, now: i64) -> Result<()> {
        self.engine.write(Durability::Full, |db| admin::add_account(db, account, now))
    }

    fn make_together(&mut self, changes: &[BulkChange], keep: Keep, now: i64) -> Result<Together> {
        self.engine.expect_many(true)?;
        let mut at = 0;
        let queues = self.queues_revocations;
        let made = self.engine.write(Durability::Full, |db| {
            bulk::make(db, changes, now, &mut at)?;
            let taking = changes.iter().filter(|change| queues && change.takes_something_away());
            let names = taking.map(|change| Whose::Account(change.target.uid()).name(db));
            names.flat_map(Outcome::transpose).try_fold(false, |_, name| revocation::queue(db, &name?).map(|()| true))
        });
        if made == Ok(true) {
            self.wake_hook();
        }
        if made.is_ok() {
            for changes in changes.chunks(bulk::NOTED_AT_ONCE) {
                // Best effort, as every note: what was made stands.
                let _: Result<()> = self.engine.write(Durability::Normal, |db| bulk::note(db, changes, keep, now));
            }
        }
        self.engine.expect_many(false)?;
        match made {
            Ok(_) => Ok(Together::Done),
            Err(StoreError::Exists | StoreError::NotFound) => Ok(Together::Nothing(at)),
            Err(error) => Err(error),
        }
    }

    fn remove_account(&mut self, account: AccountUid) -> Result<()> {
        self.revoke(Whose::Account(account), |()| true, |db| admin::remove_account(db, account))
    }

    fn set_enabled(&mut self, account: AccountUid, enabled: bool) -> Result<()> {
        self.revoke(Whose::Account(account), |()| true, |db| admin::set_enabled(db, account, enabled))
    }

    fn set_password(&mut self, account: AccountUid, password: &str, version: Option<i64>) -> Result<bool> {
        self.revoke(Whose::Account(account), |set| *set, |db| admin::set_password(db, account, password, version))
    }

    fn set_password_and_revoke(
        &mut self,
        account: AccountUid,
        password: &str,
        version: i64,
        now: i64,
    ) -> Result<Option<Vec<AppPasswordId>>> {
        self.revoke(Whose::Account(account), Option::is_some, |db| {
            admin::set_password_and_revoke(db, account, password, version, now)
        })
    }

    fn accounts(&mut self, after: Option<&AccountName>, limit: u32, now: i64) -> Result<Vec<AccountSummary>> {
        self.engine.read(|db| admin::accounts(db, after, limit, now))
    }

    fn summary(&mut self, name: &AccountName, now: i64) -> Result<Option<AccountSummary>> {
        self.engine.read(|db| admin::summary(db, name, now))
    }

    fn set_account_requirement(
        &mut self,
        account: AccountUid,
        requirement: Option<Requirement>,
        bites: Option<&Refusal<'_>>,
    ) -> Result<()> {
        self.refuse(bites, |db| admin::set_requirement(db, account, requirement)).map(|(done, _)| done)
    }

    fn set_domain_requirement(
        &mut self,
        domain: &DomainName,
        requirement: Option<Requirement>,
        bites: Option<&Refusal<'_>>,
    ) -> Result<Option<Requirement>> {
        self.refuse(bites, |db| requirement::set_of_domain(db, domain, requirement)).map(|(before, _)| before)
    }

    fn refused(&mut self, refusal: &Refusal<'_>) -> Result<u64> {
        self.engine.read(|db| refusal::count(db, refusal))
    }

    fn queue_refused(&mut self, refusal: &Refusal<'_>) -> Result<u64> {
        if !self.engine.read(|db| refusal::may_be_any(db, refusal))? {
            return Ok(0);
        }
        self.refuse(Some(refusal), |_| Ok(())).map(|((), queued)| queued)
    }

    fn domain_requirements(
        &mut self,
        after: Option<&DomainName>,
        limit: u32,
    ) -> Result<Vec<(DomainName, Requirement)>> {
        self.engine.read(|db| requirement::domains(db, after, limit))
    }

    fn account_requirements(
        &mut self,
        after: Option<&AccountName>,
        limit: u32,
    ) -> Result<Vec<(AccountName, Requirements)>> {
        self.engine.read(|db| requirement::accounts(db, after, limit))
    }

    fn recipients(&mut self, after: Option<&AccountName>, limit: u32) -> Result<Vec<Recipient>> {
        self.engine.read(|db| admin::recipients(db, after, limit))
    }

    fn begin_enrolment(&mut self, account: AccountUid, new: &NewAuthenticator<'_>, now: i64) -> Result<i64> {
        self.engine.write(Durability::Full, |db| admin::begin_enrolment(db, account, new, now))
    }

    fn confirm_enrolment(
        &mut self,
        account: AccountUid,
        authenticator: i64,
        step: i64,
        recovery_codes: &[NewRecoveryCode],
        now: i64,
    ) -> Result<()> {
        self.revoke(
            Whose::Account(account),
            |()| true,
            |db| admin::confirm_enrolment(db, account, authenticator, step, recovery_codes, now),
        )
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
        self.revoke(
            Whose::Account(account),
            |confirmed: &std::result::Result<_, _>| confirmed.is_ok(),
            |db| invitation::confirm_own(db, account, authenticator, step, recovery_codes, shown, now),
        )
    }

    fn invitation(&mut self, account: AccountUid) -> Result<Option<Invitation>> {
        self.engine.read(|db| invitation::find(db, account))
    }

    fn set_invitation(&mut self, account: AccountUid, new: &Invitation) -> Result<bool> {
        self.engine.write(Durability::Full, |db| invitation::set(db, account, new))
    }

    fn remove_invitation(&mut self, account: AccountUid) -> Result<bool> {
        self.engine.write(Durability::Full, |db| invitation::remove(db, account))
    }

    fn cancel_enrolment(&mut self, account: AccountUid) -> Result<bool> {
        self.engine.write(Durability::Full, |db| admin::cancel_enrolment(db, account))
    }

    fn remove_authenticator(&mut self, account: AccountUid, authenticator: i64) -> Result<bool> {
        self.revoke(
            Whose::Account(account),
            |removed| *removed,
            |db| admin::remove_authenticator(db, account, authenticator),
        )
    }

    fn end_two_factor(&mut self, account: AccountUid) -> Result<()> {
        self.revoke(Whose::Account(account), |()| true, |db| admin::end_two_factor(db, account))
    }

    fn reset_two_factor(&mut self, account: AccountUid, reset: &Reset<'_>, now: i64) -> Result<Vec<AppPasswordId>> {
        self.revoke(Whose::Account(account), |_| true, |db| admin::reset_two_factor(db, account, reset, now))
    }

    fn rename_account(&mut self, account: AccountUid, new: &AccountName, subject: SubjectOf<'_>) -> Result<()> {
        self.revoke(Whose::Account(account), |()| true, |db| rename::account(db, account, new, subject))
    }

    fn rename_domain(&mut self, change: &RenameDomain<'_>, now: i64) -> Result<DomainRename> {
        let queues = self.queues_revocations;
        let found = self.engine.write(Durability::Full, |db| rename::domain(db, change, queues, now))?;
        if queues && found.is_possible() && !change.dry {
            self.wake_hook();
        }
        Ok(found)
    }

    fn report(&mut self, query: &ReportQuery<'_>, after: Option<&AccountName>, limit: u32) -> Result<Vec<ReportRow>> {
        self.engine.read(|db| report::page(db, query, after, limit))
    }

    fn replace_recovery_codes(
        &mut self,
        account: AccountUid,
        version: Option<i64>,
        codes: &[NewRecoveryCode],
    ) -> Result<()> {
        self.revoke(Whose::Account(account), |()| true, |db| admin::replace_recovery_codes(db, account, version, codes))
    }

    fn add_app_password(&mut self, account: AccountUid, version: Option<i64>, new: &AppPassword) -> Result<()> {
        self.engine.write(Durability::Full, |db| admin::add_app_password(db, account, version, new))
    }

    fn app_passwords(&mut self, account: AccountUid) -> Result<Vec<AppPassword>> {
        self.engine.read(|db| admin::app_passwords(db, account))
    }

    fn revoke_app_passwords(
        &mut self,
        account: AccountUid,
        id: Option<AppPasswordId>,
        now: i64,
    ) -> Result<Vec<AppPasswordId>> {
        self.revoke(
            Whose::Account(account),
            |revoked: &Vec<_>| !revoked.is_empty(),
            |db| admin::revoke_app_passwords(db, account, id, now),
        )
    }

    fn confirm_session(&mut self, digest: SessionDigest) -> Result<bool> {
        self.engine.write(Durability::Full, |db| session::confirm(db, digest))
    }

    fn sessions(&mut self, name: &AccountName) -> Result<Vec<Session>> {
        self.engine.read(|db| session::list(db, name))
    }

    fn end_sessions(&mut self, name: &AccountName, digest: Option<SessionDigest>) -> Result<Vec<SessionDigest>> {
        self.revoke(Whose::Name(name), |ended: &Vec<_>| !ended.is_empty(), |db| session::end(db, name, digest))
    }

    fn open_panel_session(
        &mut self,
        account: AccountUid,
        version: i64,
        new: &NewPanelSession<'_>,
        now: i64,
    ) -> Result<bool> {
        self.engine.write(Durability::Full, |db| panel::open(db, account, version, new, now))
    }

    fn panel_session(&mut self, digest: SessionDigest) -> Result<Option<PanelSessionFound>> {
        self.engine.read(|db| panel::find(db, digest))
    }

    fn touch_panel_session(&mut self, digest: SessionDigest, from: &str, now: i64) -> Result<()> {
        self.engine.write(Durability::Normal, |db| panel::touch(db, digest, from, now))
    }

    fn prove_panel_session(
        &mut self,
        account: AccountUid,
        old: SessionDigest,
        new: SessionDigest,
        now: i64,
    ) -> Result<bool> {
        self.engine.write(Durability::Full, |db| panel::prove(db, account, old, new, now))
    }

    fn panel_sessions(&mut self, name: &AccountName) -> Result<Vec<PanelSession>> {
        self.engine.read(|db| panel::list(db, name))
    }

    fn end_panel_sessions(&mut self, name: &AccountName, which: PanelSessions) -> Result<Vec<SessionDigest>> {
        self.engine.write(Durability::Full, |db| panel::end(db, name, which))
    }

    fn tidy(&mut self, stale: &Stale) -> Result<Tidied> {
        self.engine.write(Durability::Normal, |db| tidy::tidy(db, stale))
    }

    fn queue_revocations(&mut self, on: bool) {
        self.queues_revocations = on;
    }

    fn wake_beside(&mut self, database: &Path) {
        self.wake_beside = Some(database.to_path_buf());
    }

    fn revocations(&mut self, limit: u32) -> Result<Vec<Revocation>> {
        self.engine.read(|db| revocation::list(db, limit))
    }

    fn take_revocation(&mut self, node: Option<&str>, now: i64, until: i64) -> Result<Option<Revocation>> {
        let Some(node) = node else {
            return self.engine.write(Durability::Normal, |db| revocation::take(db, now, until));
        };
        // Each node asks every few seconds, and mostly for nothing: then nobody who writes waits for it.
        if !self.engine.read(|db| node::is_anything_for(db, node, now))? {
            return Ok(None);
        }
        self.engine.write(Durability::Normal, |db| {
            node::hand_out(db, node, now)?;
            node::take(db, node, now, until)
        })
    }

    fn end_revocation(&mut self, taken: &Revocation) -> Result<bool> {
        self.engine.write(Durability::Normal, |db| match &taken.node {
            Some(node) => node::end(db, node, taken),
            None => revocation::end(db, taken),
        })
    }

    fn put_revocation_off(&mut self, taken: &Revocation, error: &str, next_try: i64) -> Result<bool> {
        self.engine.write(Durability::Normal, |db| match &taken.node {
            Some(node) => node::put_off(db, node, taken, error, next_try),
            None => revocation::put_off(db, taken, error, next_try),
        })
    }

    fn see_node(&mut self, node: &Node) -> Result<()> {
        if self.engine.read(|db| node::is_news(db, node))? {
            self.engine.write(Durability::Normal, |db| node::see(db, node))?;
        }
        Ok(())
    }

    fn nodes(&mut self) -> Result<Vec<Node>> {
        self.engine.read(node::list)
    }

    fn forget_node(&mut self, name: &str) -> Result<bool> {
        self.engine.write(Durability::Full, |db| node::forget(db, name))
    }

    fn activity(&mut self, account: Option<AccountUid>, limit: u32) -> Result<Vec<ActivityEntry>> {
        self.engine.read(|db| activity::list(db, account, limit))
    }

    fn queue_notice(&mut self, new: &NewNotice<'_>) -> Result<bool> {
        self.engine.write(Durability::Normal, |db| notice::queue(db, new))
    }

    fn meet_network(&mut self, account: AccountUid, network: &str, now: i64) -> Result<bool> {
        // Only who comes from elsewhere, or for the first time of a day, waits for the write lock.
        if self.engine.read(|db| notice::knows_network(db, account, network, now))? {
            return Ok(false);
        }
        self.engine.write(Durability::Normal, |db| notice::meet_network(db, account, network, now))
    }

    fn notices_due(&mut self, now: i64, limit: u32) -> Result<Vec<Notice>> {
        self.engine.read(|db| notice::due(db, now, limit))
    }

    fn take_notice(&mut self, now: i64, until: i64) -> Result<Option<Notice>> {
        // Mostly there is none: then nobody who writes waits for this.
        if self.engine.read(|db| notice::due(db, now, 1))?.is_empty() {
            return Ok(None);
        }
        self.engine.write(Durability::Normal, |db| notice::take(db, now, until))
    }

    fn settle_notice(&mut self, id: i64, settled: Settled<'_>, now: i64) -> Result<bool> {
        self.engine.write(Durability::Full, |db| notice::settle(db, id, settled, now))
    }

    fn notice_settings(&mut self, account: AccountUid) -> Result<NoticeSettings> {
        self.engine.read(|db| notice::settings_by_uid(db, account))
    }

    fn set_notice_settings(&mut self, account: AccountUid, new: &NoticeSettings) -> Result<()> {
        self.engine.write(Durability::Full, |db| notice::set_settings(db, account, new))
    }
}
