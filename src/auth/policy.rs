//! What the site has set.

use super::throttle::Rules;
use crate::credential::Profile;

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
    /// When guessing is slowed down.
    pub throttle: Rules,
}
