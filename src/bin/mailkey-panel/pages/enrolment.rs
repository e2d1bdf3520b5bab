//! Turning 2FA on, and adding an authenticator: a secret is shown, and counts from its first code on. Where an invitation
//! is needed it is looked at before the secret is shown, and used up with that code.

use axum::extract::State;
use axum::response::Response;
use mailkey::account::AccountName;
use mailkey::admin::{Admin, AdminError, Event, check_name};
use mailkey::credential::Secret;
use mailkey::invitation::InvitationFault;

use super::sign_in::status_of;
use super::{prove, two_factor};
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::held::Begun;
use crate::identify::{Proof, go_on_and_tell};
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{BeginProblem, Enrol, Notice, Problem, Section};
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
    let (label, invitation) = (form.text("label"), form.secret("invitation"));
    let typed = label.clone();
    let work = signed_in.work(&panel, Pace::Quick, move |admin, name| match make(admin, name, &label, &invitation) {
        Err(AdminError::Name(fault)) => Ok(Err(BeginProblem::Name(fault))),
        Err(AdminError::Invitation(_, fault)) => Ok(Err(BeginProblem::Invitation(problem_of(fault)))),
        begun => begun.map(Ok),
    });
    match work.await? {
        Err(problem) => refuse(&panel, &visit, &signed_in, &typed, problem).await,
        Ok(begun) => {
            if !panel.held.begin(signed_in.digest(), begun) {
                return Err(Failure::Busy);
            }
            Ok(go(&panel, "/two-factor/enrol"))
        }
    }
}

/// Makes the secret, with the invitation that was typed where one is needed.
fn make(admin: &mut Admin<'_>, name: &AccountName, label: &str, typed: &Secret) -> Result<Begun, AdminError> {
    check_name(label)?;
    let invitation = match admin.needs_invitation(name, now())? {
        true => Some(admin.check_invitation(name, typed, now())?),
        false => None,
    };
    let begun = admin.begin_enrolment_with(name, label, invitation, now())?;
    let authenticator = pending(admin, name)?.ok_or_else(|| AdminError::NoEnrolment(name.clone()))?;
    Ok(Begun { authenticator, secret: begun.secret, uri: begun.uri, form: begun.form, label: begun.label, invitation })
}

/// The page that asks for label and invitation, with what is wrong with them.
async fn refuse(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    label: &str,
    problem: BeginProblem,
) -> Result<Response, Failure> {
    if let BeginProblem::Invitation(Problem::InvitationWrong | Problem::InvitationExpired | Problem::Throttled) =
        problem
    {
        visit.record(Event::InvitationRefused, "-");
    }
    two_factor::page(panel, visit, signed_in, label, Some(problem)).await
}

/// What the page says about an invitation.
fn problem_of(fault: InvitationFault) -> Problem {
    match fault {
        InvitationFault::Missing => Problem::InvitationMissing,
        InvitationFault::Shape => Problem::InvitationShape,
        InvitationFault::Wrong => Problem::InvitationWrong,
        InvitationFault::Expired => Problem::InvitationExpired,
        InvitationFault::Throttled => Problem::Throttled,
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

/// Why an enrolment was not confirmed.
enum Unconfirmed {
    /// The code: another one may be typed.
    Code(Problem),
    /// It is not the one that waits any more.
    Gone,
    /// The invitation counts no more, or one was made meanwhile.
    Invitation(Problem),
}

/// `POST /two-factor/confirm`
pub async fn confirm(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    let Some(Begun { authenticator, invitation, label, .. }) = panel.held.begun(signed_in.digest()) else {
        return Ok(go(&panel, "/two-factor"));
    };
    let code = form.secret("code");
    let confirm = signed_in.work(&panel, Pace::Slow, move |admin, name| {
        // Another one was begun elsewhere: the QR code on this page makes no codes any more.
        if pending(admin, name)? != Some(authenticator) {
            return Ok(Err(Unconfirmed::Gone));
        }
        match admin.confirm_enrolment_with(name, &code, invitation, now()) {
            Err(AdminError::WrongCode) => Ok(Err(Unconfirmed::Code(Problem::WrongCode))),
            Err(AdminError::CodeShape(digits)) => Ok(Err(Unconfirmed::Code(Problem::CodeShape(digits)))),
            // It was given up on another page.
            Err(AdminError::NoEnrolment(_)) => Ok(Err(Unconfirmed::Gone)),
            Err(AdminError::Invitation(_, fault)) => {
                admin.cancel_enrolment(name)?;
                Ok(Err(Unconfirmed::Invitation(problem_of(fault))))
            }
            confirmed => confirmed.map(|confirmed| Ok(confirmed.recovery_codes)),
        }
    });
    let codes = match confirm.await? {
        Ok(codes) => codes,
        Err(Unconfirmed::Code(problem)) => return Ok(page(&panel, &visit, &signed_in, Some(problem))),
        Err(Unconfirmed::Gone) => {
            panel.held.end(signed_in.digest());
            return Ok(go(&panel, "/two-factor"));
        }
        Err(Unconfirmed::Invitation(problem)) => {
            panel.held.end(signed_in.digest());
            return refuse(&panel, &visit, &signed_in, &label, BeginProblem::Invitation(problem)).await;
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
