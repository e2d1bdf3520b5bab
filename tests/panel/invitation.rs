//! Turning two-factor sign-in on by invitation.

use serde_json::Value;

use crate::account::{Account, Phone};
use crate::browser::{Browser, Look};
use crate::clients::{ELSEWHERE, accepted};
use crate::command::{json, run};
use crate::panel::{Panel, Settings};
use crate::stage::test;
use crate::visitor::{Answer, Visitor};

const INVITED: &str = "enrolment = \"invited\"";

impl Account {
    /// Invites its owner; returns the code.
    fn invite(&self) -> String {
        json(&["user", "invite", &self.address], "")["invitation"].as_str().unwrap().into()
    }

    fn is_on(&self) -> bool {
        json(&["user", "show", &self.address], "")["two_factor"] == Value::Bool(true)
    }

    /// How often something happened to it.
    fn events(&self, event: &str) -> u64 {
        let entries = json(&["log", &self.address], "");
        let of_that = entries.as_array().unwrap().iter().filter(|entry| entry["event"] == event);
        of_that.map(|entry| entry["count"].as_u64().unwrap()).sum()
    }
}

impl Browser {
    async fn show_invitation(&self, typed: &str) {
        self.open("/two-factor").await;
        self.fill("invitation", typed).await;
        self.submit("/two-factor/enrol").await;
    }
}

impl Visitor {
    async fn show(&mut self, typed: &str) -> Answer {
        self.post("/two-factor/enrol", &[("label", "Phone"), ("invitation", typed)]).await
    }

    /// The phone that reads the QR code of the page.
    async fn phone(&mut self) -> Phone {
        let page = self.get("/two-factor/enrol").await;
        let uri = page.body.split("href=\"otpauth:").nth(1).unwrap().split('"').next().unwrap();
        Phone::scanning(&format!("otpauth:{}", uri.replace("&amp;", "&")))
    }
}

/// Another one, of the right shape.
fn other(code: &str) -> String {
    code.chars()
        .map(|symbol| {
            if symbol == 'A' {
                'B'
            } else if symbol == '-' {
                '-'
            } else {
                'A'
            }
        })
        .collect()
}

#[test]
fn who_must_turn_it_on_does_so_with_the_invitation_and_not_without() {
    test(async |stage| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::tls().mailkey("require_2fa = true").mailkey(INVITED)).await;
        let browser = stage.browser(&panel, Look::default()).await;
        browser.give_password(&account).await;
        browser.at("/two-factor").await;
        browser.seen("[name='invitation']").await;
        browser.whole_picture("invitation").await;
        let code = account.invite();
        browser.show_invitation(&other(&code)).await;
        browser.complaint("invitation").await;
        browser.show_invitation("k7m2").await;
        assert!(browser.complaint("invitation").await.contains("16"), "{}", browser.text().await);
        browser.whole_picture("invitation-wrong").await;
        assert_eq!(account.events("invitation_refused"), 1);
        assert_eq!(account.events("enrolment_begun"), 0);

        browser.show_invitation(&code.to_lowercase().replace('-', " ")).await;
        browser.at("/two-factor/enrol").await;
        let mut phone = Phone::scanning(&browser.scan("invitation-qr").await);
        let digits = phone.code().await;
        browser.fill("code", &digits).await;
        browser.submit("/two-factor/confirm").await;
        browser.at("/two-factor/recovery-codes").await;
        browser.submit("/two-factor/recovery-codes/done").await;
        assert!(account.is_on() && !accepted("imap", &account.address, &account.password, ELSEWHERE).await);

        // Another authenticator needs none; to turn it on again would.
        account.phone = Some(phone);
        browser.begin_enrolment("Tablet", "invitation-second").await;
        browser.open("/two-factor/off").await;
        assert!(browser.text().await.contains("only with a new invitation"), "{}", browser.text().await);
        // It stands nowhere.
        let journal = panel.journal();
        assert!(journal.contains("event=invitation_refused"), "{journal}");
        assert!(!journal.contains(&code) && !journal.to_uppercase().contains(&code.replace('-', "")), "{journal}");
    });
}

#[test]
fn no_form_gets_around_the_invitation() {
    test(async |_| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::behind().mailkey(INVITED)).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        visitor.post("/two-factor/enrol", &[("label", "Phone")]).await.assert_status(422);
        visitor.show("").await.assert_status(422);
        visitor.show("ABCD").await.assert_status(422);
        // An app password and a recovery code are none.
        for wrong in ["k7m2-9xqd-0011-abcd-efgh", "ab2c-de3f-gh4j"] {
            visitor.show(wrong).await.assert_status(422);
        }
        visitor.get("/two-factor/enrol").await.assert_goes_to("/two-factor");
        visitor.post("/two-factor/confirm", &[("code", "123456")]).await.assert_goes_to("/two-factor");
        // Nor is somebody else's.
        let stranger = Account::without_2fa();
        let code = stranger.invite();
        visitor.show(&code).await.assert_status(422);
        // What is sent in the address is not looked at.
        let code = account.invite();
        visitor.post(&format!("/two-factor/enrol?invitation={code}"), &[("label", "x")]).await.assert_status(422);
        assert!(!account.is_on() && account.events("enrolment_begun") == 0);
        visitor.show(&code).await.assert_goes_to("/two-factor/enrol");
    });
}

#[test]
fn where_everybody_may_turn_it_on_who_was_invited_needs_the_invitation() {
    test(async |_| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::behind()).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        assert!(!visitor.get("/two-factor").await.body.contains("name=\"invitation\""));
        // Begun before: it is confirmed by nobody any more.
        visitor.show("").await.assert_goes_to("/two-factor/enrol");
        let mut phone = visitor.phone().await;
        let code = account.invite();
        let digits = phone.code().await;
        let answer = visitor.post("/two-factor/confirm", &[("code", &digits)]).await;
        answer.assert_status(422);
        assert!(answer.body.contains("name=\"invitation\""), "{}", answer.text());
        visitor.get("/two-factor/enrol").await.assert_goes_to("/two-factor");
        visitor.show("").await.assert_status(422);
        visitor.show(&code).await.assert_goes_to("/two-factor/enrol");
        // A new one takes its place while the QR code is on the screen.
        let mut phone = visitor.phone().await;
        let newer = account.invite();
        let digits = phone.code().await;
        visitor.post("/two-factor/confirm", &[("code", &digits)]).await.assert_status(422);
        assert!(!account.is_on());
        visitor.show(&newer).await.assert_goes_to("/two-factor/enrol");
        let mut phone = visitor.phone().await;
        let digits = phone.code().await;
        visitor.post("/two-factor/confirm", &[("code", &digits)]).await.assert_goes_to("/two-factor/recovery-codes");
        assert!(account.is_on());
    });
}

#[test]
fn wrong_ones_are_slowed_down_and_an_expired_one_says_so_to_who_has_it() {
    test(async |_| {
        let mut account = Account::without_2fa();
        let panel = Panel::start(Settings::behind().mailkey(INVITED)).await;
        let mut visitor = Visitor::of(&panel);
        visitor.sign_in(&mut account).await;
        let code = account.invite();
        crate::store::expire_invitation(&account.address);
        let expired = visitor.show(&code).await;
        expired.assert_status(422);
        assert!(expired.text().contains("This invitation has expired"), "{}", expired.text());
        let wrong = visitor.show(&other(&code)).await;
        assert!(!wrong.text().contains("has expired") && wrong.text().contains("wrong"), "{}", wrong.text());
        let code = account.invite();
        for symbol in ['C', 'D', 'E', 'F', 'G', 'H'] {
            visitor.show(&code.replace(|found: char| found != '-', &symbol.to_string())).await;
        }
        let paused = visitor.show(&code).await;
        paused.assert_status(429);
        assert!(paused.text().contains("Too many failed tries"), "{}", paused.text());
        assert!(account.events("invitation_refused") >= 6);
        run(&["user", "invite", &account.address, "--revoke"], "");
        let mut elsewhere = Visitor::of(&panel);
        elsewhere.sign_in(&mut account).await;
        elsewhere.show(&code).await.assert_status(422);
    });
}
