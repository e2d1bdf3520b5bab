//! 2FA that is reset for somebody who has lost a phone.

use super::*;

contract! {
    a_reset_ends_two_factor_and_asks_for_it_again_until_it_is_on
    a_reset_may_ask_for_nothing
    a_reset_invites_in_the_same_breath
    a_reset_revokes_what_it_names_or_all_or_nothing
    a_reset_that_names_what_is_not_there_changes_nothing
    two_factor_that_ends_otherwise_leaves_a_reset_as_it_was
}

const AGAIN: Reset<'_> = Reset { revoke: Revoke::Nothing, enrol_again: true, invitation: None };

fn enrol_again(store: &mut dyn Store) -> bool {
    store.load(&Lookup::account(&alice())).unwrap().requirements.enrol_again
}

fn add_alice_with_three_app_passwords(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    for id in [b"aaaa", b"bbbb", b"cccc"] {
        store.add_app_password(ALICE, None, &app_password(id)).unwrap();
    }
}

fn in_force(store: &mut dyn Store) -> Vec<String> {
    let mut rows = store.app_passwords(ALICE).unwrap();
    rows.retain(|row| row.revoked_at.is_none());
    rows.iter().map(|row| row.id.to_string()).collect()
}

fn a_reset_ends_two_factor_and_asks_for_it_again_until_it_is_on(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let version = loaded(store).version;
    assert!(store.reset_two_factor(ALICE, &AGAIN, NOON).unwrap().is_empty());
    let account = loaded(store);
    assert!(!account.two_factor() && account.version > version);
    assert!(load_recovery_code(store, b"ab").is_none());
    assert!(enrol_again(store));
    assert_eq!(store.account_requirements(None, 10).unwrap().len(), 1);
    let authenticator = enrol(store, NOON);
    assert!(enrol_again(store), "a pending enrolment is not 2FA");
    store.confirm_enrolment(ALICE, authenticator, 200, &recovery_codes(), NOON).unwrap();
    assert!(!enrol_again(store));
    assert_eq!(store.reset_two_factor(AccountUid([8; 16]), &AGAIN, NOON), Err(StoreError::NotFound));
}

fn a_reset_may_ask_for_nothing(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    store.reset_two_factor(ALICE, &AGAIN, NOON).unwrap();
    store.reset_two_factor(ALICE, &Reset { enrol_again: false, ..AGAIN }, NOON).unwrap();
    assert!(!enrol_again(store));
}

fn a_reset_invites_in_the_same_breath(store: &mut dyn Store) {
    use crate::invitation::InvitationDigest;
    add_alice_with_two_factor(store);
    let made = Invitation { digest: InvitationDigest([1; 32]), created_at: NOON, expires_at: NOON + 60 };
    let missing = [AppPasswordId(*b"zzzz")];
    let impossible = Reset { revoke: Revoke::These(&missing), invitation: Some(made), ..AGAIN };
    assert_eq!(store.reset_two_factor(ALICE, &impossible, NOON), Err(StoreError::NotFound));
    assert_eq!(store.invitation(ALICE).unwrap(), None);
    store.reset_two_factor(ALICE, &Reset { invitation: Some(made), ..AGAIN }, NOON).unwrap();
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made));
    assert!(enrol_again(store) && !loaded(store).two_factor());
}

fn a_reset_revokes_what_it_names_or_all_or_nothing(store: &mut dyn Store) {
    add_alice_with_three_app_passwords(store);
    store.reset_two_factor(ALICE, &AGAIN, NOON).unwrap();
    assert_eq!(in_force(store), ["aaaa", "bbbb", "cccc"]);
    let ids = [AppPasswordId(*b"bbbb"), AppPasswordId(*b"aaaa")];
    let revoked = store.reset_two_factor(ALICE, &Reset { revoke: Revoke::These(&ids), ..AGAIN }, NOON).unwrap();
    assert_eq!(revoked, [AppPasswordId(*b"aaaa"), AppPasswordId(*b"bbbb")]);
    assert_eq!(in_force(store), ["cccc"]);
    let revoked = store.reset_two_factor(ALICE, &Reset { revoke: Revoke::All, ..AGAIN }, NOON).unwrap();
    assert_eq!(revoked, [AppPasswordId(*b"cccc")]);
    assert!(in_force(store).is_empty());
}

fn a_reset_that_names_what_is_not_there_changes_nothing(store: &mut dyn Store) {
    add_alice_with_three_app_passwords(store);
    store.revoke_app_passwords(ALICE, Some(AppPasswordId(*b"cccc")), NOON).unwrap();
    let version = loaded(store).version;
    for missing in [b"zzzz", b"cccc"] {
        let ids = [AppPasswordId(*b"aaaa"), AppPasswordId(*missing)];
        let reset = Reset { revoke: Revoke::These(&ids), enrol_again: true, invitation: None };
        assert_eq!(store.reset_two_factor(ALICE, &reset, NOON), Err(StoreError::NotFound));
    }
    assert!(loaded(store).two_factor() && loaded(store).version == version && !enrol_again(store));
    assert_eq!(in_force(store), ["aaaa", "bbbb"]);
}

fn two_factor_that_ends_otherwise_leaves_a_reset_as_it_was(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    store.reset_two_factor(ALICE, &AGAIN, NOON).unwrap();
    // Who has stolen the password begins an enrolment in the panel and takes it back.
    enrol(store, NOON);
    store.end_two_factor(ALICE).unwrap();
    assert!(enrol_again(store));
}
