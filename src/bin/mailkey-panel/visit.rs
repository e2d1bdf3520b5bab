//! One request: who asks, from where, in which language; and what goes around every answer.
//!
//! [`attend`] surrounds all pages. It reads the cookie and finds out what it stands for ([`Who`]); whether that is enough
//! for a page is checked where the pages are listed ([`crate::routes`]).

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use mailkey::account::AccountName;
use mailkey::account::Requirement;
use mailkey::admin::{Admin, AdminError, Event};
use mailkey::panel_session::PanelSessionFound;
use mailkey::session::SessionDigest;
use maud::Markup;

use crate::agent;
use crate::client;
use crate::cookie::{self, Token};
use crate::desk::{Asker, Pace};
use crate::failure::Failure;
use crate::journal;
use crate::serve::Peer;
use crate::state::{Panel, Shared, now};
use crate::view;
use crate::view::model::{Frame, Message, MustEnrol, Notice, Section};

/// What is allowed on a page: nothing that does not come from here, no script and no style in the text, no frame, and
/// forms that go nowhere else.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                              form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A request.
#[derive(Clone)]
pub struct Visit {
    /// From where, where that is known.
    pub remote: Option<IpAddr>,
    /// The browser, in words.
    pub agent: String,
    /// Tag of the language.
    pub language: &'static str,
    /// Path, without what stands before every path.
    pub path: String,
    /// What the cookie holds, or will hold.
    pub token: std::sync::Arc<Token>,
    /// Whether the browser has no cookie yet.
    pub is_new: bool,
    /// Who asks.
    pub who: Who,
}

/// Who asks.
#[derive(Clone)]
pub enum Who {
    /// Somebody.
    Visitor,
    /// Somebody whose password was right, and who owes the code.
    Waiting,
    /// Somebody who is signed in.
    SignedIn(Box<SignedIn>),
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// The session, and the account as it is now.
    pub found: PanelSessionFound,
    /// Whether 2FA, which is off, must be turned on.
    pub must_enrol: Option<MustEnrol>,
    /// For how long, in seconds, a password or code that was shown counts.
    proof_age: i64,
    remote: Option<IpAddr>,
}

impl SignedIn {
    /// The account's name.
    pub fn name(&self) -> &AccountName {
        &self.found.name
    }

    /// Does `work` on the account, as the one who is signed in: refused where his session has ended meanwhile.
    pub async fn work<T: Send + 'static>(
        &self,
        panel: &Panel,
        pace: Pace,
        work: impl FnOnce(&mut Admin<'_>, &AccountName) -> Result<T, AdminError> + Send + 'static,
    ) -> Result<T, Failure> {
        let name = self.found.name.clone();
        let asker = Asker { remote: self.remote, account: Some((self.found.account, self.found.version)) };
        panel.desks.work(pace, asker, move |admin| work(admin, &name)).await
    }

    /// What stands for the session.
    pub fn digest(&self) -> SessionDigest {
        self.found.session.digest
    }

    /// Whether a password or code was shown a short time ago.
    pub fn is_proved(&self) -> bool {
        self.found.session.is_proved(self.proof_age, now())
    }

    /// The same for what a page asks that was opened in time: filling a form in takes a while, at most as long again.
    pub fn was_proved(&self) -> bool {
        self.found.session.is_proved(self.proof_age + self.proof_age.min(10 * 60), now())
    }
}

impl Visit {
    /// What every page has around it.
    pub fn frame<'a>(&'a self, panel: &'a Panel, csrf: &'a str, section: Option<Section>) -> Frame<'a> {
        let signed_in = self.signed_in();
        Frame {
            locale: panel.locales.choose(Some(self.language), None),
            brand: &panel.config.brand,
            assets: &panel.assets,
            base: &panel.config.url.base,
            csrf,
            path: &self.path,
            account: signed_in.map(SignedIn::name),
            section,
            notice: None,
            must_enrol: signed_in.and_then(|signed_in| signed_in.must_enrol),
        }
    }

    /// A page.
    pub fn page(&self, panel: &Panel, section: Section, draw: impl FnOnce(&Frame<'_>) -> Markup) -> Response {
        self.draw(panel, Some(section), StatusCode::OK, draw)
    }

    /// A page outside of the navigation, or one that says what went wrong with a form.
    pub fn draw(
        &self,
        panel: &Panel,
        section: Option<Section>,
        status: StatusCode,
        draw: impl FnOnce(&Frame<'_>) -> Markup,
    ) -> Response {
        let csrf = self.token.csrf();
        let mut frame = self.frame(panel, &csrf, section);
        frame.notice = panel.held.told(self.token.digest());
        (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], draw(&frame).into_string()).into_response()
    }

    /// The one who is signed in.
    pub fn signed_in(&self) -> Option<&SignedIn> {
        match &self.who {
            Who::SignedIn(signed_in) => Some(signed_in),
            Who::Visitor | Who::Waiting => None,
        }
    }

    /// For whom work is done that is nobody's yet, or is done whatever became of the account.
    pub fn stranger(&self) -> Asker {
        Asker { remote: self.remote, account: None }
    }

    /// Tells the journal what the one who is signed in has done.
    pub fn record(&self, event: Event, id: &str) {
        if let Some(signed_in) = self.signed_in() {
            journal::event(event.as_str(), signed_in.name(), self.remote, id);
        }
    }
}

/// Sends the browser to another page of the panel.
pub fn go(panel: &Panel, path: &str) -> Response {
    Redirect::to(&format!("{}{path}", panel.config.url.base)).into_response()
}

/// The same, and tells something there.
pub fn go_and_tell(panel: &Panel, visit: &Visit, path: &str, notice: Notice) -> Response {
    panel.held.tell(visit.token.digest(), notice);
    go(panel, path)
}

/// Gives the browser a new cookie.
pub fn with_token(panel: &Panel, token: &Token, mut response: Response) -> Response {
    if let Some(header) = token.header(&panel.config.url) {
        response.headers_mut().append(header::SET_COOKIE, header);
    }
    response
}

impl FromRequestParts<Shared> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Failure::Internal("a page without a visit".into()))
    }
}

impl FromRequestParts<Shared> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, panel: &Shared) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, panel).await?;
        visit.signed_in().cloned().ok_or(Failure::SessionEnded)
    }
}

/// Surrounds every page: finds out who asks, and draws what failed.
pub async fn attend(State(panel): State<Shared>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match receive(&panel, &parts).await {
        Ok(visit) => visit,
        Err((visit, failure)) => {
            let response = failure.clone().into_response();
            return finish(&panel, &visit, response);
        }
    };
    parts.extensions.insert(visit.clone());
    let looks = parts.method == Method::GET;
    let response = next.run(Request::from_parts(parts, body)).await;
    if looks && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        // The answer to a form has the address of the form, and somebody comes back to it: by a link, or another language.
        return go(&panel, page_of(&visit.path));
    }
    finish(&panel, &visit, response)
}

/// The page with the forms that are sent to `path`.
fn page_of(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("two-factor") => "/two-factor",
        Some("app-passwords") => "/app-passwords",
        Some("sessions") => "/activity",
        _ => "/",
    }
}

async fn receive(panel: &Shared, parts: &Parts) -> Result<Visit, (Box<Visit>, Failure)> {
    let headers = &parts.headers;
    let peer = parts.extensions.get::<Peer>().copied().unwrap_or(Peer::SocketFile);
    let remote = client::address(peer, headers, &panel.config.trusted_proxies);
    let sent = Token::read(headers, &panel.config.url);
    let is_new = sent.is_none();
    let token = sent.map_or_else(Token::generate, Ok);
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let accepted = text(header::ACCEPT_LANGUAGE);
    let locale = panel.locales.choose(cookie::language(headers).as_deref(), accepted);
    let path = parts.uri.path().to_string();
    let (token, broken) = match token {
        Ok(token) => (token, None),
        Err(error) => (Token::unusable(), Some(Failure::Unavailable(error.to_string()))),
    };
    let mut visit = Visit {
        remote,
        agent: text(header::USER_AGENT).map(agent::in_words).unwrap_or_default(),
        language: locale.language().tag,
        path,
        token: std::sync::Arc::new(token),
        is_new,
        who: Who::Visitor,
    };
    if let Some(failure) = broken {
        return Err((Box::new(visit), failure));
    }
    if remote.is_some_and(|remote| !panel.visitors.may_ask(remote)) {
        return Err((Box::new(visit), Failure::TooMany));
    }
    if !is_new {
        match recognise(panel, &visit).await {
            Ok(who) => visit.who = who,
            Err(failure) => return Err((Box::new(visit), failure)),
        }
    }
    Ok(visit)
}

/// What the cookie stands for.
async fn recognise(panel: &Shared, visit: &Visit) -> Result<Who, Failure> {
    let digest = visit.token.digest();
    if panel.held.waiting(digest, |_| ()).is_some() {
        return Ok(Who::Waiting);
    }
    let limits = panel.config.session;
    let found = panel.desks.work(Pace::Quick, visit.stranger(), move |admin| {
        let found = admin.panel_session(digest, &limits, now())?;
        Ok(found.map(|found| {
            let required = admin.config().policy.two_factor_at(&found.requirements, now());
            (found, required)
        }))
    });
    Ok(match found.await? {
        // Who has a cookie and no session may have had one.
        None => Who::Visitor,
        Some((found, required)) => {
            let must_enrol = match required {
                _ if found.two_factor => None,
                Requirement::Never => None,
                Requirement::From(time) => Some(MustEnrol::From(time)),
                Requirement::Now => Some(MustEnrol::Now),
            };
            Who::SignedIn(Box::new(SignedIn {
                found,
                must_enrol,
                proof_age: panel.config.proof_age,
                remote: visit.remote,
            }))
        }
    })
}

/// Draws the page about a failure.
fn finish(panel: &Panel, visit: &Visit, mut response: Response) -> Response {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = match failure.page() {
            Some((status, message)) => visit.draw(panel, None, status, |frame| view::message(frame, message)),
            None => go(panel, "/sign-in?ended"),
        };
    }
    // No such address, or something in it that cannot be an id, which axum says in English.
    let is_page = |response: &Response| {
        let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        kind.is_some_and(|kind| kind.starts_with(b"text/html"))
    };
    if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST) && !is_page(&response) {
        response = visit.draw(panel, None, StatusCode::NOT_FOUND, |frame| view::message(frame, Message::NotFound));
    }
    if visit.is_new && !response.headers().contains_key(header::SET_COOKIE) {
        response = with_token(panel, &visit.token, response);
    }
    response
}

/// Sets what every answer carries, where the handler has not set another value.
pub fn set_all(headers: &mut HeaderMap) {
    set(headers, header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(headers, header::CACHE_CONTROL, "no-store");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::X_FRAME_OPTIONS, "DENY");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(headers, HeaderName::from_static("x-robots-tag"), "noindex");
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
