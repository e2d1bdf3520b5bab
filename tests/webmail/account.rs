//! Accounts, made by the real command, and the phones of their owners.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mailkey::account::{TotpAlgorithm, TotpForm};
use mailkey::credential::{Secret, totp};
use serde_json::Value;

use crate::command::{json, run};
use crate::world::world;

/// An account that no other test uses.
pub struct Account {
    pub address: String,
    pub password: String,
    pub phone: Option<Phone>,
    pub recovery_codes: Vec<String>,
}

impl Account {
    /// With two-factor sign-in.
    pub async fn new() -> Self {
        let mut account = Self::without_2fa();
        let address = account.address.clone();
        let enrolment = json(&["totp", "enroll", &address], "");
        let mut phone = Phone::new(enrolment["secret"].as_str().unwrap());
        let confirmed = json(&["totp", "confirm", &address], &format!("{}\n", phone.code().await));
        account.recovery_codes =
            confirmed["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().into()).collect();
        account.phone = Some(phone);
        account
    }

    pub fn without_2fa() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let account = Self {
            address: format!("person{number}@example.test"),
            password: format!("own Password, no. {number}"),
            phone: None,
            recovery_codes: Vec::new(),
        };
        run(&["user", "add", &account.address, "--password-stdin"], &format!("{}\n", account.password));
        account
    }

    /// A code that has not been used.
    pub async fn code(&mut self) -> String {
        self.phone.as_mut().unwrap().code().await
    }

    /// The webmail sessions that `mailkey session list` shows.
    pub fn sessions(&self) -> Vec<Value> {
        json(&["session", "list", &self.address], "").as_array().unwrap().clone()
    }

    pub fn revoke_session(&self, id: &str) {
        run(&["session", "revoke", &self.address, id], "");
    }
}

/// An authenticator app that never shows the same code twice.
pub struct Phone {
    secret: Secret,
    /// The last time step whose code was shown.
    last: i64,
}

impl Phone {
    /// Seconds that a code must stay right: a browser takes some to send it.
    const GOOD_FOR: i64 = 6;

    fn new(base32: &str) -> Self {
        let secret = data_encoding::BASE32_NOPAD.decode(base32.as_bytes()).unwrap();
        Self { secret: Secret::new(secret), last: 0 }
    }

    /// The oldest code that is still right for some seconds and later than the last one; waits for it when it must.
    /// mailkey takes those of one step before and one after the current one.
    pub async fn code(&mut self) -> String {
        let form = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: world().period };
        let step = (self.last + 1).max(totp::step_at(form, now() + Self::GOOD_FOR) - 1);
        while step > totp::step_at(form, now()) + 1 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.last = step;
        totp::code_at(&self.secret, form, step).unwrap().as_str().unwrap().into()
    }

    /// Waits until no code that this phone has shown is right any more.
    pub async fn codes_are_over(&self) {
        let form = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: world().period };
        while totp::step_at(form, now()) <= self.last + 1 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}
