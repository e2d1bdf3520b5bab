//! What passes between the decision and the store: what is looked up, what was found, what may be claimed.
//!
//! Plain data, so that `auth` needs no store and a store no `auth`.

use crate::account::{Account, AccountName, AppPassword, AppPasswordId, RecoveryCode, RecoveryIndex, Requirements};
use crate::session::{Session, SessionDigest};
use crate::times::OUT_OF_ORDER;

/// What a throttle counter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CounterKind {
    /// Wrong codes of one account from one network.
    Code = 1,
    /// Wrong codes of one account from everywhere, within an hour.
    CodeHour = 2,
    /// Wrong passwords of one account from one network.
    Password = 3,
    /// Accounts that one network failed to open with a password, within an hour.
    Network = 4,
}

/// One throttle counter. All zero: nothing was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// Failures counted.
    pub failures: u32,
    /// When the current window began.
    pub since: i64,
    /// When the last failure was counted.
    pub last_at: i64,
    /// Until then (exclusive) attempts are refused.
    pub blocked_until: i64,
}

impl Counter {
    /// The longest that a counter may refuse attempts, in seconds.
    pub const LONGEST_PAUSE: i64 = 86_400;

    /// Whether attempts are refused at `now`. A pause that was written before the clock was set back counts for
    /// nothing.
    pub fn refuses(&self, now: i64) -> bool {
        self.blocked_until > now && self.last_at <= now.saturating_add(OUT_OF_ORDER)
    }
}

/// Whose counters an attempt reads and moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrottleKeys {
    /// Keyed digest of the account name, also of a name that no account has.
    pub subject: [u8; 16],
    /// The network ([`crate::account::throttle_network`]); empty where the service gives none or many people share it.
    pub network: String,
}

impl ThrottleKeys {
    /// The key of the counter of `kind`: a subject (all zero where the counter is the network's own) and a network
    /// (empty where the counter is the account's own).
    pub fn key(&self, kind: CounterKind) -> ([u8; 16], &str) {
        match kind {
            CounterKind::Code | CounterKind::Password => (self.subject, &self.network),
            CounterKind::CodeHour => (self.subject, ""),
            CounterKind::Network => ([0; 16], &self.network),
        }
    }
}

/// The counters of one attempt. `network` stays zero when [`ThrottleKeys::network`] is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// See [`CounterKind::Code`].
    pub code: Counter,
    /// See [`CounterKind::CodeHour`].
    pub code_hour: Counter,
    /// See [`CounterKind::Password`].
    pub password: Counter,
    /// See [`CounterKind::Network`].
    pub network: Counter,
}

impl Counters {
    /// The counter of `kind`.
    pub fn of(&mut self, kind: CounterKind) -> &mut Counter {
        match kind {
            CounterKind::Code => &mut self.code,
            CounterKind::CodeHour => &mut self.code_hour,
            CounterKind::Password => &mut self.password,
            CounterKind::Network => &mut self.network,
        }
    }
}

/// What to read for one attempt.
pub struct Lookup<'a> {
    /// The normalised name.
    pub name: &'a AccountName,
    /// The id of the app password that was presented, if it has that shape.
    pub app_password: Option<AppPasswordId>,
    /// The index of the recovery code that was presented, if it ends in that shape.
    pub recovery_code: Option<RecoveryIndex>,
    /// The session that was presented, or is to be opened.
    pub session: Option<SessionDigest>,
    /// The counters to read, unless the attempt is not throttled.
    pub throttle: Option<&'a ThrottleKeys>,
}

impl<'a> Lookup<'a> {
    /// The account alone.
    pub fn account(name: &'a AccountName) -> Self {
        Self { name, app_password: None, recovery_code: None, session: None, throttle: None }
    }
}

/// What was read, as one consistent snapshot.
#[derive(Clone, Default)]
pub struct Loaded {
    /// The account; none only when the store answered that there is none.
    pub account: Option<Account>,
    /// What is set about requiring 2FA of the name, of its domain's also where it has no account.
    pub requirements: Requirements,
    /// The app password with the presented id, revoked ones included.
    pub app_password: Option<AppPassword>,
    /// The recovery code with the presented index, used ones included.
    pub recovery_code: Option<RecoveryCode>,
    /// The session with the presented digest.
    pub session: SessionFound,
    /// The counters; all zero where none were asked for.
    pub counters: Counters,
}

/// What a store knows of a session digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SessionFound {
    /// Nothing: it was never seen (or none was asked for).
    #[default]
    Unknown,
    /// It is a session of this account, alive or not.
    Here(Session),
    /// It is, or was, a session of another account.
    Elsewhere,
    /// It was a session once, and nothing more is known.
    Gone,
}

/// Something that may be used once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimable {
    /// Time step `step` of the authenticator `authenticator`: claimed when it is later than the last one.
    TotpStep {
        /// [`crate::account::Authenticator::id`].
        authenticator: i64,
        /// RFC 6238 T.
        step: i64,
    },
    /// A recovery code of the current set.
    RecoveryCode(RecoveryIndex),
}

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The password.
    Password,
    /// The TOTP or recovery code, after a right password.
    Code,
}

/// What can be rehashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashOf {
    /// The primary password.
    Password,
    /// An app password.
    AppPassword(AppPasswordId),
}

/// What tells one key from another with the same number, and tells nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyCheck {
    /// The key's number.
    pub number: u32,
    /// A digest that only this key derives.
    pub digest: [u8; 16],
}
