//! What a login asks of a store, and what it leaves there.

use crate::account::{AccountName, AccountUid, AppPasswordId};
use crate::record::{Claimable, Counter, CounterKind, Fault, ThrottleKeys};
use crate::session::{SessionDigest, SessionKind};

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
    /// Whether it opens something at once; else only after [`super::Store::confirm_session`].
    pub confirmed: bool,
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
