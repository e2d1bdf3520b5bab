//! Notices by mail, and the networks that people are known by.

use super::*;
use crate::notice::NoticeKind;

contract! {
    a_notice_waits_until_it_is_settled
    a_notice_that_failed_waits_for_its_next_try
    each_who_takes_a_notice_gets_another_one_and_it_is_due_again_where_nothing_became_of_it
    a_notice_says_everything_that_its_letter_needs
    who_wants_no_notices_gets_none
    settings_are_kept_and_change_no_version
    guessing_is_told_once_an_hour
    other_kinds_are_told_every_time
    nobody_gets_more_than_twenty_a_day
    who_guesses_leaves_room_for_what_is_told_once_he_is_in
    the_notices_of_others_count_for_nothing
    a_first_network_is_not_new
    another_network_is_new_once
    a_network_is_forgotten_after_half_a_year
    a_network_is_new_also_where_all_others_are_forgotten
    the_networks_of_an_account_are_bounded
    a_removed_account_takes_its_notices_along
    what_was_settled_long_ago_goes
}

const BOB: AccountUid = AccountUid([2; 16]);

fn notice(kind: NoticeKind, now: i64) -> NewNotice<'static> {
    NewNotice { account: ALICE, kind, address: "192.0.2.7", mode: "panel", subject: "", codes_left: None, now }
}

fn queue(store: &mut dyn Store, kind: NoticeKind, now: i64) -> bool {
    store.queue_notice(&notice(kind, now)).unwrap()
}

fn due(store: &mut dyn Store, now: i64) -> Vec<(NoticeKind, i64)> {
    store.notices_due(now, 100).unwrap().iter().map(|notice| (notice.kind, notice.at)).collect()
}

fn a_notice_waits_until_it_is_settled(store: &mut dyn Store) {
    add_alice(store);
    assert!(queue(store, NoticeKind::TwoFactorOn, NOON));
    assert!(queue(store, NoticeKind::TwoFactorOff, NOON + 1));
    assert_eq!(due(store, NOON), [(NoticeKind::TwoFactorOn, NOON)]);
    assert_eq!(due(store, NOON + 1), [(NoticeKind::TwoFactorOn, NOON), (NoticeKind::TwoFactorOff, NOON + 1)]);
    let first = store.notices_due(NOON + 1, 1).unwrap().remove(0);
    assert!(store.settle_notice(first.id, Settled::Done, NOON + 2).unwrap());
    assert_eq!(due(store, NOON + 9), [(NoticeKind::TwoFactorOff, NOON + 1)]);
    assert!(!store.settle_notice(first.id, Settled::Done, NOON + 3).unwrap(), "it was settled before");
    assert!(!store.settle_notice(4711, Settled::Done, NOON + 3).unwrap(), "there is none");
}

fn a_notice_that_failed_waits_for_its_next_try(store: &mut dyn Store) {
    add_alice(store);
    queue(store, NoticeKind::TwoFactorOn, NOON);
    let id = store.notices_due(NOON, 1).unwrap()[0].id;
    let failed = Settled::Failed { next_try: NOON + 60, error: "no mail system" };
    assert!(store.settle_notice(id, failed, NOON).unwrap());
    assert_eq!(due(store, NOON + 59), []);
    let again = store.notices_due(NOON + 60, 1).unwrap().remove(0);
    assert_eq!((again.id, again.tries, again.error.as_str()), (id, 1, "no mail system"));
}

fn each_who_takes_a_notice_gets_another_one_and_it_is_due_again_where_nothing_became_of_it(store: &mut dyn Store) {
    add_alice(store);
    queue(store, NoticeKind::TwoFactorOn, NOON);
    queue(store, NoticeKind::TwoFactorOff, NOON + 1);
    let mut take =
        |now| store.take_notice(now, now + 600).unwrap().map(|notice| (notice.kind, notice.tries, notice.id));
    assert_eq!(take(NOON - 1), None);
    let (first, second) = (take(NOON + 1).unwrap(), take(NOON + 1).unwrap());
    assert_eq!((first.0, second.0), (NoticeKind::TwoFactorOn, NoticeKind::TwoFactorOff));
    assert_eq!(take(NOON + 600), None);
    // Whoever took the first has died; the second was sent.
    assert!(store.settle_notice(second.2, Settled::Done, NOON + 2).unwrap());
    let mut take =
        |now| store.take_notice(now, now + 600).unwrap().map(|notice| (notice.kind, notice.tries, notice.id));
    assert_eq!(take(NOON + 601), Some(first));
    assert_eq!(take(NOON + 601), None);
    // It comes to itself, and changes nothing that the other one has done.
    assert!(store.settle_notice(first.2, Settled::Done, NOON + 602).unwrap());
    let failed = Settled::Failed { next_try: NOON + 603, error: "too late" };
    assert!(!store.settle_notice(first.2, failed, NOON + 602).unwrap());
    assert_eq!(store.take_notice(NOON + 9_999, NOON + 10_000).unwrap(), None);
}

fn a_notice_says_everything_that_its_letter_needs(store: &mut dyn Store) {
    add_alice(store);
    let settings =
        NoticeSettings { enabled: true, address: Some("alice@elsewhere.example".into()), language: Some("de".into()) };
    let new = NewNotice { subject: "My phone", codes_left: Some(3), ..notice(NoticeKind::AppPasswordCreated, NOON) };
    assert!(store.queue_notice(&new).unwrap());
    store.set_notice_settings(ALICE, &settings).unwrap();
    let found = store.notices_due(NOON, 1).unwrap().remove(0);
    let expected = Notice {
        id: found.id,
        account: alice(),
        kind: NoticeKind::AppPasswordCreated,
        at: NOON,
        address: "192.0.2.7".into(),
        mode: "panel".into(),
        subject: "My phone".into(),
        codes_left: Some(3),
        tries: 0,
        error: String::new(),
        settings,
    };
    assert_eq!(found, expected);
}

fn who_wants_no_notices_gets_none(store: &mut dyn Store) {
    add_alice(store);
    store.set_notice_settings(ALICE, &NoticeSettings { enabled: false, ..NoticeSettings::default() }).unwrap();
    assert!(!queue(store, NoticeKind::TwoFactorOff, NOON));
    store.set_notice_settings(ALICE, &NoticeSettings::default()).unwrap();
    assert_eq!(due(store, NOON), []);
    assert!(queue(store, NoticeKind::TwoFactorOff, NOON));
}

fn settings_are_kept_and_change_no_version(store: &mut dyn Store) {
    add_alice(store);
    let version = loaded(store).version;
    assert_eq!(store.notice_settings(ALICE).unwrap(), NoticeSettings::default());
    let settings = NoticeSettings { enabled: false, address: Some("a@b.example".into()), language: Some("pl".into()) };
    store.set_notice_settings(ALICE, &settings).unwrap();
    assert_eq!(store.notice_settings(ALICE).unwrap(), settings);
    assert_eq!(loaded(store).version, version);
    assert_eq!(store.notice_settings(BOB), Err(StoreError::NotFound));
    assert_eq!(store.set_notice_settings(BOB, &settings), Err(StoreError::NotFound));
}

fn guessing_is_told_once_an_hour(store: &mut dyn Store) {
    add_alice(store);
    assert!(queue(store, NoticeKind::CodeGuessing, NOON));
    assert!(!queue(store, NoticeKind::CodeGuessing, NOON + 3_599));
    assert!(queue(store, NoticeKind::CodeGuessing, NOON + 3_600));
    let id = store.notices_due(NOON + 3_600, 1).unwrap()[0].id;
    store.settle_notice(id, Settled::Done, NOON + 3_600).unwrap();
    assert!(!queue(store, NoticeKind::CodeGuessing, NOON + 3_601), "also where the last one was sent");
}

fn other_kinds_are_told_every_time(store: &mut dyn Store) {
    add_alice(store);
    for _ in 0..3 {
        assert!(queue(store, NoticeKind::AppPasswordCreated, NOON));
    }
}

fn nobody_gets_more_than_twenty_a_day(store: &mut dyn Store) {
    add_alice(store);
    let queued = (0..30).filter(|_| queue(store, NoticeKind::AppPasswordCreated, NOON)).count();
    assert_eq!(queued, 20);
    assert!(queue(store, NoticeKind::AppPasswordCreated, NOON + 86_400));
}

fn who_guesses_leaves_room_for_what_is_told_once_he_is_in(store: &mut dyn Store) {
    add_alice(store);
    let midnight = NOON / 86_400 * 86_400;
    let told = (0..24).filter(|hour| queue(store, NoticeKind::CodeGuessing, midnight + hour * 3_600)).count();
    assert_eq!(told, 10);
    assert!(!queue(store, NoticeKind::NewNetwork, midnight + 86_000));
    let told = (0..20).filter(|_| queue(store, NoticeKind::AppPasswordCreated, midnight + 86_000)).count();
    assert_eq!(told, 10);
}

fn the_notices_of_others_count_for_nothing(store: &mut dyn Store) {
    add_alice(store);
    store.add_account(&NewAccount { uid: BOB, name: &name("bob@example.org"), password: None }, NOON).unwrap();
    while queue(store, NoticeKind::AppPasswordCreated, NOON) {}
    queue(store, NoticeKind::CodeGuessing, NOON + 86_400);
    let of_bob = |kind, now| NewNotice { account: BOB, ..notice(kind, now) };
    assert!(store.queue_notice(&of_bob(NoticeKind::CodeGuessing, NOON)).unwrap());
    assert!(store.queue_notice(&of_bob(NoticeKind::CodeGuessing, NOON + 86_400)).unwrap());
}

fn a_first_network_is_not_new(store: &mut dyn Store) {
    add_alice(store);
    assert!(!store.meet_network(ALICE, "192.0.2.0/24", NOON).unwrap());
    assert_eq!(store.meet_network(BOB, "192.0.2.0/24", NOON), Err(StoreError::NotFound));
}

fn another_network_is_new_once(store: &mut dyn Store) {
    add_alice(store);
    store.add_account(&NewAccount { uid: BOB, name: &name("bob@example.org"), password: None }, NOON).unwrap();
    store.meet_network(ALICE, "192.0.2.0/24", NOON).unwrap();
    assert!(store.meet_network(ALICE, "198.51.100.0/24", NOON + 1).unwrap());
    assert!(!store.meet_network(ALICE, "198.51.100.0/24", NOON + 2).unwrap());
    assert!(!store.meet_network(ALICE, "192.0.2.0/24", NOON + 90_000).unwrap());
    assert!(!store.meet_network(BOB, "203.0.113.0/24", NOON).unwrap(), "what is known of Alice is not known of Bob");
}

fn a_network_is_forgotten_after_half_a_year(store: &mut dyn Store) {
    add_alice(store);
    let half_a_year = 180 * 86_400;
    store.meet_network(ALICE, "192.0.2.0/24", NOON).unwrap();
    store.meet_network(ALICE, "198.51.100.0/24", NOON).unwrap();
    // A sign-in a day later keeps the one, and the other goes.
    store.meet_network(ALICE, "192.0.2.0/24", NOON + 86_401).unwrap();
    assert!(!store.meet_network(ALICE, "192.0.2.0/24", NOON + half_a_year + 1).unwrap());
    assert!(store.meet_network(ALICE, "198.51.100.0/24", NOON + half_a_year + 1).unwrap());
}

fn a_network_is_new_also_where_all_others_are_forgotten(store: &mut dyn Store) {
    add_alice(store);
    let later = NOON + 200 * 86_400;
    store.meet_network(ALICE, "192.0.2.0/24", NOON).unwrap();
    assert!(store.meet_network(ALICE, "198.51.100.0/24", later).unwrap());
    assert!(store.meet_network(ALICE, "192.0.2.0/24", later + 1).unwrap(), "it is forgotten itself");
}

fn the_networks_of_an_account_are_bounded(store: &mut dyn Store) {
    add_alice(store);
    for number in 0..60 {
        store.meet_network(ALICE, &format!("10.0.{number}.0/24"), NOON + number).unwrap();
    }
    assert!(!store.meet_network(ALICE, "10.0.59.0/24", NOON + 100).unwrap());
    assert!(!store.meet_network(ALICE, "10.0.10.0/24", NOON + 100).unwrap());
    assert!(store.meet_network(ALICE, "10.0.9.0/24", NOON + 100).unwrap(), "it made room for the fiftieth after it");
}

fn a_removed_account_takes_its_notices_along(store: &mut dyn Store) {
    add_alice(store);
    queue(store, NoticeKind::PasswordChanged, NOON);
    store.meet_network(ALICE, "192.0.2.0/24", NOON).unwrap();
    store.remove_account(ALICE).unwrap();
    assert_eq!(due(store, NOON), []);
    add_alice(store);
    assert!(!store.meet_network(ALICE, "198.51.100.0/24", NOON).unwrap());
}

fn what_was_settled_long_ago_goes(store: &mut dyn Store) {
    add_alice(store);
    let long = 45 * 86_400;
    queue(store, NoticeKind::CodeGuessing, NOON);
    let id = store.notices_due(NOON, 1).unwrap()[0].id;
    store.settle_notice(id, Settled::Done, NOON).unwrap();
    queue(store, NoticeKind::TwoFactorOn, NOON + long);
    let later = store.notices_due(NOON + long, 1).unwrap()[0].id;
    store.settle_notice(later, Settled::Done, NOON + long + 1).unwrap();
    // The row is gone, and with it what it said about its hour.
    assert!(queue(store, NoticeKind::CodeGuessing, NOON + 1));
}
