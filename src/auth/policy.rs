//! What the site has set.

use serde::Deserialize;

use super::throttle::Rules;
use crate::credential::Profile;
use crate::session::SessionLimits;

/// The settings that a decision depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Accounts without 2FA open nothing but the panel, where they can turn it on.
    pub require_2fa: bool,
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
