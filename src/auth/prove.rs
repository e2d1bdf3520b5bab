//! Proofs: the expensive comparisons, with the keys and the memory that they need.

use std::fmt;

use super::memo::Memo;
use crate::account::{Account, AppPassword, RecoveryCode};
use crate::credential::hash::{self, HashError, Owner};
use crate::credential::totp::{self, Match, SealError};
use crate::credential::{Keyring, Memory, Profile, Secret};

/// Why something could not be compared. None of these means "wrong".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// A hash.
    Hash(HashError),
    /// A sealed TOTP secret.
    Seal(SealError),
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash(error) => error.fmt(f),
            Self::Seal(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ProofError {}

impl From<HashError> for ProofError {
    fn from(error: HashError) -> Self {
        Self::Hash(error)
    }
}

impl From<SealError> for ProofError {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

/// What came of an app password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AppPasswordProof {
    /// It is another one.
    Wrong,
    /// It was verified now.
    Right,
    /// This process has verified it before against the same stored hash, with the same configuration and keys.
    Remembered,
}

/// Compares what was presented with what is stored.
pub struct Prover<'a> {
    /// The keys.
    pub keys: &'a Keyring,
    /// Where hashes are computed.
    pub memory: &'a mut dyn Memory,
    /// App passwords verified before.
    pub memo: &'a mut Memo,
}

impl Prover<'_> {
    pub(super) fn password(&mut self, account: &Account, stored: &str, secret: &Secret) -> Result<bool, ProofError> {
        Ok(hash::verify(self.memory, self.keys, Owner::Password(account.uid), stored, secret)?)
    }

    pub(super) fn app_password(
        &mut self,
        account: &Account,
        row: &AppPassword,
        secret: &Secret,
    ) -> Result<AppPasswordProof, ProofError> {
        if self.memo.knows(account.uid, row.id, &row.hash, secret) {
            return Ok(AppPasswordProof::Remembered);
        }
        let owner = Owner::AppPassword(account.uid, row.id);
        let right = hash::verify(self.memory, self.keys, owner, &row.hash, secret)?;
        if right {
            self.memo.remember(account.uid, row.id, &row.hash, secret);
        }
        Ok(if right { AppPasswordProof::Right } else { AppPasswordProof::Wrong })
    }

    pub(super) fn recovery_code(
        &mut self,
        account: &Account,
        row: &RecoveryCode,
        secret: &Secret,
    ) -> Result<bool, ProofError> {
        let owner = Owner::RecoveryCode(account.uid, row.index);
        Ok(hash::verify(self.memory, self.keys, owner, &row.hash, secret)?)
    }

    /// The work of a comparison where there is nothing to compare with.
    pub(super) fn nothing(&mut self, profile: Profile, secret: &Secret) -> Result<(), ProofError> {
        Ok(hash::verify_nothing(self.memory, self.keys, profile, secret)?)
    }

    /// Which of the account's authenticators made `code`, and at which step. An authenticator whose code is fresh wins
    /// over one whose code was used.
    pub(super) fn totp(
        &self,
        account: &Account,
        code: &Secret,
        now: i64,
        skew: u32,
    ) -> Result<(i64, Match), ProofError> {
        let mut best = (0, Match::None);
        for authenticator in account.confirmed() {
            let secret = totp::open(self.keys, account.uid, &authenticator.sealed)?;
            let found = totp::find_step(&secret, authenticator.form, code, now, skew, authenticator.last_step);
            if matches!((best.1, found), (Match::None, _) | (Match::Used, Match::Fresh(_))) {
                best = (authenticator.id, found);
            }
        }
        Ok(best)
    }

    pub(super) fn is_outdated(&self, stored: &str, profile: Profile) -> bool {
        hash::is_outdated(stored, self.keys, profile)
    }
}
