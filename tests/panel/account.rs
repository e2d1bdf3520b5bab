//! Accounts, made by the real command, and the phones of their owners.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

    /// With two-factor sign-in.
    pub async fn new() -> Self {
        let mut account = Self::without_2fa();
        account.recovery_codes = account.enrol().await;
        account
    }

    /// A confirmed authenticator, made by the administrator; returns the recovery codes, which come with the first.
    pub async fn enrol(&mut self) -> Vec<String> {
        let enrolment = json(&["totp", "enroll", &self.address], "");
        let mut phone = Phone::new(enrolment["secret"].as_str().unwrap());
        let confirmed = json(&["totp", "confirm", &self.address], &format!("{}\n", phone.code().await));
        self.phone = Some(phone);
        let codes = confirmed["recovery_codes"].as_array().unwrap();
        codes.iter().map(|code| code.as_str().unwrap().into()).collect()
    }

    /// A code that has not been used.
    pub async fn code(&mut self) -> String {
        self.phone.as_mut().unwrap().code().await
    }

    /// A new app password: its public id and itself.
    pub fn app_password(&self, name: &str) -> (String, String) {
        let made = json(&["app-password", "add", &self.address, "--name", name], "");
        (made["id"].as_str().unwrap().into(), made["password"].as_str().unwrap().into())
    }

    /// The app passwords that were not revoked.
    pub fn app_passwords(&self) -> Vec<Value> {
        json(&["app-password", "list", &self.address], "").as_array().unwrap().clone()
    }

    /// Sets whether it must have 2FA on: `mailkey require set` or, without a time, `clear`.
    pub fn required(&self, when: Option<&str>) {
        match when {
            Some(when) => run(&["require", "set", &self.address, when], ""),
            None => run(&["require", "clear", &self.address], ""),
        };
    }

    pub fn disable(&self) {
        run(&["user", "disable", &self.address], "");
    }
}

/// An authenticator app that never shows the same code twice. Its codes are made by oathtool.
pub struct Phone {
    secret: String,
    /// The last time step whose code was shown.
    last: i64,
}

impl Phone {
    /// Seconds that a code must stay right: a browser takes some to send it.
    const GOOD_FOR: i64 = 5;

    /// An app that was told this secret (base32).
    pub fn new(secret: &str) -> Self {
        Self { secret: secret.into(), last: 0 }
    }

    /// An app that has read a QR code.
    pub fn scanning(uri: &str) -> Self {
        let query = uri.strip_prefix("otpauth://totp/").and_then(|rest| rest.split_once('?')).unwrap().1;
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        assert_eq!(value("algorithm").unwrap_or("SHA1"), "SHA1", "{uri}");
        assert_eq!(value("digits").unwrap_or("6"), "6", "{uri}");
        assert_eq!(value("period").unwrap().parse::<u32>().unwrap(), world().period, "{uri}");
        Self::new(value("secret").unwrap())
    }

    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The oldest code that is still right for some seconds and later than the last one; waits for it when it must.
    /// mailkey takes those of one step before and one after the current one.
    pub async fn code(&mut self) -> String {
        let step = (self.last + 1).max(step_at(now() + Self::GOOD_FOR) - 1);
        while step > step_at(now()) + 1 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.last = step;
        self.code_at(step)
    }

    /// A code that is right now, whether or not it was shown before.
    pub fn any_code(&self) -> String {
        self.code_at(step_at(now()))
    }

    fn code_at(&self, step: i64) -> String {
        let period = world().period;
        let output = Command::new("oathtool")
            .args(["--totp", "--base32", &format!("--time-step-size={period}s")])
            .arg(format!("--now=@{}", step * i64::from(period)))
            .arg(&self.secret)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout.trim_ascii().into()).unwrap()
    }
}

fn step_at(time: i64) -> i64 {
    time / i64::from(world().period)
}

pub fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// Another code of the same length.
pub fn wrong(code: &str) -> String {
    code.bytes().map(|digit| char::from(b'0' + (digit - b'0' + 5) % 10)).collect()
}
