//! Webmail sessions as a store keeps them, and when they are alive.
//!
//! Plain data. Times are seconds since the Unix epoch (UTC).

use crate::account::LastUse;
use crate::times::{NOTE_INTERVAL, OUT_OF_ORDER};

/// What stands for a session credential in the store: its SHA-256 digest or, for a grace session, a keyed digest of
/// the account's name with the password and code that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionDigest(pub [u8; 32]);

/// The public id of a session: six symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub(crate) [u8; Self::SYMBOLS]);

impl SessionId {
    pub(crate) const SYMBOLS: usize = 6;

    /// The symbols.
    pub fn as_str(&self) -> &str {
        // Only ASCII symbols are ever put in.
        std::str::from_utf8(&self.0).unwrap_or("??????")
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a session is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// By a session credential that took the place of the password.
    Exchange = 1,
    /// By the password and code that opened it, presented again.
    Grace = 2,
}

impl SessionKind {
    /// The name in lists.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Grace => "grace",
        }
    }
}

/// A session as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What stands for its credential.
    pub digest: SessionDigest,
    /// How it is held.
    pub kind: SessionKind,
    /// Keyed digest of everything that was presented to open it, as long as the same may come again; none for a grace
    /// session, whose digest says as much.
    pub opening: Option<[u8; 16]>,
    /// What opened it, as the log names it: `password`, `totp` or `recovery_code`.
    pub method: String,
    /// When it was opened.
    pub opened_at: i64,
    /// From where; empty when the service gave no address.
    pub opened_from: String,
    /// Its last use.
    pub last_use: LastUse,
    /// Whether the whole sign-in that opened it was accepted; until then it opens nothing.
    pub confirmed: bool,
    /// Whether it was ended: signed out, revoked, or the account changed.
    pub ended: bool,
}

/// How long sessions live, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Since the last use.
    pub idle: i64,
    /// Since it was opened.
    pub absolute: i64,
}

impl SessionLimits {
    /// The longest idle time that can be set: a week.
    pub const MAX_IDLE: i64 = 7 * 86_400;
    /// The longest absolute limit that can be set: 30 days.
    pub const MAX_ABSOLUTE: i64 = 30 * 86_400;

    /// How long ago the last use must be to be written again, so that a session in use does not expire.
    pub fn renewal(&self) -> i64 {
        (self.idle / 10).min(NOTE_INTERVAL)
    }
}

/// Whether a session opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It does.
    Live,
    /// It was not used for too long, or is too old.
    Expired,
    /// It was ended.
    Ended,
    /// The sign-in that would open it has not come to its end.
    Unconfirmed,
}

impl Session {
    /// For how long, in seconds, the same opening again is answered as the first.
    pub const REPEAT: i64 = 30;

    /// From when on it opens nothing, if it is not used until then.
    pub fn expires_at(&self, limits: &SessionLimits) -> i64 {
        let idle = self.last_use.at.saturating_add(limits.idle);
        idle.min(self.opened_at.saturating_add(limits.absolute))
    }

    /// Whether it is alive. One that was opened before the clock was set back is not: nobody knows how old it is.
    pub fn life(&self, limits: &SessionLimits, now: i64) -> Life {
        if self.ended {
            return Life::Ended;
        }
        if !self.confirmed {
            return Life::Unconfirmed;
        }
        let from_the_future = self.opened_at > now.saturating_add(OUT_OF_ORDER);
        if from_the_future || now >= self.expires_at(limits) { Life::Expired } else { Life::Live }
    }

    /// Whether, at `now`, `opening` is the one that opened it, sent twice.
    pub fn is_repeated_by(&self, opening: &[u8; 16], now: i64) -> bool {
        use subtle::ConstantTimeEq;
        let same = self.opening.is_some_and(|first| first.ct_eq(opening).into());
        same && self.is_just_opened(now)
    }

    /// Whether it was opened so shortly before `now` that the same may come again.
    pub fn is_just_opened(&self, now: i64) -> bool {
        // The second one may have begun first.
        (-Self::REPEAT..=Self::REPEAT).contains(&now.saturating_sub(self.opened_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;
    const LIMITS: SessionLimits = SessionLimits { idle: 3600, absolute: 43_200 };

    fn session() -> Session {
        Session {
            digest: SessionDigest([7; 32]),
            kind: SessionKind::Exchange,
            opening: Some([1; 16]),
            method: "totp".into(),
            opened_at: NOW,
            opened_from: "127.0.0.1".into(),
            last_use: LastUse { at: NOW, from: "127.0.0.1".into(), protocol: String::new() },
            confirmed: true,
            ended: false,
        }
    }

    fn used_at(at: i64) -> Session {
        Session { last_use: LastUse { at, ..session().last_use }, ..session() }
    }

    #[test]
    fn a_session_lives_until_it_was_not_used_for_the_idle_time() {
        assert_eq!(session().life(&LIMITS, NOW + 3599), Life::Live);
        assert_eq!(session().life(&LIMITS, NOW + 3600), Life::Expired);
        assert_eq!(used_at(NOW + 3000).life(&LIMITS, NOW + 3600), Life::Live);
    }

    #[test]
    fn a_session_in_use_ends_at_the_absolute_limit() {
        assert_eq!(used_at(NOW + 43_000).life(&LIMITS, NOW + 43_199), Life::Live);
        assert_eq!(used_at(NOW + 43_199).life(&LIMITS, NOW + 43_200), Life::Expired);
    }

    #[test]
    fn a_session_that_was_ended_stays_ended() {
        assert_eq!(Session { ended: true, ..session() }.life(&LIMITS, NOW), Life::Ended);
    }

    #[test]
    fn a_session_that_was_not_confirmed_opens_nothing() {
        assert_eq!(Session { confirmed: false, ..session() }.life(&LIMITS, NOW), Life::Unconfirmed);
    }

    #[test]
    fn a_session_from_before_the_clock_was_set_back_opens_nothing() {
        assert_eq!(session().life(&LIMITS, NOW - OUT_OF_ORDER), Life::Live);
        assert_eq!(session().life(&LIMITS, NOW - OUT_OF_ORDER - 1), Life::Expired);
    }

    #[test]
    fn the_same_opening_is_a_repetition_for_thirty_seconds() {
        assert!(session().is_repeated_by(&[1; 16], NOW) && session().is_repeated_by(&[1; 16], NOW + 30));
        assert!(!session().is_repeated_by(&[1; 16], NOW + 31));
        assert!(!session().is_repeated_by(&[2; 16], NOW));
        assert!(!Session { opening: None, ..session() }.is_repeated_by(&[1; 16], NOW));
    }

    #[test]
    fn short_limits_are_renewed_often_enough() {
        assert_eq!(LIMITS.renewal(), 60);
        assert_eq!(SessionLimits { idle: 100, ..LIMITS }.renewal(), 10);
        assert_eq!(SessionLimits { idle: 5, ..LIMITS }.renewal(), 0);
    }
}
