//! What happened, and who is signed in.

use axum::extract::{Path, State};
use axum::response::Response;
use mailkey::admin::Event;
use mailkey::auth::{Mode, Reason};
use mailkey::credential::session::read_id;
use mailkey::panel_session::{PanelSession, PanelSessions};
use mailkey::session::SessionDigest;
use mailkey::store::ActivityEntry;

use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{Activity, Notice, PanelSessionLine, Section};
use crate::visit::{SignedIn, Visit, go, go_and_tell};

/// Entries that are shown.
const ENTRIES: u32 = 100;
/// Seconds that a sign-in may take from the password to the code.
const CODE_WAITS: i64 = 360;

/// `GET /activity`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    let limits = panel.config.session;
    let fetch = signed_in.work(&panel, Pace::Quick, move |admin, name| {
        let entries = admin.activity(Some(name), ENTRIES)?;
        let webmail = admin.sessions(name, now())?;
        let sessions = admin.panel_sessions(name, Some(&limits), now())?;
        Ok((entries, admin.app_passwords(name)?, webmail, sessions, admin.config().notices.is_some()))
    });
    let (entries, app_passwords, webmail, sessions, notices) = fetch.await?;
    let entries = without_first_steps(entries);
    let lines: Vec<PanelSessionLine> = sessions.iter().map(|session| line(session, signed_in.digest())).collect();
    let page = Activity {
        entries: &entries,
        app_passwords: &app_passwords,
        webmail: &webmail,
        panel: &lines,
        notices,
        now: now(),
    };
    Ok(visit.page(&panel, Section::Activity, |frame| view::activity(frame, &page)))
}

/// Without the first half of each sign-in to the panel that was completed: the password was right, and then the code came
/// from the same address. A first half alone stays: somebody knows the password.
pub fn without_first_steps(entries: Vec<ActivityEntry>) -> Vec<ActivityEntry> {
    let is_panel = |entry: &ActivityEntry| entry.activity.mode == Mode::Panel.as_str();
    let completed = |first: &ActivityEntry| {
        entries.iter().any(|entry| {
            is_panel(entry)
                && entry.activity.event == "accepted"
                && entry.activity.address == first.activity.address
                && (first.last_at..=first.last_at + CODE_WAITS).contains(&entry.last_at)
        })
    };
    // Where no address is known it may have been anybody.
    let is_first = |entry: &ActivityEntry| {
        is_panel(entry) && !entry.activity.address.is_empty() && entry.activity.reason == Reason::CodeRequired.as_str()
    };
    let keep: Vec<bool> = entries.iter().map(|entry| !(is_first(entry) && completed(entry))).collect();
    entries.into_iter().zip(keep).filter_map(|(entry, keep)| keep.then_some(entry)).collect()
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
    let end = signed_in
        .work(&panel, Pace::Quick, move |admin, name| admin.revoke_sessions(name, Some(id), now()).map(|_| ()));
    end.await?;
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
    let end = signed_in.work(&panel, Pace::Quick, move |admin, name| admin.end_panel_session(name, id, now()));
    end.await?;
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
    let this = signed_in.digest();
    let end = signed_in.work(&panel, Pace::Quick, move |admin, name| {
        let mut ended = admin.revoke_sessions(name, None, now())?;
        ended.extend(admin.end_panel_sessions(name, PanelSessions::AllBut(this), now())?);
        Ok(ended)
    });
    for ended in end.await? {
        visit.record(Event::SessionRevoked, ended.as_str());
    }
    Ok(go_and_tell(&panel, &visit, "/activity", Notice::OtherSessionsEnded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(event: &str, reason: &str, address: &str, last_at: i64) -> ActivityEntry {
        let activity = mailkey::store::Activity {
            event: event.into(),
            reason: reason.into(),
            mode: "panel".into(),
            address: address.into(),
            ..Default::default()
        };
        let rules = mailkey::account::NameRules { default_domain: None, bare_names: true, symbols: String::new() };
        let account = mailkey::account::AccountName::parse(b"alice", &rules).unwrap();
        ActivityEntry { account, activity, first_at: last_at, last_at, count: 1 }
    }

    #[test]
    fn a_password_without_its_code_is_shown_unless_the_code_came_from_the_same_address() {
        let first = |at| entry("refused", "code_required", "192.0.2.1", at);
        let whole = |address, at| entry("accepted", "", address, at);
        assert_eq!(without_first_steps(vec![first(100)]).len(), 1);
        assert_eq!(without_first_steps(vec![whole("192.0.2.1", 130), first(100)]).len(), 1);
        assert_eq!(without_first_steps(vec![whole("192.0.2.2", 130), first(100)]).len(), 2);
        assert_eq!(without_first_steps(vec![whole("192.0.2.1", 1000), first(100)]).len(), 2);
        assert_eq!(without_first_steps(vec![first(200), whole("192.0.2.1", 130)]).len(), 2);
        assert_eq!(
            without_first_steps(vec![entry("refused", "wrong_code", "192.0.2.1", 100), whole("192.0.2.1", 130)]).len(),
            2
        );
    }
}
