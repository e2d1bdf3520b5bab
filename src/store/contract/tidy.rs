//! What has expired goes, and nothing else.

use super::*;
use crate::store::rules::SESSION_KEPT;

contract! {
    nothing_goes_before_its_time
    activity_goes_by_its_last_time
    without_an_age_all_activity_stays
    a_session_goes_when_it_is_not_even_told_apart_any_more
    a_panel_session_goes_when_it_has_expired
    failures_go_when_they_count_no_more
    however_much_there_is_it_goes_in_the_end
}

fn tidy(store: &mut dyn Store, now: i64, activity_before: Option<i64>) -> Tidied {
    let mut all = Tidied::default();
    loop {
        let some = store.tidy(&Stale { now, activity_before }).unwrap();
        if some == Tidied::default() {
            return all;
        }
        all.activity += some.activity;
        all.webmail_sessions += some.webmail_sessions;
        all.panel_sessions += some.panel_sessions;
        all.throttle += some.throttle;
    }
}

fn note(store: &mut dyn Store, address: &str, now: i64) {
    let activity = accepted("imap", address);
    let note =
        Note { account: Some(ALICE), activity: &activity, keep: Keep::newest(9_999), used: None, forgive: None, now };
    store.note(&note).unwrap();
}

fn open_session(store: &mut dyn Store) {
    let throttle = keys(1, "");
    let new = NewSession {
        digest: SessionDigest([7; 32]),
        kind: SessionKind::Exchange,
        opening: None,
        method: "password",
        from: "",
        protocol: "imap",
        confirmed: true,
    };
    let holder = Holder::Account { uid: ALICE, version: loaded(store).version };
    let claim = Claim { holder, what: None, session: Some(&new), throttle: &throttle, now: NOON };
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Yes);
}

fn open_panel_session(store: &mut dyn Store) {
    let limits = SessionLimits { idle: 900, absolute: 43_200 };
    let (opened_at, proved_at) = (None, None);
    let digest = SessionDigest([8; 32]);
    let new = NewPanelSession { digest, method: "totp", agent: "", from: "", limits, opened_at, proved_at };
    let version = loaded(store).version;
    assert!(store.open_panel_session(ALICE, version, &new, NOON).unwrap());
}

fn nothing_goes_before_its_time(store: &mut dyn Store) {
    add_alice(store);
    open_session(store);
    open_panel_session(store);
    note(store, "192.0.2.1", NOON);
    charge(store, &keys(1, "192.0.2.1"), Fault::Password, 1, NOON);
    assert_eq!(tidy(store, NOON + 599, Some(NOON)), Tidied::default());
    assert_eq!(store.activity(Some(ALICE), 9).unwrap().len(), 1);
    assert_eq!(store.panel_sessions(&alice()).unwrap().len(), 1);
    assert_eq!(store.sessions(&alice()).unwrap().len(), 1);
    assert_eq!(counters(store, &keys(1, "192.0.2.1")).password.failures, 1);
}

fn activity_goes_by_its_last_time(store: &mut dyn Store) {
    add_alice(store);
    note(store, "192.0.2.1", NOON);
    note(store, "192.0.2.2", NOON);
    note(store, "192.0.2.2", NOON + 100);
    assert_eq!(tidy(store, NOON + 200, Some(NOON + 100)), Tidied { activity: 1, ..Tidied::default() });
    let left: Vec<_> = store.activity(None, 9).unwrap().into_iter().map(|entry| entry.activity.address).collect();
    assert_eq!(left, ["192.0.2.2"]);
}

fn without_an_age_all_activity_stays(store: &mut dyn Store) {
    add_alice(store);
    note(store, "192.0.2.1", NOON);
    assert_eq!(tidy(store, NOON * 2, None), Tidied::default());
}

fn a_session_goes_when_it_is_not_even_told_apart_any_more(store: &mut dyn Store) {
    add_alice(store);
    open_session(store);
    assert_eq!(tidy(store, NOON + SESSION_KEPT - 1, None), Tidied::default());
    assert_eq!(tidy(store, NOON + SESSION_KEPT, None), Tidied { webmail_sessions: 1, ..Tidied::default() });
    assert!(store.sessions(&alice()).unwrap().is_empty());
}

fn a_panel_session_goes_when_it_has_expired(store: &mut dyn Store) {
    add_alice(store);
    open_panel_session(store);
    assert_eq!(tidy(store, NOON + 899, None), Tidied::default());
    assert_eq!(tidy(store, NOON + 900, None), Tidied { panel_sessions: 1, ..Tidied::default() });
    assert!(store.panel_sessions(&alice()).unwrap().is_empty());
}

fn failures_go_when_they_count_no_more(store: &mut dyn Store) {
    let keys = keys(1, "192.0.2.1");
    charge(store, &keys, Fault::Password, 1, NOON);
    // What is remembered of the credential; then the pair of network and account; then both counters.
    for (now, rows) in [(NOON + 599, 0), (NOON + 600, 1), (NOON + 3_600, 1), (NOON + 86_399, 0), (NOON + 86_400, 2)] {
        assert_eq!(tidy(store, now, None), Tidied { throttle: rows, ..Tidied::default() }, "{}", now - NOON);
    }
}

fn however_much_there_is_it_goes_in_the_end(store: &mut dyn Store) {
    add_alice(store);
    for number in 0..1_201 {
        note(store, &format!("2001:db8::{number:x}"), NOON);
    }
    note(store, "192.0.2.1", NOON + 1);
    assert_eq!(tidy(store, NOON + 1, Some(NOON + 1)), Tidied { activity: 1_201, ..Tidied::default() });
    assert_eq!(store.activity(Some(ALICE), 9).unwrap().len(), 1);
}
