//! An account of the store without a file, and what belongs to it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::rules::{MAX_REVOKED, counts_each_time, day_of};
use super::super::{
    AccountSummary, Activity, ActivityEntry, Claimable, NewRecoveryCode, Note, PasswordDevice, Result, StoreError,
};
use crate::account::{Account, AppPassword, AppPasswordId, LastUse, RecoveryCode, RecoveryIndex, Requirements};
use crate::invitation::Invitation;
use crate::times::NOTE_INTERVAL;

/// An account and what belongs to it.
pub(super) struct Record {
    pub(super) account: Account,
    /// What is set for it alone.
    pub(super) requirements: Requirements,
    pub(super) authenticators_made: i64,
    pub(super) invitation: Option<Invitation>,
    pub(super) recovery_codes: BTreeMap<RecoveryIndex, RecoveryCode>,
    pub(super) app_passwords: BTreeMap<AppPasswordId, AppPassword>,
    /// Each with its number in the order in which they were made.
    pub(super) activity: Vec<(u64, ActivityEntry)>,
}

impl Record {
    pub(super) fn summary(&self, requirements: Requirements, now: i64) -> AccountSummary {
        let in_force = |app_password: &&AppPassword| {
            app_password.revoked_at.is_none() && app_password.expires_at.is_none_or(|expiry| expiry > now)
        };
        AccountSummary {
            uid: self.account.uid,
            name: self.account.name.clone(),
            enabled: self.account.enabled,
            has_password: self.account.password.is_some(),
            two_factor: self.account.two_factor(),
            pending: self.account.pending().is_some(),
            requirements,
            invited_until: self.invitation.map(|invitation| invitation.expires_at),
            app_passwords: self.app_passwords.values().filter(in_force).count() as u32,
            recovery_codes: self.recovery_codes.values().filter(|code| code.used_at.is_none()).count() as u32,
            created_at: self.account.created_at,
        }
    }

    pub(super) fn set_recovery_codes(&mut self, codes: &[NewRecoveryCode]) -> Result<()> {
        let new = |(index, hash): &NewRecoveryCode| {
            (*index, RecoveryCode { index: *index, hash: hash.clone(), used_at: None })
        };
        let set: BTreeMap<_, _> = codes.iter().map(new).collect();
        if set.len() != codes.len() {
            return Err(StoreError::Exists);
        }
        self.recovery_codes = set;
        Ok(())
    }

    /// Takes what may be used once; false when it was taken before.
    pub(super) fn take(&mut self, what: Claimable, now: i64) -> bool {
        match what {
            Claimable::TotpStep { authenticator, step } => {
                let mut authenticators = self.account.authenticators.iter_mut();
                let found = authenticators
                    .find(|found| found.id == authenticator && found.confirmed_at.is_some() && found.last_step < step);
                found.map(|found| found.last_step = step).is_some()
            }
            Claimable::RecoveryCode(index) => {
                let found = self.recovery_codes.get_mut(&index).filter(|code| code.used_at.is_none());
                found.map(|code| code.used_at = Some(now)).is_some()
            }
        }
    }

    /// Revokes one app password or all; returns those that it revoked.
    pub(super) fn revoke(&mut self, id: Option<AppPasswordId>, now: i64) -> Vec<AppPasswordId> {
        let mut revoked = Vec::new();
        for app_password in self.app_passwords.values_mut() {
            if app_password.revoked_at.is_none() && id.is_none_or(|id| id == app_password.id) {
                app_password.revoked_at = Some(now);
                revoked.push(app_password.id);
            }
        }
        let mut old: Vec<_> = self.app_passwords.values().filter(|kept| kept.revoked_at.is_some()).collect();
        old.sort_by_key(|kept| Reverse((kept.revoked_at, kept.created_at, kept.id)));
        let old: Vec<_> = old.iter().skip(MAX_REVOKED).map(|kept| kept.id).collect();
        self.app_passwords.retain(|id, _| !old.contains(id));
        revoked
    }

    /// What signed in, or tried to, as a mail app with the account's own password since then.
    pub(super) fn devices(&self, since: i64) -> Vec<PasswordDevice> {
        let mut devices: Vec<PasswordDevice> = Vec::new();
        for (_, ActivityEntry { activity, last_at, count, .. }) in &self.activity {
            let opens = activity.event == "accepted" && activity.method == "password";
            let needs_more = matches!(activity.reason.as_str(), "app_password_required" | "enrolment_required");
            let refused = activity.event == "refused" && needs_more;
            if activity.mode != "client" || *last_at < since || !(opens || refused) {
                continue;
            }
            let same = |device: &&mut PasswordDevice| {
                (&device.protocol, &device.address, device.opens) == (&activity.protocol, &activity.address, opens)
            };
            match devices.iter_mut().find(same) {
                Some(device) => {
                    device.last_at = device.last_at.max(*last_at);
                    device.count += count;
                }
                None => devices.push(PasswordDevice {
                    protocol: activity.protocol.clone(),
                    address: activity.address.clone(),
                    opens,
                    last_at: *last_at,
                    count: *count,
                }),
            }
        }
        devices.sort_by(|one, other| {
            let key = |device: &PasswordDevice| {
                (Reverse(device.last_at), device.protocol.clone(), device.address.clone(), !device.opens)
            };
            key(one).cmp(&key(other))
        });
        devices
    }

    pub(super) fn note_last_use(&mut self, id: AppPasswordId, note: &Note<'_>) {
        let Some(app_password) = self.app_passwords.get_mut(&id) else { return };
        let (from, protocol) = (&note.activity.address, &note.activity.protocol);
        let recent = app_password.last_use.as_ref().is_some_and(|last| {
            (last.at..last.at + NOTE_INTERVAL).contains(&note.now) && last.from == *from && last.protocol == *protocol
        });
        if !recent {
            app_password.last_use = Some(LastUse { at: note.now, from: from.clone(), protocol: protocol.clone() });
        }
    }

    pub(super) fn note_activity(&mut self, note: &Note<'_>, number: u64) {
        let today = day_of(note.now);
        // Recovery codes left are told, and tell no entry from another.
        let same = |entry: &&mut (u64, ActivityEntry)| {
            let codes_left = entry.1.activity.codes_left;
            let like = Activity { codes_left, ..note.activity.clone() };
            entry.1.activity == like && today.contains(&entry.1.last_at)
        };
        if note.keep.entries > 0 {
            match self.activity.iter_mut().find(same) {
                Some((_, entry)) => {
                    if !counts_each_time(note.activity) && note.now < entry.last_at + NOTE_INTERVAL {
                        return;
                    }
                    entry.last_at = entry.last_at.max(note.now);
                    entry.count += 1;
                    return;
                }
                None => self.activity.push((
                    number,
                    ActivityEntry {
                        account: self.account.name.clone(),
                        activity: note.activity.clone(),
                        first_at: note.now,
                        last_at: note.now,
                        count: 1,
                    },
                )),
            }
        }
        self.activity.sort_by_key(|(number, entry)| Reverse((entry.last_at, *number)));
        self.activity.truncate(note.keep.entries as usize);
        self.activity.retain(|(_, entry)| note.keep.since.is_none_or(|since| entry.last_at >= since));
    }
}
