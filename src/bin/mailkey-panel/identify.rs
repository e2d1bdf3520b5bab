//! Who is it? Asks whoever checks passwords, and turns the answer into a session or into what the page says.

use axum::response::Response;
use mailkey::account::{Account, AccountName, AccountUid};
use mailkey::admin::{AdminError, GoesOn, PanelSignIn};
use mailkey::auth::Method;
use mailkey::credential::Secret;

use crate::authenticate::{self, Answer, Refused, Trouble};
use crate::cookie::Token;
use crate::desk::{Pace, find};
use crate::failure::Failure;
use crate::journal;
use crate::state::{Shared, now};
use crate::view::model::{Notice, Problem};
use crate::visit::{SignedIn, Visit, go, with_token};

/// How it went.
pub enum Identified {
    /// It is the owner of this account.
    Owner(Owner),
    /// The password is right, and a code of so many digits is missing.
    CodeRequired {
        /// The account.
        account: AccountName,
        /// Digits of its codes.
        digits: u8,
    },
    /// It is not, or it cannot be said.
    Refused(Problem),
}

/// Somebody who has proved to be an account's owner.
pub struct Owner {
    /// The account.
    pub account: Account,
    /// How, as the log names it.
    pub method: Method,
}

/// Whether a password or code was shown with a change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// With this one.
    Shown,
    /// Some time before it.
    AsBefore,
}

/// Asks about a name, a password, and a code (empty: none).
pub async fn identify(
    panel: &Shared,
    visit: &Visit,
    name: &str,
    password: &Secret,
    code: &Secret,
) -> Result<Identified, Failure> {
    if name.is_empty() || password.is_empty() {
        return Ok(Identified::Refused(Problem::Missing));
    }
    let Some(_signing_in) = panel.visitors.sign_in(visit.remote) else {
        return Ok(Identified::Refused(Problem::Busy));
    };
    // An account that changes while others are asked about it is not the one that they were asked about.
    let typed = name.to_string();
    let before = panel.desks.work(Pace::Quick, visit.stranger(), move |admin| {
        let name = AccountName::parse(typed.as_bytes(), &admin.config().names);
        name.map_or(Ok(None), |name| find(admin, &name))
    });
    let before = before.await?;
    let code = Some(code).filter(|code| !code.as_bytes().trim_ascii().is_empty());
    let answer = panel.authenticator.authenticate(&panel.desks, name, password, code, visit.remote).await;
    let accepted = match answer {
        Ok(Answer::Accepted(accepted)) => accepted,
        Ok(Answer::CodeRequired) => return Ok(code_required(before)),
        Ok(Answer::Refused(refused)) => return Ok(Identified::Refused(problem(refused))),
        Err(trouble) => return Ok(Identified::Refused(problem_of(&trouble))),
    };
    let name = accepted.account.clone();
    let had_record = before.is_some();
    let account = panel.desks.work(Pace::Quick, visit.stranger(), move |admin| {
        let account = if had_record {
            // One that was removed meanwhile stays removed.
            find(admin, &name)?
        } else {
            // Where another system keeps the passwords it may be the first time.
            Some(admin.adopt(&name, now())?)
        };
        let must_enrol = admin.requires_two_factor(&name, now())?;
        Ok(account.map(|account| (account, must_enrol)))
    });
    let Some((account, must_enrol)) = account.await? else { return Ok(Identified::Refused(Problem::Changed)) };
    let same = |before: Account| (before.uid, before.version) == (account.uid, account.version);
    if !before.is_none_or(same) {
        return Ok(Identified::Refused(Problem::Changed));
    }
    if !account.enabled {
        return Ok(Identified::Refused(Problem::Disabled));
    }
    let method = match accepted.method {
        authenticate::Method::Password => Method::Password,
        authenticate::Method::Totp => Method::Totp,
        authenticate::Method::RecoveryCode => Method::RecoveryCode,
    };
    // Security: whoever was asked, with 2FA on nobody comes in without a code.
    if account.two_factor() && method == Method::Password {
        return Ok(Identified::Refused(Problem::Changed));
    }
    if accepted.enrolment_only && !must_enrol {
        journal::error(format_args!(
            "auth: {} was let in to turn 2FA on and for nothing else, and here 2FA is not required: the panel and its PAM \
             file must name the same configuration of mailkey",
            account.name
        ));
        return Ok(Identified::Refused(Problem::Unavailable));
    }
    Ok(Identified::Owner(Owner { account, method }))
}

fn code_required(account: Option<Account>) -> Identified {
    match account {
        Some(account) if account.two_factor() => {
            Identified::CodeRequired { digits: account.code_digits(), account: account.name }
        }
        // It was turned off in between.
        Some(_) | None => Identified::Refused(Problem::Changed),
    }
}

/// Opens a session of that account as it was at `version`; none if it has changed meanwhile. Returns the new cookie.
pub async fn open_session(
    panel: &Shared,
    visit: &Visit,
    account: (&AccountName, AccountUid),
    version: i64,
    method: Method,
    goes_on: Option<GoesOn>,
) -> Result<Option<Token>, Failure> {
    let (name, account) = (account.0.clone(), account.1);
    let (agent, limits) = (visit.agent.clone(), panel.config.session);
    let opened = panel.desks.work(Pace::Quick, visit.stranger(), move |admin| {
        let sign_in = PanelSignIn { account, version, method, agent: &agent, limits, goes_on };
        match admin.open_panel_session(&name, &sign_in, now()) {
            Err(AdminError::Changed(_)) => Ok(None),
            opened => opened.map(Some),
        }
    });
    Ok(opened.await?.and_then(Token::of))
}

/// Opens the session that goes on after a change that its owner has made, and that has ended all of his. Returns the new
/// cookie; where somebody else has changed the account, too, he has to sign in. `proof` says whether a password
/// or code was shown with the change. Security: without one the session is no better proved than before, and with every
/// one it is as old as it was; else whoever has a cookie could keep it for ever by making changes.
pub async fn go_on(panel: &Shared, visit: &Visit, signed_in: &SignedIn, proof: Proof) -> Result<Token, Failure> {
    let found = &signed_in.found;
    let proved_at = match proof {
        Proof::Shown => None,
        Proof::AsBefore => Some(found.session.proved_at),
    };
    let goes_on = Some(GoesOn { opened_at: found.session.opened_at, proved_at });
    let all = [Method::Totp, Method::RecoveryCode];
    let method = all.into_iter().find(|method| method.as_str() == found.session.method).unwrap_or(Method::Password);
    let owner = (&found.name, found.account);
    let token = open_session(panel, visit, owner, found.version + 1, method, goes_on).await?;
    match token {
        Some(token) => {
            panel.held.rename(signed_in.digest(), token.digest());
            Ok(token)
        }
        None => {
            panel.held.forget(signed_in.digest());
            Err(Failure::SessionEnded)
        }
    }
}

/// The same, and goes to a page that tells what was done.
pub async fn go_on_and_tell(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    proof: Proof,
    path: &str,
    notice: Notice,
) -> Result<Response, Failure> {
    let token = go_on(panel, visit, signed_in, proof).await?;
    panel.held.tell(token.digest(), notice);
    Ok(with_token(panel, &token, go(panel, path)))
}

/// What the page says about a refusal.
fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::WrongCredential => Problem::SignIn,
        Refused::WrongCode => Problem::WrongCode,
        Refused::CodeUsed => Problem::CodeUsed,
        Refused::Throttled => Problem::Throttled,
        Refused::AccountDisabled => Problem::Disabled,
        Refused::PasswordExpired => Problem::PasswordExpired,
        Refused::Changed => Problem::Changed,
        Refused::NotAllowedHere => Problem::AppPassword,
    }
}

fn problem_of(trouble: &Trouble) -> Problem {
    match trouble {
        Trouble::Busy => Problem::Busy,
        Trouble::TimedOut | Trouble::Unavailable(_) => {
            journal::error(format_args!("auth: {trouble}"));
            Problem::Unavailable
        }
    }
}
