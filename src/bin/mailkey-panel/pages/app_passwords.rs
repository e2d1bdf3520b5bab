//! App passwords: the list, a new one that is shown once, and revoking.

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use mailkey::account::{AppPassword, AppPasswordId, Protocol};
use mailkey::admin::{AdminError, AppPasswordRequest, Event, check_name};
use mailkey::config::parse_network;
use mailkey::credential::{Secret, app_password};

use super::prove;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::held::Shown;
use crate::profile;
use crate::state::{Panel, Shared, now};
use crate::view;
use crate::view::model::{
    AppPasswordCreated, AppPasswordForm, AppPasswordProblem, AppPasswords, Expires, NewAppPassword, Notice,
    RevokeAppPassword, Section,
};
use crate::visit::{SignedIn, Visit, go, go_and_tell};

/// Most app passwords of an account that open something. An administrator can make more.
const MOST: usize = 100;
const DAY: i64 = 86_400;

/// `GET /app-passwords`
pub async fn list(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    let list = load(&panel, &signed_in).await?;
    let page = AppPasswords { list: &list, two_factor: signed_in.found.two_factor, now: now() };
    Ok(visit.page(&panel, Section::AppPasswords, |frame| view::app_passwords(frame, &page)))
}

async fn load(panel: &Panel, signed_in: &SignedIn) -> Result<Vec<AppPassword>, Failure> {
    signed_in.work(panel, Pace::Quick, |admin, name| admin.app_passwords(name)).await
}

/// Whether it opens something.
fn is_active(row: &AppPassword, now: i64) -> bool {
    row.revoked_at.is_none() && row.expires_at.is_none_or(|expires_at| expires_at > now)
}

/// `GET /app-passwords/new`
pub async fn ask_new(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Response {
    if !signed_in.is_proved() {
        return prove::first(&panel, "/app-passwords/new");
    }
    new_page(&panel, &visit, &AppPasswordForm::default(), &[])
}

fn new_page(panel: &Panel, visit: &Visit, form: &AppPasswordForm, problems: &[AppPasswordProblem]) -> Response {
    let page = NewAppPassword { form, problems, now: now() };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.draw(panel, Some(Section::AppPasswords), status, |frame| view::new_app_password(frame, &page))
}

/// `POST /app-passwords`
pub async fn create(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    if !signed_in.was_proved() {
        return Ok(prove::first(&panel, "/app-passwords/new"));
    }
    let typed = read(&form);
    let request = match request_of(&panel, &visit, &typed) {
        Ok(request) => request,
        Err(problems) => return Ok(new_page(&panel, &visit, &typed, &problems)),
    };
    let create = signed_in.work(&panel, Pace::Quick, move |admin, name| {
        let now = now();
        if admin.app_passwords(name)?.iter().filter(|row| is_active(row, now)).count() >= MOST {
            return Ok(Err(AppPasswordProblem::TooMany(MOST)));
        }
        match admin.add_app_password(name, &request, now) {
            Err(AdminError::Name(fault)) => Ok(Err(AppPasswordProblem::Name(fault))),
            Err(AdminError::NoProtocol) => Ok(Err(AppPasswordProblem::NoProtocol)),
            Err(AdminError::ExpiryPast) => Ok(Err(AppPasswordProblem::ExpiryPast)),
            made => made.map(|(row, secret)| Ok((row.id, secret))),
        }
    });
    match create.await? {
        Err(problem) => Ok(new_page(&panel, &visit, &typed, &[problem])),
        Ok((id, secret)) => {
            visit.record(Event::AppPasswordCreated, id.as_str());
            if !panel.held.show(signed_in.digest(), Shown::AppPassword { id, secret }) {
                return Err(Failure::Busy);
            }
            Ok(go(&panel, &format!("/app-passwords/{id}/created")))
        }
    }
}

/// What was typed.
fn read(form: &Form) -> AppPasswordForm {
    let protocols = form.values("protocols").filter_map(Secret::as_str).filter_map(Protocol::parse);
    AppPasswordForm {
        name: form.text("name"),
        protocols: protocols.collect(),
        // No choice of ours is not taken for "never": it asks for a date.
        expires: Expires::parse(&form.text("expires")).unwrap_or(Expires::Date),
        expires_on: form.text("expires_on"),
        networks: form.text("networks"),
    }
}

/// The app password that it asks for, or everything that is wrong with it.
fn request_of(
    panel: &Panel,
    visit: &Visit,
    typed: &AppPasswordForm,
) -> Result<AppPasswordRequest, Vec<AppPasswordProblem>> {
    let mut problems = Vec::new();
    if let Err(AdminError::Name(fault)) = check_name(&typed.name) {
        problems.push(AppPasswordProblem::Name(fault));
    }
    if typed.protocols.is_empty() {
        problems.push(AppPasswordProblem::NoProtocol);
    }
    let now = now();
    let expires_at = match typed.expires {
        Expires::Never => None,
        Expires::Days30 => Some(now + 30 * DAY),
        Expires::Days90 => Some(now + 90 * DAY),
        Expires::Year => Some(now + 365 * DAY),
        Expires::Date => {
            let end = panel.locales.choose(Some(visit.language), None).end_of(&typed.expires_on);
            match end {
                None => problems.push(AppPasswordProblem::NoDate),
                Some(end) if end <= now => problems.push(AppPasswordProblem::ExpiryPast),
                Some(_) => {}
            }
            end
        }
    };
    let words = typed.networks.split([',', ';', ' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    let mut networks: Vec<IpNet> = Vec::new();
    for word in words {
        match parse_network(word) {
            Ok(network) => networks.push(network),
            Err(_) => problems.push(AppPasswordProblem::Network(word.to_string())),
        }
    }
    if problems.is_empty() {
        Ok(AppPasswordRequest { name: typed.name.clone(), protocols: typed.protocols, networks, expires_at })
    } else {
        Err(problems)
    }
}

/// The app password that is held for this visitor, with its row.
async fn held(panel: &Panel, signed_in: &SignedIn, id: &str) -> Result<(AppPassword, Secret), Failure> {
    let id = app_password::read_id(id).ok_or(Failure::NotFound)?;
    match panel.held.shown(signed_in.digest()) {
        Some(Shown::AppPassword { id: made, secret }) if made == id => Ok((find(panel, signed_in, id).await?, secret)),
        Some(_) | None => Err(Failure::SecretGone),
    }
}

async fn find(panel: &Panel, signed_in: &SignedIn, id: AppPasswordId) -> Result<AppPassword, Failure> {
    let list = load(panel, signed_in).await?;
    list.into_iter().find(|row| row.id == id).ok_or(Failure::NotFound)
}

/// `GET /app-passwords/{id}/created`
pub async fn created(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (row, secret) = held(&panel, &signed_in, &id).await?;
    let page = AppPasswordCreated {
        row: &row,
        secret: &secret,
        servers: &panel.config.servers,
        user: signed_in.name().as_str(),
        profile: profile::is_possible(row.protocols, &panel.config.servers),
        now: now(),
    };
    Ok(visit.page(&panel, Section::AppPasswords, |frame| view::app_password_created(frame, &page)))
}

/// `GET /app-passwords/{id}/profile.mobileconfig`, with the app password in it unless `?password=no`.
pub async fn mobileconfig(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let (row, secret) = held(&panel, &signed_in, &id).await?;
    let with_password = request.uri().query() != Some("password=no");
    let csrf = visit.token.csrf();
    let product = visit.frame(&panel, &csrf, None).product();
    let made = profile::mobileconfig(&profile::Profile {
        address: signed_in.name().as_str(),
        user: signed_in.name().as_str(),
        password: with_password.then_some(&secret),
        protocols: row.protocols,
        servers: &panel.config.servers,
        product: &product,
        id: row.id.as_str(),
    });
    let file = made.ok_or(Failure::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, profile::MOBILECONFIG_TYPE),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mail.mobileconfig\""),
    ];
    Ok((headers, file.as_bytes().to_vec()).into_response())
}

/// `POST /app-passwords/{id}/done`
pub async fn done(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(_): Path<String>,
    _form: Form,
) -> Response {
    panel.held.stop_showing(signed_in.digest());
    go_and_tell(&panel, &visit, "/app-passwords", Notice::AppPasswordCreated)
}

/// `GET /app-passwords/{id}/revoke`
pub async fn ask_revoke(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = app_password::read_id(&id).ok_or(Failure::NotFound)?;
    let row = find(&panel, &signed_in, id).await?;
    if row.revoked_at.is_some() {
        return Ok(go(&panel, "/app-passwords"));
    }
    let page = RevokeAppPassword::One(&row);
    Ok(visit.page(&panel, Section::AppPasswords, |frame| view::revoke_app_password(frame, &page)))
}

/// `POST /app-passwords/{id}/revoke`
pub async fn revoke(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    Path(id): Path<String>,
    _form: Form,
) -> Result<Response, Failure> {
    let id = app_password::read_id(&id).ok_or(Failure::NotFound)?;
    revoke_these(&panel, &visit, &signed_in, Some(id)).await?;
    Ok(go_and_tell(&panel, &visit, "/app-passwords", Notice::AppPasswordRevoked))
}

/// `GET /app-passwords/revoke-all`
pub async fn ask_revoke_all(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
) -> Result<Response, Failure> {
    let list = load(&panel, &signed_in).await?;
    let page = RevokeAppPassword::All(list.iter().filter(|row| is_active(row, now())).count());
    Ok(visit.page(&panel, Section::AppPasswords, |frame| view::revoke_app_password(frame, &page)))
}

/// `POST /app-passwords/revoke-all`
pub async fn revoke_all(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    _form: Form,
) -> Result<Response, Failure> {
    revoke_these(&panel, &visit, &signed_in, None).await?;
    Ok(go_and_tell(&panel, &visit, "/app-passwords", Notice::AppPasswordsRevoked))
}

async fn revoke_these(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    id: Option<AppPasswordId>,
) -> Result<(), Failure> {
    let revoke = signed_in.work(panel, Pace::Quick, move |admin, name| admin.revoke_app_passwords(name, id, now()));
    for id in revoke.await? {
        visit.record(Event::AppPasswordRevoked, id.as_str());
    }
    Ok(())
}
