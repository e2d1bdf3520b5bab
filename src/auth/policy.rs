//! What the site has set.

use serde::Deserialize;

use super::throttle::Rules;
use crate::credential::Profile;
use crate::session::SessionLimits;

/// The settings that a decision depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Whether, or from when on, accounts without 2FA open nothing but the panel, where they can turn it on. Decisions
    /// ask [`Self::requires_two_factor`].
    pub require_2fa: Requirement,
    /// Whether, with 2FA off, the primary password opens mail apps; else it opens the webmail and the panel only.
    pub client_primary_password: bool,
    /// Time steps before and after the current one whose codes are accepted.
    pub skew: u32,
    /// Cost of primary passwords and recovery codes.
    pub password_profile: Profile,
    /// Cost of app passwords.
    pub app_password_profile: Profile,
    /// How a webmail stays signed in.
    pub webmail_session: WebmailSession,
    /// For how long.
    pub session_limits: SessionLimits,
    /// When guessing is slowed down.
    pub throttle: Rules,
}

impl Policy {
    /// Whether accounts must have 2FA on at `now`.
    pub fn requires_two_factor(&self, now: i64) -> bool {
        self.two_factor_at(now) == Requirement::Now
    }

    /// What people are to be told at `now`: [`Requirement::From`] only while that lies ahead.
    pub fn two_factor_at(&self, now: i64) -> Requirement {
        match self.require_2fa {
            Requirement::From(time) if time <= now => Requirement::Now,
            other => other,
        }
    }
}

/// Whether accounts must have 2FA on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Everybody does as she likes.
    Never,
    /// From this time on.
    From(i64),
    /// They must.
    Now,
}

/// How a webmail stays signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WebmailSession {
    /// It exchanges password and code for a session credential.
    Exchange,
    /// The password and code that it has signed in with go on to open, for it alone.
    Grace,
    /// Not at all: each code opens once.
    Off,
}
