//! App passwords: make, list, revoke.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::accounts::gone;
use super::error::NameFault;
use super::import::on_all_processors;
use super::{Admin, AdminError, Event, Result};
use crate::account::{AccountName, AccountUid, AppPassword, AppPasswordId, Protocols};
use crate::credential::app_password::PresentedAppPassword;
use crate::credential::hash::{self, HeapMemory, Owner};
use crate::credential::{Secret, app_password};
use crate::store::{BulkChange, BulkTarget, StoreError, Together};

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
        check_request(request, now)?;
        let account = self.account(name)?;
        let profile = self.config.policy.app_password_profile;
        for _ in 0..ID_TRIES {
            let made = app_password::generate()?;
            let owner = Owner::AppPassword(account.uid, made.id);
            let hash = hash::create(&mut self.memory, self.keys, profile, owner, &made.secret)?;
            let row = row(request, made.id, hash, now)?;
            // The hash has taken a while: what ended the session meanwhile must not leave an app password behind it.
            match self.store.add_app_password(account.uid, self.expected.map(|(_, version)| version), &row) {
                Ok(()) => {
                    let id = row.id.as_str();
                    self.note_about(account.uid, Event::AppPasswordCreated, id, &row.name, now);
                    return Ok((row, made.shown()));
                }
                Err(StoreError::Exists) => {}
                Err(StoreError::NotFound) if self.expected.is_some() => return Err(AdminError::Changed(name.clone())),
                Err(error) => return Err(gone(error, name)),
            }
        }
        Err(no_free_id(name))
    }

    /// Whether an app password can be made as asked.
    pub fn check_app_password(&mut self, name: &AccountName, request: &AppPasswordRequest, now: i64) -> Result<()> {
        check_request(request, now)?;
        self.account(name).map(drop)
    }

    /// Makes all of these app passwords, or none; returns each as the store keeps it and as it is shown, once, in their
    /// order. `progress` hears how many were hashed.
    pub fn add_app_passwords(
        &mut self,
        requests: &[(AccountName, AppPasswordRequest)],
        now: i64,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<(AppPassword, Secret)>> {
        let mut accounts: BTreeMap<&AccountName, Holder> = BTreeMap::new();
        let mut made = Vec::with_capacity(requests.len());
        for (name, request) in requests {
            check_request(request, now)?;
            if !accounts.contains_key(name) {
                let account = self.account(name)?;
                let taken = self.store.app_passwords(account.uid)?.iter().map(|row| row.id).collect();
                accounts.insert(name, Holder { uid: account.uid, version: account.version, taken });
            }
            let Some(holder) = accounts.get_mut(name) else { return Err(AdminError::NoAccount(name.clone())) };
            made.push((holder.uid, holder.generate(name)?));
        }
        let work: Vec<_> =
            made.iter().map(|(uid, new)| Some((Owner::AppPassword(*uid, new.id), &new.secret))).collect();
        let profile = self.config.policy.app_password_profile;
        let hash = |memory: &mut HeapMemory, (owner, secret): (Owner, &Secret)| {
            hash::create(memory, self.keys, profile, owner, secret)
        };
        let hashed = on_all_processors(&work, &hash, progress)?;
        let mut changes: BTreeMap<&AccountName, BulkChange> = BTreeMap::new();
        let mut shown = Vec::with_capacity(made.len());
        for (((name, request), (uid, new)), hash) in requests.iter().zip(&made).zip(hashed) {
            let row = row(request, new.id, hash.unwrap_or_default(), now)?;
            let version = accounts.get(name).map_or(0, |holder| holder.version);
            let change = changes.entry(name).or_insert_with(|| BulkChange {
                target: BulkTarget::There { uid: *uid, version },
                authenticator: None,
                app_passwords: Vec::new(),
                invitation: None,
                activities: Vec::new(),
            });
            change.activities.push(self.activity_of(Event::AppPasswordCreated, row.id.as_str()));
            change.app_passwords.push(row.clone());
            shown.push((row, new.shown()));
        }
        let names: Vec<&AccountName> = changes.keys().copied().collect();
        let changes: Vec<BulkChange> = changes.into_values().collect();
        match self.store.make_together(&changes, self.config.kept_activity(now), now)? {
            Together::Done => Ok(shown),
            Together::Nothing(at) => {
                let name = names.get(at).map_or("an account", |name| name.as_str());
                Err(AdminError::Unavailable(format!("{name} was changed meanwhile: nothing was made; try again")))
            }
        }
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

/// An account that gets app passwords, and the ids that it has or had.
struct Holder {
    uid: AccountUid,
    version: i64,
    taken: BTreeSet<AppPasswordId>,
}

impl Holder {
    /// A new app password with an id that is free.
    fn generate(&mut self, name: &AccountName) -> Result<PresentedAppPassword> {
        for _ in 0..ID_TRIES {
            let made = app_password::generate()?;
            if self.taken.insert(made.id) {
                return Ok(made);
            }
        }
        Err(no_free_id(name))
    }
}

fn check_request(request: &AppPasswordRequest, now: i64) -> Result<()> {
    check_name(&request.name)?;
    if request.protocols.is_empty() {
        return Err(AdminError::NoProtocol);
    }
    if request.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(AdminError::ExpiryPast);
    }
    Ok(())
}

/// What is stored of a new app password.
fn row(request: &AppPasswordRequest, id: AppPasswordId, hash: String, now: i64) -> Result<AppPassword> {
    Ok(AppPassword {
        id,
        name: check_name(&request.name)?.to_string(),
        hash,
        protocols: request.protocols,
        networks: request.networks.clone(),
        created_at: now,
        expires_at: request.expires_at,
        revoked_at: None,
        last_use: None,
    })
}

fn no_free_id(name: &AccountName) -> AdminError {
    AdminError::Unavailable(format!("no free id was found for a new app password of {name}: try again"))
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
