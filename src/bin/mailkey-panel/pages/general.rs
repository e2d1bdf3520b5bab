//! What is no page of an account: files, the language, settings for mail apps, and whether the service is well.

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::client;
use crate::cookie;
use crate::desk::{Asker, Pace};
use crate::failure::Failure;
use crate::profile;
use crate::serve::Peer;
use crate::state::{Shared, now};
use crate::visit::{Visit, go};

/// `GET /assets/{name}?v=…`
pub async fn asset(State(panel): State<Shared>, Path(name): Path<String>) -> Response {
    let Some(asset) = panel.assets.get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    // Another content has another `v`.
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    (headers, asset.bytes.clone()).into_response()
}

/// `GET /language?to=de&next=/activity`
pub async fn language(State(panel): State<Shared>, _visit: Visit, request: Request) -> Result<Response, Failure> {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let locale = value("to").and_then(|tag| panel.locales.get(tag)).ok_or(Failure::NotFound)?;
    let mut response = go(&panel, super::prove::own(value("next").unwrap_or("/")));
    if let Some(header) = cookie::language_header(locale.language().tag, &panel.config.url) {
        response.headers_mut().append(header::SET_COOKIE, header);
    }
    Ok(response)
}

/// `GET /.well-known/change-password`: where password managers look for that page (W3C, A Well-Known URL for Changing
/// Passwords).
pub async fn change_password(State(panel): State<Shared>) -> Response {
    go(&panel, "/password")
}

/// `GET /healthz`: 200 while accounts can be read, else 503; for monitoring, so that it says nothing more. Like a page it
/// reads the store, and is counted like one.
pub async fn health(State(panel): State<Shared>, request: Request) -> Response {
    let peer = request.extensions().get::<Peer>().copied().unwrap_or(Peer::SocketFile);
    let remote = client::address(peer, request.headers(), &panel.config.trusted_proxies);
    if remote.is_some_and(|remote| !panel.visitors.may_ask(remote)) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let healthy = match panel.desks.work(Pace::Quick, Asker::default(), |admin| admin.accounts(None, 1, now())).await {
        Ok(_) => true,
        Err(failure) => {
            failure.report();
            false
        }
    };
    let (status, text) =
        if healthy { (StatusCode::OK, "ok\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable\n") };
    (status, [(header::CONTENT_TYPE, "text/plain"), (header::CACHE_CONTROL, "no-store")], text).into_response()
}

/// `GET /mail/config-v1.1.xml?emailaddress=…`: Thunderbird asks `https://autoconfig.DOMAIN/` for it.
pub async fn autoconfig(State(panel): State<Shared>, request: Request) -> Response {
    let mut query = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    let address = query.find(|(key, _)| key == "emailaddress").map(|(_, value)| value.into_owned());
    let domain = address.as_deref().and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain);
    let domain = domain.unwrap_or(&panel.config.url.host);
    let product = panel.config.brand.product.as_deref().unwrap_or(domain);
    match profile::autoconfig(domain, product, &panel.config.servers) {
        Some(text) => ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
