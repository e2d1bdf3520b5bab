//! Changing the account's own password.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use mailkey::admin::{AdminError, Event};

use super::two_factor::identify_again;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::identify::{Proof, go_on_and_tell};
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{Notice, Password, PasswordProblem, Section};
use crate::visit::{SignedIn, Visit, go};

/// `GET /password`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    page(&panel, &visit, &signed_in, None, None).await
}

async fn page(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    revoke: Option<bool>,
    problem: Option<PasswordProblem>,
) -> Result<Response, Failure> {
    let fetch = signed_in.work(panel, Pace::Quick, |admin, name| {
        let config = admin.config();
        let (min_length, proposed) = (config.password_min_length, config.password_change_revokes);
        Ok((admin.account(name)?, admin.summary(name, now())?, min_length, proposed))
    });
    let (account, summary, min_length, proposed) = fetch.await?;
    let page = Password {
        name: signed_in.name(),
        two_factor: account.two_factor(),
        digits: account.code_digits(),
        keeps_password: account.password.is_some(),
        min_length,
        app_passwords: summary.app_passwords as usize,
        revoke: revoke.unwrap_or(proposed),
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
        return page(&panel, &visit, &signed_in, Some(revoke), Some(PasswordProblem::Again)).await;
    }
    // The rules come first: a code that is right would be used up for nothing.
    let proposed = new.clone();
    let check = signed_in.work(&panel, Pace::Quick, move |admin, name| Ok(admin.check_new_password(name, &proposed)));
    if let Err(error) = check.await? {
        return page(&panel, &visit, &signed_in, Some(revoke), Some(PasswordProblem::New(error))).await;
    }
    let proof = identify_again(&panel, &visit, &signed_in, &form.secret("current"), &form.secret("code")).await?;
    if let Some(problem) = proof {
        return page(&panel, &visit, &signed_in, Some(revoke), Some(PasswordProblem::Proof(problem))).await;
    }
    let version = signed_in.found.version;
    let change = signed_in.work(&panel, Pace::Slow, move |admin, name| {
        match admin.change_password(name, &new, version, revoke, now()) {
            Err(AdminError::Password(error)) => Ok(Err(error)),
            changed => changed.map(Ok),
        }
    });
    match change.await? {
        Err(error) => page(&panel, &visit, &signed_in, Some(revoke), Some(PasswordProblem::New(error))).await,
        Ok(revoked) => {
            visit.record(Event::PasswordChanged, "-");
            revoked.iter().for_each(|id| visit.record(Event::AppPasswordRevoked, id.as_str()));
            let notice = if revoke { Notice::PasswordChangedAndRevoked } else { Notice::PasswordChanged };
            go_on_and_tell(&panel, &visit, &signed_in, Proof::Shown, "/password", notice).await
        }
    }
}
