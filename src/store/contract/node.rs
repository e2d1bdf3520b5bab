//! Several nodes with one store: each carries out what is revoked.

use super::*;
use crate::node::{FORGOTTEN, NAME_KEPT, Node, SEEN_AGAIN};

contract! {
    what_is_revoked_waits_for_every_node_that_is_known_and_for_the_one_that_asks
    what_one_node_has_done_or_put_off_the_others_have_still_to_do
    what_is_queued_again_is_done_again_by_all_and_sooner_where_it_had_failed
    a_node_that_comes_later_has_nothing_to_do_with_what_was_handed_out_before
    of_those_who_are_many_nobody_is_before_those_of_whom_something_was_revoked
    a_node_says_once_a_minute_that_it_is_there_and_at_once_what_is_new
    a_name_belongs_to_the_machine_that_was_seen_with_it
    a_node_that_was_not_seen_for_a_week_is_forgotten_with_what_waits_for_it
    a_node_is_forgotten_when_that_is_asked_for
    a_clock_that_is_set_back_keeps_nothing_of_a_node_waiting
    where_there_is_one_node_nothing_is_handed_out
}

const BOB: AccountUid = AccountUid([2; 16]);

fn node(name: &str, seen_at: i64) -> Node {
    let (machine, version) = (format!("machine of {name}"), "1.0.0".into());
    Node { name: name.into(), machine, version, keys: vec![1, 3], clock_off: Some(-20), seen_at }
}

fn see(store: &mut dyn Store, names: [&str; 2]) {
    for name in names {
        store.see_node(&node(name, NOON)).unwrap();
    }
}

fn revoke(store: &mut dyn Store, uid: AccountUid) {
    store.queue_revocations(true);
    store.set_enabled(uid, false).unwrap();
}

fn take(store: &mut dyn Store, node: &str, now: i64) -> Option<Revocation> {
    store.take_revocation(Some(node), now, now + 90).unwrap()
}

/// What waits, by node.
fn waiting(store: &mut dyn Store) -> Vec<(Option<String>, String)> {
    let mut waiting: Vec<_> =
        store.revocations(100).unwrap().into_iter().map(|found| (found.node, found.name)).collect();
    waiting.sort();
    waiting
}

fn for_node(node: &str, name: &AccountName) -> (Option<String>, String) {
    (Some(node.into()), name.as_str().into())
}

fn what_is_revoked_waits_for_every_node_that_is_known_and_for_the_one_that_asks(store: &mut dyn Store) {
    add_alice(store);
    see(store, ["mx1", "mx2"]);
    assert_eq!(take(store, "mx1", NOON), None);
    revoke(store, ALICE);
    assert_eq!(waiting(store), [(None, alice().as_str().into())]);
    let taken = take(store, "mx3", NOON).unwrap();
    assert_eq!((taken.node.as_deref(), taken.name.as_str(), taken.times), (Some("mx3"), "alice@example.org", 1));
    assert_eq!(waiting(store), ["mx1", "mx2", "mx3"].map(|node| for_node(node, &alice())));
    assert_eq!(take(store, "mx3", NOON + 89), None, "it is at work");
    assert_eq!(take(store, "mx3", NOON + 90).unwrap().next_try, NOON + 180);
    assert_eq!(take(store, "mx1", NOON).unwrap().node.as_deref(), Some("mx1"));
}

fn what_one_node_has_done_or_put_off_the_others_have_still_to_do(store: &mut dyn Store) {
    add_alice(store);
    see(store, ["mx1", "mx2"]);
    revoke(store, ALICE);
    let (first, second) = (take(store, "mx1", NOON).unwrap(), take(store, "mx2", NOON).unwrap());
    assert!(store.end_revocation(&first).unwrap());
    assert!(!store.end_revocation(&first).unwrap());
    assert!(store.put_revocation_off(&second, "no Dovecot", NOON + 30).unwrap());
    assert_eq!((take(store, "mx1", NOON + 90), take(store, "mx2", NOON + 29)), (None, None));
    let listed = store.revocations(10).unwrap();
    assert_eq!((listed.len(), listed[0].tries, listed[0].error.as_deref()), (1, 1, Some("no Dovecot")));
    let again = take(store, "mx2", NOON + 30).unwrap();
    assert!(store.end_revocation(&again).unwrap());
    assert!(waiting(store).is_empty());
}

fn what_is_queued_again_is_done_again_by_all_and_sooner_where_it_had_failed(store: &mut dyn Store) {
    add_alice(store);
    see(store, ["mx1", "mx2"]);
    revoke(store, ALICE);
    let (first, second) = (take(store, "mx1", NOON).unwrap(), take(store, "mx2", NOON).unwrap());
    assert!(store.end_revocation(&first).unwrap());
    assert!(store.put_revocation_off(&second, "no Dovecot", NOON + 900).unwrap());
    let at_work = take(store, "mx2", NOON + 900).unwrap();
    revoke(store, ALICE);
    assert_eq!(take(store, "mx1", NOON + 901).unwrap().times, 1);
    // What was at work had begun before: it is not done by that.
    assert!(!store.end_revocation(&at_work).unwrap());
    let again = take(store, "mx2", NOON + 901).unwrap();
    assert_eq!((again.times, again.tries), (2, 1));
}

fn a_node_that_comes_later_has_nothing_to_do_with_what_was_handed_out_before(store: &mut dyn Store) {
    add_alice(store);
    see(store, ["mx1", "mx2"]);
    revoke(store, ALICE);
    take(store, "mx1", NOON).unwrap();
    store.see_node(&node("mx3", NOON)).unwrap();
    assert_eq!(take(store, "mx3", NOON), None);
    assert!(take(store, "mx2", NOON).is_some());
}

fn of_those_who_are_many_nobody_is_before_those_of_whom_something_was_revoked(store: &mut dyn Store) {
    add_alice(store);
    store.add_account(&NewAccount { uid: BOB, name: &name("bob@example.org"), password: Some("h") }, NOON).unwrap();
    see(store, ["mx1", "mx2"]);
    store.queue_revocations(true);
    let all = Refusal {
        among: Among::Account(ALICE),
        required: Requirement::Now,
        client_primary_password: true,
        since: None,
        after: None,
        now: NOON,
    };
    assert_eq!(store.queue_refused(&all).unwrap(), 1);
    revoke(store, BOB);
    let order: Vec<_> = (0..2).map(|_| take(store, "mx2", NOON).unwrap().name).collect();
    assert_eq!(order, ["bob@example.org", "alice@example.org"]);
}

fn a_node_says_once_a_minute_that_it_is_there_and_at_once_what_is_new(store: &mut dyn Store) {
    see(store, ["mx1", "mx2"]);
    store.see_node(&node("mx1", NOON + SEEN_AGAIN - 1)).unwrap();
    assert_eq!(store.nodes().unwrap(), [node("mx1", NOON), node("mx2", NOON)]);
    let news = Node { keys: vec![1, 3, 4], clock_off: None, ..node("mx1", NOON + 2) };
    store.see_node(&news).unwrap();
    store.see_node(&node("mx2", NOON + SEEN_AGAIN)).unwrap();
    assert_eq!(store.nodes().unwrap(), [news, node("mx2", NOON + SEEN_AGAIN)]);
}

fn a_name_belongs_to_the_machine_that_was_seen_with_it(store: &mut dyn Store) {
    store.see_node(&node("mx1", NOON)).unwrap();
    let other = |seen_at| Node { machine: "another".into(), ..node("mx1", seen_at) };
    assert_eq!(store.see_node(&other(NOON + NAME_KEPT - 1)), Err(StoreError::Exists));
    assert_eq!(store.nodes().unwrap(), [node("mx1", NOON)]);
    store.see_node(&other(NOON + NAME_KEPT)).unwrap();
    assert_eq!(store.nodes().unwrap(), [other(NOON + NAME_KEPT)]);
}

fn a_node_that_was_not_seen_for_a_week_is_forgotten_with_what_waits_for_it(store: &mut dyn Store) {
    add_alice(store);
    see(store, ["mx1", "mx2"]);
    revoke(store, ALICE);
    take(store, "mx1", NOON).unwrap();
    store.see_node(&node("mx1", NOON + FORGOTTEN)).unwrap();
    assert_eq!((store.nodes().unwrap().len(), waiting(store).len()), (2, 2));
    store.see_node(&node("mx1", NOON + FORGOTTEN + SEEN_AGAIN)).unwrap();
    assert_eq!(store.nodes().unwrap(), [node("mx1", NOON + FORGOTTEN + SEEN_AGAIN)]);
    assert_eq!(waiting(store), [for_node("mx1", &alice())]);
}

fn a_node_is_forgotten_when_that_is_asked_for(store: &mut dyn Store) {
    add_alice(store);
    see(store, ["mx1", "mx2"]);
    revoke(store, ALICE);
    take(store, "mx1", NOON).unwrap();
    assert!(store.forget_node("mx2").unwrap());
    assert!(!store.forget_node("mx2").unwrap());
    assert_eq!(store.nodes().unwrap(), [node("mx1", NOON)]);
    assert_eq!(waiting(store), [for_node("mx1", &alice())]);
}

fn a_clock_that_is_set_back_keeps_nothing_of_a_node_waiting(store: &mut dyn Store) {
    use crate::revocation::LONGEST_PAUSE;
    add_alice(store);
    revoke(store, ALICE);
    let taken = take(store, "mx1", NOON).unwrap();
    store.put_revocation_off(&taken, "no Dovecot", NOON + LONGEST_PAUSE).unwrap();
    assert_eq!(take(store, "mx1", NOON), None);
    assert!(take(store, "mx1", NOON - 1).is_some());
}

fn where_there_is_one_node_nothing_is_handed_out(store: &mut dyn Store) {
    add_alice(store);
    revoke(store, ALICE);
    let taken = store.take_revocation(None, NOON, NOON + 90).unwrap().unwrap();
    assert_eq!((taken.node.as_deref(), waiting(store)), (None, vec![(None, alice().as_str().into())]));
    assert!(store.end_revocation(&taken).unwrap());
    assert!(waiting(store).is_empty() && store.nodes().unwrap().is_empty());
}
