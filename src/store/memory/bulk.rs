//! Many changes at once, in the store without a file.

use std::collections::BTreeSet;

use super::super::{BulkChange, BulkTarget, Keep, NewAccount, NewAuthenticator, Note, Result, Store, Together};
use super::MemoryStore;

pub(super) fn make_together(store: &mut MemoryStore, changes: &[BulkChange], keep: Keep, now: i64) -> Result<Together> {
    let (mut names, mut uids) = (BTreeSet::new(), BTreeSet::new());
    for (index, change) in changes.iter().enumerate() {
        let uid = change.target.uid();
        let mut ids: BTreeSet<_> = change.app_passwords.iter().map(|new| new.id).collect();
        let distinct = ids.len() == change.app_passwords.len();
        let mut possible = match &change.target {
            BulkTarget::New { name, .. } => !store.accounts.contains_key(name) && names.insert(name),
            BulkTarget::There { version, .. } => match store.record(uid) {
                Ok(record) => {
                    ids.retain(|id| record.app_passwords.contains_key(id));
                    record.account.version == *version && ids.is_empty()
                }
                Err(_) => false,
            },
        };
        if change.invitation.is_some() {
            let is_on = store.record(uid).is_ok_and(|record| record.account.two_factor());
            possible &= change.authenticator.is_none() && !is_on;
        }
        if !possible || !distinct || !uids.insert(uid) {
            return Ok(Together::Nothing(index));
        }
    }
    let queues = store.revocations.on;
    for change in changes {
        let uid = change.target.uid();
        store.revocations.on = queues && change.takes_something_away();
        if let BulkTarget::New { name, password, enabled, .. } = &change.target {
            store.add_account(&NewAccount { uid, name, password: password.as_deref() }, now)?;
            if !enabled {
                store.set_enabled(uid, false)?;
            }
        }
        if let Some(new) = &change.authenticator {
            let enrolment = NewAuthenticator { name: &new.name, sealed: &new.sealed, form: new.form };
            let number = store.begin_enrolment(uid, &enrolment, now)?;
            store.confirm_enrolment(uid, number, new.last_step, &[], now)?;
        }
        for app_password in &change.app_passwords {
            store.add_app_password(uid, None, app_password)?;
        }
        if let Some(new) = &change.invitation {
            store.set_invitation(uid, new)?;
        }
        for activity in &change.activities {
            store.note(&Note { account: Some(uid), activity, keep, used: None, forgive: None, now })?;
        }
    }
    store.revocations.on = queues;
    Ok(Together::Done)
}
