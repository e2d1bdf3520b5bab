//! The memo: app passwords that this process has just verified.
//!
//! A mail app signs in every few minutes with the same app password. After the first time only its keyed digest is
//! remembered, beside nothing else; the next login still reads the row (revoked, expired, networks and protocols are
//! checked every time) and skips only the hash. The digest covers the stored hash, so that a row that was changed is
//! verified anew. The key is random, made in this process and never leaves it.

use std::collections::HashMap;

use hmac::Mac;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::account::{AccountUid, AppPasswordId};
use crate::credential::keyring::mac;
use crate::credential::{RandomError, Secret};

/// How many app passwords are remembered; a new one then takes the place of another.
const CAPACITY: usize = 512;

/// Verified app passwords, by account and id.
pub struct Memo {
    key: Zeroizing<[u8; 32]>,
    verified: HashMap<(AccountUid, AppPasswordId), [u8; 32]>,
}

impl Memo {
    /// An empty memo with a random key.
    pub fn new() -> Result<Self, RandomError> {
        Ok(Self { key: Zeroizing::new(crate::credential::random()?), verified: HashMap::new() })
    }

    /// Whether exactly this secret was verified against exactly this stored hash.
    pub(super) fn knows(&self, uid: AccountUid, id: AppPasswordId, stored: &str, secret: &Secret) -> bool {
        self.verified.get(&(uid, id)).is_some_and(|digest| digest.ct_eq(&self.digest(uid, id, stored, secret)).into())
    }

    /// Remembers that `secret` was verified against `stored`.
    pub(super) fn remember(&mut self, uid: AccountUid, id: AppPasswordId, stored: &str, secret: &Secret) {
        if self.verified.len() >= CAPACITY
            && !self.verified.contains_key(&(uid, id))
            && let Some(other) = self.verified.keys().next().copied()
        {
            self.verified.remove(&other);
        }
        let digest = self.digest(uid, id, stored, secret);
        self.verified.insert((uid, id), digest);
    }

    fn digest(&self, uid: AccountUid, id: AppPasswordId, stored: &str, secret: &Secret) -> [u8; 32] {
        let mut mac = mac(&self.key);
        for part in [&uid.0[..], id.as_str().as_bytes(), stored.as_bytes(), secret.as_bytes()] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memo_knows_a_secret_only_with_its_account_id_and_hash() {
        let (alice, bob) = (AccountUid([1; 16]), AccountUid([2; 16]));
        let (id, other) = (AppPasswordId(*b"k7m2"), AppPasswordId(*b"9xqd"));
        let (secret, wrong) = (Secret::copy(b"right"), Secret::copy(b"wrong"));
        let mut memo = Memo::new().unwrap();
        memo.remember(alice, id, "hash", &secret);
        assert!(memo.knows(alice, id, "hash", &secret));
        assert!(!memo.knows(alice, id, "hash", &wrong));
        assert!(!memo.knows(alice, id, "rehashed", &secret));
        assert!(!memo.knows(alice, other, "hash", &secret));
        assert!(!memo.knows(bob, id, "hash", &secret));
    }

    #[test]
    fn a_full_memo_forgets_one_for_each_new_one() {
        let mut memo = Memo::new().unwrap();
        for number in 0..2 * CAPACITY as u32 {
            let mut uid = [0; 16];
            uid[..4].copy_from_slice(&number.to_le_bytes());
            memo.remember(AccountUid(uid), AppPasswordId(*b"k7m2"), "hash", &Secret::copy(b"x"));
        }
        assert_eq!(memo.verified.len(), CAPACITY);
    }
}
