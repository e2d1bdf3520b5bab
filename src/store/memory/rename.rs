//! Other names for accounts and domains, in the store without a file.

use super::super::{DomainRename, Keep, Note, RenameDomain, Result, Store, StoreError, SubjectOf};
use super::MemoryStore;
use super::session::Owner;
use crate::account::{Account, AccountName, AccountUid};

pub(super) fn account(
    store: &mut MemoryStore,
    account: AccountUid,
    new: &AccountName,
    subject: SubjectOf<'_>,
) -> Result<()> {
    let old = store.record(account)?.account.name.clone();
    if old != *new && store.accounts.contains_key(new) {
        return Err(StoreError::Exists);
    }
    store.change_what_sessions_stand_on(account)?;
    store.sessions.end(&Owner::Name(new.clone()), None);
    store.throttle.rename(subject(&old), subject(new));
    if let Some(mut record) = store.accounts.remove(&old) {
        record.account.name = new.clone();
        record.activity.iter_mut().for_each(|(_, entry)| entry.account = new.clone());
        store.accounts.insert(new.clone(), record);
    }
    Ok(())
}

pub(super) fn domain(store: &mut MemoryStore, rename: &RenameDomain<'_>, now: i64) -> Result<DomainRename> {
    if rename.old == rename.new {
        return Err(StoreError::Exists);
    }
    let of_old = |account: &&Account| account.name.domain() == Some(rename.old.as_str());
    let accounts = store.accounts.values().map(|record| &record.account).filter(of_old);
    let renamed: Vec<(AccountUid, AccountName, Option<AccountName>)> =
        accounts.map(|account| (account.uid, account.name.clone(), account.name.in_domain(rename.new).ok())).collect();
    let in_the_way = |new: &Option<AccountName>| new.as_ref().is_none_or(|new| store.accounts.contains_key(new));
    let conflicts = renamed.iter().filter(|(.., new)| in_the_way(new)).map(|(_, old, _)| old.clone());
    let conflicts: Vec<_> = conflicts.take(DomainRename::MOST_SHOWN).collect();
    let (set, there) = (store.domains.get(rename.old).copied(), store.domains.get(rename.new).copied());
    let requirements_differ = set.is_some() && there.is_some() && set != there;
    let found = DomainRename { accounts: renamed.len() as u64, conflicts, requirements_differ };
    if rename.dry || !found.is_possible() {
        return Ok(found);
    }
    for (uid, _, new) in renamed {
        let Some(new) = new else { continue };
        account(store, uid, &new, rename.subject)?;
        if let Some(activity) = rename.note {
            store.note(&Note {
                account: Some(uid),
                activity,
                keep: Keep { entries: u32::MAX, since: None },
                used: None,
                forgive: None,
                now,
            })?;
        }
    }
    if let Some(set) = store.domains.remove(rename.old) {
        store.domains.insert(rename.new.clone(), set);
    }
    Ok(found)
}
