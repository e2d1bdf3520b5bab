//! Whose own passwords open no mail any more, of the store without a file.

use super::super::{Among, Refusal};
use super::MemoryStore;
use super::record::Record;
use crate::account::Requirement;

/// Their names.
pub(super) fn names(store: &MemoryStore, refusal: &Refusal<'_>) -> Vec<String> {
    let found = store.accounts.iter().filter(|(name, record)| {
        let meant = match refusal.among {
            Among::All => true,
            Among::Domain(domain) => name.domain() == Some(domain.as_str()),
            Among::Account(uid) => record.account.uid == uid,
        };
        meant && is_refused(store, record, refusal)
    });
    found.map(|(name, _)| name.as_str().to_string()).collect()
}

fn is_refused(store: &MemoryStore, record: &Record, refusal: &Refusal<'_>) -> bool {
    let set = store.requirements(&record.account.name);
    let required = match refusal.among {
        _ if set.enrol_again => Requirement::Now,
        Among::Account(_) => refusal.required,
        Among::Domain(_) => set.account.unwrap_or(refusal.required),
        Among::All => set.account.or(set.domain).unwrap_or(refusal.required),
    };
    let now = match required {
        Requirement::Never => false,
        Requirement::Now => refusal.after.is_none(),
        Requirement::From(time) => time <= refusal.now && refusal.after.is_none_or(|after| time > after),
    };
    let everywhere = now;
    let in_mail_apps = now || (!refusal.client_primary_password && refusal.after.is_none());
    let lately = |since: i64| {
        record.activity.iter().any(|(_, entry)| {
            let activity = &entry.activity;
            entry.last_at >= since
                && activity.event == "accepted"
                && match activity.mode.as_str() {
                    "client" => activity.method == "password",
                    "webmail" => everywhere && ["password", "session"].contains(&activity.method.as_str()),
                    _ => false,
                }
        })
    };
    record.account.enabled && !record.account.two_factor() && in_mail_apps && refusal.since.is_none_or(lately)
}
