//! Notices of the store without a file.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::rules::{DAY, MAX_KNOWN_NETWORKS, NETWORK_FORGOTTEN, NOTICE_KEPT, day_of, most_notices_before};
use crate::account::{AccountName, AccountUid};
use crate::notice::{NewNotice, Notice, NoticeSettings, Settled};

/// What is kept of all accounts.
#[derive(Default)]
pub(super) struct Notices {
    made: i64,
    rows: Vec<Row>,
    settings: BTreeMap<AccountUid, NoticeSettings>,
    networks: BTreeMap<AccountUid, BTreeMap<String, i64>>,
}

struct Row {
    account: AccountUid,
    notice: Notice,
    next_try: i64,
    settled_at: Option<i64>,
}

impl Notices {
    pub(super) fn queue(&mut self, name: &AccountName, new: &NewNotice<'_>) -> bool {
        let settings = self.settings(new.account);
        let own = || self.rows.iter().filter(|row| row.account == new.account).map(|row| &row.notice);
        let silent = new.now.saturating_sub(new.kind.silence())..new.now;
        let like_it = own().any(|row| row.kind == new.kind && silent.start < row.at && row.at <= silent.end);
        let today = own().filter(|row| day_of(new.now).contains(&row.at)).count();
        if !settings.enabled || (like_it && new.kind.silence() > 0) || today >= most_notices_before(new.kind) as usize {
            return false;
        }
        self.made += 1;
        let notice = Notice {
            id: self.made,
            account: name.clone(),
            kind: new.kind,
            at: new.now,
            address: new.address.into(),
            mode: new.mode.into(),
            subject: new.subject.into(),
            codes_left: new.codes_left,
            tries: 0,
            error: String::new(),
            settings,
        };
        self.rows.push(Row { account: new.account, notice, next_try: new.now, settled_at: None });
        true
    }

    pub(super) fn meet_network(&mut self, account: AccountUid, network: &str, now: i64) -> bool {
        let known = self.networks.entry(account).or_default();
        if known.get(network).is_some_and(|last_at| (now.saturating_sub(DAY)..=now).contains(last_at)) {
            return false;
        }
        // Those that are forgotten by now count among the others.
        let others = !known.is_empty();
        known.retain(|_, last_at| *last_at >= now.saturating_sub(NETWORK_FORGOTTEN));
        let new = known.insert(network.to_string(), now).is_none();
        let mut newest: Vec<_> = known.iter().map(|(network, last_at)| (Reverse(*last_at), network.clone())).collect();
        newest.sort();
        for (_, network) in newest.iter().skip(MAX_KNOWN_NETWORKS as usize) {
            known.remove(network);
        }
        new && others
    }

    pub(super) fn due(&self, now: i64, limit: u32) -> Vec<Notice> {
        let mut due: Vec<_> = self.rows.iter().filter(|row| row.settled_at.is_none() && row.next_try <= now).collect();
        due.sort_by_key(|row| (row.next_try, row.notice.id));
        let with_settings = |row: &&Row| Notice { settings: self.settings(row.account), ..row.notice.clone() };
        due.iter().take(limit as usize).map(with_settings).collect()
    }

    pub(super) fn take(&mut self, now: i64, until: i64) -> Option<Notice> {
        let notice = self.due(now, 1).pop()?;
        let row = self.rows.iter_mut().find(|row| row.notice.id == notice.id)?;
        row.next_try = until;
        Some(notice)
    }

    pub(super) fn settle(&mut self, id: i64, settled: Settled<'_>, now: i64) -> bool {
        let row = self.rows.iter_mut().find(|row| row.notice.id == id && row.settled_at.is_none());
        let found = row.map(|row| match settled {
            Settled::Done => row.settled_at = Some(now),
            Settled::Failed { next_try, error } => {
                row.notice.tries += 1;
                row.notice.error = error.into();
                row.next_try = next_try;
            }
        });
        let old = now.saturating_sub(NOTICE_KEPT);
        self.rows.retain(|row| row.settled_at.is_none_or(|settled_at| settled_at >= old));
        found.is_some()
    }

    pub(super) fn settings(&self, account: AccountUid) -> NoticeSettings {
        self.settings.get(&account).cloned().unwrap_or_default()
    }

    pub(super) fn set_settings(&mut self, account: AccountUid, new: &NoticeSettings) {
        self.settings.insert(account, new.clone());
    }

    /// The account was removed.
    pub(super) fn forget(&mut self, account: AccountUid) {
        self.rows.retain(|row| row.account != account);
        self.settings.remove(&account);
        self.networks.remove(&account);
    }
}
