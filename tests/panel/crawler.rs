//! Every route of the panel, asked for by somebody who may not: nothing happens.

use axum::http::Method;

use crate::account::{Account, Phone};
use crate::clients::{HERE, accepted};
use crate::command::{json, run};
use crate::panel::{HOST, Panel, Settings};
use crate::routes::{self, Route};
use crate::sessions::session_credential;
use crate::stage::test;
use crate::store::{self, Dump};
use crate::visitor::{Answer, Visitor};

/// Enough for most forms.
pub const FIELDS: [(&str, &str); 5] =
    [("name", "Crawler"), ("label", "Crawler"), ("protocols", "imap"), ("expires", "never"), ("next", "/")];

/// Somebody who has one of everything.
struct Rich {
    account: Account,
    authenticator: String,
    app_password: String,
    webmail: String,
    panel: String,
    /// Signed in, with an enrolment begun and the app password shown.
    visitor: Visitor,
}

impl Rich {
    /// With that many authenticators, the last of which has the number in `authenticator`.
    async fn new(panel: &Panel, authenticators: u32) -> Self {
        let mut account = Account::new().await;
        for _ in 1..authenticators {
            let enrolment = json(&["totp", "enroll", &account.address], "");
            let mut phone = Phone::new(enrolment["secret"].as_str().unwrap());
            run(&["totp", "confirm", &account.address], &format!("{}\n", phone.code().await));
            account.phone = Some(phone);
        }
        let credential = session_credential();
        let opening = format!("mkopen:{credential}:{}:{}", account.code().await, account.password);
        assert!(accepted("webmail", &account.address, &opening, HERE).await);
        let mut other = Visitor::of(panel);
        other.sign_in(&mut account).await;
        let mut visitor = Visitor::of(panel);
        visitor.sign_in(&mut account).await;
        let (app_password, _) = visitor.make_app_password("Rich").await;
        visitor.post("/two-factor/enrol", &[("label", "Waiting")]).await.assert_goes_to("/two-factor/enrol");
        let page = visitor.get("/activity").await;
        let id = |kind: &str| {
            let marker = format!("/sessions/{kind}/");
            let rest =
                page.body.split_once(&marker).unwrap_or_else(|| panic!("no {kind} session on {}", page.text())).1;
            rest.split('/').next().unwrap().to_string()
        };
        let (webmail, panel) = (id("webmail"), id("panel"));
        Self { account, authenticator: authenticators.to_string(), app_password, webmail, panel, visitor }
    }

    /// A path with the id in it that belongs there.
    fn path(&self, route: &Route) -> String {
        route.with(match route.path.as_str() {
            path if path.starts_with("/two-factor/authenticators/") => &self.authenticator,
            path if path.starts_with("/app-passwords/{id}/") => &self.app_password,
            path if path.starts_with("/sessions/webmail/") => &self.webmail,
            path if path.starts_with("/sessions/panel/") => &self.panel,
            path => {
                assert!(!path.contains('{'), "{path}: which id belongs there?");
                ""
            }
        })
    }

    /// What its owner would type into any form.
    fn fields<'a>(&'a self, code: &'a str) -> Vec<(&'static str, &'a str)> {
        let new = "a longer Password 2";
        let mut fields = vec![("name", self.account.address.as_str()), ("password", &self.account.password)];
        fields.extend([("code", code), ("current", &self.account.password), ("new", new), ("again", new)]);
        fields.extend(FIELDS.into_iter().filter(|(name, _)| *name != "name"));
        fields
    }

    fn dump(&self) -> Dump {
        store::dump(&[&self.account.address])
    }
}

/// Fails unless it is the sign-in that the visitor is sent to, or a no.
#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    let place = answer.location();
    let to_sign_in = answer.status == 303 && (place == "/sign-in" || place.starts_with("/sign-in?"));
    let no = [400, 403, 404, 405].contains(&answer.status);
    assert!(to_sign_in || no, "{what}: {} to {place:?}: {}", answer.status, answer.text());
}

#[test]
fn without_a_cookie_there_is_nothing_but_the_sign_in() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let rich = Rich::new(&panel, 2).await;
        let before = rich.dump();
        for route in routes::pages() {
            let path = rich.path(&route);
            if route.get && route.level != "Everybody" {
                let answer = Visitor::of(&panel).get(&path).await;
                assert_eq!(answer.status, 303, "{path}: {}", answer.text());
                assert_refused(&answer, &path);
            }
            if route.post {
                let answer = Visitor::of(&panel).post_as(&path, "", &rich.fields("123456")).await;
                assert_refused(&answer, &path);
            }
            before.assert_same(&rich.dump(), &path);
        }
    });
}

#[test]
fn the_password_alone_reaches_the_second_step_and_nothing_else() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let rich = Rich::new(&panel, 2).await;
        let mut visitor = Visitor::of(&panel);
        visitor.password(&rich.account).await.assert_goes_to("/sign-in/code");
        visitor.get("/sign-in/code").await.assert_status(200);
        let before = rich.dump();
        for route in routes::pages() {
            let path = rich.path(&route);
            if ["Everybody", "SecondStep"].contains(&route.level.as_str()) {
                continue;
            }
            if route.get {
                visitor.get(&path).await.assert_goes_to("/sign-in/code");
            }
            if route.post {
                visitor.post(&path, &rich.fields("123456")).await.assert_goes_to("/sign-in/code");
            }
            before.assert_same(&rich.dump(), &path);
        }
        // A code that is none keeps it there.
        let answer = visitor.post("/sign-in/code", &[("code", "")]).await;
        answer.assert_status(422);
        before.assert_same(&rich.dump(), "the second step without a code");
        assert!(!visitor.is_signed_in().await);
    });
}

#[test]
fn ids_of_another_account_are_unknown() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        // Authenticators have small numbers: the third is only the other one's.
        let (mut rich, mut thief) = (Rich::new(&panel, 3).await, Rich::new(&panel, 2).await);
        let both = [rich.account.address.clone(), thief.account.address.clone()];
        let both: Vec<&str> = both.iter().map(String::as_str).collect();
        let before = store::dump(&both);
        let mut seen = 0;
        for route in routes::pages().into_iter().filter(|route| route.path.contains("{id}")) {
            let path = rich.path(&route);
            if route.get {
                thief.visitor.get(&path).await.assert_status(404);
                seen += 1;
            }
            if route.post && route.path != "/app-passwords/{id}/done" {
                let answer = thief.visitor.post(&path, &rich.fields("123456")).await;
                answer.assert_status(404);
                seen += 1;
            }
            before.assert_same(&store::dump(&both), &path);
        }
        assert!(seen >= 8, "{seen}");
        // What is shown once stays with the one whom it is shown.
        let done = format!("/app-passwords/{}/done", rich.app_password);
        thief.visitor.post(&done, &[]).await;
        let created = format!("/app-passwords/{}/created", rich.app_password);
        rich.visitor.get(&created).await.assert_status(200);
        before.assert_same(&store::dump(&both), &done);
        assert!(rich.visitor.is_signed_in().await);
    });
}

#[test]
fn a_form_counts_only_with_the_token_of_the_page_and_from_a_page_of_the_panel() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let (mut rich, mut other) = (Rich::new(&panel, 2).await, Rich::new(&panel, 2).await);
        let (own, foreign) = (rich.visitor.csrf().await, other.visitor.csrf().await);
        assert_ne!(own, foreign);
        let code = rich.account.code().await;
        let fields: Vec<(String, String)> =
            rich.fields(&code).into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let body = |csrf: Option<&str>| {
            let mut body = form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(csrf.map(|csrf| ("csrf", csrf))).extend_pairs(&fields);
            body.finish()
        };
        let form = ("content-type", "application/x-www-form-urlencoded");
        let origin = format!("https://{HOST}");
        let long = body(Some(&own)) + "&more=" + &"x".repeat(20_000);
        let tries = [
            ("no token", body(None), vec![form]),
            ("an empty token", body(Some("")), vec![form]),
            ("the token of somebody else", body(Some(&foreign)), vec![form]),
            ("a token one symbol longer", body(Some(&format!("{own}A"))), vec![form]),
            ("another site", body(Some(&own)), vec![form, ("origin", "https://evil.example")]),
            ("no site", body(Some(&own)), vec![form, ("origin", "null")]),
            ("the same site without TLS", body(Some(&own)), vec![form, ("origin", "http://panel.example.test")]),
            ("another site, as browsers say it", body(Some(&own)), vec![form, ("sec-fetch-site", "cross-site")]),
            (
                "a sister site",
                body(Some(&own)),
                vec![form, ("sec-fetch-site", "same-site"), ("origin", "https://b.example.test")],
            ),
            ("plain text", body(Some(&own)), vec![("content-type", "text/plain")]),
            ("no type", body(Some(&own)), vec![]),
            ("too much", long, vec![form]),
        ];
        let before = rich.dump();
        let posts: Vec<_> = routes::pages().into_iter().filter(|route| route.post).collect();
        assert!(posts.len() >= 18, "{posts:?}");
        for route in posts.iter().filter(|route| route.level != "SecondStep") {
            let path = rich.path(route);
            for (what, body, headers) in &tries {
                let answer = rich.visitor.send(Method::POST, &path, headers, body.clone()).await;
                assert!([400, 403].contains(&answer.status), "{path} with {what}: {} {}", answer.status, answer.text());
            }
            before.assert_same(&rich.dump(), &path);
        }
        assert!(rich.visitor.is_signed_in().await);

        // The same from where it should be counts.
        let headers = [form, ("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
        let path = format!("/app-passwords/{}/revoke", rich.app_password);
        let answer = rich.visitor.send(Method::POST, &path, &headers, body(Some(&own))).await;
        answer.assert_goes_to("/app-passwords");
        assert!(rich.account.app_passwords().is_empty());
    });
}

#[test]
fn the_second_step_wants_the_token_too() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut account = Account::new().await;
        let mut visitor = Visitor::of(&panel);
        visitor.password(&account).await.assert_goes_to("/sign-in/code");
        let code = account.code().await;
        let foreign = Visitor::of(&panel).csrf().await;
        for csrf in ["", foreign.as_str()] {
            visitor.post_as("/sign-in/code", csrf, &[("code", &code)]).await.assert_status(403);
        }
        assert_eq!(store::panel_sessions(&account.address), 0);
        visitor.post("/sign-in/code", &[("code", &code)]).await.assert_goes_to("/");
    });
}

#[test]
fn a_session_that_was_ended_or_whose_account_was_disabled_opens_nothing() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        for how in ["signed out", "disabled", "revoked by the administrator", "the password was set"] {
            let mut rich = Rich::new(&panel, 2).await;
            let mut stolen = rich.visitor.clone();
            let token = stolen.csrf().await;
            let address = rich.account.address.clone();
            match how {
                "signed out" => {
                    rich.visitor.post("/sign-out", &[]).await.assert_goes_to("/sign-in");
                }
                "disabled" => rich.account.disable(),
                "revoked by the administrator" => {
                    run(&["session", "revoke", &address, "--all"], "");
                }
                _ => {
                    run(&["user", "passwd", &address, "--password-stdin"], "another Password 3\n");
                }
            }
            let before = rich.dump();
            for route in routes::pages().into_iter().filter(|route| route.level != "Everybody") {
                let path = rich.path(&route);
                if route.get {
                    let answer = stolen.get(&path).await;
                    assert_eq!(answer.status, 303, "{how}: {path}: {}", answer.text());
                    assert_refused(&answer, &path);
                }
                if route.post {
                    let answer = stolen.post_as(&path, &token, &rich.fields("123456")).await;
                    assert_refused(&answer, &path);
                }
                before.assert_same(&rich.dump(), &format!("{how}: {path}"));
            }
        }
    });
}

#[test]
fn other_methods_are_not_known() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut rich = Rich::new(&panel, 2).await;
        let csrf = rich.visitor.csrf().await;
        let before = rich.dump();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        for route in routes::pages() {
            let path = rich.path(&route);
            let mut methods = vec![Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS];
            if !route.get {
                methods.extend([Method::GET, Method::HEAD]);
            }
            if !route.post {
                methods.push(Method::POST);
            }
            for method in methods {
                let answer = rich.visitor.send(method.clone(), &path, &form, format!("csrf={csrf}")).await;
                // A path that is also a {id} of another route has that one's answer.
                assert!([303, 404, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
            }
            before.assert_same(&rich.dump(), &path);
        }
    });
}

#[test]
fn who_comes_back_to_the_address_of_a_form_finds_its_page() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut rich = Rich::new(&panel, 2).await;
        for route in routes::pages().into_iter().filter(|route| !route.get) {
            let path = rich.path(&route);
            let answer = rich.visitor.get(&path).await;
            let place = answer.location().to_string();
            assert_eq!(answer.status, 303, "{path}: {}", answer.text());
            rich.visitor.get(&place).await.assert_status(200);
        }
    });
}

#[test]
fn strange_ids_and_paths_are_unknown_pages() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut rich = Rich::new(&panel, 2).await;
        let before = rich.dump();
        let long = "a".repeat(5000);
        for id in ["0", "-1", "99999999999999999999", "x", "%00", "..%2f..", "%F0%9F%90%88", long.as_str()] {
            for route in routes::pages().into_iter().filter(|route| route.path.contains("{id}")) {
                let path = route.with(id);
                if route.get {
                    let answer = rich.visitor.get(&path).await;
                    assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
                }
                if route.post && route.path != "/app-passwords/{id}/done" {
                    let answer = rich.visitor.post(&path, &FIELDS).await;
                    assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
                }
            }
        }
        for path in ["/nothing", "/sign-in/", "//", "/assets/nothing", "/assets/..%2fpanel.toml", "/two-factor/enrol/x"]
        {
            rich.visitor.get(path).await.assert_status(404);
        }
        before.assert_same(&rich.dump(), "strange ids");
    });
}
