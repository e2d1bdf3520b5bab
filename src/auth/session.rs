//! What a session decides, before anything else is looked at.
//!
//! | `webmail_session` | presented | where | answer |
//! |---|---|---|---|
//! | exchange | session credential, alive | webmail; smtp and sieve of mail apps, from `webmail_hosts` | accept, and its idle time is renewed |
//! | exchange | `mkopen:…`, never seen | webmail | as password and code alone; with them the session opens |
//! | exchange | `mkopen:…`, the same again within 30 s | webmail | accept, as the first |
//! | exchange | `mkopen:…` with a credential that was seen | webmail | `session_reused` |
//! | exchange | `mkclose:…`, alive | webmail | accept, and it ends |
//! | grace | the password and code that opened it, alive, from the same address | webmail | accept, and its idle time is renewed |
//! | any | any of these elsewhere | | `session_not_allowed_here` |
//!
//! With `primary=stack` a session that opens is unconfirmed, and opens nothing, until the account line runs: the finish
//! line runs behind a `required` module that has refused, too, and only the program knows how the whole sign-in ended.
//!
//! Security: a grace session counts only while nothing pauses the account. Its password and code are compared without a
//! slow hash and before anything is charged, so that in a pause, when nothing is charged, codes could be guessed.

use super::attempt::{Attempt, Mode, PrimarySource};
use super::policy::{Policy, WebmailSession};
use super::reason::Reason;
use super::verdict::{Acceptance, Method, SessionChange, Verdict};
use crate::account::{Account, Protocol};
use crate::credential::Keyring;
use crate::credential::session::PresentedSession;
use crate::record::{Loaded, SessionFound};
use crate::session::{Life, Session, SessionKind};

/// The verdict where a session alone decides; none where the attempt must be decided by its password.
pub fn by_session(attempt: &Attempt, loaded: &Loaded, policy: &Policy, keys: &Keyring, now: i64) -> Option<Verdict> {
    let Some(presented) = attempt.presented.session() else { return by_grace(attempt, loaded, policy, now) };
    let refuse = |reason| Verdict::refuse(Method::Session, reason).about(presented.digest());
    if !is_allowed(attempt, presented, policy) {
        return Some(refuse(Reason::SessionNotAllowedHere));
    }
    match presented {
        PresentedSession::Malformed => Some(refuse(Reason::SessionMalformed)),
        PresentedSession::Use(digest) => Some(match live(attempt, loaded, SessionKind::Exchange, policy, now) {
            Ok(_) => accept(SessionChange::Use(*digest)).about(Some(*digest)),
            Err(reason) => refuse(reason),
        }),
        PresentedSession::Close(digest) => Some(match live(attempt, loaded, SessionKind::Exchange, policy, now) {
            Ok(_) => accept(SessionChange::Close(*digest)).about(Some(*digest)),
            Err(reason) => refuse(reason),
        }),
        PresentedSession::Open(opening) => {
            if loaded.session == SessionFound::Unknown || unconfirmed_repetition(attempt, loaded, keys, now).is_some() {
                return None;
            }
            let repeated = live(attempt, loaded, SessionKind::Exchange, policy, now)
                .is_ok_and(|session| session.is_repeated_by(&attempt.opening_digest(keys), now));
            Some(if repeated {
                accept(SessionChange::Use(opening.session)).about(Some(opening.session))
            } else {
                refuse(Reason::SessionReused)
            })
        }
    }
}

/// Whether sessions count for this attempt at all.
fn is_allowed(attempt: &Attempt, presented: &PresentedSession, policy: &Policy) -> bool {
    let sends_for_webmail = || {
        let protocol = matches!(attempt.protocol, Some(Protocol::Smtp | Protocol::Sieve));
        protocol && attempt.webmail_host && matches!(presented, PresentedSession::Use(_))
    };
    policy.webmail_session == WebmailSession::Exchange
        && match attempt.mode {
            Mode::Webmail => true,
            Mode::Client => sends_for_webmail(),
            Mode::Panel => false,
        }
}

/// A grace session of exactly this password and code. It was looked for only where grace sessions count.
fn by_grace(attempt: &Attempt, loaded: &Loaded, policy: &Policy, now: i64) -> Option<Verdict> {
    let SessionFound::Here(session) = &loaded.session else { return None };
    if policy.throttle.is_paused(&loaded.counters, true, now) || !is_from_the_same_address(attempt, session) {
        return None;
    }
    let verdict = match live(attempt, loaded, SessionKind::Grace, policy, now) {
        Ok(session) => accept(SessionChange::Use(session.digest)),
        // The stacked module is asked as if there were none; see by_repetition.
        Err(Reason::SessionUnconfirmed) => return None,
        // Not by its code, which is an old one by now: a webmail that goes on asking is no attack.
        Err(reason) => Verdict::refuse(Method::Session, reason),
    };
    Some(verdict.about(Some(session.digest)))
}

/// Whether the attempt comes from where the session was opened. Where only one of the two is known there is nothing to
/// compare.
fn is_from_the_same_address(attempt: &Attempt, session: &Session) -> bool {
    let here = attempt.remote.map(|remote| remote.to_string()).unwrap_or_default();
    here.is_empty() || session.opened_from.is_empty() || here == session.opened_from
}

/// The verdict, after the stacked module took the password, on a sign-in that was sent twice and whose first one has
/// opened the session and not been confirmed yet. Its code is used by then; whichever of the two is accepted as a whole
/// confirms the session.
pub fn by_repetition(attempt: &Attempt, loaded: &Loaded, keys: &Keyring, now: i64) -> Option<Verdict> {
    let session = unconfirmed_repetition(attempt, loaded, keys, now)?;
    let verdict = match &loaded.account {
        Some(account) if !account.enabled => Verdict::refuse(Method::Password, Reason::AccountDisabled),
        _ => accept(SessionChange::Repeat(session.digest)),
    };
    Some(verdict.about(Some(session.digest)))
}

fn unconfirmed_repetition<'a>(attempt: &Attempt, loaded: &'a Loaded, keys: &Keyring, now: i64) -> Option<&'a Session> {
    let SessionFound::Here(session) = &loaded.session else { return None };
    let repeated = match session.kind {
        SessionKind::Exchange => session.is_repeated_by(&attempt.opening_digest(keys), now),
        SessionKind::Grace => session.is_just_opened(now) && is_from_the_same_address(attempt, session),
    };
    let waits = attempt.primary != PrimarySource::Store && !session.confirmed && !session.ended;
    (repeated && waits).then_some(session)
}

fn accept(change: SessionChange) -> Verdict {
    Verdict::accept(Method::Session, Acceptance { session: Some(change), ..Acceptance::default() })
}

/// The session that was found, if it opens anything.
fn live<'a>(
    attempt: &Attempt,
    loaded: &'a Loaded,
    kind: SessionKind,
    policy: &Policy,
    now: i64,
) -> Result<&'a Session, Reason> {
    let session = match &loaded.session {
        SessionFound::Here(session) if session.kind == kind => session,
        SessionFound::Gone => return Err(Reason::SessionEnded),
        SessionFound::Here(_) | SessionFound::Elsewhere | SessionFound::Unknown => return Err(Reason::SessionUnknown),
    };
    match session.life(&policy.session_limits, now) {
        Life::Ended => Err(Reason::SessionEnded),
        Life::Expired => Err(Reason::SessionExpired),
        Life::Unconfirmed => Err(Reason::SessionUnconfirmed),
        Life::Live => match &loaded.account {
            Some(account) if !account.enabled => Err(Reason::AccountDisabled),
            // What is required by now counts for who signed in before, too.
            account
                if policy.requires_two_factor(&loaded.requirements, now)
                    && !account.as_ref().is_some_and(Account::two_factor) =>
            {
                Err(Reason::EnrolmentRequired)
            }
            None if attempt.primary != (PrimarySource::Stack { reject_unknown: false }) => Err(Reason::UnknownAccount),
            _ => Ok(session),
        },
    }
}

/// The session that opens when a right password (and code, where `account` has 2FA) is accepted.
pub(super) fn opened_by(
    attempt: &Attempt,
    account: Option<&Account>,
    policy: &Policy,
    keys: &Keyring,
) -> Option<SessionChange> {
    if let Some(opening) = attempt.presented.opening() {
        return Some(SessionChange::Open(opening.session, SessionKind::Exchange));
    }
    // Without a code there is nothing that would be used up.
    let with_code = account.is_some_and(Account::two_factor);
    let digest = attempt.session(keys, policy.webmail_session).filter(|_| with_code)?;
    Some(SessionChange::Open(digest, SessionKind::Grace))
}
