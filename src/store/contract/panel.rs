//! Panel sessions: opened, found, used, proved, ended.

use super::*;
use crate::panel_session::{PanelSession, PanelSessionFound, PanelSessions};

contract! {
    a_panel_session_opens_and_is_found_with_its_account
    a_panel_session_that_goes_on_is_as_old_as_the_one_before
    a_panel_session_opens_in_the_expected_version_only
    a_disabled_or_missing_account_opens_no_panel_session
    a_cookie_opens_one_panel_session
    a_use_of_a_panel_session_is_written_once_in_its_interval
    a_use_brings_no_ended_panel_session_back
    a_proof_gives_a_panel_session_another_digest_and_the_old_one_is_gone
    a_proof_of_another_account_or_of_an_ended_panel_session_changes_nothing
    panel_sessions_are_listed_newest_first_of_one_account
    panel_sessions_end_one_by_one_or_all_but_one_or_all
    panel_sessions_of_other_accounts_are_not_ended
    whatever_a_panel_session_stands_on_ends_it
    who_changes_what_sessions_stand_on_opens_the_next_with_the_version_after_it
    what_a_panel_session_does_not_stand_on_leaves_it_alone
    a_password_is_set_and_every_app_password_revoked_at_once_or_neither
    panel_sessions_go_with_their_account_and_a_name_again_inherits_none
    the_panel_session_that_was_used_least_recently_makes_room
    a_new_panel_session_has_room_beside_those_from_before_the_clock_was_set_back
    expired_panel_sessions_go_when_one_is_opened
    a_pending_enrolment_is_cancelled_and_nothing_else
    a_further_authenticator_is_removed_and_the_last_one_stays
}

const HOME: &str = "192.0.2.7";
const LIMITS: SessionLimits = SessionLimits { idle: 900, absolute: 43_200 };
const BOB: AccountUid = AccountUid([2; 16]);

fn digest(number: u8) -> SessionDigest {
    SessionDigest([number; 32])
}

fn new(number: u8) -> NewPanelSession<'static> {
    NewPanelSession {
        digest: digest(number),
        method: "totp",
        agent: "Firefox on Linux",
        from: HOME,
        limits: LIMITS,
        opened_at: None,
        proved_at: None,
    }
}

fn add_bob(store: &mut dyn Store) -> AccountName {
    let bob = name("bob@example.org");
    store.add_account(&NewAccount { uid: BOB, name: &bob, password: None }, NOON).unwrap();
    bob
}

/// Opens panel session number `number` of Alice's.
fn open(store: &mut dyn Store, number: u8, now: i64) {
    let version = loaded(store).version;
    assert!(store.open_panel_session(ALICE, version, &new(number), now).unwrap());
}

fn found(store: &mut dyn Store, number: u8) -> Option<PanelSessionFound> {
    store.panel_session(digest(number)).unwrap()
}

fn is_open(store: &mut dyn Store, number: u8) -> bool {
    found(store, number).is_some()
}

fn session(store: &mut dyn Store, number: u8) -> PanelSession {
    found(store, number).unwrap().session
}

fn a_panel_session_opens_and_is_found_with_its_account(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    assert!(!is_open(store, 1));
    open(store, 1, NOON);
    let expected = PanelSession {
        digest: digest(1),
        method: "totp".into(),
        agent: "Firefox on Linux".into(),
        opened_at: NOON,
        opened_from: HOME.into(),
        proved_at: NOON,
        used_at: NOON,
        used_from: HOME.into(),
        limits: LIMITS,
    };
    let version = loaded(store).version;
    let with_account = PanelSessionFound {
        session: expected.clone(),
        account: ALICE,
        name: alice(),
        enabled: true,
        version,
        two_factor: true,
        requirements: Requirements::default(),
        has_password: true,
    };
    assert_eq!(found(store, 1), Some(with_account));
    assert_eq!(store.panel_sessions(&alice()).unwrap(), [expected]);
    let bob = add_bob(store);
    assert!(store.open_panel_session(BOB, 1, &new(2), NOON).unwrap());
    let of_bob = found(store, 2).unwrap();
    assert_eq!((of_bob.account, of_bob.name, of_bob.two_factor, of_bob.has_password), (BOB, bob, false, false));
}

fn a_panel_session_that_goes_on_is_as_old_as_the_one_before(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let version = loaded(store).version;
    let next = NewPanelSession { opened_at: Some(NOON), proved_at: Some(NOON + 7), ..new(1) };
    assert!(store.open_panel_session(ALICE, version, &next, NOON + 600).unwrap());
    let session = session(store, 1);
    assert_eq!((session.opened_at, session.proved_at, session.used_at), (NOON, NOON + 7, NOON + 600));
}

fn a_panel_session_opens_in_the_expected_version_only(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let version = loaded(store).version;
    for other in [version - 1, version + 1] {
        assert!(!store.open_panel_session(ALICE, other, &new(1), NOON).unwrap());
    }
    assert!(!is_open(store, 1));
    // One that was opened goes on when another one is refused.
    open(store, 2, NOON);
    assert!(!store.open_panel_session(ALICE, version + 1, &new(1), NOON + 5000).unwrap());
    assert!(is_open(store, 2));
}

fn a_disabled_or_missing_account_opens_no_panel_session(store: &mut dyn Store) {
    add_alice(store);
    store.set_enabled(ALICE, false).unwrap();
    let version = loaded(store).version;
    assert!(!store.open_panel_session(ALICE, version, &new(1), NOON).unwrap());
    assert!(!store.open_panel_session(BOB, 1, &new(1), NOON).unwrap());
    assert!(!is_open(store, 1));
}

fn a_cookie_opens_one_panel_session(store: &mut dyn Store) {
    add_alice(store);
    add_bob(store);
    open(store, 1, NOON);
    assert_eq!(store.open_panel_session(BOB, 1, &new(1), NOON), Err(StoreError::Exists));
    assert_eq!(found(store, 1).unwrap().account, ALICE);
}

fn a_use_of_a_panel_session_is_written_once_in_its_interval(store: &mut dyn Store) {
    add_alice(store);
    open(store, 1, NOON);
    let mut used = |from: &str, now| {
        store.touch_panel_session(digest(1), from, now).unwrap();
        let session = session(store, 1);
        assert_eq!((session.opened_at, session.proved_at, session.opened_from.as_str()), (NOON, NOON, HOME));
        (session.used_at - NOON, session.used_from)
    };
    assert_eq!(used("192.0.2.8", NOON + 59), (0, HOME.into()));
    assert_eq!(used("192.0.2.8", NOON + 60), (60, "192.0.2.8".into()));
    assert_eq!(used(HOME, NOON + 119), (60, "192.0.2.8".into()));
    // The clock was set back.
    assert_eq!(used(HOME, NOON), (0, HOME.into()));
}

fn a_use_brings_no_ended_panel_session_back(store: &mut dyn Store) {
    add_alice(store);
    open(store, 1, NOON);
    store.end_panel_sessions(&alice(), PanelSessions::All).unwrap();
    store.touch_panel_session(digest(1), HOME, NOON + 60).unwrap();
    assert!(!is_open(store, 1));
}

fn a_proof_gives_a_panel_session_another_digest_and_the_old_one_is_gone(store: &mut dyn Store) {
    add_alice(store);
    open(store, 1, NOON);
    assert!(store.prove_panel_session(ALICE, digest(1), digest(2), NOON + 100).unwrap());
    assert!(!is_open(store, 1));
    let proved = session(store, 2);
    assert_eq!((proved.opened_at, proved.proved_at, proved.used_at), (NOON, NOON + 100, NOON + 100));
    assert_eq!((proved.method.as_str(), proved.limits), ("totp", LIMITS));
    assert!(!store.prove_panel_session(ALICE, digest(1), digest(3), NOON + 101).unwrap());
    assert!(!is_open(store, 3) && store.panel_sessions(&alice()).unwrap().len() == 1);
}

fn a_proof_of_another_account_or_of_an_ended_panel_session_changes_nothing(store: &mut dyn Store) {
    add_alice(store);
    add_bob(store);
    open(store, 1, NOON);
    assert!(!store.prove_panel_session(BOB, digest(1), digest(2), NOON + 1).unwrap());
    assert!(!store.prove_panel_session(ALICE, digest(7), digest(2), NOON + 1).unwrap());
    open(store, 3, NOON);
    assert_eq!(store.prove_panel_session(ALICE, digest(1), digest(3), NOON + 1), Err(StoreError::Exists));
    assert_eq!((session(store, 1).proved_at, session(store, 3).proved_at), (NOON, NOON));
    store.end_panel_sessions(&alice(), PanelSessions::All).unwrap();
    assert!(!store.prove_panel_session(ALICE, digest(1), digest(2), NOON + 1).unwrap());
    assert!(!is_open(store, 2));
}

fn digests(store: &mut dyn Store, name: &AccountName) -> Vec<SessionDigest> {
    store.panel_sessions(name).unwrap().iter().map(|session| session.digest).collect()
}

fn panel_sessions_are_listed_newest_first_of_one_account(store: &mut dyn Store) {
    add_alice(store);
    let bob = add_bob(store);
    for (number, at) in [(1, 1), (2, 3), (3, 2)] {
        open(store, number, NOON + at);
    }
    assert!(store.open_panel_session(BOB, 1, &new(4), NOON).unwrap());
    assert_eq!(digests(store, &alice()), [digest(2), digest(3), digest(1)]);
    assert_eq!(digests(store, &bob), [digest(4)]);
    assert!(digests(store, &name("nobody@example.org")).is_empty());
}

fn panel_sessions_end_one_by_one_or_all_but_one_or_all(store: &mut dyn Store) {
    add_alice(store);
    for number in 1..=5 {
        open(store, number, NOON + i64::from(number));
    }
    let mut end = |which| store.end_panel_sessions(&alice(), which).unwrap();
    assert_eq!(end(PanelSessions::One(digest(4))), [digest(4)]);
    assert!(end(PanelSessions::One(digest(4))).is_empty());
    assert_eq!(end(PanelSessions::AllBut(digest(2))), [digest(1), digest(3), digest(5)]);
    assert_eq!(end(PanelSessions::AllBut(digest(2))), []);
    assert!(is_open(store, 2));
    assert_eq!(store.end_panel_sessions(&alice(), PanelSessions::All).unwrap(), [digest(2)]);
    assert!(!is_open(store, 2));
}

fn panel_sessions_of_other_accounts_are_not_ended(store: &mut dyn Store) {
    add_alice(store);
    let bob = add_bob(store);
    open(store, 1, NOON);
    for which in [PanelSessions::All, PanelSessions::One(digest(1)), PanelSessions::AllBut(digest(9))] {
        assert!(store.end_panel_sessions(&bob, which).unwrap().is_empty());
        assert!(store.end_panel_sessions(&name("nobody@example.org"), which).unwrap().is_empty());
    }
    store.set_enabled(BOB, false).unwrap();
    store.remove_account(BOB).unwrap();
    assert!(is_open(store, 1));
}

type Change<'a> = &'a dyn Fn(&mut dyn Store);

/// Every change that ends sessions, in an order in which each is possible.
const ENDING: [(&str, Change<'static>); 10] = [
    ("the password is set", &|store| assert!(store.set_password(ALICE, "new hash", None).unwrap())),
    ("the password is set in this version", &|store| {
        let version = loaded(store).version;
        assert!(store.set_password(ALICE, "newer hash", Some(version)).unwrap());
    }),
    ("the password is set and app passwords revoked", &|store| {
        let version = loaded(store).version;
        assert!(store.set_password_and_revoke(ALICE, "newest hash", version, NOON).unwrap().is_some());
    }),
    ("new recovery codes", &|store| store.replace_recovery_codes(ALICE, None, &recovery_codes()).unwrap()),
    ("a further authenticator", &|store| {
        let second = enrol(store, NOON);
        store.confirm_enrolment(ALICE, second, 1, &[], NOON).unwrap();
    }),
    ("an authenticator is removed", &|store| assert!(store.remove_authenticator(ALICE, 1).unwrap())),
    ("2FA is turned off", &|store| store.end_two_factor(ALICE).unwrap()),
    ("2FA is turned on", &|store| {
        let first = enrol(store, NOON);
        store.confirm_enrolment(ALICE, first, 1, &recovery_codes(), NOON).unwrap();
    }),
    ("the account is disabled", &|store| store.set_enabled(ALICE, false).unwrap()),
    ("the account is enabled", &|store| store.set_enabled(ALICE, true).unwrap()),
];

fn whatever_a_panel_session_stands_on_ends_it(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    for (number, (what, change)) in (1..).zip(ENDING) {
        if loaded(store).enabled {
            open(store, number, NOON);
        }
        change(store);
        assert!(!is_open(store, number) && store.panel_sessions(&alice()).unwrap().is_empty(), "{what}");
        // Not hidden, but gone: nothing is left to be ended.
        assert!(store.end_panel_sessions(&alice(), PanelSessions::All).unwrap().is_empty(), "{what}");
    }
}

fn who_changes_what_sessions_stand_on_opens_the_next_with_the_version_after_it(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    for (number, (what, change)) in (1..).zip(ENDING) {
        let before = loaded(store).version;
        change(store);
        assert_eq!(loaded(store).version, before + 1, "{what}");
        let opened = store.open_panel_session(ALICE, before + 1, &new(number), NOON).unwrap();
        assert_eq!((opened, is_open(store, number)), (loaded(store).enabled, loaded(store).enabled), "{what}");
    }
}

fn what_a_panel_session_does_not_stand_on_leaves_it_alone(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    open(store, 1, NOON);
    let version = loaded(store).version;
    assert!(!store.set_password(ALICE, "too late", Some(version - 1)).unwrap());
    assert!(store.set_password_and_revoke(ALICE, "too late", version - 1, NOON).unwrap().is_none());
    assert!(store.rehash(ALICE, HashOf::Password, "old hash", "better").unwrap());
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    let (first, second) = (enrol(store, NOON), enrol(store, NOON));
    assert!(store.confirm_enrolment(ALICE, first, 1, &[], NOON).is_err());
    assert!(store.remove_authenticator(ALICE, second).is_err());
    assert!(!store.remove_authenticator(ALICE, 1).unwrap());
    assert!(store.cancel_enrolment(ALICE).unwrap());
    assert_eq!(claim(store, Claimable::RecoveryCode(RecoveryIndex(*b"ab")), &keys(1, ""), NOON), Claimed::Yes);
    store.end_sessions(&alice(), None).unwrap();
    assert_eq!(loaded(store).version, version);
    // What raises the version and ends no session takes it along.
    store.revoke_app_passwords(ALICE, None, NOON).unwrap();
    let found = found(store, 1).unwrap();
    assert_eq!((found.version, loaded(store).version), (version + 1, version + 1));
    assert!(store.prove_panel_session(ALICE, digest(1), digest(2), NOON).unwrap());
    assert_eq!(store.panel_sessions(&alice()).unwrap().len(), 1);
}

fn a_password_is_set_and_every_app_password_revoked_at_once_or_neither(store: &mut dyn Store) {
    add_alice(store);
    for id in [b"bbbb", b"aaaa", b"cccc"] {
        store.add_app_password(ALICE, None, &app_password(id)).unwrap();
    }
    store.revoke_app_passwords(ALICE, Some(AppPasswordId(*b"cccc")), NOON).unwrap();
    let version = loaded(store).version;
    assert_eq!(store.set_password_and_revoke(ALICE, "too late", version + 1, NOON).unwrap(), None);
    assert!(load_app_password(store, b"aaaa").unwrap().revoked_at.is_none());
    assert_eq!(loaded(store).password.as_deref(), Some("old hash"));
    let revoked = store.set_password_and_revoke(ALICE, "new hash", version, NOON + 5).unwrap().unwrap();
    assert_eq!(revoked, [AppPasswordId(*b"aaaa"), AppPasswordId(*b"bbbb")]);
    assert_eq!(load_app_password(store, b"aaaa").unwrap().revoked_at, Some(NOON + 5));
    assert_eq!(load_app_password(store, b"cccc").unwrap().revoked_at, Some(NOON));
    assert_eq!(loaded(store).password.as_deref(), Some("new hash"));
    assert_eq!(store.set_password_and_revoke(BOB, "hash", 1, NOON), Err(StoreError::NotFound));
}

fn panel_sessions_go_with_their_account_and_a_name_again_inherits_none(store: &mut dyn Store) {
    add_alice(store);
    open(store, 1, NOON);
    store.remove_account(ALICE).unwrap();
    assert!(!is_open(store, 1));
    add_alice(store);
    assert!(!is_open(store, 1) && store.panel_sessions(&alice()).unwrap().is_empty());
}

fn the_panel_session_that_was_used_least_recently_makes_room(store: &mut dyn Store) {
    add_alice(store);
    add_bob(store);
    assert!(store.open_panel_session(BOB, 1, &new(200), NOON).unwrap());
    let most = rules::MAX_PANEL_SESSIONS as u8;
    for number in 0..most {
        open(store, number, NOON + i64::from(number));
    }
    store.touch_panel_session(digest(0), HOME, NOON + 100).unwrap();
    open(store, most, NOON + 101);
    assert!(is_open(store, 0) && !is_open(store, 1) && is_open(store, 2) && is_open(store, most));
    assert_eq!(store.panel_sessions(&alice()).unwrap().len(), rules::MAX_PANEL_SESSIONS);
    assert!(is_open(store, 200));
}

fn a_new_panel_session_has_room_beside_those_from_before_the_clock_was_set_back(store: &mut dyn Store) {
    add_alice(store);
    let most = rules::MAX_PANEL_SESSIONS as u8;
    for number in 0..most {
        open(store, number, NOON + 100_000);
    }
    open(store, most, NOON);
    assert!(is_open(store, most));
    assert_eq!(store.panel_sessions(&alice()).unwrap().len(), rules::MAX_PANEL_SESSIONS);
}

fn expired_panel_sessions_go_when_one_is_opened(store: &mut dyn Store) {
    add_alice(store);
    add_bob(store);
    assert!(store.open_panel_session(BOB, 1, &new(1), NOON).unwrap());
    open(store, 2, NOON);
    open(store, 3, NOON + 1);
    // Always in use, and too old in the end.
    store.touch_panel_session(digest(3), HOME, NOON + 43_200).unwrap();
    open(store, 4, NOON + 899);
    assert!(is_open(store, 1) && is_open(store, 2));
    open(store, 5, NOON + 900);
    assert!(!is_open(store, 1) && !is_open(store, 2) && is_open(store, 3) && is_open(store, 4));
    open(store, 6, NOON + 43_201);
    assert!(!is_open(store, 3));
}

fn a_pending_enrolment_is_cancelled_and_nothing_else(store: &mut dyn Store) {
    let confirmed = add_alice_with_two_factor(store);
    let before = loaded(store).version;
    assert!(!store.cancel_enrolment(ALICE).unwrap());
    let pending = enrol(store, NOON);
    assert!(store.cancel_enrolment(ALICE).unwrap());
    assert_eq!(store.confirm_enrolment(ALICE, pending, 1, &[], NOON), Err(StoreError::NotFound));
    let account = loaded(store);
    assert_eq!((account.authenticators.len(), account.authenticators[0].id), (1, confirmed));
    assert_eq!(account.version, before);
    assert_eq!(store.cancel_enrolment(BOB), Err(StoreError::NotFound));
}

fn a_further_authenticator_is_removed_and_the_last_one_stays(store: &mut dyn Store) {
    let first = add_alice_with_two_factor(store);
    assert!(!store.remove_authenticator(ALICE, first).unwrap());
    let second = enrol(store, NOON);
    // A pending one is no second factor yet.
    assert_eq!(store.remove_authenticator(ALICE, second), Err(StoreError::NotFound));
    assert!(!store.remove_authenticator(ALICE, first).unwrap());
    store.confirm_enrolment(ALICE, second, 1, &[], NOON).unwrap();
    assert_eq!(store.remove_authenticator(ALICE, 77), Err(StoreError::NotFound));
    assert_eq!(store.remove_authenticator(BOB, second), Err(StoreError::NotFound));
    assert!(store.remove_authenticator(ALICE, first).unwrap());
    let account = loaded(store);
    assert_eq!((account.authenticators.len(), account.authenticators[0].id), (1, second));
    let step = Claimable::TotpStep { authenticator: first, step: 500 };
    assert_eq!(claim(store, step, &keys(1, ""), NOON), Claimed::Used);
    assert!(!store.remove_authenticator(ALICE, second).unwrap());
    assert!(load_recovery_code(store, b"ab").is_some());
}
