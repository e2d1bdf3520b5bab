//! Who is not let in, and what changes when somebody is.

use crate::account::{Account, wrong};
use crate::panel::{Panel, Settings};
use crate::sessions::open_webmail;
use crate::stage::test;
use crate::store;
use crate::visitor::Visitor;

#[test]
fn app_passwords_and_sessions_of_a_webmail_never_open_the_panel() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut with = Account::new().await;
        let without = Account::without_2fa();
        let session = open_webmail(&without).await;
        let code = with.code().await;
        let tries = [
            (&without, without.app_password("Phone").1),
            (&with, with.app_password("Phone").1),
            (&with, with.app_password("Phone 2").1 + &code),
            (&without, session.clone()),
            (&without, format!("mkopen:{session}::{}", without.password)),
        ];
        for (account, credential) in tries {
            let mut visitor = Visitor::of(&panel);
            let answer = visitor.post("/sign-in", &[("name", &account.address), ("password", &credential)]).await;
            answer.assert_status(422);
            assert!(!visitor.is_signed_in().await);
        }
        // Nor as the code of the second step.
        let mut visitor = Visitor::of(&panel);
        visitor.password(&with).await.assert_goes_to("/sign-in/code");
        let (_, app_password) = with.app_password("Phone 3");
        visitor.post("/sign-in/code", &[("code", &app_password)]).await.assert_status(422);
        assert!(!visitor.is_signed_in().await);
        assert_eq!(store::panel_sessions(&with.address) + store::panel_sessions(&without.address), 0);
    });
}

#[test]
fn with_2fa_on_the_first_step_takes_no_code() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut account = Account::new().await;
        let code = account.code().await;
        let mut visitor = Visitor::of(&panel);
        let together = format!("{}{code}", account.password);
        visitor.post("/sign-in", &[("name", &account.address), ("password", &together)]).await;
        assert!(!visitor.is_signed_in().await);
        // And none was used up.
        visitor.password(&account).await.assert_goes_to("/sign-in/code");
        visitor.post("/sign-in/code", &[("code", &wrong(&code))]).await.assert_status(422);
        visitor.post("/sign-in/code", &[("code", &code)]).await.assert_goes_to("/");
    });
}

#[test]
fn the_cookie_is_another_one_after_each_step_and_the_old_one_is_worthless() {
    test(async |_| {
        let panel = Panel::start(Settings::behind().panel("proof_age = 60")).await;
        let mut account = Account::new().await;
        let mut visitor = Visitor::of(&panel);
        visitor.get("/sign-in").await.assert_status(200);
        let mut cookies = vec![visitor.clone()];
        visitor.password(&account).await.assert_goes_to("/sign-in/code");
        cookies.push(visitor.clone());
        let code = account.code().await;
        visitor.post("/sign-in/code", &[("code", &code)]).await.assert_goes_to("/");
        cookies.push(visitor.clone());

        store::age_proof(&account.address, 61);
        visitor.get("/app-passwords/new").await.assert_goes_to("/prove?next=/app-passwords/new");
        let code = account.code().await;
        let fields = [("code", code.as_str()), ("next", "/app-passwords/new")];
        visitor.post("/prove", &fields).await.assert_goes_to("/app-passwords/new");
        cookies.push(visitor.clone());

        visitor.post("/two-factor/recovery-codes", &[]).await.assert_goes_to("/two-factor/recovery-codes");
        cookies.push(visitor.clone());
        let code = account.code().await;
        let new = "a longer Password 2";
        let fields = [("current", account.password.as_str()), ("code", &code), ("new", new), ("again", new)];
        visitor.post("/password", &fields).await.assert_goes_to("/password");
        cookies.push(visitor.clone());
        let code = account.code().await;
        visitor.post("/two-factor/off", &[("password", new), ("code", &code)]).await.assert_goes_to("/two-factor");
        assert!(visitor.is_signed_in().await);

        let mut seen = vec![visitor.cookie().to_string()];
        for (step, mut old) in cookies.into_iter().enumerate() {
            assert!(!seen.contains(&old.cookie().to_string()), "step {step} left the cookie as it was");
            seen.push(old.cookie().to_string());
            assert!(!old.is_signed_in().await, "step {step}");
        }
        visitor.post("/sign-out", &[]).await.assert_goes_to("/sign-in");
    });
}

#[test]
fn nobody_chooses_his_own_cookie() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut account = Account::without_2fa();
        let mut planted = Visitor::of(&panel);
        planted.get("/sign-in").await.assert_status(200);
        // The victim's browser got the attacker's cookie somehow.
        let mut victim = Visitor::of(&panel);
        victim.cookies = planted.cookies.clone();
        victim.sign_in(&mut account).await;
        assert_ne!(victim.cookie(), planted.cookie());
        assert!(victim.is_signed_in().await && !planted.is_signed_in().await);
    });
}

#[test]
fn the_way_after_the_sign_in_leads_nowhere_else() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut account = Account::without_2fa();
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        for next in
            ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aX: y"]
        {
            let encoded: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let answer = visitor.get(&format!("/language?to=de&next={encoded}")).await;
            assert_eq!(answer.location(), "/", "{next}");
            let fields = [("password", account.password.as_str()), ("next", next)];
            visitor.post("/prove", &fields).await.assert_goes_to("/");
        }
        visitor.get("/language?to=xx&next=/").await.assert_status(404);
    });
}

#[test]
fn a_panel_below_a_path_keeps_its_cookie_and_its_links_there() {
    test(async |_| {
        let panel = Panel::start(Settings { base: "/2fa", ..Settings::behind() }).await;
        let mut account = Account::new().await;
        let mut visitor = Visitor::of(&panel).below("/2fa");
        let answer = visitor.get("/sign-in").await;
        answer.assert_status(200);
        let set = answer.header("set-cookie");
        assert!(set.starts_with("__Secure-mailkey=") && set.contains("Path=/2fa"), "{set}");
        visitor.sign_in(&mut account).await;
        for path in ["/", "/two-factor", "/app-passwords", "/password", "/activity"] {
            let answer = visitor.get(path).await;
            answer.assert_status(200);
            for link in ["href=\"/", "action=\"/", "src=\"/"] {
                for rest in answer.body.split(link).skip(1) {
                    assert!(rest.starts_with("2fa/") || rest.starts_with("2fa\""), "{path}: {link}{}", &rest[..30]);
                }
            }
        }
    });
}
