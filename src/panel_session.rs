//! Panel sessions as a store keeps them, and when they are alive.
//!
//! Plain data. Times are seconds since the Unix epoch (UTC). A session that was ended is not kept, so that there is no
//! state for it: what the store finds was not ended.

use crate::account::{AccountName, AccountUid, Requirements};
use crate::session::{Life, SessionDigest, SessionLimits};
use crate::times::OUT_OF_ORDER;

/// A panel session as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelSession {
    /// SHA-256 of the 256 random bits in the browser's cookie. Its [`SessionDigest::id`] is the session's public id.
    pub digest: SessionDigest,
    /// What opened it, as the log names it: `password`, `totp` or `recovery_code`.
    pub method: String,
    /// The browser in words: "Firefox on Linux"; empty when it said nothing.
    pub agent: String,
    /// When it was opened.
    pub opened_at: i64,
    /// From where; empty when no address is known.
    pub opened_from: String,
    /// When its owner last showed a password or code: at the sign-in, or at a step up since.
    pub proved_at: i64,
    /// Its last use, to the minute (closer where the idle limit is short).
    pub used_at: i64,
    /// From where it was used then.
    pub used_from: String,
    /// How long it lives, as it was when it was opened.
    pub limits: SessionLimits,
}

impl PanelSession {
    /// The limits that count: longer ones that were set since bring nothing back, shorter ones count at once.
    fn limits(&self, current: &SessionLimits) -> SessionLimits {
        SessionLimits { idle: self.limits.idle.min(current.idle), absolute: self.limits.absolute.min(current.absolute) }
    }

    /// From when on it opens nothing, if it is not used until then; `current` is what the panel has set now. Who does
    /// not know that names [`Self::limits`].
    pub fn expires_at(&self, current: &SessionLimits) -> i64 {
        let limits = self.limits(current);
        self.used_at.saturating_add(limits.idle).min(self.opened_at.saturating_add(limits.absolute))
    }

    /// Whether it is alive: [`Life::Live`] or [`Life::Expired`]. One that was opened before the clock was set back is
    /// not: nobody knows how old it is.
    pub fn life(&self, current: &SessionLimits, now: i64) -> Life {
        let from_the_future = self.opened_at > now.saturating_add(OUT_OF_ORDER);
        if from_the_future || now >= self.expires_at(current) { Life::Expired } else { Life::Live }
    }

    /// Whether its owner showed a password or code within the last `seconds`. A proof from before the clock was set
    /// back is none.
    pub fn is_proved(&self, seconds: i64, now: i64) -> bool {
        (-OUT_OF_ORDER..seconds).contains(&now.saturating_sub(self.proved_at))
    }

    /// Whether its use must be written: once in [`SessionLimits::renewal`] seconds.
    pub fn use_is_due(&self, now: i64) -> bool {
        !(0..self.limits.renewal().max(1)).contains(&now.saturating_sub(self.used_at))
    }
}

/// A panel session that was found by its digest, with what each request asks about its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelSessionFound {
    /// The session.
    pub session: PanelSession,
    /// Whose it is.
    pub account: AccountUid,
    /// The account's name.
    pub name: AccountName,
    /// Whether anything opens the account.
    pub enabled: bool,
    /// [`crate::account::Account::version`], as it is now.
    pub version: i64,
    /// Whether 2FA is on.
    pub two_factor: bool,
    /// What is set about requiring it.
    pub requirements: Requirements,
    /// Whether mailkey keeps the account's primary password.
    pub has_password: bool,
}

/// Which panel sessions of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelSessions {
    /// All of them.
    All,
    /// This one.
    One(SessionDigest),
    /// All but this one.
    AllBut(SessionDigest),
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;
    const LIMITS: SessionLimits = SessionLimits { idle: 900, absolute: 43_200 };

    fn session() -> PanelSession {
        PanelSession {
            digest: SessionDigest([7; 32]),
            method: "totp".into(),
            agent: "Firefox on Linux".into(),
            opened_at: NOW,
            opened_from: "192.0.2.7".into(),
            proved_at: NOW,
            used_at: NOW,
            used_from: "192.0.2.7".into(),
            limits: LIMITS,
        }
    }

    #[test]
    fn a_panel_session_lives_until_it_was_not_used_for_the_idle_time_or_is_too_old() {
        assert_eq!(session().life(&LIMITS, NOW + 899), Life::Live);
        assert_eq!(session().life(&LIMITS, NOW + 900), Life::Expired);
        let in_use = PanelSession { used_at: NOW + 43_000, ..session() };
        assert_eq!(in_use.life(&LIMITS, NOW + 43_199), Life::Live);
        assert_eq!(in_use.life(&LIMITS, NOW + 43_200), Life::Expired);
    }

    #[test]
    fn shorter_limits_count_at_once_and_longer_ones_bring_nothing_back() {
        let longer = SessionLimits { idle: 9000, absolute: 90_000 };
        assert_eq!(session().life(&longer, NOW + 900), Life::Expired);
        let in_use = PanelSession { used_at: NOW + 43_199, ..session() };
        assert_eq!(in_use.life(&longer, NOW + 43_200), Life::Expired);
        assert_eq!(session().life(&SessionLimits { idle: 60, ..LIMITS }, NOW + 60), Life::Expired);
        assert_eq!(session().life(&SessionLimits { absolute: 60, ..LIMITS }, NOW + 60), Life::Expired);
    }

    #[test]
    fn a_panel_session_from_before_the_clock_was_set_back_opens_nothing_and_proves_nothing() {
        assert_eq!(session().life(&LIMITS, NOW - OUT_OF_ORDER), Life::Live);
        assert_eq!(session().life(&LIMITS, NOW - OUT_OF_ORDER - 1), Life::Expired);
        assert!(session().is_proved(300, NOW - OUT_OF_ORDER));
        assert!(!session().is_proved(300, NOW - OUT_OF_ORDER - 1));
    }

    #[test]
    fn a_proof_holds_for_so_many_seconds_after_it_was_given() {
        assert!(session().is_proved(300, NOW) && session().is_proved(300, NOW + 299));
        assert!(!session().is_proved(300, NOW + 300));
    }

    #[test]
    fn a_use_is_due_once_a_minute_and_more_often_where_the_idle_limit_is_short() {
        assert!(!session().use_is_due(NOW) && !session().use_is_due(NOW + 59));
        assert!(session().use_is_due(NOW + 60) && session().use_is_due(NOW - 1));
        let short = PanelSession { limits: SessionLimits { idle: 100, ..LIMITS }, ..session() };
        assert!(!short.use_is_due(NOW + 9) && short.use_is_due(NOW + 10));
        let shortest = PanelSession { limits: SessionLimits { idle: 1, ..LIMITS }, ..session() };
        assert!(!shortest.use_is_due(NOW) && shortest.use_is_due(NOW + 1));
    }
}
