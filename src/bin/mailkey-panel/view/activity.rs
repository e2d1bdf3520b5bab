//! What happened lately, and who is signed in.

use mailkey::session::Session;
use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::layout::{Head, page};
use super::model::{Activity, Frame, PanelSessionLine};
use super::parts::{Rich, ago, date_time, post};
use super::words;

pub fn activity(frame: &Frame<'_>, shown: &Activity<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let others = shown.webmail.len() + shown.panel.iter().filter(|line| !line.this).count();
    let content = html! {
        section class="card" {
            h2 { (text("sessions-title")) }
            p { (text("sessions-lead")) }
            ul class="rows" {
                @for line in shown.panel { (panel_session(frame, line, shown.now)) }
                @for session in shown.webmail { (webmail_session(frame, session, shown.now)) }
            }
            @if others > 0 {
                (post(frame, "/sessions/end-others", &html! {
                    p { (text("sessions-end-others-lead")) }
                    div class="buttons" { button class="danger-link" type="submit" { (text("sessions-end-others")) } }
                }))
            }
        }
        section class="card" {
            h2 { (text("activity-list")) }
            p { (text("activity-lead")) }
            @if shown.entries.is_empty() { p class="empty" { (text("activity-none")) } }
            @else { (words::list(frame, shown.entries, shown.app_passwords, shown.now)) }
            @if shown.notices { p { a class="go" href=(frame.href("/notices")) { (text("activity-notices")) } } }
        }
    };
    page(frame, &Head::new(text("activity-title")), &content)
}

fn panel_session(frame: &Frame<'_>, line: &PanelSessionLine, now: i64) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let agent = if line.agent.is_empty() { text("session-unknown-browser") } else { line.agent.as_str().into() };
    html! {
        li {
            (icon(Icon::Browser))
            div class="what" {
                h3 {
                    (agent) @if line.this { " " span class="badge" { (text("session-this")) } }
                }
                p { (text("session-panel")) }
                (session_facts(frame, line.opened_at, &line.opened_from, line.used_at, &line.used_from, &line.method, now))
            }
            @if !line.this { (end(frame, "panel", &line.id, &agent)) }
        }
    }
}

fn webmail_session(frame: &Frame<'_>, session: &Session, now: i64) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let id = session.digest.id();
    let used = &session.last_use;
    html! {
        li {
            (icon(Icon::Browser))
            div class="what" {
                h3 { (text("session-webmail")) }
                (session_facts(frame, session.opened_at, &session.opened_from, used.at, &used.from, &session.method, now))
            }
            (end(frame, "webmail", id.as_str(), &format!("{} {id}", text("session-webmail"))))
        }
    }
}

fn session_facts(
    frame: &Frame<'_>,
    opened: i64,
    opened_from: &str,
    used: i64,
    used_from: &str,
    method: &str,
    now: i64,
) -> Markup {
    html! {
        p class="hint" {
            (frame.locale.rich("session-opened", &[], &[("time", date_time(frame, opened))]))
            @if !opened_from.is_empty() { " · " (opened_from) }
            @if let Some(method) = words::method(frame, method) { " · " (method) }
        }
        p class="hint" {
            (frame.locale.rich("session-used", &[], &[("time", ago(frame, used, now))]))
            @if !used_from.is_empty() && used_from != opened_from { " · " (used_from) }
        }
    }
}

fn end(frame: &Frame<'_>, kind: &str, id: &str, which: &str) -> Markup {
    post(
        frame,
        &format!("/sessions/{kind}/{id}/end"),
        &html! {
            button type="submit" { (frame.locale.text("sign-out")) span class="unseen" { " – " (which) } }
        },
    )
}
