//! Somebody with a plain HTTP client: keeps cookies and fills in forms like a browser, and can leave all of that out.
//! Every answer is looked at for what every answer must carry.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::account::Account;
use crate::panel::{HOST, Panel};

/// The cookie that stands for a visitor.
pub const COOKIE: &str = "__Host-mailkey";

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it sends the visitor; "" where it does not.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The value of the hidden field `csrf`.
    pub fn csrf(&self) -> Option<String> {
        let field = self.body.split("<input").find(|tag| tag.contains("name=\"csrf\""))?;
        Some(field.split_once("value=\"")?.1.split_once('"')?.0.into())
    }

    /// The text that people read: without tags, in one line.
    pub fn text(&self) -> String {
        self.lines().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The same, with a line break for each tag that begins or ends more than a part of a line.
    pub fn lines(&self) -> String {
        let mut text = String::new();
        let mut rest = self.body.as_str();
        while let Some((before, after)) = rest.split_once('<') {
            text += before;
            let (tag, after) = after.split_once('>').unwrap_or_default();
            let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap_or_default();
            if !["span", "wbr", "strong", "bdi", "code"].contains(&name) {
                text.push('\n');
            }
            rest = after;
        }
        text += rest;
        text.replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "to {:?}: {}", self.location(), self.text());
        self
    }

    #[track_caller]
    pub fn assert_goes_to(&self, path: &str) -> &Self {
        assert_eq!((self.status, self.location()), (303, path), "{}", self.text());
        self
    }
}

/// Somebody.
#[derive(Clone)]
pub struct Visitor {
    port: u16,
    base: &'static str,
    /// Where the connection is from.
    peer: Ipv4Addr,
    /// What the web server in front says about that; "" where it says nothing.
    pub forwarded: String,
    pub cookies: BTreeMap<String, String>,
    pub language: String,
    csrf: Option<String>,
}

impl Visitor {
    /// From an address that no other visitor has.
    pub fn of(panel: &Panel) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let forwarded = IpAddr::from(Ipv4Addr::from(u32::from(Ipv4Addr::new(198, 18, 0, 0)) + number));
        Self {
            port: panel.port,
            base: "",
            peer: Ipv4Addr::LOCALHOST,
            forwarded: forwarded.to_string(),
            cookies: BTreeMap::new(),
            language: "en".into(),
            csrf: None,
        }
    }

    /// The same person at another address.
    pub fn at(mut self, peer: Ipv4Addr, forwarded: &str) -> Self {
        (self.peer, self.forwarded) = (peer, forwarded.into());
        self
    }

    /// The same person at another panel.
    pub fn to(mut self, panel: &Panel) -> Self {
        self.port = panel.port;
        self
    }

    /// What stands before every path.
    pub fn below(mut self, base: &'static str) -> Self {
        self.base = base;
        self
    }

    /// The cookie that stands for this visitor; "" where there is none.
    pub fn cookie(&self) -> &str {
        self.cookies.get(COOKIE).map_or("", String::as_str)
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    /// Sends a form that has the visitor's own CSRF token, as the page has it.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf().await;
        self.post_as(path, &csrf, fields).await
    }

    /// Sends a form with that CSRF token.
    pub async fn post_as(&mut self, path: &str, csrf: &str, fields: &[(&str, &str)]) -> Answer {
        let body =
            form_urlencoded::Serializer::new(String::new()).append_pair("csrf", csrf).extend_pairs(fields).finish();
        self.send(Method::POST, path, &[("content-type", "application/x-www-form-urlencoded")], body).await
    }

    /// The CSRF token of a page that this visitor sees.
    pub async fn csrf(&mut self) -> String {
        if self.csrf.is_none() {
            let mut answer = self.get("/sign-in").await;
            while answer.status == 303 {
                let path = answer.location().strip_prefix(self.base).unwrap().to_string();
                answer = self.get(&path).await;
            }
            self.csrf = answer.csrf();
        }
        self.csrf.clone().unwrap_or_else(|| panic!("no page with a form for {:?}", self.cookies))
    }

    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let mut connector = HttpConnector::new();
        connector.set_local_address(Some(self.peer.into()));
        let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build(connector);
        let url = format!("http://127.0.0.1:{}{}{path}", self.port, self.base);
        let mut request = Request::builder().method(method).uri(&url).header("host", HOST);
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        if !self.forwarded.is_empty() {
            request = request.header("x-forwarded-for", &self.forwarded);
        }
        request = request.header("accept-language", &self.language);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = client.request(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(Body::new(body), 1 << 20).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, body };
        check(path, &answer);
        self.keep_cookies(&answer);
        if let Some(csrf) = answer.csrf() {
            self.csrf = Some(csrf);
        }
        answer
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for value in answer.headers.get_all("set-cookie") {
            let (name, rest) = value.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_string();
            if self.cookies.insert(name.into(), value.clone()).as_ref() != Some(&value) && name.ends_with("-mailkey") {
                self.csrf = None;
            }
        }
    }

    // --- What a person does ---------------------------------------------------------------------------

    /// The first step.
    pub async fn password(&mut self, account: &Account) -> Answer {
        self.post("/sign-in", &[("name", &account.address), ("password", &account.password)]).await
    }

    /// Both steps.
    pub async fn sign_in(&mut self, account: &mut Account) {
        let answer = self.password(account).await;
        if account.phone.is_some() {
            answer.assert_goes_to(&format!("{}/sign-in/code", self.base));
            let code = account.code().await;
            self.post("/sign-in/code", &[("code", &code)]).await.assert_goes_to(&format!("{}/", self.base));
        } else {
            answer.assert_goes_to(&format!("{}/", self.base));
        }
    }

    /// Whether the visitor is signed in.
    pub async fn is_signed_in(&mut self) -> bool {
        let answer = self.get("/activity").await;
        assert!(answer.status == 200 || answer.location().contains("/sign-in"), "{}", answer.text());
        answer.status == 200
    }

    /// Makes an app password; returns its public id and itself.
    pub async fn make_app_password(&mut self, name: &str) -> (String, String) {
        let fields = [("name", name), ("protocols", "imap"), ("protocols", "smtp"), ("expires", "never")];
        let answer = self.post("/app-passwords", &fields).await;
        let id = answer.location().split('/').nth(2).unwrap_or_else(|| panic!("{}", answer.text())).to_string();
        let page = self.get(&format!("/app-passwords/{id}/created")).await;
        page.assert_status(200);
        let found = in_groups(&page.lines(), 5);
        assert_eq!(found.len(), 1, "app passwords on {}", page.text());
        (id, found[0].clone())
    }
}

/// What a text has that is written in so many groups of four symbols: app passwords have five, recovery codes three.
pub fn in_groups(text: &str, count: usize) -> Vec<String> {
    let is_group =
        |group: &str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let words = text.split(|symbol: char| !symbol.is_ascii_alphanumeric() && symbol != '-');
    words.filter(|word| word.split('-').count() == count && word.split('-').all(is_group)).map(String::from).collect()
}

/// What every answer must carry.
#[track_caller]
fn check(path: &str, answer: &Answer) {
    let bare = path.split('?').next().unwrap();
    let what = format!("{path} ({})", answer.status);
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{what}");
    assert!(!answer.headers.contains_key("server"), "{what}");
    if bare.starts_with("/assets/") && answer.status == 200 {
        return;
    }
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(policy.contains("form-action"), "{what}: {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http:") && !policy.contains('*'), "{what}: {policy}");
    for value in answer.headers.get_all("set-cookie") {
        let text = value.to_str().unwrap();
        let attributes: Vec<_> = text.split("; ").skip(1).collect();
        for needed in ["HttpOnly", "Secure"] {
            assert!(attributes.contains(&needed), "{what}: {text}");
        }
        assert!(attributes.iter().any(|one| *one == "SameSite=Lax" || *one == "SameSite=Strict"), "{what}: {text}");
        assert!(!text.contains("Domain"), "{what}: {text}");
    }
    // Nothing in the page that the policy would have to allow.
    for forbidden in ["<script>", " style=\"", " onclick=", " onload=", "javascript:"] {
        assert!(!answer.body.contains(forbidden), "{what} has {forbidden}");
    }
    assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR.as_u16(), "{what}: {}", answer.text());
}
