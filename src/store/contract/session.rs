//! Sessions: opened with a claim, found, used, ended.

use super::*;
use crate::account::LastUse;
use crate::session::Life;

contract! {
    a_session_opens_with_its_claim_and_is_found_as_it_was_opened
    a_session_without_anything_to_claim_opens_too
    a_digest_that_was_seen_opens_nothing_and_claims_nothing
    a_claim_that_fails_opens_no_session
    a_session_of_another_account_is_elsewhere
    a_session_is_gone_but_known_when_its_account_is_removed
    an_ended_session_is_found_ended_and_stays_so
    one_session_ends_while_the_other_goes_on
    all_sessions_of_a_name_end_and_nobody_elses
    a_use_is_written_once_in_its_interval_or_from_elsewhere
    the_use_of_an_ended_session_is_not_written
    an_opening_is_remembered_until_a_use_half_a_minute_later
    an_unconfirmed_session_is_confirmed_once_it_is_not_ended
    whatever_a_session_stands_on_ends_it
    what_a_session_does_not_stand_on_leaves_it_alone
    a_name_without_a_record_has_sessions_that_end_when_it_gets_one
    a_name_that_got_a_record_meanwhile_opens_nothing
    a_grace_session_is_found_by_its_digest_and_not_remembered_for_ever
    ended_sessions_and_then_the_oldest_make_room_for_new_ones
    a_session_that_nobody_uses_is_forgotten_in_time
    recovery_codes_left_stand_in_the_activity
}

const HOME: &str = "127.0.0.1";

fn digest(number: u8) -> SessionDigest {
    SessionDigest([number; 32])
}

fn new(number: u8) -> NewSession<'static> {
    NewSession {
        digest: digest(number),
        kind: SessionKind::Exchange,
        opening: Some([number; 16]),
        method: "totp",
        from: HOME,
        protocol: "",
        confirmed: true,
    }
}

fn grace(number: u8) -> NewSession<'static> {
    NewSession { kind: SessionKind::Grace, opening: None, ..new(number) }
}

/// Opens a session of Alice's, with `what` if there is something to claim.
fn open(store: &mut dyn Store, new: &NewSession<'_>, what: Option<Claimable>, now: i64) -> Claimed {
    let holder = Holder::Account { uid: ALICE, version: loaded(store).version };
    store.claim(&Claim { holder, what, session: Some(new), throttle: &keys(1, ""), now }).unwrap()
}

/// Opens session number `number` of Alice's.
fn opened(store: &mut dyn Store, number: u8, now: i64) {
    assert_eq!(open(store, &new(number), None, now), Claimed::Yes);
}

fn open_without_record(store: &mut dyn Store, name: &AccountName, new: &NewSession<'_>) -> Claimed {
    let holder = Holder::NoRecord(name);
    store.claim(&Claim { holder, what: None, session: Some(new), throttle: &keys(1, ""), now: NOON }).unwrap()
}

fn found(store: &mut dyn Store, name: &AccountName, number: u8) -> SessionFound {
    store.load(&Lookup { session: Some(digest(number)), ..Lookup::account(name) }).unwrap().session
}

/// Alice's session with that number.
fn session(store: &mut dyn Store, number: u8) -> Session {
    match found(store, &alice(), number) {
        SessionFound::Here(session) => session,
        other => panic!("{other:?}"),
    }
}

fn is_open(store: &mut dyn Store, number: u8) -> bool {
    !session(store, number).ended
}

fn add_bob(store: &mut dyn Store) -> AccountName {
    let bob = name("bob@example.org");
    store.add_account(&NewAccount { uid: AccountUid([2; 16]), name: &bob, password: None }, NOON).unwrap();
    bob
}

fn use_at(store: &mut dyn Store, number: u8, from: &str, protocol: &str, now: i64) {
    let activity = Activity { address: from.into(), protocol: protocol.into(), ..accepted(protocol, from) };
    let used = Some(Used::Session { digest: digest(number), interval: 60 });
    store
        .note(&Note { account: Some(ALICE), activity: &activity, keep: Keep::newest(9), used, forgive: None, now })
        .unwrap();
}

fn a_session_opens_with_its_claim_and_is_found_as_it_was_opened(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    assert_eq!(found(store, &alice(), 1), SessionFound::Unknown);
    let step = Claimable::TotpStep { authenticator, step: 101 };
    assert_eq!(open(store, &new(1), Some(step), NOON), Claimed::Yes);
    let expected = Session {
        digest: digest(1),
        kind: SessionKind::Exchange,
        opening: Some([1; 16]),
        method: "totp".into(),
        opened_at: NOON,
        opened_from: HOME.into(),
        last_use: LastUse { at: NOON, from: HOME.into(), protocol: String::new() },
        confirmed: true,
        ended: false,
    };
    assert_eq!(session(store, 1), expected);
    assert_eq!(store.sessions(&alice()).unwrap(), [expected]);
    assert_eq!(loaded(store).authenticators[0].last_step, 101);
    // Nothing is looked for where no session was presented.
    assert_eq!(store.load(&Lookup::account(&alice())).unwrap().session, SessionFound::Unknown);
}

fn a_session_without_anything_to_claim_opens_too(store: &mut dyn Store) {
    add_alice(store);
    block(store, &keys(1, ""), Fault::Code, CounterKind::Code, NOON + 10);
    assert_eq!(open(store, &new(1), None, NOON), Claimed::Yes);
    assert!(is_open(store, 1));
}

fn a_digest_that_was_seen_opens_nothing_and_claims_nothing(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    let bob = add_bob(store);
    let step = |step| Some(Claimable::TotpStep { authenticator, step });
    assert_eq!(open(store, &new(1), step(101), NOON), Claimed::Yes);
    assert_eq!(open(store, &new(1), step(102), NOON + 1), Claimed::SessionSeen);
    assert_eq!(loaded(store).authenticators[0].last_step, 101);
    assert_eq!(session(store, 1).opened_at, NOON);
    let holder = Holder::Account { uid: AccountUid([2; 16]), version: 1 };
    let claim = Claim { holder, what: None, session: Some(&new(1)), throttle: &keys(2, ""), now: NOON };
    assert_eq!(store.claim(&claim).unwrap(), Claimed::SessionSeen);
    store.end_sessions(&alice(), None).unwrap();
    assert_eq!(open(store, &new(1), step(102), NOON + 2), Claimed::SessionSeen);
    assert!(!is_open(store, 1));
    assert!(store.sessions(&bob).unwrap().is_empty());
}

fn a_claim_that_fails_opens_no_session(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    let used = Claimable::TotpStep { authenticator, step: 100 };
    assert_eq!(open(store, &new(1), Some(used), NOON), Claimed::Used);
    assert_eq!(found(store, &alice(), 1), SessionFound::Unknown);
    let fresh = Claimable::TotpStep { authenticator, step: 101 };
    let (session, throttle) = (new(1), keys(1, ""));
    let old = Claim { session: Some(&session), ..claim_of_alice(1, fresh, &throttle) };
    assert_eq!(store.claim(&old).unwrap(), Claimed::Changed);
    block(store, &keys(1, ""), Fault::Code, CounterKind::Code, NOON + 10);
    assert_eq!(open(store, &new(1), Some(fresh), NOON), Claimed::Blocked);
    assert_eq!(found(store, &alice(), 1), SessionFound::Unknown);
    assert_eq!(open(store, &new(1), Some(fresh), NOON + 10), Claimed::Yes);
}

fn a_session_of_another_account_is_elsewhere(store: &mut dyn Store) {
    add_alice(store);
    let bob = add_bob(store);
    opened(store, 1, NOON);
    assert_eq!(found(store, &bob, 1), SessionFound::Elsewhere);
    assert_eq!(found(store, &name("nobody@example.org"), 1), SessionFound::Elsewhere);
    assert!(store.end_sessions(&bob, Some(digest(1))).unwrap().is_empty());
    assert!(is_open(store, 1));
}

fn a_session_is_gone_but_known_when_its_account_is_removed(store: &mut dyn Store) {
    add_alice(store);
    opened(store, 1, NOON);
    store.remove_account(ALICE).unwrap();
    assert_eq!(found(store, &alice(), 1), SessionFound::Gone);
    add_alice(store);
    assert_eq!(found(store, &alice(), 1), SessionFound::Gone);
    assert_eq!(open(store, &new(1), None, NOON), Claimed::SessionSeen);
}

fn an_ended_session_is_found_ended_and_stays_so(store: &mut dyn Store) {
    add_alice(store);
    opened(store, 1, NOON);
    assert_eq!(store.end_sessions(&alice(), Some(digest(1))).unwrap(), [digest(1)]);
    assert!(store.end_sessions(&alice(), Some(digest(1))).unwrap().is_empty());
    let limits = crate::session::SessionLimits { idle: 3600, absolute: 7200 };
    assert_eq!(session(store, 1).life(&limits, NOON), Life::Ended);
    assert!(store.sessions(&alice()).unwrap().is_empty());
}

fn one_session_ends_while_the_other_goes_on(store: &mut dyn Store) {
    add_alice(store);
    opened(store, 1, NOON);
    opened(store, 2, NOON + 1);
    let digests = |store: &mut dyn Store| {
        store.sessions(&alice()).unwrap().iter().map(|session| session.digest).collect::<Vec<_>>()
    };
    assert_eq!(digests(store), [digest(2), digest(1)]);
    store.end_sessions(&alice(), Some(digest(2))).unwrap();
    assert_eq!(digests(store), [digest(1)]);
    assert!(is_open(store, 1) && !is_open(store, 2));
}

fn all_sessions_of_a_name_end_and_nobody_elses(store: &mut dyn Store) {
    add_alice(store);
    let carol = name("carol@example.org");
    opened(store, 1, NOON);
    opened(store, 2, NOON);
    assert_eq!(open_without_record(store, &carol, &new(3)), Claimed::Yes);
    assert_eq!(store.end_sessions(&alice(), None).unwrap(), [digest(1), digest(2)]);
    assert!(matches!(found(store, &carol, 3), SessionFound::Here(session) if !session.ended));
}

fn a_use_is_written_once_in_its_interval_or_from_elsewhere(store: &mut dyn Store) {
    add_alice(store);
    opened(store, 1, NOON);
    let mut used = |from: &str, protocol: &str, now| {
        use_at(store, 1, from, protocol, now);
        let last = session(store, 1).last_use;
        (last.at - NOON, last.from, last.protocol)
    };
    let seen = |at, from: &str, protocol: &str| (at, from.to_string(), protocol.to_string());
    assert_eq!(used(HOME, "", NOON + 59), seen(0, HOME, ""));
    assert_eq!(used(HOME, "", NOON + 60), seen(60, HOME, ""));
    assert_eq!(used("192.0.2.1", "", NOON + 61), seen(61, "192.0.2.1", ""));
    assert_eq!(used("192.0.2.1", "smtp", NOON + 62), seen(62, "192.0.2.1", "smtp"));
    // The clock was set back.
    assert_eq!(used("192.0.2.1", "smtp", NOON), seen(0, "192.0.2.1", "smtp"));
}

fn the_use_of_an_ended_session_is_not_written(store: &mut dyn Store) {
    add_alice(store);
    opened(store, 1, NOON);
    store.end_sessions(&alice(), None).unwrap();
    use_at(store, 1, HOME, "", NOON + 600);
    assert_eq!(session(store, 1).last_use.at, NOON);
}

fn an_opening_is_remembered_until_a_use_half_a_minute_later(store: &mut dyn Store) {
    add_alice(store);
    opened(store, 1, NOON);
    use_at(store, 1, "192.0.2.1", "", NOON + 30);
    assert_eq!(session(store, 1).opening, Some([1; 16]));
    use_at(store, 1, HOME, "", NOON + 31);
    assert_eq!(session(store, 1).opening, None);
}

fn an_unconfirmed_session_is_confirmed_once_it_is_not_ended(store: &mut dyn Store) {
    add_alice(store);
    for number in [1, 2] {
        let unconfirmed = NewSession { confirmed: false, ..new(number) };
        assert_eq!(open(store, &unconfirmed, None, NOON), Claimed::Yes);
        assert!(!session(store, number).confirmed);
    }
    assert!(store.confirm_session(digest(1)).unwrap());
    assert!(store.confirm_session(digest(1)).unwrap());
    assert!(session(store, 1).confirmed && !session(store, 2).confirmed);
    store.end_sessions(&alice(), None).unwrap();
    assert!(!store.confirm_session(digest(2)).unwrap());
    assert!(!store.confirm_session(digest(3)).unwrap());
    assert!(!session(store, 2).confirmed);
}

fn whatever_a_session_stands_on_ends_it(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    let mut number = 0;
    let mut ends = |what: &str, store: &mut dyn Store, change: &dyn Fn(&mut dyn Store)| {
        number += 1;
        assert_eq!(open(store, &new(number), None, NOON), Claimed::Yes, "{what}");
        change(store);
        assert!(!is_open(store, number), "{what}");
    };
    ends("the password is set", store, &|store| {
        assert!(store.set_password(ALICE, "new hash", None).unwrap());
    });
    ends("new recovery codes", store, &|store| {
        store.replace_recovery_codes(ALICE, None, &recovery_codes()).unwrap();
    });
    ends("a further authenticator", store, &|store| {
        let second = enrol(store, NOON);
        store.confirm_enrolment(ALICE, second, 1, &[], NOON).unwrap();
    });
    ends("2FA is turned off", store, &|store| store.end_two_factor(ALICE).unwrap());
    ends("2FA is turned on", store, &|store| {
        let first = enrol(store, NOON);
        store.confirm_enrolment(ALICE, first, 1, &recovery_codes(), NOON).unwrap();
    });
    ends("the account is disabled and enabled", store, &|store| {
        store.set_enabled(ALICE, false).unwrap();
        store.set_enabled(ALICE, true).unwrap();
    });
}

fn what_a_session_does_not_stand_on_leaves_it_alone(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    opened(store, 1, NOON);
    let version = loaded(store).version;
    assert!(!store.set_password(ALICE, "too late", Some(version - 1)).unwrap());
    assert!(store.rehash(ALICE, HashOf::Password, "old hash", "better").unwrap());
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    store.revoke_app_passwords(ALICE, None, NOON).unwrap();
    enrol(store, NOON);
    assert_eq!(claim(store, Claimable::RecoveryCode(RecoveryIndex(*b"ab")), &keys(1, ""), NOON), Claimed::Yes);
    assert!(is_open(store, 1));
}

fn a_name_without_a_record_has_sessions_that_end_when_it_gets_one(store: &mut dyn Store) {
    assert_eq!(open_without_record(store, &alice(), &new(1)), Claimed::Yes);
    assert!(is_open(store, 1));
    assert_eq!(store.sessions(&alice()).unwrap().len(), 1);
    let note = Note {
        account: None,
        activity: &accepted("", HOME),
        keep: Keep::newest(9),
        used: Some(Used::Session { digest: digest(1), interval: 60 }),
        forgive: None,
        now: NOON + 60,
    };
    store.note(&note).unwrap();
    assert_eq!(session(store, 1).last_use.at, NOON + 60);
    add_alice(store);
    assert_eq!(found(store, &alice(), 1), SessionFound::Elsewhere);
    assert!(store.sessions(&alice()).unwrap().is_empty());
    store.remove_account(ALICE).unwrap();
    assert!(!is_open(store, 1));
}

fn a_name_that_got_a_record_meanwhile_opens_nothing(store: &mut dyn Store) {
    add_alice(store);
    assert_eq!(open_without_record(store, &alice(), &new(1)), Claimed::Changed);
    assert_eq!(found(store, &alice(), 1), SessionFound::Unknown);
    // A name without a record has no codes.
    let bob = name("bob@example.org");
    let what = Some(Claimable::RecoveryCode(RecoveryIndex(*b"ab")));
    let claim = Claim { holder: Holder::NoRecord(&bob), what, session: None, throttle: &keys(1, ""), now: NOON };
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Used);
}

fn a_grace_session_is_found_by_its_digest_and_not_remembered_for_ever(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    let step = |step| Some(Claimable::TotpStep { authenticator, step });
    assert_eq!(open(store, &grace(1), step(101), NOON), Claimed::Yes);
    assert_eq!((session(store, 1).kind, session(store, 1).opening), (SessionKind::Grace, None));
    assert_eq!(open(store, &grace(1), step(102), NOON), Claimed::SessionSeen);
    store.end_sessions(&alice(), None).unwrap();
    assert_eq!(open(store, &grace(1), step(102), NOON), Claimed::SessionSeen);
    store.remove_account(ALICE).unwrap();
    assert_eq!(found(store, &alice(), 1), SessionFound::Unknown);
}

fn ended_sessions_and_then_the_oldest_make_room_for_new_ones(store: &mut dyn Store) {
    add_alice(store);
    let most = rules::MAX_SESSIONS as u8;
    for number in 0..most {
        opened(store, number, NOON + i64::from(number));
    }
    store.end_sessions(&alice(), Some(digest(5))).unwrap();
    opened(store, most, NOON + 200);
    assert_eq!(found(store, &alice(), 5), SessionFound::Gone);
    assert_eq!(store.sessions(&alice()).unwrap().len(), rules::MAX_SESSIONS);
    opened(store, most + 1, NOON + 201);
    assert_eq!(found(store, &alice(), 0), SessionFound::Gone);
    assert!(is_open(store, 1) && is_open(store, most + 1));
}

fn a_session_that_nobody_uses_is_forgotten_in_time(store: &mut dyn Store) {
    let authenticator = add_alice_with_two_factor(store);
    let step = Some(Claimable::TotpStep { authenticator, step: 101 });
    assert_eq!(open(store, &grace(1), step, NOON), Claimed::Yes);
    opened(store, 2, NOON);
    opened(store, 3, NOON + rules::SESSION_KEPT - 1);
    assert!(is_open(store, 1) && is_open(store, 2));
    opened(store, 4, NOON + rules::SESSION_KEPT);
    assert_eq!(found(store, &alice(), 1), SessionFound::Unknown);
    assert_eq!(found(store, &alice(), 2), SessionFound::Gone);
    assert!(is_open(store, 3));
}

fn recovery_codes_left_stand_in_the_activity(store: &mut dyn Store) {
    add_alice(store);
    let activity = Activity { codes_left: Some(9), ..accepted("", HOME) };
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
    assert_eq!(store.activity(Some(ALICE), 1).unwrap()[0].activity, activity);
}
