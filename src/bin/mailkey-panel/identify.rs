//! Who is it? Asks whoever checks passwords, and turns the answer into a session or into what the page says.

use mailkey::account::{Account, AccountName, AccountUid};
use mailkey::admin::{AdminError, PanelSignIn};
use mailkey::auth::Method;
use mailkey::credential::Secret;

use crate::authenticate::{Answer, Presented, Refused, Trouble};
use crate::cookie::Token;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::journal;
use crate::state::{Panel, Shared, now};
use crate::view::model::Problem;
use crate::visit::{SignedIn, Visit};

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

/// What the store knows of an account before and after somebody else was asked about it.
struct Snapshot {
    account: Account,
    codes_left: u32,
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
    let known = panel.desks.settings().await?.names;
    let parsed = AccountName::parse(name.as_bytes(), &known).ok();
    // An account that changes while others are asked about it is not the one that they were asked about.
    let before = match &parsed {
        Some(name) => snapshot(panel, visit, name).await?,
        None => None,
    };
    let presented = Presented { name, password, code, from: visit.remote };
    let answer = match panel.authenticator.authenticate(&presented).await {
        Ok(answer) => answer,
        Err(trouble) => return Ok(Identified::Refused(problem_of(&trouble))),
    };
    match answer {
        Answer::Accepted { account, method } => {
            let Some(now) = adopted(panel, visit, &account).await? else {
                return Ok(Identified::Refused(Problem::Changed));
            };
            let before = before.filter(|before| before.account.name == account);
            if let Some(refused) = objection(panel, before.as_ref(), &now) {
                return Ok(Identified::Refused(refused));
            }
            Ok(Identified::Owner(Owner { account: now.account, method: method.as_str() }))
        }
        Answer::CodeRequired => match before {
            Some(Snapshot { account, .. }) if account.two_factor() => {
                let digits = account.confirmed().next().map_or(6, |first| first.form.digits);
                Ok(Identified::CodeRequired { account: account.name, digits })
            }
            // It was turned off in between.
            Some(_) | None => Ok(Identified::Refused(Problem::Changed)),
        },
        Answer::Refused(refused) => Ok(Identified::Refused(problem(refused))),
    }
}

/// What keeps an owner out whom others have let in.
fn objection(panel: &Panel, before: Option<&Snapshot>, now: &Snapshot) -> Option<Problem> {
    if !now.account.enabled {
        return Some(Problem::Disabled);
    }
    let Some(before) = before else { return None };
    if (before.account.uid, before.account.version) != (now.account.uid, now.account.version) {
        return Some(Problem::Changed);
    }
    if panel.authenticator.must_leave_a_trace() && now.account.two_factor() && !has_claimed(before, now) {
        // Security: whoever was asked took the password without a code: it is not mailkey that answers there.
        journal::error(format_args!(
            "auth: the mail server accepted {} without a code being used up, though its 2FA is on: its port must ask \
             mailkey's PAM service in mode panel or webmail",
            now.account.name
        ));
        return Some(Problem::Unavailable);
    }
    None
}

/// Whether a code of the account was used up in between.
fn has_claimed(before: &Snapshot, now: &Snapshot) -> bool {
    let steps = |account: &Account| account.confirmed().map(|one| (one.id, one.last_step)).collect::<Vec<_>>();
    now.codes_left < before.codes_left || steps(&before.account) != steps(&now.account)
}

async fn snapshot(panel: &Shared, visit: &Visit, name: &AccountName) -> Result<Option<Snapshot>, Failure> {
    let name = name.clone();
    panel
        .desks
        .work(Pace::Quick, visit.stranger(), move |admin| {
            let Some(summary) = admin.find(&name, now())? else { return Ok(None) };
            Ok(Some(Snapshot { account: admin.account(&name)?, codes_left: summary.recovery_codes }))
        })
        .await
}

/// The record of a name that was accepted; where another system keeps the passwords it may be the first time.
async fn adopted(panel: &Shared, visit: &Visit, name: &AccountName) -> Result<Option<Snapshot>, Failure> {
    if let Some(snapshot) = snapshot(panel, visit, name).await? {
        return Ok(Some(snapshot));
    }
    let adopt = name.clone();
    panel.desks.work(Pace::Quick, visit.stranger(), move |admin| admin.adopt(&adopt, now()).map(|_| ())).await?;
    snapshot(panel, visit, name).await
}

/// Opens a session of that account as it was at `version`; none if it has changed meanwhile. Returns the new cookie.
pub async fn open_session(
    panel: &Shared,
    visit: &Visit,
    account: (&AccountName, AccountUid),
    version: i64,
    method: Method,
) -> Result<Option<Token>, Failure> {
    let (name, account) = (account.0.clone(), account.1);
    let (agent, limits) = (visit.agent.clone(), panel.config.session);
    let opened = panel.desks.work(Pace::Quick, visit.stranger(), move |admin| {
        let sign_in = PanelSignIn { account, version, method, agent: &agent, limits };
        match admin.open_panel_session(&name, &sign_in, now()) {
            Err(AdminError::Changed(_)) => Ok(None),
            opened => opened.map(Some),
        }
    });
    Ok(opened.await?.and_then(Token::of))
}

/// Opens the session that goes on after a change that its owner has made, and that has ended all of his. `Some` is the new
/// cookie; none where somebody else has changed the account, too: then he has to sign in.
pub async fn go_on(panel: &Shared, visit: &Visit, signed_in: &SignedIn) -> Result<Option<Token>, Failure> {
    let found = &signed_in.found;
    let method = Method::parse(&found.session.method).unwrap_or(Method::Password);
    let token = open_session(panel, visit, (&found.name, found.account), found.version + 1, method).await?;
    match &token {
        Some(token) => panel.held.rename(signed_in.digest(), token.digest()),
        None => panel.held.forget(signed_in.digest()),
    }
    Ok(token)
}

/// What the page says about a refusal.
pub fn problem(refused: Refused) -> Problem {
    match refused {
        Refused::WrongCredential => Problem::SignIn,
        Refused::WrongCode => Problem::WrongCode,
        Refused::CodeUsed => Problem::CodeUsed,
        Refused::WrongRecoveryCode => Problem::WrongRecoveryCode,
        Refused::RecoveryCodeUsed => Problem::RecoveryCodeUsed,
        Refused::Throttled => Problem::Throttled,
        Refused::AccountDisabled => Problem::Disabled,
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
