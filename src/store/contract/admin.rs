//! Administrative changes and lists.

use super::*;

contract! {
    a_taken_name_exists
    a_removed_account_leaves_nothing_to_its_successor
    every_change_to_a_missing_account_is_not_found
    every_change_that_matters_to_a_login_raises_the_version
    an_enrolment_is_pending_until_it_is_confirmed
    a_new_enrolment_takes_the_place_of_a_pending_one
    an_authenticator_number_is_never_used_again
    confirming_what_is_not_pending_changes_nothing
    confirming_without_recovery_codes_keeps_those_that_are_there
    ending_two_factor_removes_authenticators_and_recovery_codes
    a_new_set_of_recovery_codes_ends_the_old_one
    an_app_password_id_exists_as_long_as_its_row
    an_app_password_is_added_in_the_expected_version_only
    recovery_codes_are_replaced_in_the_expected_version_only
    app_passwords_are_listed_oldest_first
    revoking_names_what_it_revoked_and_keeps_the_row
    revoking_twice_or_another_id_is_not_found
    revoking_all_revokes_what_was_not_revoked
    only_the_fifty_last_revoked_app_passwords_are_kept
    accounts_are_listed_by_name_in_pages
    recipients_are_listed_by_name_in_pages_with_disabled_ones
    a_summary_counts_what_is_in_force
}

const BOB: AccountUid = AccountUid([2; 16]);

fn a_taken_name_exists(store: &mut dyn Store) {
    add_alice(store);
    let again = store.add_account(&NewAccount { uid: BOB, name: &alice(), password: None }, NOON);
    assert_eq!(again, Err(StoreError::Exists));
    assert_eq!(loaded(store).uid, ALICE);
}

fn a_removed_account_leaves_nothing_to_its_successor(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    let activity = accepted("imap", "192.0.2.1");
    store
        .note(&Note {
            account: Some(ALICE),
            activity: &activity,
            keep: Keep::newest(9),
            used: None,
            forgive: None,
            now: NOON,
        })
        .unwrap();
    store.remove_account(ALICE).unwrap();
    assert_eq!(store.remove_account(ALICE), Err(StoreError::NotFound));
    assert!(store.summary(&alice(), NOON).unwrap().is_none());
    store.add_account(&NewAccount { uid: BOB, name: &alice(), password: None }, NOON).unwrap();
    let account = loaded(store);
    assert!(account.authenticators.is_empty() && account.password.is_none());
    assert!(load_app_password(store, b"k7m2").is_none());
    assert!(load_recovery_code(store, b"ab").is_none());
    assert!(store.activity(None, 10).unwrap().is_empty());
    let throttle = keys(1, "");
    let claim = claim_of_alice(account.version, Claimable::TotpStep { authenticator, step: 101 }, &throttle);
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Changed);
}

fn every_change_to_a_missing_account_is_not_found(store: &mut dyn Store) {
    let missing = Err(StoreError::NotFound);
    assert_eq!(store.set_enabled(BOB, true), missing);
    assert_eq!(store.set_password(BOB, "hash", None).map(drop), missing);
    assert_eq!(store.confirm_enrolment(BOB, 1, 1, &[], NOON), missing);
    assert_eq!(store.end_two_factor(BOB), missing);
    assert_eq!(store.set_account_requirement(BOB, None, None), missing);
    assert_eq!(store.replace_recovery_codes(BOB, None, &[]), missing);
    assert_eq!(store.add_app_password(BOB, None, &app_password(b"k7m2")), missing);
    assert_eq!(store.app_passwords(BOB).err(), Some(StoreError::NotFound));
    assert_eq!(store.revoke_app_passwords(BOB, None, NOON), Err(StoreError::NotFound));
    assert_eq!(store.activity(Some(BOB), 1), Err(StoreError::NotFound));
    let new = NewAuthenticator { name: "", sealed: &sealed(), form: FORM };
    assert_eq!(store.begin_enrolment(BOB, &new, NOON), Err(StoreError::NotFound));
}

fn every_change_that_matters_to_a_login_raises_the_version(store: &mut dyn Store) {
    add_alice(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    let authenticator = enrol(store, NOON);
    type Change<'a> = &'a dyn Fn(&mut dyn Store);
    let changes: [Change<'_>; 8] = [
        &|store| store.set_enabled(ALICE, false).unwrap(),
        &|store| store.set_enabled(ALICE, true).unwrap(),
        &|store| assert!(store.set_password(ALICE, "new hash", None).unwrap()),
        &|store| store.confirm_enrolment(ALICE, authenticator, 100, &recovery_codes(), NOON).unwrap(),
        &|store| store.replace_recovery_codes(ALICE, None, &recovery_codes()).unwrap(),
        &|store| assert_eq!(store.revoke_app_passwords(ALICE, None, NOON).unwrap().len(), 1),
        &|store| store.set_account_requirement(ALICE, Some(Requirement::Now), None).unwrap(),
        &|store| store.end_two_factor(ALICE).unwrap(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let before = loaded(store).version;
        change(store);
        assert!(loaded(store).version > before, "change {number}");
    }
    assert_eq!(loaded(store).password.as_deref(), Some("new hash"));
}

fn an_enrolment_is_pending_until_it_is_confirmed(store: &mut dyn Store) {
    add_alice(store);
    let version = loaded(store).version;
    let authenticator = enrol(store, NOON);
    let account = loaded(store);
    assert_eq!((account.two_factor(), account.version), (false, version));
    assert_eq!(account.pending().unwrap().id, authenticator);
    store.confirm_enrolment(ALICE, authenticator, 100, &recovery_codes(), NOON + 1).unwrap();
    let account = loaded(store);
    assert!(account.two_factor() && account.pending().is_none());
    assert!(load_recovery_code(store, b"cd").is_some());
}

fn a_new_enrolment_takes_the_place_of_a_pending_one(store: &mut dyn Store) {
    let confirmed = add_alice_with_two_factor(store);
    let first = enrol(store, NOON);
    let second = enrol(store, NOON + 1);
    let ids: Vec<_> = loaded(store).authenticators.iter().map(|authenticator| authenticator.id).collect();
    assert_eq!(ids, [confirmed, second]);
    assert_eq!(store.confirm_enrolment(ALICE, first, 100, &[], NOON), Err(StoreError::NotFound));
}

fn an_authenticator_number_is_never_used_again(store: &mut dyn Store) {
    let first = add_alice_with_two_factor(store);
    store.end_two_factor(ALICE).unwrap();
    let second = enrol(store, NOON);
    assert_ne!(first, second);
    assert_eq!(loaded(store).pending().unwrap().last_step, 0);
}

fn confirming_what_is_not_pending_changes_nothing(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    let before = loaded(store);
    let codes = [(RecoveryIndex(*b"zz"), "hash".to_owned())];
    for id in [authenticator, authenticator + 1] {
        assert_eq!(store.confirm_enrolment(ALICE, id, 500, &codes, NOON), Err(StoreError::NotFound));
    }
    let after = loaded(store);
    assert_eq!((after.version, after.authenticators[0].last_step), (before.version, 100));
    assert!(load_recovery_code(store, b"zz").is_none() && load_recovery_code(store, b"ab").is_some());
}

fn confirming_without_recovery_codes_keeps_those_that_are_there(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let second = enrol(store, NOON);
    store.confirm_enrolment(ALICE, second, 100, &[], NOON).unwrap();
    assert!(load_recovery_code(store, b"ab").is_some());
    assert_eq!(loaded(store).confirmed().count(), 2);
}

fn ending_two_factor_removes_authenticators_and_recovery_codes(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    enrol(store, NOON);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    store.end_two_factor(ALICE).unwrap();
    assert!(loaded(store).authenticators.is_empty());
    assert!(load_recovery_code(store, b"ab").is_none());
    assert!(load_app_password(store, b"k7m2").is_some());
    store.end_two_factor(ALICE).unwrap();
}

fn a_new_set_of_recovery_codes_ends_the_old_one(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let code = Claimable::RecoveryCode(RecoveryIndex(*b"ab"));
    assert_eq!(claim(store, code, &keys(1, ""), NOON), Claimed::Yes);
    let twice = vec![(RecoveryIndex(*b"ef"), "one".to_owned()), (RecoveryIndex(*b"ef"), "two".to_owned())];
    assert_eq!(store.replace_recovery_codes(ALICE, None, &twice), Err(StoreError::Exists));
    assert!(load_recovery_code(store, b"cd").is_some());
    store.replace_recovery_codes(ALICE, None, &[(RecoveryIndex(*b"ab"), "third".into())]).unwrap();
    let again = load_recovery_code(store, b"ab").unwrap();
    assert_eq!((again.hash.as_str(), again.used_at), ("third", None));
    assert!(load_recovery_code(store, b"cd").is_none());
}

fn an_app_password_id_exists_as_long_as_its_row(store: &mut dyn Store) {
    add_alice(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    assert_eq!(store.add_app_password(ALICE, None, &app_password(b"k7m2")), Err(StoreError::Exists));
    store.revoke_app_passwords(ALICE, None, NOON).unwrap();
    assert_eq!(store.add_app_password(ALICE, None, &app_password(b"k7m2")), Err(StoreError::Exists));
    store.add_account(&NewAccount { uid: BOB, name: &name("bob"), password: None }, NOON).unwrap();
    store.add_app_password(BOB, None, &app_password(b"k7m2")).unwrap();
}

fn recovery_codes_are_replaced_in_the_expected_version_only(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let before = loaded(store).version;
    let set = |hash: &str| [(RecoveryIndex(*b"zz"), hash.to_owned())];
    store.replace_recovery_codes(ALICE, Some(before), &set("first")).unwrap();
    let late = store.replace_recovery_codes(ALICE, Some(before), &set("second"));
    assert_eq!((late, loaded(store).version), (Err(StoreError::NotFound), before + 1));
    assert_eq!(load_recovery_code(store, b"zz").unwrap().hash, "first");
}

fn an_app_password_is_added_in_the_expected_version_only(store: &mut dyn Store) {
    add_alice(store);
    let before = loaded(store).version;
    store.set_password(ALICE, "new", None).unwrap();
    let late = store.add_app_password(ALICE, Some(before), &app_password(b"k7m2"));
    assert_eq!(late, Err(StoreError::NotFound));
    assert!(store.app_passwords(ALICE).unwrap().is_empty());
    store.add_app_password(ALICE, Some(before + 1), &app_password(b"k7m2")).unwrap();
    assert_eq!(store.app_passwords(ALICE).unwrap().len(), 1);
}

fn app_passwords_are_listed_oldest_first(store: &mut dyn Store) {
    add_alice(store);
    for (id, seconds) in [(b"zzzz", 0), (b"aaaa", 2), (b"bbbb", 1)] {
        let new = AppPassword { created_at: NOON + seconds, ..app_password(id) };
        store.add_app_password(ALICE, None, &new).unwrap();
    }
    let ids: Vec<_> = store.app_passwords(ALICE).unwrap().iter().map(|listed| listed.id.to_string()).collect();
    assert_eq!(ids, ["zzzz", "bbbb", "aaaa"]);
}

fn revoking_names_what_it_revoked_and_keeps_the_row(store: &mut dyn Store) {
    add_alice(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    store.add_app_password(ALICE, None, &app_password(b"aaaa")).unwrap();
    let id = AppPasswordId(*b"k7m2");
    assert_eq!(store.revoke_app_passwords(ALICE, Some(id), NOON + 5).unwrap(), [id]);
    let row = load_app_password(store, b"k7m2").unwrap();
    assert_eq!((row.revoked_at, row.name.as_str()), (Some(NOON + 5), "Phone"));
    assert_eq!(load_app_password(store, b"aaaa").unwrap().revoked_at, None);
}

fn revoking_twice_or_another_id_is_not_found(store: &mut dyn Store) {
    add_alice(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    let id = AppPasswordId(*b"k7m2");
    store.revoke_app_passwords(ALICE, Some(id), NOON).unwrap();
    assert_eq!(store.revoke_app_passwords(ALICE, Some(id), NOON + 1), Err(StoreError::NotFound));
    assert_eq!(load_app_password(store, b"k7m2").unwrap().revoked_at, Some(NOON));
    let other = AppPasswordId(*b"zzzz");
    assert_eq!(store.revoke_app_passwords(ALICE, Some(other), NOON), Err(StoreError::NotFound));
}

fn revoking_all_revokes_what_was_not_revoked(store: &mut dyn Store) {
    add_alice(store);
    for id in [b"aaaa", b"bbbb", b"cccc"] {
        store.add_app_password(ALICE, None, &app_password(id)).unwrap();
    }
    store.revoke_app_passwords(ALICE, Some(AppPasswordId(*b"bbbb")), NOON).unwrap();
    let revoked = store.revoke_app_passwords(ALICE, None, NOON + 1).unwrap();
    assert_eq!(revoked, [AppPasswordId(*b"aaaa"), AppPasswordId(*b"cccc")]);
    assert_eq!(load_app_password(store, b"bbbb").unwrap().revoked_at, Some(NOON));
    assert!(store.revoke_app_passwords(ALICE, None, NOON + 2).unwrap().is_empty());
}

fn only_the_fifty_last_revoked_app_passwords_are_kept(store: &mut dyn Store) {
    add_alice(store);
    let id = |number: u8| [b'a', b'a', b'a' + number / 26, b'a' + number % 26];
    for number in 0..60 {
        store.add_app_password(ALICE, None, &app_password(&id(number))).unwrap();
    }
    for number in 0..55 {
        store.revoke_app_passwords(ALICE, Some(AppPasswordId(id(number))), NOON + i64::from(number)).unwrap();
    }
    assert_eq!(store.app_passwords(ALICE).unwrap().len(), 55);
    assert!(load_app_password(store, &id(4)).is_none());
    assert!(load_app_password(store, &id(5)).is_some());
    assert_eq!(store.revoke_app_passwords(ALICE, None, NOON + 100).unwrap().len(), 5);
    assert_eq!(store.app_passwords(ALICE).unwrap().len(), 50);
}

fn accounts_are_listed_by_name_in_pages(store: &mut dyn Store) {
    for (number, local) in [(1, "carol"), (2, "alice"), (3, "bob")] {
        let name = name(&format!("{local}@example.org"));
        store.add_account(&NewAccount { uid: AccountUid([number; 16]), name: &name, password: None }, NOON).unwrap();
    }
    let names = |page: Vec<AccountSummary>| -> Vec<String> {
        page.iter().map(|account| account.name.local().to_owned()).collect()
    };
    assert_eq!(names(store.accounts(None, 2, NOON).unwrap()), ["alice", "bob"]);
    assert_eq!(names(store.accounts(Some(&name("bob@example.org")), 2, NOON).unwrap()), ["carol"]);
    assert_eq!(names(store.accounts(Some(&name("b@example.org")), 9, NOON).unwrap()), ["bob", "carol"]);
    assert!(store.accounts(Some(&name("carol@example.org")), 2, NOON).unwrap().is_empty());
}

fn recipients_are_listed_by_name_in_pages_with_disabled_ones(store: &mut dyn Store) {
    for (number, local) in [(1, "carol"), (2, "alice"), (3, "bob")] {
        let name = name(&format!("{local}@example.org"));
        store.add_account(&NewAccount { uid: AccountUid([number; 16]), name: &name, password: None }, NOON).unwrap();
    }
    store.set_enabled(BOB, false).unwrap();
    let listed = |page: Vec<Recipient>| -> Vec<(String, bool)> {
        page.iter().map(|recipient| (recipient.name.local().to_owned(), recipient.enabled)).collect()
    };
    let of = |local: &str, enabled| (local.to_owned(), enabled);
    assert_eq!(listed(store.recipients(None, 2).unwrap()), [of("alice", false), of("bob", true)]);
    assert_eq!(listed(store.recipients(Some(&name("bob@example.org")), 2).unwrap()), [of("carol", true)]);
    assert!(store.recipients(Some(&name("carol@example.org")), 2).unwrap().is_empty());
}

fn a_summary_counts_what_is_in_force(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    enrol(store, NOON);
    store.add_app_password(ALICE, None, &app_password(b"aaaa")).unwrap();
    store.add_app_password(ALICE, None, &app_password(b"bbbb")).unwrap();
    store.add_app_password(ALICE, None, &AppPassword { expires_at: Some(NOON), ..app_password(b"cccc") }).unwrap();
    store.add_app_password(ALICE, None, &AppPassword { expires_at: Some(NOON + 1), ..app_password(b"dddd") }).unwrap();
    store.revoke_app_passwords(ALICE, Some(AppPasswordId(*b"aaaa")), NOON).unwrap();
    let code = Claimable::RecoveryCode(RecoveryIndex(*b"ab"));
    assert_eq!(claim(store, code, &keys(1, ""), NOON), Claimed::Yes);
    let summary = store.summary(&alice(), NOON).unwrap().unwrap();
    let expected = AccountSummary {
        uid: ALICE,
        name: alice(),
        enabled: true,
        has_password: true,
        two_factor: true,
        pending: true,
        invited_until: None,
        app_passwords: 2,
        requirements: Requirements::default(),
        recovery_codes: 1,
        created_at: NOON,
    };
    assert_eq!(summary, expected);
    assert_eq!(store.accounts(None, 10, NOON).unwrap(), [expected]);
}
