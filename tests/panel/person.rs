//! What a person does with a browser, as other tests need it to get where they begin.

use crate::account::{Account, Phone};
use crate::browser::Browser;
use crate::visitor::in_groups;

impl Browser {
    /// The first step.
    pub async fn give_password(&self, account: &Account) {
        self.open("/sign-in").await;
        self.fill("name", &account.address).await;
        self.fill("password", &account.password).await;
        self.submit("/sign-in").await;
    }

    /// Both steps.
    pub async fn sign_in(&self, account: &mut Account) {
        self.give_password(account).await;
        if account.phone.is_some() {
            self.at("/sign-in/code").await;
            let code = account.code().await;
            self.give_code(&code).await;
        }
        self.at("/").await;
    }

    /// The second step.
    pub async fn give_code(&self, code: &str) {
        self.fill("code", code).await;
        self.submit("/sign-in/code").await;
    }

    /// The second step without the phone.
    pub async fn give_recovery_code(&self, code: &str) {
        self.unfold("#recovery-code").await;
        self.seen("#recovery-code").await.send_keys(code).await.unwrap();
        self.click("form:has(#recovery-code) button").await;
    }

    pub async fn sign_out(&self) {
        self.submit("/sign-out").await;
        self.at("/sign-in").await;
    }

    /// Begins an enrolment; returns the phone that has read the QR code.
    pub async fn begin_enrolment(&self, label: &str, picture: &str) -> Phone {
        self.open("/two-factor").await;
        self.unfold("[name='label']").await;
        self.fill("label", label).await;
        self.submit("/two-factor/enrol").await;
        self.at("/two-factor/enrol").await;
        Phone::scanning(&self.scan(picture).await)
    }

    /// Turns 2FA on.
    pub async fn enrol(&self, account: &mut Account, picture: &str) {
        let mut phone = self.begin_enrolment("My phone", picture).await;
        let code = phone.code().await;
        self.fill("code", &code).await;
        self.submit("/two-factor/confirm").await;
        self.at("/two-factor/recovery-codes").await;
        account.recovery_codes = in_groups(&self.text().await, 3);
        account.phone = Some(phone);
        self.submit("/two-factor/recovery-codes/done").await;
        self.at("/two-factor").await;
    }

    /// Makes an app password with what the form proposes; returns its public id and itself.
    pub async fn make_app_password(&self, name: &str) -> (String, String) {
        self.open("/app-passwords/new").await;
        self.fill("name", name).await;
        self.submit("/app-passwords").await;
        self.at("/app-passwords/{}/created").await;
        let id = self.place().await.split('/').nth(2).unwrap().to_string();
        let text = self.text().await;
        let found = in_groups(&text, 5);
        assert_eq!(found.len(), 1, "app passwords on {text}");
        (id, found[0].clone())
    }
}
