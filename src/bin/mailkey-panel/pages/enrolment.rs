//! Turning 2FA on, and adding an authenticator: a secret is shown, and counts from its first code on.

use axum::extract::State;
use axum::response::Response;
use mailkey::account::AccountName;
use mailkey::admin::{Admin, AdminError, Event};

use super::sign_in::status_of;
use super::{prove, two_factor};
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::held::Begun;
use crate::identify::{Proof, go_on_and_tell};
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{Enrol, Notice, Problem, Section};
use crate::visit::{SignedIn, Visit, go, go_and_tell};

/// `POST /two-factor/enrol`
pub async fn begin(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    if !signed_in.was_proved() {
        return Ok(prove::first(&panel, "/two-factor"));
    }
    let label = form.text("label");
    let typed = label.clone();
    let begin =
        signed_in.work(&panel, Pace::Quick, move |admin, name| match admin.begin_enrolment(name, &label, now()) {
            Err(AdminError::Name(fault)) => Ok(Err(fault)),
            Err(error) => Err(error),
            Ok(begun) => {
                let authenticator = pending(admin, name)?.ok_or_else(|| AdminError::NoEnrolment(name.clone()))?;
                Ok(Ok(Begun {
                    authenticator,
                    secret: begun.secret,
                    uri: begun.uri,
                    form: begun.form,
                    label: begun.label,
                }))
            }
        });
    match begin.await? {
        Err(fault) => two_factor::page(&panel, &visit, &signed_in, &typed, Some(fault)).await,
        Ok(begun) => {
            if !panel.held.begin(signed_in.digest(), begun) {
                return Err(Failure::Busy);
            }
            Ok(go(&panel, "/two-factor/enrol"))
        }
    }
}

/// The number of the authenticator that waits for its first code.
fn pending(admin: &mut Admin<'_>, name: &AccountName) -> Result<Option<i64>, AdminError> {
    Ok(admin.account(name)?.pending().map(|pending| pending.id))
}

/// `GET /two-factor/enrol`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Response {
    page(&panel, &visit, &signed_in, None)
}

fn page(panel: &Shared, visit: &Visit, signed_in: &SignedIn, problem: Option<Problem>) -> Response {
    let Some(Begun { secret, uri, form, label, .. }) = panel.held.begun(signed_in.digest()) else {
        return go(panel, "/two-factor");
    };
    let first = !signed_in.found.two_factor;
    let page = Enrol { uri: &uri, secret: &secret, form, label: &label, first, problem };
    visit.draw(panel, Some(Section::TwoFactor), status_of(problem), |frame| view::enrol(frame, &page))
}

/// `POST /two-factor/confirm`
pub async fn confirm(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    let Some(Begun { authenticator, .. }) = panel.held.begun(signed_in.digest()) else {
        return Ok(go(&panel, "/two-factor"));
    };
    let code = form.secret("code");
    let confirm = signed_in.work(&panel, Pace::Slow, move |admin, name| {
        // Another one was begun elsewhere: the QR code on this page makes no codes any more.
        if pending(admin, name)? != Some(authenticator) {
            return Ok(Err(None));
        }
        match admin.confirm_enrolment(name, &code, now()) {
            Err(AdminError::WrongCode) => Ok(Err(Some(Problem::WrongCode))),
            Err(AdminError::CodeShape(digits)) => Ok(Err(Some(Problem::CodeShape(digits)))),
            // It was given up on another page.
            Err(AdminError::NoEnrolment(_)) => Ok(Err(None)),
            confirmed => confirmed.map(|confirmed| Ok(confirmed.recovery_codes)),
        }
    });
    let codes = match confirm.await? {
        Ok(codes) => codes,
        Err(Some(problem)) => return Ok(page(&panel, &visit, &signed_in, Some(problem))),
        Err(None) => {
            panel.held.end(signed_in.digest());
            return Ok(go(&panel, "/two-factor"));
        }
    };
    visit.record(if codes.is_empty() { Event::AuthenticatorAdded } else { Event::TwoFactorOn }, "-");
    panel.held.end(signed_in.digest());
    if !codes.is_empty() {
        return two_factor::show_once(&panel, &visit, &signed_in, Proof::Shown, codes, true).await;
    }
    go_on_and_tell(&panel, &visit, &signed_in, Proof::Shown, "/two-factor", Notice::AuthenticatorAdded).await
}

/// `POST /two-factor/cancel`
pub async fn cancel(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    _form: Form,
) -> Result<Response, Failure> {
    signed_in.work(&panel, Pace::Quick, move |admin, name| admin.cancel_enrolment(name)).await?;
    panel.held.end(signed_in.digest());
    Ok(go_and_tell(&panel, &visit, "/two-factor", Notice::EnrolmentCancelled))
}
