//! The visitor's cookie: 256 random bits, and nothing else. What they stand for is kept on this side.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use mailkey::credential::{RandomError, Secret, panel_cookie};
use mailkey::session::SessionDigest;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::config::Url;

/// What the CSRF token is derived for.
const CSRF: &[u8] = b"mailkey-panel csrf 1";
/// The cookie that remembers a chosen language.
const LANGUAGE: &str = "mailkey-language";

/// What the cookie holds.
pub struct Token {
    value: Secret,
    digest: SessionDigest,
}

impl Token {
    /// A new one.
    pub fn generate() -> Result<Self, RandomError> {
        let (value, digest) = panel_cookie::generate()?;
        Ok(Self { value, digest })
    }

    /// The one that a session was opened with.
    pub fn of(value: Secret) -> Option<Self> {
        let digest = panel_cookie::read(value.as_bytes())?;
        Some(Self { value, digest })
    }

    /// The one that a request brings, if it has the shape of one.
    pub fn read(headers: &HeaderMap, url: &Url) -> Option<Self> {
        let name = name(url);
        let (_, value) = cookies(headers).find(|(key, _)| *key == name)?;
        Self::of(Secret::copy(value.as_bytes()))
    }

    /// Where none can be made: it stands for nothing, and is given to nobody.
    pub fn unusable() -> Self {
        Self { value: Secret::default(), digest: SessionDigest([0; 32]) }
    }

    /// What stands for it in the store and in memory.
    pub fn digest(&self) -> SessionDigest {
        self.digest
    }

    /// The token of the forms on pages that are served to it. Whoever cannot read the cookie cannot know it.
    pub fn csrf(&self) -> String {
        BASE64URL_NOPAD.encode(&self.mac())
    }

    /// Whether a form was on such a page.
    pub fn is_csrf(&self, presented: &[u8]) -> bool {
        BASE64URL_NOPAD.decode(presented).is_ok_and(|presented| presented.ct_eq(&self.mac()).into())
    }

    fn mac(&self) -> [u8; 32] {
        // A token is neither too short nor too long: HMAC takes any key.
        Hmac::<Sha256>::new_from_slice(self.value.as_bytes())
            .map(|mac| mac.chain_update(CSRF).finalize().into_bytes().into())
            .unwrap_or_default()
    }

    /// The header that gives it to the browser, until that is closed.
    pub fn header(&self, url: &Url) -> Option<HeaderValue> {
        let value = self.value.as_str().filter(|value| !value.is_empty())?;
        let mut cookie = Cookie::new(name(url), value.to_owned());
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(url.secure);
        cookie.set_path(path(url));
        let mut value = HeaderValue::try_from(cookie.to_string()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// The language that the visitor chose, if he did.
pub fn language(headers: &HeaderMap) -> Option<String> {
    cookies(headers).find(|(key, _)| *key == LANGUAGE).map(|(_, value)| value.to_string())
}

/// The header that remembers a language for a year.
pub fn language_header(code: &str, url: &Url) -> Option<HeaderValue> {
    let mut cookie = Cookie::new(LANGUAGE, code.to_string());
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(url.secure);
    cookie.set_path(path(url));
    cookie.set_max_age(cookie::time::Duration::days(365));
    HeaderValue::try_from(cookie.to_string()).ok()
}

/// The prefixes let browsers refuse a cookie that another host, or a connection without TLS, has set (RFC 6265bis).
fn name(url: &Url) -> &'static str {
    match (url.secure, url.base.is_empty()) {
        (true, true) => "__Host-mailkey",
        (true, false) => "__Secure-mailkey",
        (false, _) => "mailkey",
    }
}

fn path(url: &Url) -> String {
    if url.base.is_empty() { "/".into() } else { url.base.clone() }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn sent(header: &HeaderValue) -> HeaderMap {
        let pair = header.to_str().unwrap().split(';').next().unwrap().to_string();
        HeaderMap::from_iter([(header::COOKIE, format!("a=b; {pair}; c=d").parse().unwrap())])
    }

    #[test]
    fn a_cookie_is_for_this_host_for_tls_and_for_no_script() {
        let header = Token::generate().unwrap().header(&url("https://mail.example.org/")).unwrap();
        let text = header.to_str().unwrap();
        assert!(text.starts_with("__Host-mailkey="), "{text}");
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(text.split("; ").any(|part| part == attribute), "{attribute}: {text}");
        }
        assert!(!text.contains("Max-Age") && !text.contains("Domain"), "{text}");
        let below = Token::generate().unwrap().header(&url("https://mail.example.org/2fa")).unwrap();
        assert!(
            below.to_str().unwrap().starts_with("__Secure-mailkey=") && below.to_str().unwrap().contains("Path=/2fa")
        );
    }

    #[test]
    fn a_token_comes_back_and_what_is_none_is_not_taken_for_one() {
        let url = url("https://mail.example.org/");
        let token = Token::generate().unwrap();
        let read = Token::read(&sent(&token.header(&url).unwrap()), &url).unwrap();
        assert!(read.digest() == token.digest() && read.is_csrf(token.csrf().as_bytes()));
        for value in ["", "short", "____________________________________________"] {
            let headers = HeaderMap::from_iter([(header::COOKIE, format!("__Host-mailkey={value}").parse().unwrap())]);
            assert!(Token::read(&headers, &url).is_none(), "{value}");
        }
    }

    #[test]
    fn the_csrf_token_of_another_visitor_is_wrong() {
        let [mine, other] = [Token::generate().unwrap(), Token::generate().unwrap()];
        assert!(mine.is_csrf(mine.csrf().as_bytes()));
        assert!(!mine.is_csrf(other.csrf().as_bytes()) && !mine.is_csrf(b"") && !mine.is_csrf(b"AAAA"));
        assert_ne!(mine.csrf().as_bytes(), mine.value.as_bytes());
    }
}
