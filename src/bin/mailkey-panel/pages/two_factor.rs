//! 2FA: how it is, new recovery codes, removing an authenticator, turning it off.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mailkey::account::{Account, Authenticator};
use mailkey::admin::{AdminError, Event};
use mailkey::config::EnrolmentRule;
use mailkey::credential::Secret;

use super::prove;
use super::sign_in::status_of;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::held::Shown;
use crate::identify::{Identified, Proof, go_on, go_on_and_tell, identify};
use crate::state::{Panel, Shared, now};
use crate::view;
use crate::view::model::{
    BeginProblem, Notice, Problem, RecoveryCodes, RemoveAuthenticator, Section, TwoFactor, TwoFactorOff,
};
use crate::visit::{SignedIn, Visit, go, go_and_tell, with_token};

/// `GET /two-factor`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    page(&panel, &visit, &signed_in, "", None).await
}

/// The page, with the label that was typed and what is wrong with that, or with the invitation.
pub async fn page(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    label: &str,
    problem: Option<BeginProblem>,
) -> Result<Response, Failure> {
    let fetch = signed_in.work(panel, Pace::Quick, move |admin, name| {
        Ok((admin.account(name)?, admin.summary(name, now())?, admin.needs_invitation(name, now())?))
    });
    let (account, summary, invitation) = fetch.await?;
    let enrolment_held = account.pending().is_some() && panel.held.begun(signed_in.digest()).is_some();
    let codes_left = summary.recovery_codes as usize;
    let page = TwoFactor { account: &account, codes_left, enrolment_held, label, invitation, problem, now: now() };
    let status = match problem {
        None => StatusCode::OK,
        Some(BeginProblem::Name(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(BeginProblem::Invitation(problem)) => status_of(Some(problem)),
    };
    Ok(visit.draw(panel, Some(Section::TwoFactor), status, |frame| view::two_factor(frame, &page)))
}

/// `POST /two-factor/recovery-codes`
pub async fn new_recovery_codes(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    _form: Form,
) -> Result<Response, Failure> {
    if !signed_in.was_proved() {
        return Ok(prove::first(&panel, "/two-factor"));
    }
    let work = signed_in.work(&panel, Pace::Slow, move |admin, name| match admin.new_recovery_codes(name, now()) {
        Err(AdminError::TwoFactorOff(_)) => Ok(None),
        codes => codes.map(Some),
    });
    let Some(codes) = work.await? else {
        return Ok(go(&panel, "/two-factor"));
    };
    visit.record(Event::RecoveryCodesReplaced, "-");
    show_once(&panel, &visit, &signed_in, Proof::AsBefore, codes, false).await
}

/// Goes on to the page that shows recovery codes once.
pub async fn show_once(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    proof: Proof,
    codes: Vec<Secret>,
    first: bool,
) -> Result<Response, Failure> {
    let token = go_on(panel, visit, signed_in, proof).await?;
    if !panel.held.show(token.digest(), Shown::RecoveryCodes { codes, first }) {
        return Err(Failure::Busy);
    }
    Ok(with_token(panel, &token, go(panel, "/two-factor/recovery-codes")))
}

/// The recovery codes that are held for this visitor.
fn held(panel: &Panel, signed_in: &SignedIn) -> Result<(Vec<Secret>, bool), Failure> {
    match panel.held.shown(signed_in.digest()) {
        Some(Shown::RecoveryCodes { codes, first }) => Ok((codes, first)),
        Some(Shown::AppPassword { .. }) | None => Err(Failure::SecretGone),
    }
}

/// `GET /two-factor/recovery-codes`
pub async fn recovery_codes(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
) -> Result<Response, Failure> {
    let (codes, first) = held(&panel, &signed_in)?;
    let page = RecoveryCodes { codes: &codes, first };
    Ok(visit.page(&panel, Section::TwoFactor, |frame| view::recovery_codes(frame, &page)))
}

/// `GET /two-factor/recovery-codes.txt`
pub async fn recovery_codes_file(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
) -> Result<Response, Failure> {
    let (codes, first) = held(&panel, &signed_in)?;
    let csrf = visit.token.csrf();
    let text = view::recovery_codes_text(&visit.frame(&panel, &csrf, None), &RecoveryCodes { codes: &codes, first });
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mail-recovery-codes.txt\""),
    ];
    Ok((headers, text.as_bytes().to_vec()).into_response())
}

/// `POST /two-factor/recovery-codes/done`
pub async fn recovery_codes_done(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    _form: Form,
) -> Response {
    let first = held(&panel, &signed_in).map(|(_, first)| first);
    panel.held.stop_showing(signed_in.digest());
    match first {
        Ok(true) => go_and_tell(&panel, &visit, "/two-factor", Notice::TwoFactorOn),
        Ok(false) => go_and_tell(&panel, &visit, "/two-factor", Notice::RecoveryCodesReplaced),
        Err(_) => go(&panel, "/two-factor"),
    }
}

/// `GET /two-factor/authenticators/{id}/remove`
pub async fn ask_remove(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    let authenticator = removable(&panel, &signed_in, id).await?;
    if !signed_in.is_proved() {
        return Ok(prove::first(&panel, &format!("/two-factor/authenticators/{id}/remove")));
    }
    let page = RemoveAuthenticator { authenticator: &authenticator };
    Ok(visit.page(&panel, Section::TwoFactor, |frame| view::remove_authenticator(frame, &page)))
}

/// `POST /two-factor/authenticators/{id}/remove`
pub async fn remove(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<i64>,
    _form: Form,
) -> Result<Response, Failure> {
    removable(&panel, &signed_in, id).await?;
    if !signed_in.was_proved() {
        return Ok(prove::first(&panel, &format!("/two-factor/authenticators/{id}/remove")));
    }
    signed_in.work(&panel, Pace::Quick, move |admin, name| admin.remove_authenticator(name, id, now())).await?;
    visit.record(Event::AuthenticatorRemoved, &id.to_string());
    go_on_and_tell(&panel, &visit, &signed_in, Proof::AsBefore, "/two-factor", Notice::AuthenticatorRemoved).await
}

/// The authenticator, if it counts and is not the last one that does.
async fn removable(panel: &Panel, signed_in: &SignedIn, id: i64) -> Result<Authenticator, Failure> {
    let account = load(panel, signed_in).await?;
    let mut confirmed: Vec<&Authenticator> = account.confirmed().collect();
    if confirmed.len() < 2 {
        return Err(Failure::NotFound);
    }
    confirmed.retain(|authenticator| authenticator.id == id);
    confirmed.first().map(|authenticator| (*authenticator).clone()).ok_or(Failure::NotFound)
}

/// The account as it is now.
pub async fn load(panel: &Panel, signed_in: &SignedIn) -> Result<Account, Failure> {
    signed_in.work(panel, Pace::Quick, |admin, name| admin.account(name)).await
}

/// `GET /two-factor/off`
pub async fn ask_off(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    off_page(&panel, &visit, &signed_in, None).await
}

async fn off_page(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    problem: Option<Problem>,
) -> Result<Response, Failure> {
    let fetch = signed_in.work(panel, Pace::Quick, |admin, name| {
        Ok((admin.account(name)?, admin.config().enrolment == EnrolmentRule::Invited))
    });
    let (account, invitation) = fetch.await?;
    if !account.two_factor() {
        return Ok(go(panel, "/two-factor"));
    }
    let page = TwoFactorOff { digits: account.code_digits(), invitation, problem };
    Ok(visit.draw(panel, Some(Section::TwoFactor), status_of(problem), |frame| view::two_factor_off(frame, &page)))
}

/// `POST /two-factor/off`
pub async fn off(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    let (password, code) = (form.secret("password"), form.secret("code"));
    let problem = match identify_again(&panel, &visit, &signed_in, &password, &code).await? {
        Some(problem) => problem,
        None => {
            signed_in.work(&panel, Pace::Quick, move |admin, name| admin.end_two_factor(name, now())).await?;
            visit.record(Event::TwoFactorOff, "-");
            panel.held.end(signed_in.digest());
            return go_on_and_tell(&panel, &visit, &signed_in, Proof::Shown, "/two-factor", Notice::TwoFactorOff).await;
        }
    };
    off_page(&panel, &visit, &signed_in, Some(problem)).await
}

/// Asks somebody who is signed in for password and code again; returns what is wrong with them.
pub async fn identify_again(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    password: &Secret,
    code: &Secret,
) -> Result<Option<Problem>, Failure> {
    if signed_in.found.two_factor && code.as_bytes().trim_ascii().is_empty() {
        return Ok(Some(Problem::Missing));
    }
    Ok(match identify(panel, visit, signed_in.name().as_str(), password, code).await? {
        Identified::Owner(owner)
            if (owner.account.uid, owner.account.version) == (signed_in.found.account, signed_in.found.version) =>
        {
            None
        }
        Identified::Owner(_) => Some(Problem::Changed),
        Identified::CodeRequired { .. } => Some(Problem::WrongCode),
        Identified::Refused(Problem::SignIn) => Some(Problem::WrongPassword),
        Identified::Refused(problem) => Some(problem),
    })
}
