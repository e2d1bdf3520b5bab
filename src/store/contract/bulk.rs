//! Many changes together: all of them, or nothing.

use super::*;

contract! {
    what_is_made_together_is_there_afterwards
    of_changes_together_one_that_cannot_be_made_keeps_all_from_being_made
    of_many_new_accounts_each_is_made_with_what_it_has_and_a_name_that_is_taken_is_told
    an_authenticator_that_was_in_use_elsewhere_counts_at_once_and_its_last_steps_do_not
    an_account_that_changed_meanwhile_is_left_alone
}

const BOB: AccountUid = AccountUid([2; 16]);

fn bob() -> AccountName {
    name("bob@example.org")
}

fn new(uid: AccountUid, name: AccountName) -> BulkChange {
    let target = BulkTarget::New { uid, name, password: Some("foreign hash".into()), enabled: true };
    BulkChange { target, authenticator: None, app_passwords: Vec::new(), invitation: None, activities: Vec::new() }
}

fn there(uid: AccountUid, version: i64) -> BulkChange {
    let target = BulkTarget::There { uid, version };
    BulkChange { target, authenticator: None, app_passwords: Vec::new(), invitation: None, activities: Vec::new() }
}

fn in_use_elsewhere() -> Option<BulkAuthenticator> {
    Some(BulkAuthenticator { name: "Phone".into(), sealed: sealed(), form: FORM, last_step: 100 })
}

fn created() -> Activity {
    Activity { event: "account_created".into(), ..Activity::default() }
}

fn load(store: &mut dyn Store, name: &AccountName) -> Option<Account> {
    store.load(&Lookup::account(name)).unwrap().account
}

fn what_is_made_together_is_there_afterwards(store: &mut dyn Store) {
    let disabled = BulkTarget::New { uid: BOB, name: bob(), password: None, enabled: false };
    let first = BulkChange { activities: vec![created()], ..new(ALICE, alice()) };
    let second = BulkChange {
        authenticator: in_use_elsewhere(),
        app_passwords: vec![app_password(b"k7m2"), app_password(b"k7m3")],
        ..BulkChange { target: disabled, ..new(BOB, bob()) }
    };
    assert_eq!(store.make_together(&[first, second], Keep::newest(10), NOON).unwrap(), Together::Done);
    let account = loaded(store);
    assert_eq!((account.uid, account.password.as_deref(), account.created_at), (ALICE, Some("foreign hash"), NOON));
    assert!(account.enabled && !account.two_factor());
    let account = load(store, &bob()).unwrap();
    assert!(!account.enabled && account.two_factor() && account.password.is_none());
    assert_eq!((account.authenticators[0].confirmed_at, account.authenticators[0].last_step), (Some(NOON), 100));
    // Numbers of authenticators go on where they are.
    let new = NewAuthenticator { name: "Tablet", sealed: &sealed(), form: FORM };
    assert!(store.begin_enrolment(BOB, &new, NOON).unwrap() > account.authenticators[0].id);
    assert_eq!(store.app_passwords(BOB).unwrap().len(), 2);
    let noted = store.activity(None, 10).unwrap();
    assert_eq!(noted.len(), 1);
    assert_eq!((&noted[0].account, noted[0].activity.event.as_str()), (&alice(), "account_created"));
}

fn of_changes_together_one_that_cannot_be_made_keeps_all_from_being_made(store: &mut dyn Store) {
    add_alice(store);
    let carol = || new(AccountUid([3; 16]), name("carol@example.org"));
    let same_ids = BulkChange { app_passwords: vec![app_password(b"k7m2"), app_password(b"k7m2")], ..there(ALICE, 1) };
    for impossible in [new(BOB, alice()), new(AccountUid([3; 16]), bob()), there(BOB, 1), same_ids] {
        assert_eq!(store.make_together(&[carol(), impossible], Keep::newest(10), NOON).unwrap(), Together::Nothing(1));
        assert!(load(store, &name("carol@example.org")).is_none() && load(store, &bob()).is_none());
        assert!(store.app_passwords(ALICE).unwrap().is_empty());
    }
    assert_eq!(store.make_together(&[carol(), carol()], Keep::newest(10), NOON).unwrap(), Together::Nothing(1));
    assert_eq!(store.make_together(&[carol(), there(ALICE, 1)], Keep::newest(10), NOON).unwrap(), Together::Done);
}

fn an_authenticator_that_was_in_use_elsewhere_counts_at_once_and_its_last_steps_do_not(store: &mut dyn Store) {
    add_alice(store);
    enrol(store, NOON);
    let version = loaded(store).version;
    let change = BulkChange { authenticator: in_use_elsewhere(), ..there(ALICE, version) };
    assert_eq!(store.make_together(&[change], Keep::newest(10), NOON).unwrap(), Together::Done);
    let account = loaded(store);
    // The pending enrolment has gone.
    assert_eq!((account.authenticators.len(), account.two_factor()), (1, true));
    assert_eq!(account.version, version + 1);
    let authenticator = account.authenticators[0].id;
    let keys = keys(1, "192.0.2.1");
    let step = |step| Claimable::TotpStep { authenticator, step };
    assert_eq!(claim(store, step(100), &keys, NOON), Claimed::Used);
    assert_eq!(claim(store, step(101), &keys, NOON), Claimed::Yes);
}

fn an_account_that_changed_meanwhile_is_left_alone(store: &mut dyn Store) {
    add_alice(store);
    let version = loaded(store).version;
    store.set_enabled(ALICE, false).unwrap();
    let change = BulkChange { authenticator: in_use_elsewhere(), ..there(ALICE, version) };
    assert_eq!(store.make_together(&[change], Keep::newest(10), NOON).unwrap(), Together::Nothing(0));
    assert!(!loaded(store).two_factor());
}

fn of_many_new_accounts_each_is_made_with_what_it_has_and_a_name_that_is_taken_is_told(store: &mut dyn Store) {
    let uid = |number: usize| AccountUid([&(number as u64).to_be_bytes()[..], &[7; 8]].concat().try_into().unwrap());
    let named = |number: usize| name(&format!("user{number}@example.org"));
    let mut changes: Vec<_> = (0..300)
        .map(|number| BulkChange {
            authenticator: in_use_elsewhere().filter(|_| number % 2 == 0),
            app_passwords: if number % 100 == 0 { vec![app_password(b"k7m2")] } else { vec![] },
            activities: vec![created(), accepted("imap", "192.0.2.1")],
            ..new(uid(number), named(number))
        })
        .collect();
    // One that is there, and one that is twice among them.
    store.add_account(&NewAccount { uid: ALICE, name: &named(137), password: None }, NOON).unwrap();
    assert_eq!(store.make_together(&changes, Keep::newest(10), NOON).unwrap(), Together::Nothing(137));
    store.remove_account(ALICE).unwrap();
    changes.push(new(uid(1000), named(5)));
    assert_eq!(store.make_together(&changes, Keep::newest(10), NOON).unwrap(), Together::Nothing(300));
    assert!(load(store, &named(0)).is_none());
    changes.pop();
    assert_eq!(store.make_together(&changes, Keep::newest(10), NOON).unwrap(), Together::Done);
    for number in [0, 1, 127, 128, 255, 256, 263, 264, 299] {
        let account = load(store, &named(number)).unwrap();
        assert_eq!((account.uid, account.two_factor()), (uid(number), number % 2 == 0), "{number}");
        let noted = store.activity(Some(account.uid), 10).unwrap();
        assert_eq!(noted.len(), 2, "{number}");
        assert!(noted.iter().all(|entry| (entry.count, entry.first_at) == (1, NOON)));
    }
    assert_eq!(store.app_passwords(uid(200)).unwrap().len(), 1);
    assert_eq!(store.activity(None, 10_000).unwrap().len(), 600);
}
