//! Signing in, in one step or two, and out.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use mailkey::admin::Admin;
use mailkey::credential::Secret;

use crate::cookie::Token;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::held::Waiting;
use crate::identify::{Identified, Owner, identify, open_session};
use crate::journal;
use crate::state::{Panel, Shared, now};
use crate::view;
use crate::view::model::{Notice, Problem, SecondStep, SignIn};
use crate::visit::{SignedIn, Visit, go, with_token};

/// `GET /sign-in`
pub async fn show(State(panel): State<Shared>, visit: Visit, request: Request) -> Response {
    if visit.signed_in().is_some() {
        return go(&panel, "/");
    }
    let problem = match request.uri().query() {
        Some("ended") => Some(Problem::SessionEnded),
        Some("late") => Some(Problem::StepExpired),
        Some(_) | None => None,
    };
    page(&panel, &visit, "", problem)
}

fn page(panel: &Panel, visit: &Visit, name: &str, problem: Option<Problem>) -> Response {
    let page = SignIn { name, code_field: panel.authenticator.wants_code_at_once(), problem };
    visit.draw(panel, None, status_of(problem), |frame| view::sign_in(frame, &page))
}

/// The status of a page that asks for something again.
pub fn status_of(problem: Option<Problem>) -> StatusCode {
    match problem {
        None | Some(Problem::SessionEnded | Problem::StepExpired) => StatusCode::OK,
        Some(Problem::Busy | Problem::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        Some(Problem::Throttled) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// `POST /sign-in`
pub async fn submit(State(panel): State<Shared>, visit: Visit, form: Form) -> Result<Response, Failure> {
    panel.held.stop_waiting(visit.token.digest());
    let name = form.text("name").trim().to_string();
    let password = form.secret("password");
    let code = if panel.authenticator.wants_code_at_once() { form.secret("code") } else { Secret::default() };
    Ok(match identify(&panel, &visit, &name, &password, &code).await? {
        Identified::Owner(owner) => match enter(&panel, &visit, &owner).await? {
            Some(response) => response,
            None => page(&panel, &visit, &name, Some(Problem::Changed)),
        },
        Identified::CodeRequired { account, digits } => {
            // The cookie of the second step is not the one that anybody may have had before it.
            let token = Token::generate().map_err(|error| Failure::Unavailable(error.to_string()))?;
            if !panel.held.wait(token.digest(), Waiting { account, password, digits }) {
                return Ok(page(&panel, &visit, &name, Some(Problem::Busy)));
            }
            leave(&panel, &visit).await?;
            with_token(&panel, &token, go(&panel, "/sign-in/code"))
        }
        Identified::Refused(problem) => page(&panel, &visit, &name, Some(problem)),
    })
}

/// Signs the owner in.
async fn enter(panel: &Shared, visit: &Visit, owner: &Owner) -> Result<Option<Response>, Failure> {
    let opened =
        open_session(panel, visit, (&owner.account.name, owner.account.uid), owner.account.version, owner.method, None)
            .await?;
    if opened.is_some() {
        leave(panel, visit).await?;
        learn_language(panel, visit, owner).await;
    }
    Ok(opened.map(|token| {
        journal::event("signed_in", &owner.account.name, visit.remote, token.digest().id().as_str());
        with_token(panel, &token, go(panel, "/"))
    }))
}

/// Remembers in which language letters are written to him. Nobody stays outside for it.
async fn learn_language(panel: &Shared, visit: &Visit, owner: &Owner) {
    let (name, tag) = (owner.account.name.clone(), visit.language);
    let learn = panel.desks.work(Pace::Quick, visit.stranger(), move |admin| admin.learn_language(&name, tag));
    if let Err(failure) = learn.await {
        failure.report();
    }
}

/// Ends the session that this browser had, whose cookie it now loses.
async fn leave(panel: &Shared, visit: &Visit) -> Result<(), Failure> {
    let Some(before) = visit.signed_in() else { return Ok(()) };
    let (name, digest) = (before.name().clone(), before.digest());
    let end = move |admin: &mut Admin<'_>| admin.close_panel_session(&name, digest, now());
    panel.desks.work(Pace::Quick, visit.stranger(), end).await?;
    panel.held.forget(digest);
    Ok(())
}

/// `GET /sign-in/code`
pub async fn show_code(State(panel): State<Shared>, visit: Visit) -> Response {
    code_page(&panel, &visit, None)
}

fn code_page(panel: &Panel, visit: &Visit, problem: Option<Problem>) -> Response {
    let waiting = panel.held.waiting(visit.token.digest(), |waiting| (waiting.account.clone(), waiting.digits));
    let Some((account, digits)) = waiting else { return page(panel, visit, "", Some(Problem::StepExpired)) };
    let page = SecondStep { name: account.as_str(), digits, problem };
    visit.draw(panel, None, status_of(problem), |frame| view::second_step(frame, &page))
}

/// `POST /sign-in/code`
pub async fn submit_code(State(panel): State<Shared>, visit: Visit, form: Form) -> Result<Response, Failure> {
    let digest = visit.token.digest();
    let read = |waiting: &Waiting| (waiting.account.clone(), waiting.password.clone());
    let Some((account, password)) = panel.held.waiting(digest, read) else {
        return Ok(page(&panel, &visit, "", Some(Problem::StepExpired)));
    };
    let code = form.secret("code");
    if code.as_bytes().trim_ascii().is_empty() {
        return Ok(code_page(&panel, &visit, Some(Problem::Missing)));
    }
    let problem = match identify(&panel, &visit, account.as_str(), &password, &code).await? {
        Identified::Owner(owner) => match enter(&panel, &visit, &owner).await? {
            Some(response) => {
                panel.held.stop_waiting(digest);
                return Ok(response);
            }
            None => Problem::Changed,
        },
        // The code was no code: it went with the password, and was taken for a part of it.
        Identified::CodeRequired { .. } | Identified::Refused(Problem::SignIn) => Problem::WrongCode,
        Identified::Refused(problem) => problem,
    };
    if matches!(problem, Problem::Changed | Problem::Disabled) {
        // The password that waits here may not be the account's any more.
        panel.held.stop_waiting(digest);
        return Ok(page(&panel, &visit, account.as_str(), Some(problem)));
    }
    Ok(code_page(&panel, &visit, Some(problem)))
}

/// `POST /sign-out`
pub async fn sign_out(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    _form: Form,
) -> Result<Response, Failure> {
    let (name, digest) = (signed_in.name().clone(), signed_in.digest());
    let end =
        panel.desks.work(Pace::Quick, visit.stranger(), move |admin| admin.close_panel_session(&name, digest, now()));
    end.await?;
    journal::event("signed_out", signed_in.name(), visit.remote, digest.id().as_str());
    panel.held.forget(digest);
    let token = Token::generate().map_err(|error| Failure::Unavailable(error.to_string()))?;
    panel.held.tell(token.digest(), Notice::SignedOut);
    Ok(with_token(&panel, &token, go(&panel, "/sign-in")))
}
