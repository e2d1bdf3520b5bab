//! The queue of the revocation hook.

use super::*;
use crate::revocation::LONGEST_PAUSE;

contract! {
    nothing_is_queued_unless_revocations_are
    whatever_takes_something_away_queues_the_name_once_with_the_change
    what_takes_nothing_away_queues_nothing
    of_many_changes_together_those_that_turn_2fa_on_for_an_account_that_is_there_are_queued
    a_name_without_a_record_is_queued_when_its_session_is_revoked
    a_removed_account_is_queued_by_its_name
    what_was_taken_is_nobody_elses_until_its_time_has_come
    what_was_queued_again_meanwhile_stays_and_is_due_at_once
    what_failed_stays_with_its_error_and_is_due_later
    what_is_due_first_is_taken_first
    who_is_queued_again_and_again_keeps_nobody_waiting
    a_clock_that_is_set_back_keeps_nothing_waiting
}

const BOB: AccountUid = AccountUid([2; 16]);

fn waiting(store: &mut dyn Store) -> Vec<(String, i64)> {
    store.revocations(100).unwrap().into_iter().map(|found| (found.name, found.times)).collect()
}

fn queue(store: &mut dyn Store, uid: AccountUid) {
    store.queue_revocations(true);
    store.set_enabled(uid, false).unwrap();
}

fn take(store: &mut dyn Store, now: i64) -> Option<Revocation> {
    store.take_revocation(None, now, now + 90).unwrap()
}

/// Opens a session of this holder's.
fn open_session(store: &mut dyn Store, holder: Holder<'_>, number: u8) {
    let new = NewSession {
        digest: SessionDigest([number; 32]),
        kind: SessionKind::Exchange,
        opening: None,
        method: "totp",
        from: "",
        protocol: "imap",
        confirmed: true,
    };
    let throttle = keys(1, "");
    let claim = Claim { holder, what: None, session: Some(&new), throttle: &throttle, now: NOON };
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Yes);
}

fn nothing_is_queued_unless_revocations_are(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    store.revoke_app_passwords(ALICE, None, NOON).unwrap();
    store.end_two_factor(ALICE).unwrap();
    queue(store, ALICE);
    store.queue_revocations(false);
    store.remove_account(ALICE).unwrap();
    assert_eq!(waiting(store), [("alice@example.org".to_string(), 1)]);
}

fn whatever_takes_something_away_queues_the_name_once_with_the_change(store: &mut dyn Store) {
    let first = add_alice_with_two_factor(store);
    let second = enrol(store, NOON);
    store.queue_revocations(true);
    store.confirm_enrolment(ALICE, second, 200, &[], NOON).unwrap();
    type Change<'a> = &'a dyn Fn(&mut dyn Store);
    let changes: [Change<'_>; 9] = [
        &|store| assert!(store.remove_authenticator(ALICE, first).unwrap()),
        &|store| store.replace_recovery_codes(ALICE, None, &recovery_codes()).unwrap(),
        &|store| {
            store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
            store.revoke_app_passwords(ALICE, Some(AppPasswordId(*b"k7m2")), NOON).unwrap();
        },
        &|store| assert!(store.set_password(ALICE, "hash", None).unwrap()),
        &|store| {
            let version = loaded(store).version;
            assert!(store.set_password_and_revoke(ALICE, "other", version, NOON).unwrap().is_some());
        },
        &|store| {
            let version = loaded(store).version;
            open_session(store, Holder::Account { uid: ALICE, version }, 7);
            assert_eq!(store.end_sessions(&alice(), Some(SessionDigest([7; 32]))).unwrap().len(), 1);
        },
        &|store| store.end_two_factor(ALICE).unwrap(),
        &|store| store.set_enabled(ALICE, false).unwrap(),
        &|store| store.remove_account(ALICE).unwrap(),
    ];
    for (times, change) in (2..).zip(changes) {
        change(store);
        assert_eq!(waiting(store), [("alice@example.org".to_string(), times)]);
    }
}

fn what_takes_nothing_away_queues_nothing(store: &mut dyn Store) {
    store.queue_revocations(true);
    add_alice(store);
    let pending = enrol(store, NOON);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    assert!(store.cancel_enrolment(ALICE).unwrap());
    let missing = Err(StoreError::NotFound);
    assert_eq!(store.confirm_enrolment(ALICE, pending, 1, &[], NOON), missing);
    assert_eq!(store.revoke_app_passwords(ALICE, Some(AppPasswordId(*b"zzzz")), NOON).map(drop), missing);
    assert!(!store.set_password(ALICE, "hash", Some(99)).unwrap());
    assert!(store.set_password_and_revoke(ALICE, "hash", 99, NOON).unwrap().is_none());
    assert!(store.end_sessions(&alice(), None).unwrap().is_empty());
    assert_eq!(store.end_two_factor(BOB), missing);
    assert_eq!(store.remove_account(BOB), missing);
    let last = enrol(store, NOON);
    store.queue_revocations(false);
    store.confirm_enrolment(ALICE, last, 1, &[], NOON).unwrap();
    store.queue_revocations(true);
    assert!(!store.remove_authenticator(ALICE, last).unwrap());
    assert!(waiting(store).is_empty());
    store.revoke_app_passwords(ALICE, None, NOON).unwrap();
    assert_eq!(store.revoke_app_passwords(ALICE, None, NOON).unwrap(), []);
    assert_eq!(waiting(store), [("alice@example.org".to_string(), 1)]);
}

fn of_many_changes_together_those_that_turn_2fa_on_for_an_account_that_is_there_are_queued(store: &mut dyn Store) {
    add_alice(store);
    store.queue_revocations(true);
    let authenticator =
        || Some(BulkAuthenticator { name: "Phone".into(), sealed: sealed(), form: FORM, last_step: 100 });
    let change = |target, authenticator| BulkChange {
        target,
        authenticator,
        app_passwords: Vec::new(),
        invitation: None,
        activities: Vec::new(),
    };
    let new = |number, name: &str, enabled| BulkTarget::New {
        uid: AccountUid([number; 16]),
        name: super::name(name),
        password: None,
        enabled,
    };
    let there = BulkTarget::There { uid: ALICE, version: loaded(store).version };
    let changes = [
        change(new(3, "carol@example.org", false), None),
        change(there, authenticator()),
        change(new(4, "dave@example.org", true), authenticator()),
    ];
    assert_eq!(store.make_together(&changes, Keep::newest(0), NOON).unwrap(), Together::Done);
    assert_eq!(waiting(store), [("alice@example.org".to_string(), 1)]);
    // Still on afterwards.
    queue(store, ALICE);
    assert_eq!(waiting(store), [("alice@example.org".to_string(), 2)]);
}

fn a_name_without_a_record_is_queued_when_its_session_is_revoked(store: &mut dyn Store) {
    let carol = name("carol@example.org");
    open_session(store, Holder::NoRecord(&carol), 8);
    store.queue_revocations(true);
    store.end_sessions(&carol, None).unwrap();
    assert_eq!(waiting(store), [("carol@example.org".to_string(), 1)]);
}

fn a_removed_account_is_queued_by_its_name(store: &mut dyn Store) {
    add_alice(store);
    store.queue_revocations(true);
    store.remove_account(ALICE).unwrap();
    let taken = take(store, NOON).unwrap();
    assert_eq!((taken.name.as_str(), taken.times, taken.tries, taken.error), ("alice@example.org", 1, 0, None));
}

fn what_was_taken_is_nobody_elses_until_its_time_has_come(store: &mut dyn Store) {
    add_alice(store);
    queue(store, ALICE);
    let taken = take(store, NOON).unwrap();
    assert_eq!(take(store, NOON), None);
    assert_eq!(take(store, NOON + 89), None);
    assert_eq!(waiting(store).len(), 1);
    let again = take(store, NOON + 90).unwrap();
    assert_eq!((again.times, again.next_try), (1, NOON + 180));
    assert!(store.end_revocation(&taken).unwrap());
    assert!(!store.end_revocation(&again).unwrap());
    assert!(waiting(store).is_empty());
}

fn what_was_queued_again_meanwhile_stays_and_is_due_at_once(store: &mut dyn Store) {
    add_alice(store);
    queue(store, ALICE);
    let taken = take(store, NOON).unwrap();
    queue(store, ALICE);
    assert!(!store.end_revocation(&taken).unwrap());
    assert!(!store.put_revocation_off(&taken, "too late", NOON + 900).unwrap());
    let again = take(store, NOON).unwrap();
    assert_eq!((again.times, again.tries, again.error.as_deref()), (2, 0, None));
    assert!(store.end_revocation(&again).unwrap());
    assert_eq!(take(store, NOON), None);
}

fn what_failed_stays_with_its_error_and_is_due_later(store: &mut dyn Store) {
    add_alice(store);
    queue(store, ALICE);
    let taken = take(store, NOON).unwrap();
    assert!(store.put_revocation_off(&taken, "no Dovecot", NOON + 30).unwrap());
    assert_eq!(take(store, NOON + 29), None);
    let again = take(store, NOON + 30).unwrap();
    assert_eq!((again.tries, again.error.as_deref()), (1, Some("no Dovecot")));
    assert!(store.put_revocation_off(&again, "still none", NOON + 90).unwrap());
    let listed = store.revocations(10).unwrap();
    assert_eq!((listed[0].tries, listed[0].next_try, listed[0].error.as_deref()), (2, NOON + 90, Some("still none")));
    // Something new does not wait for the end of that pause.
    queue(store, ALICE);
    assert_eq!(take(store, NOON + 31).unwrap().tries, 2);
}

fn what_is_due_first_is_taken_first(store: &mut dyn Store) {
    add_alice(store);
    store.add_account(&NewAccount { uid: BOB, name: &name("bob@example.org"), password: None }, NOON).unwrap();
    queue(store, ALICE);
    let alices = take(store, NOON).unwrap();
    store.put_revocation_off(&alices, "no Dovecot", NOON + 30).unwrap();
    queue(store, BOB);
    assert_eq!(take(store, NOON + 40).unwrap().name, "bob@example.org");
    assert_eq!(take(store, NOON + 40).unwrap().name, "alice@example.org");
    assert_eq!(take(store, NOON + 40), None);
    let listed: Vec<String> = store.revocations(1).unwrap().into_iter().map(|found| found.name).collect();
    assert_eq!(listed, ["alice@example.org"]);
}

fn a_clock_that_is_set_back_keeps_nothing_waiting(store: &mut dyn Store) {
    add_alice(store);
    queue(store, ALICE);
    let taken = take(store, NOON).unwrap();
    store.put_revocation_off(&taken, "no Dovecot", NOON + LONGEST_PAUSE).unwrap();
    assert_eq!(take(store, NOON), None);
    assert!(take(store, NOON - 1).is_some());
}

fn who_is_queued_again_and_again_keeps_nobody_waiting(store: &mut dyn Store) {
    add_alice(store);
    store.add_account(&NewAccount { uid: BOB, name: &name("bob@example.org"), password: None }, NOON).unwrap();
    queue(store, ALICE);
    for round in 0..3 {
        let taken = take(store, NOON + round).unwrap();
        assert_eq!(taken.name, "alice@example.org");
        store.set_enabled(ALICE, true).unwrap();
        queue(store, ALICE);
        assert!(!store.end_revocation(&taken).unwrap());
    }
    queue(store, BOB);
    assert_eq!(take(store, NOON + 4).unwrap().name, "bob@example.org");
    assert_eq!(take(store, NOON + 4).unwrap().name, "alice@example.org");
}
