//! Activity in words: what happened, when and from where, and the step that helps.

use mailkey::account::{AppPassword, Protocol};
use mailkey::admin::Event;
use mailkey::auth::Reason;
use mailkey::store::{Activity, ActivityEntry};
use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::model::Frame;
use super::parts::{Rich, ago, date_time, protocol_name};
use crate::locale::isolated;

/// A list of entries.
pub(super) fn list(frame: &Frame<'_>, entries: &[ActivityEntry], app_passwords: &[AppPassword], now: i64) -> Markup {
    html! {
        ul class="rows activity" {
            @for entry in entries { (line(frame, entry, app_passwords, now)) }
        }
    }
}

fn line(frame: &Frame<'_>, entry: &ActivityEntry, app_passwords: &[AppPassword], now: i64) -> Markup {
    let activity = &entry.activity;
    let (class, picture) = match weight(activity) {
        Weight::Good => ("good", Icon::Tick),
        Weight::Plain => ("plain", Icon::Clock),
        Weight::Bad => ("bad", Icon::Cross),
    };
    let step = step(frame, activity);
    html! {
        li class=(class) {
            (icon(picture))
            div class="what" {
                p class="event" { (title(frame, activity, app_passwords)) }
                p class="hint" {
                    (ago(frame, entry.last_at, now))
                    @if entry.count > 1 {
                        " · " (frame.locale.rich("activity-count", &[("n", entry.count.into())], &[("since", date_time(frame, entry.first_at))]))
                    }
                    @if !activity.address.is_empty() { " · " (activity.address) }
                    @if let Some(protocol) = Protocol::parse(&activity.protocol) {
                        " · " (frame.locale.text(&protocol_name(protocol.as_str())))
                    }
                    @if activity.event != ACCEPTED && activity.event != REFUSED && activity.mode == "command" {
                        " · " (frame.locale.text("activity-by-administrator"))
                    }
                    @if let Some(left) = activity.codes_left {
                        " · " (frame.locale.with("recovery-codes-left", &[("n", left.into())]))
                    }
                }
                @if let Some(step) = step { p class="step" { (step) } }
            }
        }
    }
}

const ACCEPTED: &str = "accepted";
const REFUSED: &str = "refused";

enum Weight {
    Good,
    Plain,
    Bad,
}

fn weight(activity: &Activity) -> Weight {
    match activity.event.as_str() {
        ACCEPTED => Weight::Good,
        // The panel asks for the code on a page of its own: that is how every sign-in to it begins.
        REFUSED if activity.mode == "panel" && activity.reason == Reason::CodeRequired.as_str() => Weight::Plain,
        REFUSED => Weight::Bad,
        event if event == Event::InvitationRefused.as_str() => Weight::Bad,
        _ => Weight::Plain,
    }
}

/// What happened, in a sentence.
pub(super) fn title(frame: &Frame<'_>, activity: &Activity, app_passwords: &[AppPassword]) -> String {
    let app = app_password(frame, activity, app_passwords);
    match activity.event.as_str() {
        ACCEPTED => accepted(frame, activity, app),
        REFUSED => refused(frame, activity, app),
        Activity::SESSION_CLOSED if activity.mode == "panel" => frame.locale.text("signed-out-panel").into_owned(),
        Activity::SESSION_CLOSED if activity.mode == "webmail" => frame.locale.text("signed-out-webmail").into_owned(),
        event => {
            let id = format!("event-{}", event.replace('_', "-"));
            let text = if is_event(event) { frame.locale.text(&id).into_owned() } else { unknown(frame, event) };
            app.filter(|_| is_event(event)).map_or_else(
                || text.clone(),
                |app| frame.locale.with("activity-about", &[("event", text.as_str().into()), ("app", app.into())]),
            )
        }
    }
}

fn is_event(name: &str) -> bool {
    Event::ALL.iter().any(|event| event.as_str() == name)
}

/// For what a newer mailkey wrote.
fn unknown(frame: &Frame<'_>, name: &str) -> String {
    frame.locale.with("activity-unknown", &[("name", name.into())])
}

/// The app password that an entry is about: its name and id, or the id alone.
fn app_password(frame: &Frame<'_>, activity: &Activity, app_passwords: &[AppPassword]) -> Option<String> {
    let about = activity.method == "app_password" || activity.event.starts_with("app_password");
    let id = Some(activity.credential.as_str()).filter(|id| about && !id.is_empty())?;
    let row = app_passwords.iter().find(|row| row.id.as_str() == id);
    Some(row.map_or_else(
        || frame.locale.with("app-password-by-id", &[("id", id.into())]),
        |row| frame.locale.with("app-password-by-name", &[("name", isolated(&row.name).into()), ("id", id.into())]),
    ))
}

fn accepted(frame: &Frame<'_>, activity: &Activity, app: Option<String>) -> String {
    let text = |id: &str| frame.locale.text(id).into_owned();
    match (activity.mode.as_str(), activity.method.as_str(), app) {
        (_, _, Some(app)) => frame.locale.with("accepted-app-password", &[("app", app.into())]),
        (_, "session", _) => text("accepted-session"),
        ("panel", ..) => text("accepted-panel"),
        ("webmail", "recovery_code", _) => text("accepted-webmail-recovery-code"),
        ("webmail", ..) => text("accepted-webmail"),
        (_, "app_password", _) => text("accepted-app-password-unnamed"),
        _ => text("accepted-client"),
    }
}

fn refused(frame: &Frame<'_>, activity: &Activity, app: Option<String>) -> String {
    let Some(reason) = reason(activity) else { return unknown(frame, &activity.reason) };
    let text = frame.locale.text(&reason_id(reason)).into_owned();
    let app = app.filter(|_| {
        matches!(
            reason,
            Reason::AppPasswordExpired
                | Reason::AppPasswordRevoked
                | Reason::AppPasswordNotAllowedHere
                | Reason::NetworkNotAllowed
                | Reason::ProtocolNotAllowed
        )
    });
    app.map_or_else(
        || text.clone(),
        |app| frame.locale.with("activity-about", &[("event", text.as_str().into()), ("app", app.into())]),
    )
}

fn reason(activity: &Activity) -> Option<Reason> {
    Reason::ALL.into_iter().find(|reason| reason.as_str() == activity.reason)
}

fn reason_id(reason: Reason) -> String {
    format!("reason-{}", reason.as_str().replace('_', "-"))
}

/// The step that helps, where there is one.
pub(super) fn step(frame: &Frame<'_>, activity: &Activity) -> Option<String> {
    let id = match activity.event.as_str() {
        REFUSED => reason_id(reason(activity)?),
        ACCEPTED => return None,
        event if is_event(event) => format!("event-{}", event.replace('_', "-")),
        _ => return None,
    };
    frame.locale.step(&id)
}

/// What opened something, in words.
pub(super) fn method(frame: &Frame<'_>, method: &str) -> Option<String> {
    let id = match method {
        "password" => "method-password",
        "totp" => "method-totp",
        "recovery_code" => "method-recovery-code",
        _ => return None,
    };
    Some(frame.locale.text(id).into_owned())
}
