//! A store on a server, and a replica of it near by. Here the replica is another database on the same server, and what
//! arrives there the test itself decides; tests/daemons has the two as PostgreSQL replicates them.

#[path = "../support/postgres.rs"]
mod support;

use std::time::Duration;

use mailkey::store;

use crate::harness::*;

const IMAP: &str = "mailkey-imap";
const WEBMAIL: &str = "mailkey-webmail";

/// On a busy machine a replica is no worse for being asked late.
const PATIENT: &str = "store_read_lag = 600";

/// A site whose store is on a server. It has no replica until there is a [`Pair`].
fn site_on_a_server(more: &str) -> Option<(Site, String)> {
    let mut site = Site::new()?;
    let database = server().create("template0");
    configure(&mut site, &database, more);
    store::create_or_migrate(&site.config.store, Duration::from_secs(5)).unwrap();
    let mut store = site.store();
    site.keys.checks().for_each(|check| store.add_key_check(check).unwrap());
    Some((site, database))
}

fn configure(site: &mut Site, database: &str, more: &str) {
    let cheap = "memory_kib = 8\niterations = 1\nparallelism = 1";
    let text = format!(
        "store = \"{}\"\nkey = \"{}\"\nbusy_timeout_ms = 10000\n{more}\n[hash.password]\n{cheap}\n[hash.app_password]\n{cheap}\n",
        server().url(database),
        site.path("key").display()
    );
    site.write_config(&text);
    site.config = mailkey::config::parse(&text).unwrap();
}

fn server() -> &'static support::Server {
    support::server(|_| {})
}

/// Alice with 2FA and an app password, a session that is open, and a replica that has all that.
struct Pair {
    site: Site,
    /// The databases.
    store: String,
    replica: String,
    factors: Factors,
    app: String,
    session: String,
}

impl Pair {
    fn new(more: &str) -> Option<Self> {
        let (mut site, store) = site_on_a_server(more)?;
        site.add_account(ALICE, PASSWORD);
        let factors = site.enrol(ALICE);
        let app = site.add_app_password(ALICE);
        let session = format!("mks-{:052}", 1);
        let opening = format!("mkopen:{session}:{}:{PASSWORD}", factors.code(-1));
        assert!(site.client().login(WEBMAIL, ALICE, &opening).opened(), "{:#?}", site.log_lines());
        site.log_lines();
        let replica = server().create(&store);
        configure(&mut site, &store, &format!("store_read = \"{}\"\n{more}", server().url(&replica)));
        let pair = Self { site, store, replica, factors, app, session };
        pair.beat(&pair.replica, 0);
        Some(pair)
    }

    /// Lets the heartbeat of a database have come `seconds` ago.
    fn beat(&self, database: &str, seconds: i64) {
        server().run(
            database,
            &format!("UPDATE heartbeat SET at = EXTRACT(EPOCH FROM clock_timestamp())::bigint - {seconds}"),
        );
    }

    fn age_of_heartbeat(&self) -> i64 {
        self.number(&self.store, "EXTRACT(EPOCH FROM clock_timestamp())::bigint - at FROM heartbeat")
    }

    fn number(&self, database: &str, what: &str) -> i64 {
        server().ask(database, &format!("SELECT {what}")).parse().unwrap()
    }

    fn cut_off(&self, database: &str) {
        server().run(
            "postgres",
            &format!(
                "ALTER DATABASE {database} ALLOW_CONNECTIONS false; \
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
            ),
        );
    }

    fn give_back(&self, database: &str) {
        server().run("postgres", &format!("ALTER DATABASE {database} ALLOW_CONNECTIONS true"));
    }

    /// Signs in; the line that it leaves.
    #[track_caller]
    fn line(&self, client: &mut Client, service: &str, presented: &str) -> String {
        let answer = client.login(service, ALICE, presented);
        let line = self.site.log_line();
        let result = match answer.auth {
            SUCCESS => "accepted",
            AUTH_ERR => "refused",
            UNAVAIL => "unavailable",
            other => panic!("{other}: {line}"),
        };
        assert_eq!(field(&line, "result"), result, "{line}");
        line
    }

    #[track_caller]
    fn assert_by_replica(&self, client: &mut Client, service: &str, presented: &str) {
        let line = self.line(client, service, presented);
        assert!(
            line.contains("result=accepted") && line.contains(" replica=") && !line.contains("store=gone"),
            "{line}"
        );
    }

    #[track_caller]
    fn assert_by_store(&self, client: &mut Client, service: &str, presented: &str) {
        let line = self.line(client, service, presented);
        assert!(line.contains("result=accepted") && !line.contains(" replica="), "{line}");
    }

    #[track_caller]
    fn assert_alone(&self, client: &mut Client, service: &str, presented: &str) {
        let line = self.line(client, service, presented);
        assert!(
            line.contains("result=accepted") && line.contains(" replica=") && line.contains(" store=gone"),
            "{line}"
        );
    }

    #[track_caller]
    fn assert_unavailable(&self, client: &mut Client, service: &str, presented: &str) {
        let line = self.line(client, service, presented);
        assert!(line.starts_with("<83>") && field(&line, "reason") == "store_unavailable", "{line}");
    }
}

macro_rules! pair {
    ($more:expr) => {
        match Pair::new($more) {
            Some(pair) => pair,
            None => return,
        }
    };
}

#[test]
fn app_passwords_and_sessions_open_by_the_replica_and_codes_by_the_store() {
    let pair = pair!(PATIENT);
    let mut client = pair.site.client();
    for _ in 0..3 {
        pair.assert_by_replica(&mut client, IMAP, &pair.app);
        pair.assert_by_replica(&mut client, WEBMAIL, &pair.session);
    }
    let with_code = format!("{PASSWORD}{}", pair.factors.code(0));
    pair.assert_by_store(&mut client, WEBMAIL, &with_code);
    assert!(pair.line(&mut client, WEBMAIL, &with_code).contains("reason=code_used"));
}

#[test]
fn the_last_use_of_an_app_password_is_written_to_the_store() {
    let pair = pair!(PATIENT);
    pair.assert_by_replica(&mut pair.site.client(), IMAP, &pair.app);
    let used = "COUNT(used_at) FROM app_password";
    assert_eq!((pair.number(&pair.store, used), pair.number(&pair.replica, used)), (1, 0));
}

#[test]
fn whatever_the_replica_does_not_let_in_is_asked_of_the_store() {
    let pair = pair!(PATIENT);
    let mut client = pair.site.client();
    let newer = pair.site.add_app_password(ALICE);
    pair.assert_by_store(&mut client, IMAP, &newer);
    server().run(&pair.replica, "UPDATE app_password SET revoked_at = 1; UPDATE session SET used_at = 1");
    pair.assert_by_store(&mut client, IMAP, &pair.app);
    pair.assert_by_store(&mut client, WEBMAIL, &pair.session);
    let wrong = format!("{}x", &pair.app[..pair.app.len() - 1]);
    assert!(pair.line(&mut client, IMAP, &wrong).contains("reason=wrong_app_password"));
}

#[test]
fn a_revocation_that_has_not_arrived_goes_unseen_for_as_long_as_the_replica_may_be_behind() {
    let pair = pair!("store_read_lag = 300");
    let mut client = pair.site.client();
    pair.site.revoke(ALICE, &pair.app);
    pair.beat(&pair.replica, 200);
    pair.assert_by_replica(&mut client, IMAP, &pair.app);
    // Of another clock, if it is of the future.
    for seconds in [400, -400] {
        pair.beat(&pair.replica, seconds);
        let line = pair.line(&mut client, IMAP, &pair.app);
        assert!(line.contains("reason=app_password_revoked") && !line.contains("replica="), "{line}");
    }
}

#[test]
fn a_login_that_finds_the_heartbeat_old_has_it_written() {
    let pair = pair!("store_read_lag = 300");
    let mut client = pair.site.client();
    pair.beat(&pair.store, 1000);
    pair.assert_by_replica(&mut client, IMAP, &pair.app);
    assert!(pair.age_of_heartbeat() >= 1000);
    // Before it stops counting, and when it does not count any more.
    for age in [200, 1000] {
        pair.beat(&pair.store, age);
        pair.beat(&pair.replica, age);
        pair.line(&mut client, IMAP, &pair.app);
        assert!(pair.age_of_heartbeat() < 100, "{age}");
    }
}

#[test]
fn while_the_store_is_away_app_passwords_and_sessions_go_on_and_codes_are_unavailable_never_wrong() {
    let pair = pair!("store_read_lag = 2");
    let mut client = pair.site.client();
    pair.beat(&pair.replica, 600);
    pair.cut_off(&pair.store);
    let with_code = format!("{PASSWORD}{}", pair.factors.code(0));
    for _ in 0..2 {
        pair.assert_alone(&mut client, IMAP, &pair.app);
        pair.assert_alone(&mut client, WEBMAIL, &pair.session);
        let wrong = format!("{}x", &pair.app[..pair.app.len() - 1]);
        for (service, presented) in [
            (WEBMAIL, with_code.as_str()),
            (WEBMAIL, PASSWORD),
            (IMAP, PASSWORD),
            (IMAP, &wrong),
            (IMAP, "wrong password"),
            (WEBMAIL, &format!("mks-{:052}", 2)),
            (WEBMAIL, &format!("mkclose:{}", pair.session)),
        ] {
            pair.assert_unavailable(&mut client, service, presented);
        }
    }
    // A worker that began while it was away knows the same.
    pair.assert_alone(&mut pair.site.client(), IMAP, &pair.app);
    pair.give_back(&pair.store);
    pair.assert_by_store(&mut client, WEBMAIL, &with_code);
    pair.assert_by_store(&mut client, IMAP, &pair.app);
}

#[test]
fn the_replica_alone_counts_no_longer_than_the_configuration_says() {
    let pair = pair!("store_read_outage = 3600");
    let mut client = pair.site.client();
    pair.cut_off(&pair.store);
    pair.beat(&pair.replica, 3500);
    pair.assert_alone(&mut client, IMAP, &pair.app);
    pair.beat(&pair.replica, 3700);
    pair.assert_unavailable(&mut client, IMAP, &pair.app);
    server().run(&pair.replica, "DELETE FROM heartbeat");
    pair.assert_unavailable(&mut client, IMAP, &pair.app);
}

#[test]
fn without_its_replica_everything_is_asked_of_the_store_and_without_both_nothing_opens_until_one_is_back() {
    let pair = pair!(PATIENT);
    let mut client = pair.site.client();
    pair.assert_by_replica(&mut client, IMAP, &pair.app);
    pair.cut_off(&pair.replica);
    pair.assert_by_store(&mut client, IMAP, &pair.app);
    pair.assert_by_store(&mut pair.site.client(), IMAP, &pair.app);
    pair.cut_off(&pair.store);
    pair.assert_unavailable(&mut client, IMAP, &pair.app);
    pair.assert_unavailable(&mut pair.site.client(), IMAP, &pair.app);
    // Where the store is away, the replica is asked however lately it did not answer.
    pair.give_back(&pair.replica);
    pair.assert_alone(&mut client, IMAP, &pair.app);
    pair.give_back(&pair.store);
    let with_code = format!("{PASSWORD}{}", pair.factors.code(0));
    pair.assert_by_store(&mut client, WEBMAIL, &with_code);
}

#[test]
fn a_replica_of_another_key_is_no_replica() {
    let pair = pair!("");
    server().run(&pair.replica, "UPDATE key_check SET digest = decode('00112233445566778899aabbccddeeff', 'hex')");
    let line = pair.line(&mut pair.site.client(), IMAP, &pair.app);
    assert!(line.contains("result=unavailable reason=bad_config"), "{line}");
}

#[test]
fn a_worker_of_dovecots_ends_where_the_store_is_away_if_the_configuration_says_so_and_no_other_process() {
    let Some((mut site, database)) = site_on_a_server("") else { return };
    site.add_account(ALICE, PASSWORD);
    let url = |database: &str| format!("store = \"{}\"", server().url(database));
    for (setting, terminal, ends) in [
        ("", "dovecot", false),
        ("on_unavailable = \"fail\"", "dovecot", false),
        ("on_unavailable = \"end-worker\"", "dovecot", true),
        ("on_unavailable = \"end-worker\"", "", false),
        ("on_unavailable = \"end-worker\"", "dovecot2", false),
    ] {
        configure(&mut site, &database, setting);
        let setup = format!("export MAILKEY_TEST_TTY={terminal}");
        let mut client = Client::start_with(&site, &setup, "");
        assert!(client.login(IMAP, ALICE, PASSWORD).opened());
        assert_eq!(client.login(IMAP, ALICE, "wrong").auth, AUTH_ERR);
        site.log_lines();
        let text = std::fs::read_to_string(site.path("mailkey.toml")).unwrap();
        site.write_config(&text.replace(&url(&database), &url("nowhere")));
        if ends {
            assert!(!client.login_survives(IMAP, ALICE, PASSWORD));
        } else {
            assert_eq!(client.login(IMAP, ALICE, PASSWORD).auth, UNAVAIL, "{setting} {terminal}");
        }
        assert_eq!(field(&site.log_line(), "reason"), "store_unavailable");
    }
}
