//! Invitations to turn 2FA on.

use super::*;
use crate::invitation::{InvitationDigest, InvitationFault};
use crate::store::rules::INVITATION_KEPT;

contract! {
    an_account_has_one_invitation_and_a_new_one_takes_its_place
    an_invitation_turns_two_factor_on_once
    without_the_invitation_of_an_account_its_owner_turns_nothing_on
    an_invitation_that_was_revoked_replaced_or_expired_after_the_beginning_confirms_nothing
    where_nobody_needs_one_none_is_needed_unless_one_was_made
    an_administrator_needs_none_and_what_is_on_needs_none_any_more
    whose_two_factor_is_on_is_not_invited
    an_invitation_changes_no_version_and_ends_no_session
    an_invitation_goes_with_the_account_and_stays_with_a_rename_and_a_reset
    invitations_are_made_together_or_not_at_all
    an_invitation_goes_long_after_it_has_expired
}

const WEEK: i64 = 7 * 86_400;

fn made(byte: u8) -> Invitation {
    Invitation { digest: InvitationDigest([byte; 32]), created_at: NOON, expires_at: NOON + WEEK }
}

fn with(byte: u8) -> Shown {
    Shown { needed: true, invitation: Some(InvitationDigest([byte; 32])) }
}

const WITHOUT: Shown = Shown { needed: true, invitation: None };
const FREE: Shown = Shown { needed: false, invitation: None };

fn invite(store: &mut dyn Store, byte: u8) {
    assert!(store.set_invitation(ALICE, &made(byte)).unwrap());
}

fn confirm(
    store: &mut dyn Store,
    authenticator: i64,
    shown: &Shown,
    now: i64,
) -> std::result::Result<(), InvitationFault> {
    let state = |account: &Account| (account.version, account.two_factor(), account.pending().map(|found| found.id));
    let before = loaded(store);
    let answer = store.confirm_own_enrolment(ALICE, authenticator, 100, &recovery_codes(), shown, now).unwrap();
    if answer.is_err() {
        assert_eq!(state(&loaded(store)), state(&before), "what is refused changes nothing");
        assert!(load_recovery_code(store, b"ab").is_none() || before.two_factor());
    }
    answer
}

fn is_on(store: &mut dyn Store) -> bool {
    loaded(store).two_factor()
}

fn an_account_has_one_invitation_and_a_new_one_takes_its_place(store: &mut dyn Store) {
    add_alice(store);
    assert_eq!(store.invitation(ALICE).unwrap(), None);
    assert!(!store.remove_invitation(ALICE).unwrap());
    invite(store, 1);
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made(1)));
    assert_eq!(store.summary(&alice(), NOON).unwrap().unwrap().invited_until, Some(NOON + WEEK));
    let query = ReportQuery { domain: None, since: 0 };
    assert_eq!(store.report(&query, None, 10).unwrap()[0].invited_until, Some(NOON + WEEK));
    invite(store, 2);
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made(2)));
    assert!(store.remove_invitation(ALICE).unwrap());
    assert!(!store.remove_invitation(ALICE).unwrap());
    assert_eq!(store.invitation(ALICE).unwrap(), None);
    let nobody = AccountUid([8; 16]);
    assert_eq!(store.invitation(nobody), Err(StoreError::NotFound));
    assert_eq!(store.set_invitation(nobody, &made(1)), Err(StoreError::NotFound));
    assert_eq!(store.remove_invitation(nobody), Err(StoreError::NotFound));
}

fn an_invitation_turns_two_factor_on_once(store: &mut dyn Store) {
    add_alice(store);
    invite(store, 1);
    let authenticator = enrol(store, NOON);
    assert_eq!(confirm(store, authenticator, &with(1), NOON + WEEK - 1), Ok(()));
    assert!(is_on(store) && load_recovery_code(store, b"ab").is_some());
    assert_eq!(loaded(store).authenticators[0].last_step, 100);
    assert_eq!(store.invitation(ALICE).unwrap(), None);
    store
        .reset_two_factor(ALICE, &Reset { revoke: Revoke::Nothing, enrol_again: true, invitation: None }, NOON)
        .unwrap();
    let authenticator = enrol(store, NOON);
    assert_eq!(confirm(store, authenticator, &with(1), NOON), Err(InvitationFault::Wrong));
    assert!(!is_on(store));
}

fn without_the_invitation_of_an_account_its_owner_turns_nothing_on(store: &mut dyn Store) {
    add_alice(store);
    let authenticator = enrol(store, NOON);
    assert_eq!(confirm(store, authenticator, &WITHOUT, NOON), Err(InvitationFault::Missing));
    assert_eq!(confirm(store, authenticator, &with(1), NOON), Err(InvitationFault::Wrong));
    invite(store, 1);
    assert_eq!(confirm(store, authenticator, &WITHOUT, NOON), Err(InvitationFault::Missing));
    assert_eq!(confirm(store, authenticator, &with(2), NOON), Err(InvitationFault::Wrong));
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made(1)), "a refusal uses nothing up");
    // Nor with another account's.
    let bob = AccountUid([2; 16]);
    store.add_account(&NewAccount { uid: bob, name: &name("bob@example.org"), password: None }, NOON).unwrap();
    store.set_invitation(bob, &made(3)).unwrap();
    assert_eq!(confirm(store, authenticator, &with(3), NOON), Err(InvitationFault::Wrong));
    assert_eq!(store.invitation(bob).unwrap(), Some(made(3)));
    assert_eq!(
        store.confirm_own_enrolment(ALICE, authenticator + 1, 100, &[], &with(1), NOON),
        Err(StoreError::NotFound)
    );
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made(1)), "what is not pending uses nothing up");
    assert_eq!(confirm(store, authenticator, &with(1), NOON), Ok(()));
}

fn an_invitation_that_was_revoked_replaced_or_expired_after_the_beginning_confirms_nothing(store: &mut dyn Store) {
    add_alice(store);
    invite(store, 1);
    let authenticator = enrol(store, NOON);
    assert_eq!(confirm(store, authenticator, &with(1), NOON + WEEK), Err(InvitationFault::Expired));
    invite(store, 2);
    assert_eq!(confirm(store, authenticator, &with(1), NOON), Err(InvitationFault::Wrong));
    store.remove_invitation(ALICE).unwrap();
    for needed in [true, false] {
        assert_eq!(confirm(store, authenticator, &Shown { needed, ..with(2) }, NOON), Err(InvitationFault::Wrong));
    }
    assert!(!is_on(store));
}

fn where_nobody_needs_one_none_is_needed_unless_one_was_made(store: &mut dyn Store) {
    add_alice(store);
    let authenticator = enrol(store, NOON);
    invite(store, 1);
    assert_eq!(confirm(store, authenticator, &FREE, NOON + WEEK - 1), Err(InvitationFault::Missing));
    assert_eq!(confirm(store, authenticator, &FREE, NOON + WEEK), Ok(()));
    assert_eq!(store.invitation(ALICE).unwrap(), None, "an expired one goes as well");
}

fn an_administrator_needs_none_and_what_is_on_needs_none_any_more(store: &mut dyn Store) {
    add_alice(store);
    invite(store, 1);
    let authenticator = enrol(store, NOON);
    store.confirm_enrolment(ALICE, authenticator, 100, &recovery_codes(), NOON).unwrap();
    assert_eq!(store.invitation(ALICE).unwrap(), None);
    let second = enrol(store, NOON);
    assert_eq!(confirm(store, second, &WITHOUT, NOON), Ok(()));
    assert_eq!(loaded(store).confirmed().count(), 2);
}

fn whose_two_factor_is_on_is_not_invited(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    assert!(!store.set_invitation(ALICE, &made(1)).unwrap());
    assert_eq!(store.invitation(ALICE).unwrap(), None);
}

fn an_invitation_changes_no_version_and_ends_no_session(store: &mut dyn Store) {
    add_alice(store);
    let version = loaded(store).version;
    invite(store, 1);
    store.remove_invitation(ALICE).unwrap();
    invite(store, 1);
    assert_eq!(loaded(store).version, version);
    let authenticator = enrol(store, NOON);
    assert_eq!(confirm(store, authenticator, &with(1), NOON), Ok(()));
    assert_eq!(loaded(store).version, version + 1);
}

fn an_invitation_goes_with_the_account_and_stays_with_a_rename_and_a_reset(store: &mut dyn Store) {
    add_alice(store);
    invite(store, 1);
    store.rename_account(ALICE, &name("alice.b@example.org"), &|_| [0; 16]).unwrap();
    store.rename_account(ALICE, &alice(), &|_| [0; 16]).unwrap();
    store.reset_two_factor(ALICE, &Reset { revoke: Revoke::All, enrol_again: true, invitation: None }, NOON).unwrap();
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made(1)));
    let invited = Reset { revoke: Revoke::Nothing, enrol_again: true, invitation: Some(made(2)) };
    store.reset_two_factor(ALICE, &invited, NOON).unwrap();
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made(2)));
    store.end_two_factor(ALICE).unwrap();
    store.set_password(ALICE, "another hash", None).unwrap();
    assert_eq!(store.invitation(ALICE).unwrap(), Some(made(2)));
    store.remove_account(ALICE).unwrap();
    add_alice(store);
    assert_eq!(store.invitation(ALICE).unwrap(), None);
}

fn invitations_are_made_together_or_not_at_all(store: &mut dyn Store) {
    add_alice(store);
    let bob = AccountUid([2; 16]);
    store.add_account(&NewAccount { uid: bob, name: &name("bob@example.org"), password: None }, NOON).unwrap();
    let change = |uid, byte| BulkChange {
        target: BulkTarget::There { uid, version: 1 },
        authenticator: None,
        app_passwords: Vec::new(),
        invitation: Some(made(byte)),
        activities: Vec::new(),
    };
    let together = store.make_together(&[change(ALICE, 1), change(bob, 2)], Keep::newest(10), NOON).unwrap();
    assert_eq!(together, Together::Done);
    assert_eq!((store.invitation(ALICE).unwrap(), store.invitation(bob).unwrap()), (Some(made(1)), Some(made(2))));
    // Bob has turned 2FA on since.
    let new = NewAuthenticator { name: "Phone", sealed: &sealed(), form: FORM };
    let authenticator = store.begin_enrolment(bob, &new, NOON).unwrap();
    store.confirm_enrolment(bob, authenticator, 100, &[], NOON).unwrap();
    let now = BulkChange { target: BulkTarget::There { uid: bob, version: 2 }, ..change(bob, 4) };
    let together = store.make_together(&[change(ALICE, 3), now], Keep::newest(10), NOON).unwrap();
    assert_eq!(together, Together::Nothing(1));
    assert_eq!((store.invitation(ALICE).unwrap(), store.invitation(bob).unwrap()), (Some(made(1)), None));
}

fn an_invitation_goes_long_after_it_has_expired(store: &mut dyn Store) {
    add_alice(store);
    invite(store, 1);
    let mut tidy = |now| {
        let removed = store.tidy(&Stale { now, activity_before: None }).unwrap();
        (removed.invitations, store.invitation(ALICE).unwrap().is_some())
    };
    assert_eq!(tidy(NOON + WEEK + INVITATION_KEPT - 1), (0, true));
    assert_eq!(tidy(NOON + WEEK + INVITATION_KEPT), (1, false));
    assert_eq!(tidy(NOON + WEEK + INVITATION_KEPT), (0, false));
}
