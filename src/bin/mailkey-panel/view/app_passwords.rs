//! App passwords: the list, a new one, what is shown once, and the end of one or all.

use mailkey::account::{AppPassword, Protocol};
use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::layout::{Head, page};
use super::model::{
    AppPasswordCreated, AppPasswordProblem, AppPasswords, Expires, Frame, NewAppPassword, RevokeAppPassword,
};
use super::parts::{
    Field, Kind, Rich, ago, alert, buttons, copy_button, date, date_time, named, opens, plain_name, post,
    protocol_name, protocols, typed,
};
use super::qr;
use super::two_factor::name_sentence;
use crate::config::{Security, Server};

pub fn app_passwords(frame: &Frame<'_>, shown: &AppPasswords<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let (open, ended): (Vec<_>, Vec<_>) = shown.list.iter().rev().partition(|row| opens(row, shown.now));
    let content = html! {
        p class="lead" { (text(if shown.two_factor { "app-passwords-lead" } else { "app-passwords-lead-off" })) }
        div class="buttons" {
            a class="button main" href=(frame.href("/app-passwords/new")) { (icon(Icon::Plus)) span { (text("app-password-new")) } }
        }
        @if open.is_empty() {
            p class="card empty" { (text("app-passwords-none")) }
        } @else {
            ul class="cards" {
                @for row in &open { li class="card" { (line(frame, row, shown.now)) } }
            }
            @if open.len() > 1 {
                p { a class="button danger-link" href=(frame.href("/app-passwords/revoke-all")) { (text("revoke-all-link")) } }
            }
        }
        @if !ended.is_empty() {
            details class="other" {
                summary { (frame.locale.with("app-passwords-ended", &[("n", ended.len().into())])) }
                ul class="cards" { @for row in &ended { li class="card" { (line(frame, row, shown.now)) } } }
            }
        }
    };
    page(frame, &Head::new(text("app-passwords-title")), &content)
}

fn line(frame: &Frame<'_>, row: &AppPassword, now: i64) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    html! {
        div class="title" {
            h2 { (typed(&row.name)) }
            @if opens(row, now) {
                a class="button danger-link" href=(frame.href(&format!("/app-passwords/{}/revoke", row.id))) {
                    (text("revoke")) span class="unseen" { " – " (typed(&row.name)) }
                }
            }
        }
        dl class="facts" {
            div { dt { (text("app-password-id")) } dd { code translate="no" { (row.id.as_str()) "-…" } } }
            div { dt { (text("app-password-for")) } dd { (protocols(frame, row.protocols)) } }
            div { dt { (text("app-password-created")) } dd { (date(frame, row.created_at)) } }
            div { dt { (text("app-password-used")) } dd { (last_use(frame, row, now)) } }
            @if !row.networks.is_empty() {
                div { dt { (text("app-password-from")) } dd { (networks(row)) } }
            }
            @if let Some(revoked_at) = row.revoked_at {
                div { dt { (text("app-password-revoked")) } dd { (date(frame, revoked_at)) } }
            } @else if let Some(expires_at) = row.expires_at {
                div { dt { (text(if expires_at > now { "app-password-expires" } else { "app-password-expired" })) } dd { (last_day(frame, expires_at)) } }
            }
        }
    }
}

/// The last day on which it opens something: it ends with that day, or within it.
fn last_day(frame: &Frame<'_>, expires_at: i64) -> Markup {
    date(frame, expires_at.saturating_sub(1))
}

fn last_use(frame: &Frame<'_>, row: &AppPassword, now: i64) -> Markup {
    let Some(used) = &row.last_use else { return html! { (frame.locale.text("never")) } };
    html! {
        (ago(frame, used.at, now))
        @if !used.from.is_empty() || !used.protocol.is_empty() {
            br;
            span class="hint" {
                (used.from)
                @if let Some(protocol) = Protocol::parse(&used.protocol) {
                    @if !used.from.is_empty() { " · " }
                    (frame.locale.text(&protocol_name(protocol.as_str())))
                }
            }
        }
    }
}

fn networks(row: &AppPassword) -> String {
    let shown = row.networks.iter().map(|network| {
        let whole = network.prefix_len() == network.max_prefix_len();
        if whole { network.addr().to_string() } else { network.to_string() }
    });
    shown.collect::<Vec<_>>().join(", ")
}

pub fn new_app_password(frame: &Frame<'_>, shown: &NewAppPassword<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let form = shown.form;
    let wrong = |is: fn(&AppPasswordProblem) -> bool| {
        shown.problems.iter().find(|problem| is(problem)).map(|problem| sentence(frame, problem))
    };
    let problems: Vec<_> = shown.problems.iter().map(|problem| (sentence(frame, problem), field_of(problem))).collect();
    let name = wrong(|problem| matches!(problem, AppPasswordProblem::Name(_)));
    let protocol = wrong(|problem| matches!(problem, AppPasswordProblem::NoProtocol));
    let expiry = wrong(|problem| matches!(problem, AppPasswordProblem::NoDate | AppPasswordProblem::ExpiryPast));
    let network = wrong(|problem| matches!(problem, AppPasswordProblem::Network(_)));
    let limits = expiry.is_some() || network.is_some() || form.expires != Expires::Never || !form.networks.is_empty();
    let content = html! {
        (alert(frame, &problems))
        p class="lead" { (text("new-app-password-lead")) }
        div class="card" {
            (post(frame, "/app-passwords", &html! {
                (Field {
                    hint: Some(text("app-password-name-hint").into_owned()),
                    value: &form.name,
                    wrong: name,
                    focus: problems.is_empty(),
                    ..Field::new(Kind::Text, "name", "app-password-name")
                }.draw(frame))
                fieldset aria-describedby=[protocol.is_some().then_some("protocols-wrong")] {
                    legend { (text("app-password-for")) }
                    @if let Some(text) = &protocol { p class="wrong" id="protocols-wrong" { (icon(Icon::Warning)) span { (text) } } }
                    p class="hint" { (text("app-password-for-hint")) }
                    div class="checks" {
                        @for protocol in Protocol::ALL {
                            @let id = format!("protocol-{}", protocol.as_str());
                            label for=(id) {
                                input type="checkbox" id=(id) name="protocols" value=(protocol.as_str()) checked[form.protocols.contains(protocol)];
                                span { (text(&format!("protocol-{}-for", protocol.as_str()))) }
                            }
                        }
                    }
                }
                details class="other" open[limits] {
                    summary { (text("app-password-limits")) }
                    fieldset aria-describedby=[expiry.is_some().then_some("expires-wrong")] {
                        legend { (text("app-password-expiry")) }
                        @if let Some(text) = &expiry { p class="wrong" id="expires-wrong" { (icon(Icon::Warning)) span { (text) } } }
                        div class="checks" {
                            @for expires in Expires::ALL {
                                @let id = format!("expires-{}", expires.as_str());
                                label for=(id) {
                                    input type="radio" id=(id) name="expires" value=(expires.as_str()) checked[form.expires == expires];
                                    span { (text(&format!("expires-{}", expires.as_str()))) }
                                }
                            }
                            div class="input" {
                                input type="date" id="expires_on" name="expires_on" value=(form.expires_on) min=(frame.locale.form_date(shown.now))
                                    aria-label=(text("expires-date-label")) data-chooses="expires-date" aria-invalid=[expiry.is_some().then_some("true")];
                            }
                        }
                    }
                    (Field {
                        hint: Some(text("app-password-networks-hint").into_owned()),
                        value: &form.networks,
                        wrong: network,
                        max: 2000,
                        optional: true,
                        ..Field::new(Kind::RecoveryCode, "networks", "app-password-networks")
                    }.draw(frame))
                }
                (buttons(frame, "app-password-make", false, Some(("/app-passwords", "cancel"))))
            }))
        }
    };
    page(frame, &Head::new(text("new-app-password-title")).wrong(!problems.is_empty()), &content)
}

fn sentence(frame: &Frame<'_>, problem: &AppPasswordProblem) -> String {
    let text = |id: &str| frame.locale.text(id).into_owned();
    match problem {
        AppPasswordProblem::Name(fault) => name_sentence(frame, *fault),
        AppPasswordProblem::NoProtocol => text("problem-no-protocol"),
        AppPasswordProblem::NoDate => text("problem-no-date"),
        AppPasswordProblem::ExpiryPast => text("problem-expiry-past"),
        AppPasswordProblem::Network(part) => {
            let part: String = part.chars().take(80).collect();
            frame.locale.with("problem-network", &[("network", crate::locale::isolated(&part).into())])
        }
        AppPasswordProblem::TooMany(most) => frame.locale.with("problem-too-many", &[("most", (*most).into())]),
    }
}

fn field_of(problem: &AppPasswordProblem) -> Option<&'static str> {
    match problem {
        AppPasswordProblem::Name(_) => Some("name"),
        AppPasswordProblem::NoProtocol => Some("protocol-imap"),
        AppPasswordProblem::NoDate | AppPasswordProblem::ExpiryPast => Some("expires_on"),
        AppPasswordProblem::Network(_) => Some("networks"),
        AppPasswordProblem::TooMany(_) => None,
    }
}

pub fn app_password_created(frame: &Frame<'_>, shown: &AppPasswordCreated<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let row = shown.row;
    let path = |rest: &str| frame.href(&format!("/app-passwords/{}/{rest}", row.id));
    let servers: Vec<_> =
        row.protocols.iter().filter_map(|protocol| Some((protocol, shown.servers.of(protocol)?))).collect();
    let content = html! {
        p class="lead" { (frame.locale.rich("created-lead", &[], &[("name", named(&row.name))])) }
        section class="card secret" {
            h2 { (text("created-secret")) }
            p class="app-password" {
                code id="app-password" translate="no" { (grouped(shown.secret.as_str().unwrap_or_default())) }
            }
            div class="buttons" { (copy_button(frame, "app-password", "copy")) }
            p class="said" { (icon(Icon::Warning)) span { (text("created-once")) } }
            @if let Some(picture) = qr::draw(shown.secret, &text("created-qr-label")) {
                details class="other" {
                    summary { (text("created-qr")) }
                    p { (text("created-qr-lead")) }
                    (picture)
                }
            }
        }
        section class="card" {
            h2 { (text("created-settings")) }
            p { (text("created-settings-lead")) }
            dl class="settings" {
                dt { (text("settings-user")) } dd { code translate="no" { (shown.user) } }
                dt { (text("settings-password")) } dd { (text("settings-password-is")) }
            }
            @for (protocol, server) in &servers { (settings(frame, *protocol, server)) }
            @if servers.is_empty() { p { (text("created-no-servers")) } }
        }
        @if shown.profile {
            section class="card" {
                h2 { (text("created-profile-title")) }
                p { (text("created-profile-lead")) }
                p { a class="button" href=(path("profile.mobileconfig")) download { (icon(Icon::Save)) span { (text("created-profile")) } } }
                p class="hint" { (text("created-profile-warning")) }
                p { a class="go" href=(path("profile.mobileconfig?password=no")) download { (text("created-profile-without")) } }
            }
        }
        section class="card" {
            dl class="facts" {
                div { dt { (text("app-password-for")) } dd { (protocols(frame, row.protocols)) } }
                div { dt { (text("app-password-created")) } dd { (ago(frame, row.created_at, shown.now)) } }
                @if !row.networks.is_empty() { div { dt { (text("app-password-from")) } dd { (networks(row)) } } }
            }
            @if let Some(expires_at) = row.expires_at {
                p { (frame.locale.rich("created-expires", &[], &[("date", last_day(frame, expires_at))])) }
            }
        }
        (post(frame, &format!("/app-passwords/{}/done", row.id), &buttons(frame, "created-done", false, None)))
    };
    page(frame, &Head::new(text("created-title")), &content)
}

/// The groups of an app password: a line may end after a dash, and nowhere else.
fn grouped(secret: &str) -> Markup {
    html! { @for group in secret.split_inclusive('-') { span { (group) } wbr; } }
}

fn settings(frame: &Frame<'_>, protocol: Protocol, server: &Server) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let security = match server.security {
        Security::Tls => "settings-tls",
        Security::Starttls => "settings-starttls",
    };
    html! {
        h3 { (text(&format!("settings-{}", protocol.as_str()))) }
        dl class="settings" {
            dt { (text("settings-host")) } dd { code translate="no" { (server.host) } }
            dt { (text("settings-port")) } dd { code { (server.port) } }
            dt { (text("settings-security")) } dd { (text(security)) }
        }
    }
}

pub fn revoke_app_password(frame: &Frame<'_>, shown: &RevokeAppPassword<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let (title, path, content) = match shown {
        RevokeAppPassword::One(row) => (
            frame.locale.with("revoke-title", &[("name", plain_name(row).into())]),
            format!("/app-passwords/{}/revoke", row.id),
            html! {
                p class="lead" { (frame.locale.rich("revoke-lead", &[], &[("name", named(&row.name))])) }
                @if let Some(used) = &row.last_use {
                    p { (frame.locale.rich("revoke-used", &[], &[("time", date_time(frame, used.at))])) }
                }
                p class="hint" { (text("revoke-again")) }
            },
        ),
        RevokeAppPassword::All(count) => (
            frame.locale.with("revoke-all-title", &[("n", (*count).into())]),
            "/app-passwords/revoke-all".to_string(),
            html! {
                p class="lead" { (text("revoke-all-lead")) }
                p class="hint" { (text("revoke-again")) }
            },
        ),
    };
    let does = if matches!(shown, RevokeAppPassword::One(_)) { "revoke-do" } else { "revoke-all-do" };
    let content = html! {
        (content)
        (post(frame, &path, &buttons(frame, does, true, Some(("/app-passwords", "revoke-keep")))))
    };
    page(frame, &Head::new(title), &content)
}
