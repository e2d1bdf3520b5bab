//! The file that says who may sign in with what: one credential a line, `GROUP USER SECRET [TOTP]`,
//! separated by tabs. TOTP is the phone's secret in hexadecimal; behind a `=` each code may be shown many times.

use std::time::{SystemTime, UNIX_EPOCH};

use data_encoding::HEXLOWER;
use mailkey::account::{TotpAlgorithm, TotpForm};
use mailkey::credential::{Secret, totp};

pub const FORM: TotpForm = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };

#[derive(Clone)]
pub struct Credential {
    pub user: String,
    pub secret: String,
    phone: Option<Vec<u8>>,
    again: bool,
    last_step: i64,
}

/// The credentials of one group.
pub fn read(path: &str, group: &str) -> Vec<Credential> {
    let text = std::fs::read_to_string(path).expect("the credentials");
    let found: Vec<_> = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|words| words[0] == group)
        .map(|words| Credential {
            user: words[1].into(),
            secret: words[2].into(),
            phone: words.get(3).map(|hex| HEXLOWER.decode(hex.trim_start_matches('=').as_bytes()).unwrap()),
            again: words.get(3).is_some_and(|hex| hex.starts_with('=')),
            last_step: 0,
        })
        .collect();
    assert!(!found.is_empty(), "no credentials in group {group}");
    found
}

impl Credential {
    pub fn line(group: &str, user: &str, secret: &str, phone: Option<&[u8]>) -> String {
        let phone = phone.map(|bytes| format!("\t{}", HEXLOWER.encode(bytes))).unwrap_or_default();
        format!("{group}\t{user}\t{secret}{phone}\n")
    }

    /// What to present now: the secret, followed by a code where there is a phone. None: every code that is right now
    /// was shown before.
    pub fn present(&mut self) -> Option<String> {
        let Some(phone) = &self.phone else { return Some(self.secret.clone()) };
        let current = totp::step_at(FORM, now());
        if self.again {
            return Some(format!("{}{}", self.secret, code(phone, current)));
        }
        // Not the step before: its code may be too old by the time that the module looks at the clock.
        let step = (self.last_step + 1).max(current);
        if step > current + 1 {
            return None;
        }
        self.last_step = step;
        Some(format!("{}{}", self.secret, code(phone, step)))
    }
}

fn code(phone: &[u8], step: i64) -> String {
    totp::code_at(&Secret::copy(phone), FORM, step).unwrap().as_str().unwrap().to_string()
}

pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}
