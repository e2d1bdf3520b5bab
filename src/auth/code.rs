//! The second factor: what comes of a code, behind a right password or by itself.

use super::attempt::Second;
use super::policy::Policy;
use super::prove::{ProofError, Prover};
use super::reason::Reason;
use super::verdict::{Acceptance, Method, Verdict};
use crate::account::Account;
use crate::credential::session::PresentedCode;
use crate::credential::totp;
use crate::credential::totp::Match;
use crate::record::{Claimable, Fault, Loaded};

/// Decides about a code alone, which somebody shows who is signed in: whoever she is, `loaded` has her account. The
/// password counters count as well: it is slowed down like a sign-in.
pub fn decide_code(
    loaded: &Loaded,
    code: &PresentedCode,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Verdict, ProofError> {
    let refuse = |reason| Ok(Verdict::refuse(Method::None, reason));
    if policy.throttle.is_paused(&loaded.counters, true, now) {
        return refuse(Reason::Throttled);
    }
    match &loaded.account {
        None => refuse(Reason::UnknownAccount),
        Some(account) if !account.enabled => refuse(Reason::AccountDisabled),
        // Nothing that could be shown.
        Some(account) if !account.two_factor() => refuse(Reason::EnrolmentRequired),
        Some(account) => {
            let second = Second::of(code, account.code_digits());
            second_factor(account, &second, loaded, policy, prover, now)
        }
    }
}

/// Decides about the second factor of an account that has 2FA on.
pub(super) fn second_factor(
    account: &Account,
    second: &Second<'_>,
    loaded: &Loaded,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Verdict, ProofError> {
    let accept = |method, claim| Verdict::accept(method, Acceptance { claim: Some(claim), ..Acceptance::default() });
    Ok(match second {
        Second::None => Verdict::refuse(Method::Password, Reason::CodeRequired),
        Second::Totp(code) => match prover.totp(account, code, now, policy.skew)? {
            (authenticator, Match::Fresh(step)) => accept(Method::Totp, Claimable::TotpStep { authenticator, step }),
            (_, Match::Used) => Verdict::refuse(Method::Totp, Reason::CodeUsed),
            (_, Match::None) => {
                let step = account.confirmed().next().map_or(0, |first| totp::step_at(first.form, now));
                Verdict::refuse(Method::Totp, Reason::WrongCode).with_fault(Fault::Code, step)
            }
        },
        Second::Unreadable => Verdict::refuse(Method::Totp, Reason::WrongCode).with_fault(Fault::Code, 0),
        Second::Recovery(code) => {
            let right = match &loaded.recovery_code {
                Some(row) => prover.recovery_code(account, row, &code.secret)?,
                None => {
                    prover.nothing(policy.password_profile, &code.secret)?;
                    false
                }
            };
            let used = loaded.recovery_code.as_ref().is_some_and(|row| row.used_at.is_some());
            match (right, used) {
                (true, false) => accept(Method::RecoveryCode, Claimable::RecoveryCode(code.index)),
                (true, true) => Verdict::refuse(Method::RecoveryCode, Reason::RecoveryCodeUsed),
                (false, _) => {
                    Verdict::refuse(Method::RecoveryCode, Reason::WrongRecoveryCode).with_fault(Fault::Code, 0)
                }
            }
            .of(code.index.as_str())
        }
    })
}
