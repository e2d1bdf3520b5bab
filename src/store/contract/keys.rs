//! Which records stand on which key, and moving sealed secrets to another one.

use super::*;

contract! {
    records_are_counted_by_the_key_that_they_stand_on
    a_sealed_secret_is_replaced_only_where_it_is_still_as_it_was
    sealed_secrets_of_other_keys_are_found_a_page_at_a_time
    a_key_that_is_forgotten_may_be_another_one_next_time
}

/// A hash of ours, with this key.
fn hashed(key: u8) -> String {
    let key = data_encoding::BASE64_NOPAD.encode(&[0, 0, 0, key]);
    let (salt, hash) = ("AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    format!("$argon2id$v=19$m=8,t=1,p=1,keyid={key}${salt}${hash}")
}

fn records_are_counted_by_the_key_that_they_stand_on(store: &mut dyn Store) {
    let bob = AccountUid([2; 16]);
    store.add_account(&NewAccount { uid: ALICE, name: &alice(), password: Some(&hashed(1)) }, NOON).unwrap();
    let foreign = Some("{CRYPT}$6$x$y");
    store.add_account(&NewAccount { uid: bob, name: &name("bob@example.org"), password: foreign }, NOON).unwrap();
    let none = AccountUid([3; 16]);
    store.add_account(&NewAccount { uid: none, name: &name("carol@example.org"), password: None }, NOON).unwrap();
    let authenticator = enrol(store, NOON);
    let codes = vec![(RecoveryIndex(*b"ab"), hashed(2)), (RecoveryIndex(*b"cd"), hashed(1))];
    store.confirm_enrolment(ALICE, authenticator, 100, &codes, NOON).unwrap();
    for (id, key) in [(b"k7m2", 1), (b"k7m3", 2), (b"k7m4", 2)] {
        let new = AppPassword { hash: hashed(key), ..app_password(id) };
        store.add_app_password(ALICE, None, &new).unwrap();
    }
    // One that was revoked must go on to be known.
    store.revoke_app_passwords(ALICE, Some(AppPasswordId(*b"k7m4")), NOON).unwrap();
    let found = store.key_use().unwrap();
    let one = KeyCount { totp_secrets: 0, passwords: 1, app_passwords: 1, recovery_codes: 1 };
    let two = KeyCount { totp_secrets: 0, passwords: 0, app_passwords: 2, recovery_codes: 1 };
    let three = KeyCount { totp_secrets: 1, ..KeyCount::default() };
    assert_eq!(found.keys.into_iter().collect::<Vec<_>>(), [(1, one), (2, two), (3, three)]);
    assert_eq!(found.foreign_passwords, 1);
}

fn a_sealed_secret_is_replaced_only_where_it_is_still_as_it_was(store: &mut dyn Store) {
    let number = add_alice_with_two_factor(store);
    let version = loaded(store).version;
    let new = Sealed { key: 4, bytes: (60..120).collect() };
    let reseal = |old: Sealed, new: Sealed| Reseal { account: ALICE, number, old, new };
    let other = Sealed { bytes: (1..61).collect(), ..sealed() };
    assert_eq!(store.reseal(&[reseal(other, new.clone())]).unwrap(), 0);
    assert_eq!(store.reseal(&[reseal(Sealed { key: 2, ..sealed() }, new.clone())]).unwrap(), 0);
    let elsewhere = Reseal { account: AccountUid([9; 16]), ..reseal(sealed(), new.clone()) };
    assert_eq!(store.reseal(&[elsewhere]).unwrap(), 0);
    assert!(loaded(store).authenticators[0].sealed == sealed());
    assert_eq!(store.reseal(&[reseal(sealed(), new.clone()), reseal(sealed(), sealed())]).unwrap(), 1);
    let account = loaded(store);
    // The same secret in another wrapping: what was decided before still holds.
    assert!(account.authenticators[0].sealed == new && account.version == version);
    assert_eq!(account.authenticators[0].last_step, 100);
}

fn sealed_secrets_of_other_keys_are_found_a_page_at_a_time(store: &mut dyn Store) {
    for number in 1..=5 {
        let (uid, name) = (AccountUid([number; 16]), name(&format!("user{number}@example.org")));
        store.add_account(&NewAccount { uid, name: &name, password: None }, NOON).unwrap();
        let key = if number == 3 { 9 } else { 3 };
        let sealed = Sealed { key, ..sealed() };
        store.begin_enrolment(uid, &NewAuthenticator { name: "Phone", sealed: &sealed, form: FORM }, NOON).unwrap();
    }
    let mut names = Vec::new();
    let mut after = None;
    loop {
        let page = store.sealed_with_other_keys(9, after, 2).unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.place);
        names.extend(page.iter().map(|found| found.name.local().to_string()));
    }
    assert_eq!(names, ["user1", "user2", "user4", "user5"]);
}

fn a_key_that_is_forgotten_may_be_another_one_next_time(store: &mut dyn Store) {
    let check = |number, byte| KeyCheck { number, digest: [byte; 16] };
    store.add_key_check(check(1, 1)).unwrap();
    store.add_key_check(check(2, 2)).unwrap();
    assert!(store.remove_key_check(1).unwrap());
    assert!(!store.remove_key_check(1).unwrap());
    assert_eq!(store.key_checks().unwrap(), [check(2, 2)]);
    store.add_key_check(check(1, 9)).unwrap();
    assert_eq!(store.key_checks().unwrap(), [check(1, 9), check(2, 2)]);
}
