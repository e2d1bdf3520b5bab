//! How somebody wants to be told by mail. The page is there where the site sends notices.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use mailkey::admin::{AdminError, NoticeFault};
use mailkey::notice::NoticeSettings;

use super::prove;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{Notice, NoticeProblem, Notices, Section};
use crate::visit::{SignedIn, Visit, go_and_tell};

/// `GET /notices`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    let settings = settings(&panel, &signed_in).await?;
    // Else whoever finds the browser open could turn off what would tell of him.
    if !signed_in.is_proved() {
        return Ok(prove::first(&panel, "/notices"));
    }
    Ok(page(&panel, &visit, settings.enabled, settings.address.as_deref().unwrap_or_default(), None))
}

async fn settings(panel: &Shared, signed_in: &SignedIn) -> Result<NoticeSettings, Failure> {
    let fetch = signed_in.work(panel, Pace::Quick, |admin, name| {
        let sends_notices = admin.config().notices.is_some();
        sends_notices.then(|| admin.notice_settings(name)).transpose()
    });
    fetch.await?.ok_or(Failure::NotFound)
}

fn page(panel: &Shared, visit: &Visit, enabled: bool, address: &str, problem: Option<NoticeProblem>) -> Response {
    let page = Notices { enabled, address, problem };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.draw(panel, Some(Section::Activity), status, |frame| view::notices(frame, &page))
}

/// `POST /notices`
pub async fn save(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    settings(&panel, &signed_in).await?;
    if !signed_in.was_proved() {
        return Ok(prove::first(&panel, "/notices"));
    }
    let enabled = form.text("enabled") == "yes";
    let typed = form.text("address").trim().to_string();
    let language = visit.language.to_string();
    let new = NoticeSettings {
        enabled,
        address: Some(typed.clone()).filter(|address| !address.is_empty()),
        language: Some(language),
    };
    let save =
        signed_in.work(&panel, Pace::Quick, move |admin, name| match admin.set_notice_settings(name, &new, now()) {
            Err(AdminError::Notice(NoticeFault::Address(_))) => Ok(Some(NoticeProblem::Address)),
            Err(AdminError::Notice(NoticeFault::Mailbox)) => Ok(Some(NoticeProblem::Mailbox)),
            saved => saved.map(|()| None),
        });
    match save.await? {
        Some(problem) => Ok(page(&panel, &visit, enabled, &typed, Some(problem))),
        None => Ok(go_and_tell(&panel, &visit, "/activity", Notice::NoticesSaved)),
    }
}
