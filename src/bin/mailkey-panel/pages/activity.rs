//! What happened, and who is signed in.

use axum::extract::{Path, State};
use axum::response::Response;
use mailkey::admin::{Admin, Event};
use mailkey::credential::session::read_id;
use mailkey::panel_session::{PanelSession, PanelSessions};
use mailkey::session::SessionDigest;

use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{Activity, Notice, PanelSessionLine, Section};
use crate::visit::{SignedIn, Visit, go, go_and_tell};

/// Entries that are shown.
const ENTRIES: u32 = 100;

/// `GET /activity`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    let name = signed_in.name().clone();
    let limits = panel.config.session;
    let fetch = panel.desks.work(Pace::Quick, visit.asker(), move |admin| {
        let entries = admin.activity(Some(&name), ENTRIES)?;
        let webmail = admin.sessions(&name, now())?;
        Ok((entries, admin.app_passwords(&name)?, webmail, admin.panel_sessions(&name, Some(&limits), now())?))
    });
    let (entries, app_passwords, webmail, sessions) = fetch.await?;
    let lines: Vec<PanelSessionLine> = sessions.iter().map(|session| line(session, signed_in.digest())).collect();
    let page =
        Activity { entries: &entries, app_passwords: &app_passwords, webmail: &webmail, panel: &lines, now: now() };
    Ok(visit.page(&panel, Section::Activity, |frame| view::activity(frame, &page)))
}

fn line(session: &PanelSession, this: SessionDigest) -> PanelSessionLine {
    PanelSessionLine {
        id: session.digest.id().to_string(),
        this: session.digest == this,
        agent: session.agent.clone(),
        method: session.method.clone(),
        opened_at: session.opened_at,
        opened_from: session.opened_from.clone(),
        used_at: session.used_at,
        used_from: session.used_from.clone(),
    }
}

/// `POST /sessions/webmail/{id}/end`
pub async fn end_webmail(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id).ok_or(Failure::NotFound)?;
    let name = signed_in.name().clone();
    let end = move |admin: &mut Admin<'_>| admin.revoke_sessions(&name, Some(id), now()).map(|_| ());
    panel.desks.work(Pace::Quick, visit.asker(), end).await?;
    visit.record(Event::SessionRevoked, id.as_str());
    Ok(go_and_tell(&panel, &visit, "/activity", Notice::SessionEnded))
}

/// `POST /sessions/panel/{id}/end`
pub async fn end_panel(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id).ok_or(Failure::NotFound)?;
    let name = signed_in.name().clone();
    let end = move |admin: &mut Admin<'_>| admin.end_panel_session(&name, id, now());
    panel.desks.work(Pace::Quick, visit.asker(), end).await?;
    visit.record(Event::SessionRevoked, id.as_str());
    if id == signed_in.digest().id() {
        panel.held.forget(signed_in.digest());
        return Ok(go(&panel, "/sign-in"));
    }
    Ok(go_and_tell(&panel, &visit, "/activity", Notice::SessionEnded))
}

/// `POST /sessions/end-others`
pub async fn end_others(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    _form: Form,
) -> Result<Response, Failure> {
    let (name, this) = (signed_in.name().clone(), signed_in.digest());
    let end = move |admin: &mut Admin<'_>| {
        let mut ended = admin.revoke_sessions(&name, None, now())?;
        ended.extend(admin.end_panel_sessions(&name, PanelSessions::AllBut(this), now())?);
        Ok(ended)
    };
    for ended in panel.desks.work(Pace::Quick, visit.asker(), end).await? {
        visit.record(Event::SessionRevoked, ended.as_str());
    }
    Ok(go_and_tell(&panel, &visit, "/activity", Notice::OtherSessionsEnded))
}
