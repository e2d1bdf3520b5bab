//! Other names.

use super::*;

contract! {
    a_renamed_account_keeps_everything_and_its_old_name_is_free
    a_renamed_account_has_no_sessions
    an_account_is_not_renamed_to_a_name_that_is_taken
    a_renamed_domain_takes_its_accounts_and_what_is_set_for_it_along
    the_accounts_of_a_renamed_domain_wait_for_the_hook_by_their_old_names
    a_domain_is_not_renamed_where_one_of_its_accounts_has_no_place
    a_dry_run_changes_nothing
    two_domains_for_which_different_things_are_set_do_not_become_one
    what_was_counted_under_the_old_name_counts_under_the_new_one
    of_two_names_that_were_guessed_at_the_worse_counters_count
    a_renamed_domain_takes_the_counters_of_its_accounts_along_and_no_others
}

/// What failures of a name are counted under here.
fn subject(name: &AccountName) -> [u8; 16] {
    let mut subject = [0; 16];
    name.as_str().bytes().enumerate().for_each(|(at, byte)| subject[at % 16] ^= byte.rotate_left(at as u32 / 16 + 1));
    subject
}

fn counted_as(address: &str) -> ThrottleKeys {
    ThrottleKeys { subject: subject(&name(address)), network: "192.0.2.1".into() }
}

/// code, code_hour, password
fn failures(store: &mut dyn Store, address: &str) -> (u32, u32, u32) {
    let counters = counters(store, &counted_as(address));
    (counters.code.failures, counters.code_hour.failures, counters.password.failures)
}

fn domain(name: &str) -> DomainName {
    DomainName::parse(name.as_bytes()).unwrap()
}

fn names(store: &mut dyn Store) -> Vec<String> {
    store.accounts(None, 100, NOON).unwrap().iter().map(|account| account.name.to_string()).collect()
}

fn add(store: &mut dyn Store, number: u8, address: &str) {
    let new = NewAccount { uid: AccountUid([number; 16]), name: &name(address), password: None };
    store.add_account(&new, NOON).unwrap();
}

fn rename(store: &mut dyn Store, old: &str, new: &str, dry: bool) -> DomainRename {
    let note = Activity { event: "account_renamed".into(), mode: "command".into(), ..Activity::default() };
    let rename = RenameDomain { old: &domain(old), new: &domain(new), note: Some(&note), subject: &subject, dry };
    store.rename_domain(&rename, NOON).unwrap()
}

fn a_renamed_account_keeps_everything_and_its_old_name_is_free(store: &mut dyn Store) {
    add_alice_with_two_factor(store);
    store.add_app_password(ALICE, None, &app_password(b"k7m2")).unwrap();
    store.set_account_requirement(ALICE, Some(Requirement::Never), None).unwrap();
    let (before, new) = (loaded(store), name("alice.b@example.net"));
    let activity = accepted("imap", "192.0.2.1");
    let keep = Keep { entries: 9, since: None };
    store
        .note(&Note { account: Some(ALICE), activity: &activity, keep, used: None, forgive: None, now: NOON })
        .unwrap();
    store.rename_account(ALICE, &new, &subject).unwrap();
    let lookup = Lookup { app_password: Some(AppPasswordId(*b"k7m2")), ..Lookup::account(&new) };
    let found = store.load(&lookup).unwrap();
    let account = found.account.unwrap();
    assert_eq!((account.uid, &account.name, account.password), (ALICE, &new, before.password));
    assert!(account.version == before.version + 1 && found.app_password.is_some());
    assert_eq!(account.authenticators.len(), 1);
    assert_eq!(found.requirements.account, Some(Requirement::Never));
    assert_eq!(store.activity(None, 10).unwrap()[0].account, new);
    assert!(store.load(&Lookup::account(&alice())).unwrap().account.is_none());
    add(store, 9, "alice@example.org");
    assert!(store.app_passwords(AccountUid([9; 16])).unwrap().is_empty());
    // The version that a login was decided on is not this one any more.
    let throttle = keys(1, "");
    let claim = claim_of_alice(before.version, Claimable::TotpStep { authenticator: 1, step: 500 }, &throttle);
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Changed);
}

fn open(store: &mut dyn Store, holder: Holder<'_>, number: u8) {
    let new = NewSession {
        digest: SessionDigest([number; 32]),
        kind: SessionKind::Exchange,
        opening: None,
        method: "password",
        from: "",
        protocol: "imap",
        confirmed: true,
    };
    let throttle = keys(1, "");
    let claim = Claim { holder, what: None, session: Some(&new), throttle: &throttle, now: NOON };
    assert_eq!(store.claim(&claim).unwrap(), Claimed::Yes);
}

fn ended(store: &mut dyn Store, name: &AccountName, number: u8) -> bool {
    let lookup = Lookup { session: Some(SessionDigest([number; 32])), ..Lookup::account(name) };
    !matches!(store.load(&lookup).unwrap().session, SessionFound::Here(session) if !session.ended)
}

fn a_renamed_account_has_no_sessions(store: &mut dyn Store) {
    for one_by_one in [true, false] {
        let (uid, old, number) = if one_by_one {
            (AccountUid([1; 16]), name("ann@a.org"), 10)
        } else {
            (AccountUid([2; 16]), name("ann@b.org"), 20)
        };
        let new = name(&format!("ann@new{number}.org"));
        store.add_account(&NewAccount { uid, name: &old, password: None }, NOON).unwrap();
        open(store, Holder::Account { uid, version: 1 }, number);
        // A stranger's, before the name had a record.
        open(store, Holder::NoRecord(&new), number + 1);
        let limits = SessionLimits { idle: 900, absolute: 43_200 };
        let digest = SessionDigest([number + 2; 32]);
        let (opened_at, proved_at) = (None, None);
        let panel = NewPanelSession { digest, method: "password", agent: "", from: "", limits, opened_at, proved_at };
        assert!(store.open_panel_session(uid, 1, &panel, NOON).unwrap());
        if one_by_one {
            store.rename_account(uid, &new, &subject).unwrap();
        } else {
            assert!(rename(store, "b.org", &format!("new{number}.org"), false).is_possible());
        }
        assert!(ended(store, &new, number) && ended(store, &new, number + 1), "{one_by_one}");
        assert_eq!(store.panel_session(digest).unwrap(), None);
        assert!(store.sessions(&new).unwrap().is_empty());
        // Nor is the stranger's alive again when the name has no record any more.
        store.rename_account(uid, &name(&format!("ann@gone{number}.org")), &subject).unwrap();
        assert!(ended(store, &new, number + 1), "{one_by_one}");
    }
}

fn the_accounts_of_a_renamed_domain_wait_for_the_hook_by_their_old_names(store: &mut dyn Store) {
    add(store, 1, "ann@old.org");
    add(store, 2, "bob@old.org");
    add(store, 3, "cyd@other.org");
    store.queue_revocations(true);
    assert!(rename(store, "old.org", "new.org", true).is_possible());
    assert!(store.revocations(9).unwrap().is_empty());
    assert!(rename(store, "old.org", "new.org", false).is_possible());
    let waiting: Vec<_> = store.revocations(9).unwrap().into_iter().map(|found| found.name).collect();
    assert_eq!(waiting, ["ann@old.org", "bob@old.org"]);
}

fn an_account_is_not_renamed_to_a_name_that_is_taken(store: &mut dyn Store) {
    add_alice(store);
    add(store, 2, "bob@example.org");
    let version = loaded(store).version;
    assert_eq!(store.rename_account(ALICE, &name("bob@example.org"), &subject), Err(StoreError::Exists));
    assert_eq!(store.rename_account(AccountUid([7; 16]), &name("x@example.org"), &subject), Err(StoreError::NotFound));
    assert_eq!((loaded(store).version, loaded(store).uid), (version, ALICE));
}

fn a_renamed_domain_takes_its_accounts_and_what_is_set_for_it_along(store: &mut dyn Store) {
    add(store, 1, "ann@old.org");
    add(store, 2, "bob@old.org");
    add(store, 3, "bob@sub.old.org");
    add(store, 4, "old.org");
    add(store, 5, "cyd@new.org");
    store.set_domain_requirement(&domain("old.org"), Some(Requirement::Now), None).unwrap();
    let found = rename(store, "old.org", "new.org", false);
    assert_eq!(found, DomainRename { accounts: 2, ..DomainRename::default() });
    assert_eq!(names(store), ["ann@new.org", "bob@new.org", "bob@sub.old.org", "cyd@new.org", "old.org"]);
    assert_eq!(store.domain_requirements(None, 9).unwrap(), [(domain("new.org"), Requirement::Now)]);
    let ann = store.load(&Lookup::account(&name("ann@new.org"))).unwrap().account.unwrap();
    assert_eq!((ann.uid, ann.version), (AccountUid([1; 16]), 2));
    let cyd = store.load(&Lookup::account(&name("cyd@new.org"))).unwrap().account.unwrap();
    assert_eq!(cyd.version, 1);
    let noted = store.activity(None, 9).unwrap();
    assert_eq!(noted.len(), 2);
    assert!(noted.iter().all(|entry| entry.activity.event == "account_renamed" && entry.last_at == NOON));
}

fn a_domain_is_not_renamed_where_one_of_its_accounts_has_no_place(store: &mut dyn Store) {
    add(store, 1, "ann@old.org");
    add(store, 2, "bob@old.org");
    add(store, 3, "bob@new.org");
    let long = format!("{}@old.org", "x".repeat(240));
    add(store, 4, &long);
    let before = names(store);
    let found = rename(store, "old.org", "new.org", false);
    assert_eq!((found.accounts, found.conflicts.clone()), (3, vec![name("bob@old.org")]));
    assert!(!found.is_possible());
    let found = rename(store, "old.org", "much-longer-than-before.example", false);
    assert_eq!(found.conflicts, [name(&long)]);
    assert_eq!(names(store), before);
    assert!(store.activity(None, 9).unwrap().is_empty());
}

fn a_dry_run_changes_nothing(store: &mut dyn Store) {
    add(store, 1, "ann@old.org");
    store.set_domain_requirement(&domain("old.org"), Some(Requirement::Now), None).unwrap();
    assert_eq!(rename(store, "old.org", "new.org", true), DomainRename { accounts: 1, ..DomainRename::default() });
    assert_eq!(names(store), ["ann@old.org"]);
    assert_eq!(store.domain_requirements(None, 9).unwrap()[0].0, domain("old.org"));
    assert!(store.activity(None, 9).unwrap().is_empty());
}

fn two_domains_for_which_different_things_are_set_do_not_become_one(store: &mut dyn Store) {
    add(store, 1, "ann@old.org");
    store.set_domain_requirement(&domain("old.org"), Some(Requirement::Now), None).unwrap();
    store.set_domain_requirement(&domain("new.org"), Some(Requirement::Never), None).unwrap();
    let found = rename(store, "old.org", "new.org", false);
    assert!(found.requirements_differ && !found.is_possible());
    assert_eq!(names(store), ["ann@old.org"]);
    store.set_domain_requirement(&domain("new.org"), Some(Requirement::Now), None).unwrap();
    assert!(rename(store, "old.org", "new.org", false).is_possible());
    assert_eq!(names(store), ["ann@new.org"]);
}

fn what_was_counted_under_the_old_name_counts_under_the_new_one(store: &mut dyn Store) {
    add(store, 1, "ann@old.org");
    let old = counted_as("ann@old.org");
    for digest in 1..4 {
        assert!(charge(store, &old, Fault::Code, digest, NOON));
    }
    assert!(charge(store, &old, Fault::Password, 9, NOON));
    let before = counters(store, &old);
    store.rename_account(AccountUid([1; 16]), &name("ann@new.org"), &subject).unwrap();
    assert_eq!(failures(store, "ann@new.org"), (3, 3, 1));
    assert_eq!(counters(store, &counted_as("ann@new.org")), before, "times and pauses, too");
    // Whoever gets the old name starts afresh.
    assert_eq!(failures(store, "ann@old.org"), (0, 0, 0));
    // The network has tried this account before, by whatever name.
    assert!(charge(store, &counted_as("ann@new.org"), Fault::Password, 10, NOON + 1));
    assert_eq!(counters(store, &counted_as("ann@new.org")).network.failures, 1);
}

fn of_two_names_that_were_guessed_at_the_worse_counters_count(store: &mut dyn Store) {
    add(store, 1, "ann@old.org");
    charge(store, &counted_as("ann@old.org"), Fault::Code, 1, NOON + 5);
    for digest in 2..4 {
        charge(store, &counted_as("ann@new.org"), Fault::Code, digest, NOON);
    }
    charge(store, &counted_as("ann@new.org"), Fault::Password, 4, NOON);
    store.rename_account(AccountUid([1; 16]), &name("ann@new.org"), &subject).unwrap();
    assert_eq!(failures(store, "ann@new.org"), (2, 2, 1));
    let code = counters(store, &counted_as("ann@new.org")).code;
    assert_eq!((code.since, code.last_at), (NOON, NOON + 5));
}

fn a_renamed_domain_takes_the_counters_of_its_accounts_along_and_no_others(store: &mut dyn Store) {
    for (number, address) in [(1, "ann@old.org"), (2, "bob@old.org"), (3, "ann@other.org")] {
        add(store, number, address);
        for digest in 0..number {
            charge(store, &counted_as(address), Fault::Code, 10 * number + digest, NOON);
        }
    }
    assert!(rename(store, "old.org", "new.org", true).is_possible());
    assert_eq!(failures(store, "ann@old.org"), (1, 1, 0), "a dry run");
    rename(store, "old.org", "new.org", false);
    assert_eq!(failures(store, "ann@new.org"), (1, 1, 0));
    assert_eq!(failures(store, "bob@new.org"), (2, 2, 0));
    assert_eq!(failures(store, "ann@other.org"), (3, 3, 0));
    assert_eq!(failures(store, "ann@old.org"), (0, 0, 0));
}
