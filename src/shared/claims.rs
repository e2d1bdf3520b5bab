//! What follows from a decision about a code: it is claimed, or a wrong one is counted.

use crate::auth::throttle::Rules;
use crate::auth::{FaultFound, Reason};
use crate::credential::Keyring;
use crate::record::{Claimable, Fault, ThrottleKeys};
use crate::store::{Charge, Claimed, Store, StoreError};

/// Why nobody gets in with a claim that was lost; none where it was won. [`Claimed::SessionSeen`] is for the caller, who
/// asked for a session; who did not never meets it.
pub(crate) fn lost(claimed: Claimed, what: Option<Claimable>) -> Option<Reason> {
    match claimed {
        Claimed::Yes => None,
        Claimed::Blocked => Some(Reason::Throttled),
        Claimed::Changed => Some(Reason::AccountChanged),
        Claimed::SessionSeen => Some(Reason::SessionReused),
        Claimed::Used => Some(match what {
            Some(Claimable::RecoveryCode(_)) => Reason::RecoveryCodeUsed,
            Some(Claimable::TotpStep { .. }) | None => Reason::CodeUsed,
        }),
    }
}

/// A wrong password or code, to be counted.
pub(crate) struct Wrong<'a> {
    /// Whose counters.
    pub throttle: &'a ThrottleKeys,
    /// The name that was signed in with.
    pub name: &'a str,
    /// What was guessed at: password, code, and the rest of a recovery code.
    pub guessed: [&'a [u8]; 3],
    /// What was found.
    pub found: FaultFound,
}

impl Wrong<'_> {
    /// Counts it. A wrong code must be counted, or codes could be guessed on a full disk; a wrong password is counted
    /// where that is possible. Returns false when the same was counted before.
    pub(crate) fn count(
        &self,
        store: &mut dyn Store,
        keys: &Keyring,
        rules: &Rules,
        now: i64,
    ) -> Result<bool, StoreError> {
        let FaultFound { fault, step } = self.found;
        // The same wrong thing as password and as code is two guesses.
        let kind = [fault as u8];
        let [password, code, more] = self.guessed;
        let charge = Charge {
            throttle: self.throttle,
            fault,
            digest: keys.digest("wrong", &[&kind, self.name.as_bytes(), password, code, more, &step.to_le_bytes()]),
            remember: rules.remember.into(),
            durable: fault == Fault::Code,
            now,
            next: &|kind, counter| rules.after_failure(kind, counter, now),
        };
        match (store.charge(&charge), fault) {
            (Err(error), Fault::Code) => Err(error),
            (Ok(counted), _) => Ok(counted),
            // Of a store that cannot be written nobody knows whether it was counted before; wrong it was.
            (Err(_), _) => Ok(true),
        }
    }
}
