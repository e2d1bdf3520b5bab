//! Changing the key: what stands on which one, and moving what can be moved.
//!
//! The key file has several keys; the highest is used for what is written. TOTP secrets are encrypted anew at once. A
//! hash cannot be: it moves to the new key when what it is of is next presented, and until then needs the old one.

use super::{Admin, Result};
use crate::credential::totp;
use crate::store::{KeyUse, Reseal};

/// Secrets that are encrypted anew in one transaction: a few milliseconds.
const BATCH: u32 = 200;

/// What [`Admin::reseal`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// TOTP secrets that are encrypted with the current key now.
    pub done: usize,
    /// Names of accounts with a secret that did not open, and why.
    pub failed: Vec<(String, String)>,
}

impl Admin<'_> {
    /// How many records stand on each key.
    pub fn key_use(&mut self) -> Result<KeyUse> {
        Ok(self.store.key_use()?)
    }

    /// The store remembers the keys that it is used with from now on.
    pub fn remember_keys(&mut self) -> Result<()> {
        for check in self.keys.checks() {
            self.store.add_key_check(check)?;
        }
        Ok(())
    }

    /// Encrypts every TOTP secret with the current key that is not yet, some at a time, so that logins go on. `progress`
    /// hears after each time how many were looked at. It may be repeated.
    pub fn reseal(&mut self, progress: &mut dyn FnMut(usize)) -> Result<Resealed> {
        let (mut after, mut looked_at, mut resealed) = (None, 0, Resealed::default());
        loop {
            let found = self.store.sealed_with_other_keys(self.keys.current(), after, BATCH)?;
            let mut secrets = Vec::with_capacity(found.len());
            for record in &found {
                let anew = totp::open(self.keys, record.account, &record.sealed)
                    .and_then(|secret| totp::seal(self.keys, record.account, &secret));
                match anew {
                    Ok(new) => secrets.push(Reseal {
                        account: record.account,
                        number: record.place.1,
                        old: record.sealed.clone(),
                        new,
                    }),
                    Err(error) => resealed.failed.push((record.name.to_string(), error.to_string())),
                }
            }
            resealed.done += self.store.reseal(&secrets)?;
            looked_at += found.len();
            progress(looked_at);
            match found.last() {
                Some(last) if found.len() == BATCH as usize => after = Some(last.place),
                _ => return Ok(resealed),
            }
        }
    }

    /// The store forgets a key, which nothing stands on any more; returns whether it knew it.
    pub fn forget_key(&mut self, number: u32) -> Result<bool> {
        Ok(self.store.remove_key_check(number)?)
    }
}
