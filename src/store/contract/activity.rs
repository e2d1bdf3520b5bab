//! Notes: last use and activity.

use super::*;
use crate::account::LastUse;

contract! {
    a_last_use_says_when_from_where_and_how
    the_same_last_use_is_written_once_a_minute
    another_address_or_protocol_is_a_last_use_of_its_own
    a_last_use_after_the_clock_stepped_back_is_written
    an_accepted_login_is_counted_once_a_minute
    refusals_are_counted_every_time
    entries_are_folded_within_one_utc_day
    entries_that_differ_in_any_field_are_separate
    only_the_newest_entries_are_kept
    entries_that_are_too_old_go_with_the_next_one
    keeping_nothing_writes_nothing_and_drops_what_was_kept
    the_list_is_newest_first_of_one_account_or_all
    a_note_forgives_the_password_counter_alone
    a_note_without_forgiveness_forgives_nothing
    a_note_on_a_removed_account_is_not_found
    a_note_does_not_change_the_version
    last_use_is_written_without_activity
}

fn note(store: &mut dyn Store, activity: &Activity, now: i64) {
    let used = Some(Used::AppPassword(AppPasswordId(*b"k7m2")));
    store.note(&Note { account: Some(ALICE), activity, keep: Keep::newest(100), used, forgive: None, now }).unwrap();
}

fn last_use(store: &mut dyn Store) -> Option<(i64, String, String)> {
    load_app_password(store, b"k7m2").unwrap().last_use.map(|LastUse { at, from, protocol }| (at, from, protocol))
}

fn entries(store: &mut dyn Store) -> Vec<ActivityEntry> {
    store.activity(Some(ALICE), 1_000).unwrap()
}

fn add_alice_with_app_password(store: &mut dyn Store) {
    add_alice(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
}

fn refused(reason: &str) -> Activity {
    Activity { event: "refused".into(), reason: reason.into(), ..Activity::default() }
}

fn a_last_use_says_when_from_where_and_how(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    assert_eq!(last_use(store), None);
    note(store, &accepted("imap", "192.0.2.1"), NOON);
    assert_eq!(last_use(store), Some((NOON, "192.0.2.1".into(), "imap".into())));
}

fn the_same_last_use_is_written_once_a_minute(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    note(store, &accepted("imap", "192.0.2.1"), NOON);
    note(store, &accepted("imap", "192.0.2.1"), NOON + 59);
    assert_eq!(last_use(store).unwrap().0, NOON);
    note(store, &accepted("imap", "192.0.2.1"), NOON + 60);
    assert_eq!(last_use(store).unwrap().0, NOON + 60);
}

fn another_address_or_protocol_is_a_last_use_of_its_own(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    note(store, &accepted("imap", "192.0.2.1"), NOON);
    note(store, &accepted("imap", "192.0.2.2"), NOON + 1);
    assert_eq!(last_use(store), Some((NOON + 1, "192.0.2.2".into(), "imap".into())));
    note(store, &accepted("smtp", "192.0.2.2"), NOON + 2);
    assert_eq!(last_use(store), Some((NOON + 2, "192.0.2.2".into(), "smtp".into())));
}

fn a_last_use_after_the_clock_stepped_back_is_written(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    note(store, &accepted("imap", "192.0.2.1"), NOON);
    note(store, &accepted("imap", "192.0.2.1"), NOON - 1_000);
    assert_eq!(last_use(store).unwrap().0, NOON - 1_000);
}

fn an_accepted_login_is_counted_once_a_minute(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    for seconds in [0, 1, 59, 60, 61, 119, 120] {
        note(store, &accepted("imap", "192.0.2.1"), NOON + seconds);
    }
    let [entry] = &entries(store)[..] else { panic!("one entry") };
    assert_eq!((entry.first_at, entry.last_at, entry.count), (NOON, NOON + 120, 3));
    assert_eq!((&entry.account, &entry.activity), (&alice(), &accepted("imap", "192.0.2.1")));
}

fn refusals_are_counted_every_time(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    for seconds in 0..5 {
        note(store, &refused("wrong_password"), NOON + seconds);
    }
    let [entry] = &entries(store)[..] else { panic!("one entry") };
    assert_eq!((entry.first_at, entry.last_at, entry.count), (NOON, NOON + 4, 5));
}

fn entries_are_folded_within_one_utc_day(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    let midnight = (NOON / 86_400 + 1) * 86_400;
    for now in [midnight - 3_600, midnight - 1, midnight, midnight + 86_399, midnight + 86_400] {
        note(store, &refused("wrong_password"), now);
    }
    let times: Vec<_> = entries(store).iter().map(|entry| (entry.first_at, entry.last_at, entry.count)).collect();
    assert_eq!(
        times,
        [
            (midnight + 86_400, midnight + 86_400, 1),
            (midnight, midnight + 86_399, 2),
            (midnight - 3_600, midnight - 1, 2),
        ]
    );
}

fn entries_that_differ_in_any_field_are_separate(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    let same = accepted("imap", "192.0.2.1");
    let other = || "other".to_owned();
    let all = [
        same.clone(),
        Activity { event: other(), ..same.clone() },
        Activity { reason: other(), ..same.clone() },
        Activity { method: other(), ..same.clone() },
        Activity { mode: other(), ..same.clone() },
        Activity { protocol: other(), ..same.clone() },
        Activity { address: other(), ..same.clone() },
        Activity { credential: other(), ..same.clone() },
    ];
    for activity in &all {
        note(store, activity, NOON);
    }
    assert_eq!(entries(store).len(), all.len());
}

fn only_the_newest_entries_are_kept(store: &mut dyn Store) {
    add_alice(store);
    for minute in 0..20 {
        let activity = refused(&format!("reason {minute}"));
        let now = NOON + minute;
        store
            .note(&Note {
                account: Some(ALICE),
                activity: &activity,
                keep: Keep::newest(5),
                used: None,
                forgive: None,
                now,
            })
            .unwrap();
    }
    let reasons: Vec<_> = entries(store).into_iter().map(|entry| entry.activity.reason).collect();
    assert_eq!(reasons, ["reason 19", "reason 18", "reason 17", "reason 16", "reason 15"]);
}

fn entries_that_are_too_old_go_with_the_next_one(store: &mut dyn Store) {
    add_alice(store);
    for (reason, now, since) in [("first", NOON, None), ("second", NOON + 1, None), ("third", NOON + 9, Some(NOON + 1))]
    {
        let (activity, keep) = (refused(reason), Keep { entries: 9, since });
        store.note(&Note { account: Some(ALICE), activity: &activity, keep, used: None, forgive: None, now }).unwrap();
    }
    let reasons: Vec<_> = entries(store).into_iter().map(|entry| entry.activity.reason).collect();
    assert_eq!(reasons, ["third", "second"]);
}

fn keeping_nothing_writes_nothing_and_drops_what_was_kept(store: &mut dyn Store) {
    add_alice(store);
    note(store, &refused("wrong_password"), NOON);
    assert_eq!(entries(store).len(), 1);
    let activity = refused("wrong_code");
    store
        .note(&Note {
            account: Some(ALICE),
            activity: &activity,
            keep: Keep::newest(0),
            used: None,
            forgive: None,
            now: NOON,
        })
        .unwrap();
    assert!(entries(store).is_empty());
}

fn the_list_is_newest_first_of_one_account_or_all(store: &mut dyn Store) {
    add_alice(store);
    let (uid, bob) = (AccountUid([2; 16]), name("bob@example.org"));
    store.add_account(&NewAccount { uid, name: &bob, password: None }, NOON).unwrap();
    note(store, &refused("first"), NOON);
    let second = refused("second");
    let note_bob =
        Note { account: Some(uid), activity: &second, keep: Keep::newest(9), used: None, forgive: None, now: NOON + 1 };
    store.note(&note_bob).unwrap();
    note(store, &refused("third"), NOON + 1);
    note(store, &refused("first"), NOON + 2);
    let listed = |entries: Vec<ActivityEntry>| -> Vec<(String, String)> {
        entries.into_iter().map(|entry| (entry.account.local().into(), entry.activity.reason)).collect()
    };
    let pair = |account: &str, reason: &str| (account.to_owned(), reason.to_owned());
    assert_eq!(listed(entries(store)), [pair("alice", "first"), pair("alice", "third")]);
    let all = [pair("alice", "first"), pair("alice", "third"), pair("bob", "second")];
    assert_eq!(listed(store.activity(None, 1_000).unwrap()), all);
    assert_eq!(listed(store.activity(None, 2).unwrap()), all[..2]);
    assert_eq!(listed(store.activity(Some(ALICE), 1).unwrap()), all[..1]);
}

fn a_note_forgives_the_password_counter_alone(store: &mut dyn Store) {
    add_alice(store);
    let (here, there) = (keys(1, "192.0.2.1"), keys(1, "192.0.2.2"));
    for (digest, keys) in [(1, &here), (3, &there)] {
        charge(store, keys, Fault::Password, digest, NOON);
        charge(store, keys, Fault::Code, digest + 1, NOON);
    }
    let activity = accepted("imap", "192.0.2.1");
    let forgive = Some(&here);
    store
        .note(&Note {
            account: Some(ALICE),
            activity: &activity,
            keep: Keep::newest(9),
            used: None,
            forgive,
            now: NOON,
        })
        .unwrap();
    let after = counters(store, &here);
    assert_eq!((after.password, after.code.failures), (Counter::default(), 1));
    assert_eq!((after.code_hour.failures, after.network.failures), (2, 1));
    assert_eq!(counters(store, &there).password.failures, 1);
}

fn a_note_without_forgiveness_forgives_nothing(store: &mut dyn Store) {
    add_alice(store);
    charge(store, &keys(1, "192.0.2.1"), Fault::Password, 1, NOON);
    note(store, &accepted("imap", "192.0.2.1"), NOON);
    assert_eq!(counters(store, &keys(1, "192.0.2.1")).password.failures, 1);
}

fn a_note_on_a_removed_account_is_not_found(store: &mut dyn Store) {
    let activity = accepted("imap", "192.0.2.1");
    let note =
        Note { account: Some(ALICE), activity: &activity, keep: Keep::newest(9), used: None, forgive: None, now: NOON };
    assert_eq!(store.note(&note), Err(StoreError::NotFound));
}

fn a_note_does_not_change_the_version(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    let version = loaded(store).version;
    note(store, &accepted("imap", "192.0.2.1"), NOON);
    assert_eq!(loaded(store).version, version);
}

fn last_use_is_written_without_activity(store: &mut dyn Store) {
    add_alice_with_app_password(store);
    let activity = accepted("imap", "192.0.2.1");
    let used = Some(Used::AppPassword(AppPasswordId(*b"k7m2")));
    store
        .note(&Note {
            account: Some(ALICE),
            activity: &activity,
            keep: Keep::newest(0),
            used,
            forgive: None,
            now: NOON,
        })
        .unwrap();
    assert_eq!(last_use(store), Some((NOON, "192.0.2.1".into(), "imap".into())));
    assert!(entries(store).is_empty());
}
