//! Changing the account's own password.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use mailkey::admin::{Admin, AdminError, Event};

use super::two_factor::{digits_of, identify_again};
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::identify::{Proof, go_on};
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{Notice, Password, PasswordProblem, Section};
use crate::visit::{SignedIn, Visit, go, with_token};

/// `GET /password`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    page(&panel, &visit, &signed_in, false, None).await
}

async fn page(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    revoke: bool,
    problem: Option<PasswordProblem>,
) -> Result<Response, Failure> {
    let name = signed_in.name().clone();
    let fetch = panel
        .desks
        .work(Pace::Quick, visit.asker(), move |admin| Ok((admin.account(&name)?, admin.summary(&name, now())?)));
    let (account, summary) = fetch.await?;
    let page = Password {
        name: signed_in.name(),
        two_factor: account.two_factor(),
        digits: digits_of(&account),
        keeps_password: account.password.is_some(),
        min_length: panel.desks.settings().await?.password_min_length,
        app_passwords: summary.app_passwords as usize,
        revoke,
        problem,
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.draw(panel, Some(Section::Password), status, |frame| view::password(frame, &page)))
}

/// `POST /password`
pub async fn change(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    if !signed_in.found.has_password {
        return Ok(go(&panel, "/password"));
    }
    let revoke = form.text("revoke_app_passwords") == "yes";
    let new = form.secret("new");
    if new != form.secret("again") {
        return page(&panel, &visit, &signed_in, revoke, Some(PasswordProblem::Again)).await;
    }
    // The rules come first: a code that is right would be used up for nothing.
    let (name, proposed) = (signed_in.name().clone(), new.clone());
    let check =
        panel.desks.work(Pace::Quick, visit.asker(), move |admin| Ok(admin.check_new_password(&name, &proposed)));
    if let Err(error) = check.await? {
        return page(&panel, &visit, &signed_in, revoke, Some(PasswordProblem::New(error))).await;
    }
    let proof = identify_again(&panel, &visit, &signed_in, &form.secret("current"), &form.secret("code")).await?;
    if let Some(problem) = proof {
        return page(&panel, &visit, &signed_in, revoke, Some(PasswordProblem::Proof(problem))).await;
    }
    let (name, version) = (signed_in.name().clone(), signed_in.found.version);
    let change = move |admin: &mut Admin<'_>| match admin.change_password(&name, &new, version, revoke, now()) {
        Err(AdminError::Password(error)) => Ok(Err(error)),
        changed => changed.map(Ok),
    };
    match panel.desks.work(Pace::Slow, visit.asker(), change).await? {
        Err(error) => page(&panel, &visit, &signed_in, revoke, Some(PasswordProblem::New(error))).await,
        Ok(revoked) => {
            visit.record(Event::PasswordChanged, "-");
            revoked.iter().for_each(|id| visit.record(Event::AppPasswordRevoked, id.as_str()));
            let Some(token) = go_on(&panel, &visit, &signed_in, Proof::Shown).await? else {
                return Err(Failure::SessionEnded);
            };
            let notice = if revoke { Notice::PasswordChangedAndRevoked } else { Notice::PasswordChanged };
            panel.held.tell(token.digest(), notice);
            Ok(with_token(&panel, &token, go(&panel, "/password")))
        }
    }
}
