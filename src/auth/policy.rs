//! What the site has set.

use serde::Deserialize;

use super::throttle::Rules;
use crate::account::{Requirement, Requirements};
use crate::credential::Profile;
use crate::session::SessionLimits;

/// The settings that a decision depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Whether, or from when on, accounts without 2FA open nothing but the panel, where they can turn it on; for all that
    /// have nothing else set for them or their domain. Decisions ask [`Self::requires_two_factor`].
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
    /// Whether an account of which `set` is known must have 2FA on at `now`.
    pub fn requires_two_factor(&self, set: &Requirements, now: i64) -> bool {
        self.two_factor_at(set, now) == Requirement::Now
    }

    /// What its owner is to be told at `now`: [`Requirement::From`] only while that lies ahead. What is set for the
    /// account counts before what is set for its domain, and that before what is set for all; a reset counts before
    /// everything.
    pub fn two_factor_at(&self, set: &Requirements, now: i64) -> Requirement {
        if set.enrol_again {
            return Requirement::Now;
        }
        match set.account.or(set.domain).unwrap_or(self.require_2fa) {
            Requirement::From(time) if time <= now => Requirement::Now,
            other => other,
        }
    }
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
