//! What the module wrote to syslog.

use std::collections::HashMap;
use std::time::Duration;

use crate::account::Account;
use crate::world::world;

/// One attempt: the fields of its line.
#[derive(Debug, Clone)]
pub struct Attempt(HashMap<String, String>);

impl Attempt {
    /// The value of a field; "" where the line does not have it.
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    pub fn accepted(&self) -> bool {
        self.get("result") == "accepted"
    }
}

/// A place in the log.
#[derive(Clone, Copy)]
pub struct Mark(usize);

pub fn mark() -> Mark {
    Mark(text().len())
}

/// Every line since, for checks on what must never be there.
pub fn text() -> String {
    std::fs::read_to_string(&world().syslog).unwrap_or_default()
}

/// The attempts of `account` since `mark`.
pub fn attempts(mark: Mark, account: &Account) -> Vec<Attempt> {
    text()[mark.0..]
        .lines()
        .filter_map(|line| Some(&line[line.find("result=")?..]))
        .map(|line| {
            let pairs = line.split(' ').filter_map(|word| word.split_once('='));
            Attempt(pairs.map(|(key, value)| (key.into(), value.trim_matches('"').into())).collect())
        })
        .filter(|attempt| attempt.get("user") == account.address)
        .collect()
}

/// Waits for an attempt that `wanted` accepts.
pub async fn wait_for(mark: Mark, account: &Account, what: &str, wanted: impl Fn(&Attempt) -> bool) -> Attempt {
    for _ in 0..100 {
        if let Some(found) = attempts(mark, account).into_iter().find(&wanted) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the module's log has no {what} for {}: {:?}", account.address, attempts(mark, account));
}
