//! The decision table.
//!
//! | mode | 2FA | presented | answer |
//! |---|---|---|---|
//! | client | on | app password: right protocol, network, not expired, not revoked | accept |
//! | client | on | primary password, with or without code | `app_password_required`; no code is used up |
//! | client | off | app password | accept |
//! | client | off | primary password | accept; or `enrolment_required`, or `app_password_required`, as the site has set |
//! | webmail | on | primary password + TOTP code or recovery code | accept, and the time step or the code is claimed |
//! | webmail | on | primary password alone | `code_required` |
//! | webmail | any | app password | `app_password_not_allowed_here` |
//! | webmail | off | primary password | accept, or `enrolment_required` |
//! | panel | on | primary password + TOTP or recovery code | accept, and it is claimed |
//! | panel | on | primary password alone | `code_required` |
//! | panel | off | primary password | accept; where 2FA is required, for enrolment and nothing else |
//! | panel | any | app password, session credential | refuse |
//!
//! What sessions add to it stands in [`super::session`].
//!
//! With `primary=stack`, [`decide`] asks for the stacked module's word ([`Answer::AskStack`]), and [`after_password`]
//! goes on when it was good.

use super::attempt::{Attempt, Mode, PrimarySource, Second};
use super::code::second_factor;
use super::policy::Policy;
use super::prove::{AppPasswordProof, ProofError, Prover};
use super::reason::Reason;
use super::session::{by_repetition, by_session, opened_by};
use super::verdict::{Acceptance, Answer, Method, Rehash, SessionChange, Verdict};
use crate::account::{Account, AppPassword};
use crate::credential::app_password::{PresentedAppPassword, read as read_app_password};
use crate::credential::{Secret, foreign};
use crate::record::{Fault, HashOf, Loaded};

impl Verdict {
    /// The verdict on a primary password that was wrong, whoever found it to be.
    pub fn wrong_password(attempt: &Attempt, loaded: &Loaded) -> Self {
        let reason = match &loaded.account {
            None if attempt.primary == PrimarySource::Store => Reason::UnknownAccount,
            Some(account) if attempt.mode == Mode::Client && account.two_factor() && has_code(attempt, account) => {
                Reason::AppPasswordRequired
            }
            _ => Reason::WrongPassword,
        };
        let verdict = Self::refuse(presented_method(attempt, loaded), reason).with_fault(Fault::Password, 0);
        Self { password_right: Some(false), ..verdict }
    }
}

/// Decides about one attempt, `loaded` being what the store knows.
pub fn decide(
    attempt: &Attempt,
    loaded: &Loaded,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Verdict, ProofError> {
    if let Some(verdict) = by_session(attempt, loaded, policy, prover.keys, now) {
        return Ok(verdict);
    }
    match presented_app_password(attempt, loaded) {
        Some(presented) => app_password(attempt, presented, loaded, policy, prover, now),
        None => primary_password(attempt, loaded, policy, prover, now),
    }
}

/// The verdict where an app password or a session credential opens, as [`decide`] has it: nothing is claimed, charged or
/// compared with what is paused. None where anything else is presented, or it does not open.
pub fn by_reading(
    attempt: &Attempt,
    loaded: &Loaded,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Option<Verdict>, ProofError> {
    if !attempt.may_open_by_reading() {
        return Ok(None);
    }
    let verdict = match attempt.presented.session() {
        Some(_) => by_session(attempt, loaded, policy, prover.keys, now),
        None => presented_app_password(attempt, loaded)
            .map(|presented| app_password(attempt, presented, loaded, policy, prover, now))
            .transpose()?,
    };
    Ok(verdict.filter(|verdict| matches!(verdict.answer, Answer::Accept(_))))
}

/// The app password that was presented, if that is what it is taken for.
fn presented_app_password<'a>(attempt: &'a Attempt, loaded: &Loaded) -> Option<&'a PresentedAppPassword> {
    let row = loaded.app_password.as_ref();
    let stored = loaded.account.as_ref().and_then(|account| account.password.as_deref());
    let imported = stored.is_some_and(foreign::is_foreign);
    attempt.presented.as_app_password(attempt.mode, attempt.primary, row, imported)
}

fn app_password(
    attempt: &Attempt,
    presented: &PresentedAppPassword,
    loaded: &Loaded,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Verdict, ProofError> {
    let refuse = |reason| Ok(Verdict::refuse(Method::AppPassword, reason).of(presented.id.as_str()));
    if attempt.mode != Mode::Client {
        return refuse(Reason::AppPasswordNotAllowedHere);
    }
    let (Some(account), Some(row)) = (&loaded.account, &loaded.app_password) else {
        prover.nothing(policy.app_password_profile, &presented.secret)?;
        let known = loaded.account.is_some();
        return refuse(if known { Reason::WrongAppPassword } else { Reason::UnknownAccount });
    };
    let proof = prover.app_password(account, row, &presented.secret)?;
    if proof == AppPasswordProof::Wrong {
        return refuse(Reason::WrongAppPassword);
    }
    if let Some(reason) = limit_of(attempt, account, row, now) {
        return refuse(reason);
    }
    // What is remembered was looked at when it was verified.
    let rehash = (proof == AppPasswordProof::Right && prover.is_outdated(&row.hash, policy.app_password_profile))
        .then_some(Rehash { of: HashOf::AppPassword(row.id), profile: policy.app_password_profile });
    let accepted = Verdict::accept(Method::AppPassword, Acceptance::default()).of(presented.id.as_str());
    Ok(Verdict { rehash, ..accepted })
}

/// What keeps a right app password from opening this, if anything does.
fn limit_of(attempt: &Attempt, account: &Account, row: &AppPassword, now: i64) -> Option<Reason> {
    let from_here = |networks: &[ipnet::IpNet]| {
        networks.is_empty()
            || attempt.remote.is_some_and(|remote| networks.iter().any(|network| network.contains(&remote)))
    };
    if row.revoked_at.is_some() {
        return Some(Reason::AppPasswordRevoked);
    }
    if row.expires_at.is_some_and(|expires_at| now >= expires_at) {
        return Some(Reason::AppPasswordExpired);
    }
    if !account.enabled {
        return Some(Reason::AccountDisabled);
    }
    let Some(protocol) = attempt.protocol else { return Some(Reason::ProtocolUnknown) };
    if !row.protocols.contains(protocol) {
        return Some(Reason::ProtocolNotAllowed);
    }
    (!from_here(&row.networks)).then_some(Reason::NetworkNotAllowed)
}

fn primary_password(
    attempt: &Attempt,
    loaded: &Loaded,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Verdict, ProofError> {
    let with_code = takes_code(attempt, loaded);
    if policy.throttle.is_paused(&loaded.counters, with_code, now) {
        return Ok(Verdict::refuse(Method::None, Reason::Throttled));
    }
    let (password, _) = split(attempt, loaded);
    if let PrimarySource::Stack { reject_unknown } = attempt.primary {
        if loaded.account.is_none() && reject_unknown {
            return Ok(Verdict::refuse(Method::Password, Reason::UnknownAccount).with_fault(Fault::Password, 0));
        }
        let ask = Verdict::refuse(presented_method(attempt, loaded), Reason::NotAuthenticated);
        return Ok(Verdict { answer: Answer::AskStack(password), ..ask });
    }
    let stored = loaded.account.as_ref().and_then(|account| Some((account, account.password.as_deref()?)));
    let Some((account, stored)) = stored else {
        prover.nothing(policy.password_profile, &password)?;
        return Ok(Verdict::wrong_password(attempt, loaded));
    };
    if !prover.password(account, stored, &password)? {
        return Ok(Verdict::wrong_password(attempt, loaded));
    }
    let verdict = after_password(attempt, loaded, policy, prover, now)?;
    // Of ours no password has the shape of an app password. One that was imported stays what it is until it is changed.
    let stays = foreign::is_foreign(stored) && read_app_password(password.as_bytes()).is_some();
    let rehash = (!stays && prover.is_outdated(stored, policy.password_profile))
        .then_some(Rehash { of: HashOf::Password, profile: policy.password_profile });
    Ok(Verdict { rehash, ..verdict })
}

/// Decides what a right primary password opens.
pub fn after_password(
    attempt: &Attempt,
    loaded: &Loaded,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Verdict, ProofError> {
    if let Some(verdict) = by_repetition(attempt, loaded, prover.keys, now) {
        return Ok(Verdict { password_right: Some(true), ..verdict });
    }
    let verdict = match &loaded.account {
        Some(account) if !account.enabled => Verdict::refuse(Method::Password, Reason::AccountDisabled),
        Some(account) if account.two_factor() => with_two_factor(attempt, account, loaded, policy, prover, now)?,
        _ => without_two_factor(attempt.mode, loaded, policy, now),
    };
    let verdict = with_session(verdict, opened_by(attempt, loaded.account.as_ref(), policy, prover.keys));
    Ok(Verdict { password_right: Some(true), ..verdict })
}

/// An acceptance opens the session, if there is one to be opened.
fn with_session(mut verdict: Verdict, change: Option<SessionChange>) -> Verdict {
    if let (Answer::Accept(acceptance), Some(SessionChange::Open(digest, _))) = (&mut verdict.answer, change) {
        acceptance.session = change;
        verdict.session = Some(digest);
    }
    verdict
}

fn without_two_factor(mode: Mode, loaded: &Loaded, policy: &Policy, now: i64) -> Verdict {
    let required = policy.requires_two_factor(&loaded.requirements, now);
    let refuse = |reason| Verdict::refuse(Method::Password, reason);
    match mode {
        Mode::Panel => {
            let acceptance = Acceptance { enrolment_only: required, ..Acceptance::default() };
            Verdict::accept(Method::Password, acceptance)
        }
        Mode::Client | Mode::Webmail if required => refuse(Reason::EnrolmentRequired),
        Mode::Client if !policy.client_primary_password => refuse(Reason::AppPasswordRequired),
        Mode::Client | Mode::Webmail => Verdict::accept(Method::Password, Acceptance::default()),
    }
}

fn with_two_factor(
    attempt: &Attempt,
    account: &Account,
    loaded: &Loaded,
    policy: &Policy,
    prover: &mut Prover<'_>,
    now: i64,
) -> Result<Verdict, ProofError> {
    if attempt.mode == Mode::Client {
        return Ok(Verdict::refuse(Method::Password, Reason::AppPasswordRequired));
    }
    let (_, second) = split(attempt, loaded);
    second_factor(account, &second, loaded, policy, prover, now)
}

/// Whether a code is expected behind the password.
fn takes_code(attempt: &Attempt, loaded: &Loaded) -> bool {
    attempt.mode != Mode::Client && loaded.account.as_ref().is_some_and(Account::two_factor)
}

/// The primary password, and the second factor where one is expected behind it.
fn split<'a>(attempt: &'a Attempt, loaded: &Loaded) -> (Secret, Second<'a>) {
    match &loaded.account {
        Some(account) if takes_code(attempt, loaded) => attempt.presented.split(account.code_digits()),
        _ => (attempt.presented.undivided().clone(), Second::None),
    }
}

/// The primary password that was presented, as it was compared.
pub(crate) fn primary_password_of(attempt: &Attempt, loaded: &Loaded) -> Secret {
    split(attempt, loaded).0
}

/// Whether what was presented ends in the shape of a code: in client mode that is a hint for people, nothing else.
fn has_code(attempt: &Attempt, account: &Account) -> bool {
    !matches!(attempt.presented.split(account.code_digits()).1, Second::None)
}

fn presented_method(attempt: &Attempt, loaded: &Loaded) -> Method {
    match split(attempt, loaded).1 {
        Second::None => Method::Password,
        Second::Totp(_) | Second::Unreadable => Method::Totp,
        Second::Recovery(_) => Method::RecoveryCode,
    }
}
