//! What a visitor sends: a small form, from a page that was served to him.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, header};
use mailkey::credential::Secret;

use crate::failure::Failure;
use crate::state::Shared;
use crate::visit::Visit;

/// Most bytes of a form.
const MOST: usize = 16 * 1024;
/// For how long one is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The fields of a form, which wipe themselves. It is only made when its CSRF token is the visitor's: a handler that
/// takes one has that behind it, and every POST handler takes one.
pub struct Form(Vec<(String, Secret)>);

impl Form {
    /// A field as it was sent; empty where it was not.
    pub fn secret(&self, name: &str) -> Secret {
        self.values(name).next().cloned().unwrap_or_default()
    }

    /// A field as text.
    pub fn text(&self, name: &str) -> String {
        self.secret(name).as_str().unwrap_or_default().to_string()
    }

    /// All values of a field.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Secret> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value)
    }

    fn parse(body: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(body);
        Self(pairs.map(|(key, value)| (key.into_owned(), Secret::from(value.into_owned()))).collect())
    }
}

impl FromRequest<Shared> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, panel: &Shared) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let visit =
            parts.extensions.get::<Visit>().ok_or_else(|| Failure::Internal("a form without a visit".into()))?;
        if parts.method != Method::POST || !is_form(&parts.headers) {
            return Err(Failure::BadForm);
        }
        if is_from_elsewhere(&parts.headers, &panel.config.url.origin) {
            return Err(Failure::FormExpired);
        }
        let form = read(body).await?;
        if visit.is_new || !visit.token.is_csrf(form.secret("csrf").as_bytes()) {
            return Err(Failure::FormExpired);
        }
        Ok(form)
    }
}

async fn read(body: Body) -> Result<Form, Failure> {
    let bytes = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, MOST)).await;
    let bytes = bytes.ok().and_then(Result::ok).ok_or(Failure::BadForm)?;
    let form = Form::parse(&bytes);
    // The buffer that the form came in is wiped where nobody else holds it.
    if let Ok(mut bytes) = bytes.try_into_mut() {
        zeroize::Zeroize::zeroize(bytes.as_mut());
    }
    Ok(form)
}

fn is_form(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// Whether the browser says that the form was on another site's page. Old browsers say nothing: the token stands alone.
fn is_from_elsewhere(headers: &HeaderMap, origin: &str) -> bool {
    let says = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    says("origin").is_some_and(|from| from != origin)
        || says("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_back_as_they_were_typed() {
        let form = Form::parse("name=a%40b&protocols=imap&protocols=smtp&password=+%C3%A4%26%3D".as_bytes());
        assert_eq!(form.text("name"), "a@b");
        assert_eq!(form.secret("password").as_bytes(), " ä&=".as_bytes());
        assert_eq!(form.values("protocols").filter_map(Secret::as_str).collect::<Vec<_>>(), ["imap", "smtp"]);
        assert!(form.secret("missing").is_empty());
    }

    #[test]
    fn a_form_of_another_origin_or_of_none_is_from_elsewhere() {
        let headers = |pairs: &[(&'static str, &str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
        };
        let ours = "https://mail.example.org";
        assert!(!is_from_elsewhere(&headers(&[]), ours));
        assert!(!is_from_elsewhere(&headers(&[("origin", ours), ("sec-fetch-site", "same-origin")]), ours));
        for (name, value) in [
            ("origin", "null"),
            ("origin", "http://mail.example.org"),
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert!(is_from_elsewhere(&headers(&[(name, value)]), ours), "{name}: {value}");
        }
    }
}
