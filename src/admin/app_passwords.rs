//! App passwords: make, list, revoke.

use ipnet::IpNet;

use super::accounts::gone;
use super::error::NameFault;
use super::{Admin, AdminError, Event, Result};
use crate::account::{AccountName, AppPassword, AppPasswordId, Protocols};
use crate::credential::hash::{self, Owner};
use crate::credential::{Secret, app_password};
use crate::store::StoreError;

/// Longest name of an app password or authenticator, in characters.
pub const MAX_APP_PASSWORD_NAME: usize = 64;

/// How often a new id is drawn when the account has (or had) one like it. There are about a million ids.
const ID_TRIES: usize = 20;

/// An app password to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppPasswordRequest {
    /// What its owner calls it: 1 to [`MAX_APP_PASSWORD_NAME`] printable characters.
    pub name: String,
    /// Where it may be used.
    pub protocols: Protocols,
    /// From where it may be used; empty: from everywhere.
    pub networks: Vec<IpNet>,
    /// From this time on it opens nothing.
    pub expires_at: Option<i64>,
}

impl Admin<'_> {
    /// Makes an app password; returns it as the store keeps it, and as it is shown, once.
    pub fn add_app_password(
        &mut self,
        name: &AccountName,
        request: &AppPasswordRequest,
        now: i64,
    ) -> Result<(AppPassword, Secret)> {
        let label = check_name(&request.name)?;
        if request.protocols.is_empty() {
            return Err(AdminError::NoProtocol);
        }
        if request.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return Err(AdminError::ExpiryPast);
        }
        let account = self.account(name)?;
        let profile = self.config.policy.app_password_profile;
        for _ in 0..ID_TRIES {
            let made = app_password::generate()?;
            let owner = Owner::AppPassword(account.uid, made.id);
            let row = AppPassword {
                id: made.id,
                name: label.to_string(),
                hash: hash::create(&mut self.memory, self.keys, profile, owner, &made.secret)?,
                protocols: request.protocols,
                networks: request.networks.clone(),
                created_at: now,
                expires_at: request.expires_at,
                revoked_at: None,
                last_use: None,
            };
            // The hash has taken a while: what ended the session meanwhile must not leave an app password behind it.
            match self.store.add_app_password(account.uid, self.expected.map(|(_, version)| version), &row) {
                Ok(()) => {
                    self.note(account.uid, Event::AppPasswordCreated, row.id.as_str(), now);
                    return Ok((row, made.shown()));
                }
                Err(StoreError::Exists) => {}
                Err(StoreError::NotFound) if self.expected.is_some() => return Err(AdminError::Changed(name.clone())),
                Err(error) => return Err(gone(error, name)),
            }
        }
        Err(AdminError::Unavailable(format!("no free id was found for a new app password of {name}: try again")))
    }

    /// The account's app passwords, revoked ones included, oldest first.
    pub fn app_passwords(&mut self, name: &AccountName) -> Result<Vec<AppPassword>> {
        let account = self.account(name)?;
        Ok(self.store.app_passwords(account.uid)?)
    }

    /// Revokes one app password, or all that are left; returns the ids of those that this revoked.
    pub fn revoke_app_passwords(
        &mut self,
        name: &AccountName,
        id: Option<AppPasswordId>,
        now: i64,
    ) -> Result<Vec<AppPasswordId>> {
        let account = self.account(name)?;
        let revoked = self.store.revoke_app_passwords(account.uid, id, now);
        let revoked = revoked.map_err(|error| match (error, id) {
            (StoreError::NotFound, Some(id)) => AdminError::NoAppPassword(name.clone(), id),
            (error, _) => gone(error, name),
        })?;
        for id in &revoked {
            self.note(account.uid, Event::AppPasswordRevoked, id.as_str(), now);
        }
        Ok(revoked)
    }
}

/// The name of an app password or authenticator, without spaces around it.
pub fn check_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AdminError::Name(NameFault::Empty));
    }
    if name.chars().count() > MAX_APP_PASSWORD_NAME {
        return Err(AdminError::Name(NameFault::TooLong));
    }
    if name.chars().any(unprintable) {
        return Err(AdminError::Name(NameFault::Unprintable));
    }
    Ok(name)
}

/// What would break a list: control characters, line and paragraph separators, and marks that turn the direction of the
/// text (Unicode's "Trojan Source" characters).
pub(super) fn unprintable(symbol: char) -> bool {
    symbol.is_control()
        || matches!(symbol, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(symbol, '\u{2066}'..='\u{2069}' | '\u{feff}')
}
