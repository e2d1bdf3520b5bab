//! Sign-ins through libpam.

use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use mailkey::account::{AccountName, DEFAULT_NAME_SYMBOLS, NameRules};
use mailkey::credential::Secret;

use crate::authenticate::pam::Authenticator;
use crate::authenticate::{Accepted, Answer, Limits, Method, Refused, Trouble};
use crate::harness::*;

const BOB: &str = "bob";

fn names(bare_names: bool) -> NameRules {
    NameRules { default_domain: None, bare_names, symbols: DEFAULT_NAME_SYMBOLS.into() }
}

/// The panel's program, in a namespace where the site's PAM files, log and users are the system's.
fn program(site: &Site) -> PathBuf {
    site.write_users();
    let root = site.directory.path().display();
    let mut script = format!(
        "#!/bin/sh\n\
         [ -n \"$MAILKEY_TEST_INSIDE\" ] || exec env MAILKEY_TEST_INSIDE=1 unshare --mount --propagation private \"$0\" \"$@\"\n\
         set -eu\n\
         mount --bind {root}/pam.d /etc/pam.d\n\
         mkdir -p {root}/dev.$$\n\
         mount -t tmpfs -o mode=755 tmpfs {root}/dev.$$\n\
         for node in null zero full random urandom; do : >{root}/dev.$$/$node; mount --bind /dev/$node {root}/dev.$$/$node; done\n\
         mkdir -m 1777 {root}/dev.$$/shm\n\
         ln -s {root}/log {root}/dev.$$/log\n\
         mount --rbind {root}/dev.$$ /dev\n"
    );
    for file in ["passwd", "shadow"] {
        if site.path(file).exists() {
            script.push_str(&format!("mount --bind {root}/{file} /etc/{file}\n"));
        }
    }
    script.push_str(&format!("exec env -i {} \"$@\"\n", env!("CARGO_BIN_EXE_mailkey-panel")));
    let path = site.path("panel-program");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

static WARNINGS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn warn(what: std::fmt::Arguments<'_>) {
    WARNINGS.lock().unwrap().push(what.to_string());
}

fn warned_of(service: &str) -> bool {
    let about = format!("the PAM service {service} refused without pam_mailkey");
    WARNINGS.lock().unwrap().iter().any(|warning| warning.starts_with(&about))
}

/// The panel's authenticator at a site.
struct Panel {
    authenticator: Authenticator,
    runtime: tokio::runtime::Runtime,
}

impl Panel {
    fn at(site: &Site) -> Self {
        Self::with(site, Limits::default())
    }

    fn with(site: &Site, limits: Limits) -> Self {
        Self::of("mailkey-panel", site, limits)
    }

    fn of(service: &str, site: &Site, limits: Limits) -> Self {
        let names = names(site.config.names.bare_names);
        let authenticator = Authenticator::new(service, names, program(site), limits, warn);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { authenticator, runtime }
    }

    fn ask(&self, name: &str, password: &str, code: Option<&str>) -> Result<Answer, Trouble> {
        self.ask_from("192.0.2.1", name, password, code)
    }

    fn ask_from(&self, from: &str, name: &str, password: &str, code: Option<&str>) -> Result<Answer, Trouble> {
        let from: Option<IpAddr> = from.parse().ok();
        let code = code.map(|code| Secret::copy(code.as_bytes()));
        let password = Secret::copy(password.as_bytes());
        self.runtime.block_on(self.authenticator.authenticate(name, &password, code.as_ref(), from))
    }
}

fn accepted(name: &str, method: Method) -> Result<Answer, Trouble> {
    let account = AccountName::parse(name.as_bytes(), &names(true)).unwrap();
    Ok(Answer::Accepted(Accepted { account, method, enrolment_only: false }))
}

fn refused(why: Refused) -> Result<Answer, Trouble> {
    Ok(Answer::Refused(why))
}

#[test]
fn without_2fa_the_password_opens_and_the_name_is_mailkeys() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    let panel = Panel::at(&site);
    assert_eq!(panel.ask("Alice@Example.ORG", PASSWORD, None), accepted(ALICE, Method::Password));
    let line = site.log_line();
    assert_eq!((field(&line, "rhost"), field(&line, "mode")), ("192.0.2.1".into(), "panel".into()));
    assert_eq!(panel.ask(ALICE, &app, None), refused(Refused::NotAllowedHere));
    assert_eq!(panel.ask(ALICE, &format!("mks-{}", "0a".repeat(26)), None), refused(Refused::NotAllowedHere));
    assert_eq!(panel.ask(ALICE, "mkopen:", None), refused(Refused::NotAllowedHere));
    site.log_lines();
    assert_eq!(panel.ask_from("::ffff:192.0.2.9", ALICE, PASSWORD, None), accepted(ALICE, Method::Password));
    assert_eq!(field(&site.log_line(), "rhost"), "192.0.2.9");
}

#[test]
fn with_2fa_the_password_alone_asks_for_the_code_and_each_code_opens_once() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let panel = Panel::at(&site);
    wait_for_room_in_step();
    assert_eq!(panel.ask(ALICE, PASSWORD, None), Ok(Answer::CodeRequired));
    let code = factors.code(0);
    let typed = format!(" {} {} ", &code[..3], &code[3..]);
    assert_eq!(panel.ask(ALICE, PASSWORD, Some(&typed)), accepted(ALICE, Method::Totp));
    assert_eq!(panel.ask(ALICE, PASSWORD, Some(&code)), refused(Refused::CodeUsed));
    assert_eq!(panel.ask(ALICE, PASSWORD, Some("000000")), refused(Refused::WrongCode));
    let recovery = &factors.recovery_codes[0];
    let without_dashes = recovery.replace('-', "").to_uppercase();
    assert_eq!(panel.ask(ALICE, PASSWORD, Some(&without_dashes)), accepted(ALICE, Method::RecoveryCode));
    assert_eq!(panel.ask(ALICE, PASSWORD, Some(recovery)), refused(Refused::CodeUsed));
    assert_eq!(panel.ask(ALICE, PASSWORD, Some("zzzz-zzzz-zzzz")), refused(Refused::WrongCode));
    // What can be no code is never asked about.
    site.log_lines();
    assert_eq!(panel.ask(ALICE, PASSWORD, Some("12345")), refused(Refused::WrongCode));
    assert_eq!(site.log_lines().len(), 0);
}

#[test]
fn a_password_that_ends_in_digits_is_asked_for_its_code_like_any_other() {
    let site = site!();
    let password = "summer of 200424";
    site.add_account(ALICE, password);
    let factors = site.enrol(ALICE);
    let panel = Panel::at(&site);
    wait_for_room_in_step();
    assert_eq!(panel.ask(ALICE, password, None), Ok(Answer::CodeRequired));
    assert_eq!(panel.ask(ALICE, password, Some(&factors.code(0))), accepted(ALICE, Method::Totp));
}

#[test]
fn wrong_unknown_and_disabled_look_the_same_and_take_as_long() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    site.add_account("bob@example.org", PASSWORD);
    site.store().set_enabled(site.account("bob@example.org").uid, false).unwrap();
    let panel = Panel::at(&site);
    let long = "x".repeat(300);
    for (name, password) in [
        (ALICE, "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("bob@example.org", "wrong password"),
        ("no name at all", PASSWORD),
        ("", PASSWORD),
        (ALICE, ""),
        (ALICE, "nul\0byte"),
        ("alice@example.org\0", PASSWORD),
        (&long, PASSWORD),
    ] {
        let started = Instant::now();
        assert_eq!(panel.ask(name, password, None), refused(Refused::WrongCredential), "{name:?}");
        assert!(started.elapsed() >= Duration::from_secs(1), "{name:?}");
    }
    // Who knows the password is told.
    assert_eq!(panel.ask("bob@example.org", PASSWORD, None), refused(Refused::AccountDisabled));
}

#[test]
fn failures_from_one_address_pause_that_address_alone() {
    let mut site = site!();
    site.configure("[throttle]\npassword_failures = 2\npassword_pause = 60");
    site.add_account(ALICE, PASSWORD);
    let panel = Panel::at(&site);
    for guess in ["guess 1", "guess 2"] {
        assert_eq!(panel.ask(ALICE, guess, None), refused(Refused::WrongCredential));
    }
    assert_eq!(panel.ask(ALICE, PASSWORD, None), refused(Refused::Throttled));
    assert_eq!(panel.ask_from("198.51.100.1", ALICE, PASSWORD, None), accepted(ALICE, Method::Password));
}

#[test]
fn who_must_turn_2fa_on_is_let_in_for_that_alone() {
    let mut site = site!();
    site.configure("require_2fa = true");
    site.add_account(ALICE, PASSWORD);
    let answer = Panel::at(&site).ask(ALICE, PASSWORD, None);
    assert!(matches!(&answer, Ok(Answer::Accepted(Accepted { enrolment_only: true, .. }))), "{answer:?}");
}

#[test]
fn around_pam_unix_wrong_passwords_and_missing_codes_are_told_apart() {
    let mut site = site!();
    site.configure("bare_names = true");
    site.system_user(BOB, PASSWORD);
    site.system_user("carol", PASSWORD);
    site.add_account(BOB, "");
    let factors = site.enrol(BOB);
    site.pam_file("mailkey-panel", &site.stack_lines(""));
    let panel = Panel::at(&site);
    wait_for_room_in_step();
    assert_eq!(panel.ask(BOB, PASSWORD, None), Ok(Answer::CodeRequired));
    assert_eq!(panel.ask(BOB, "wrong password", None), refused(Refused::WrongCredential));
    assert_eq!(panel.ask("nobody-at-all", PASSWORD, None), refused(Refused::WrongCredential));
    assert_eq!(panel.ask(BOB, "wrong password", Some(&factors.code(0))), refused(Refused::WrongCredential));
    assert_eq!(panel.ask(BOB, PASSWORD, Some("000000")), refused(Refused::WrongCode));
    assert_eq!(panel.ask(BOB, PASSWORD, Some(&factors.code(0))), accepted(BOB, Method::Totp));
    // No record of her yet.
    assert_eq!(panel.ask("carol", PASSWORD, None), accepted("carol", Method::Password));
}

#[test]
fn an_expired_system_account_and_an_expired_system_password_are_told() {
    let mut site = site!();
    site.configure("bare_names = true");
    site.system_user(BOB, PASSWORD);
    site.system_user("carol", PASSWORD);
    site.add_account(BOB, "");
    site.pam_file("mailkey-panel", &site.stack_lines(""));
    let panel = Panel::at(&site);
    let shadow = std::fs::read_to_string(site.path("shadow")).unwrap();
    let aged: String = shadow
        .lines()
        .map(|line| {
            let mut fields: Vec<&str> = line.split(':').collect();
            // Expired on the second day of 1970; or a password that must be changed at once (shadow(5)).
            if fields[0] == BOB {
                fields[7] = "1"
            } else {
                fields[2] = "0"
            }
            fields.join(":") + "\n"
        })
        .collect();
    std::fs::write(site.path("shadow"), aged).unwrap();
    assert_eq!(panel.ask(BOB, PASSWORD, None), refused(Refused::AccountDisabled));
    assert_eq!(panel.ask("carol", PASSWORD, None), refused(Refused::PasswordExpired));
}

#[test]
fn a_service_that_is_not_mailkeys_opens_nothing() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let app = site.add_app_password(ALICE);
    site.pam_file("permit", "auth required pam_permit.so\naccount required pam_permit.so\n");
    site.pam_file("deny", "auth required pam_deny.so\naccount required pam_deny.so\n");
    site.pam_file("missing-module", "auth required pam_no_such_module.so\naccount required pam_permit.so\n");
    let ask = |service: &str, password: &str| Panel::of(service, &site, Limits::default()).ask(ALICE, password, None);
    let unavailable = |answer: Result<Answer, Trouble>, word: &str| {
        assert!(matches!(&answer, Err(Trouble::Unavailable(text)) if text.contains(word)), "{answer:?}");
    };
    unavailable(ask("permit", PASSWORD), "accepted without pam_mailkey");
    unavailable(ask("missing-module", PASSWORD), "missing-module");
    // No file of its own: "other", which denies here.
    for service in ["deny", "no-such-service"] {
        assert_eq!(ask(service, PASSWORD), refused(Refused::WrongCredential));
        assert!(warned_of(service), "{service}");
    }
    // A refusal of ours is nothing to be warned of.
    assert_eq!(ask("mailkey-panel", "wrong password"), refused(Refused::WrongCredential));
    assert!(!warned_of("mailkey-panel"));
    // An app password opens mail, and not the panel, whatever the file says.
    unavailable(ask("mailkey-imap", &app), "mode panel");
}

#[test]
fn a_database_that_cannot_be_read_is_trouble_and_no_refusal() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    std::fs::remove_file(site.path("data/mailkey.db")).unwrap();
    let answer = Panel::at(&site).ask(ALICE, PASSWORD, None);
    assert!(matches!(&answer, Err(Trouble::Unavailable(text)) if text.contains("store_unavailable")), "{answer:?}");
}

#[test]
fn a_module_that_hangs_is_ended() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let hangs = "auth required pam_exec.so /bin/sleep 20\n".to_string();
    site.pam_file("mailkey-panel", &(hangs + &site.store_lines("")));
    let limits = Limits { run: Duration::from_secs(2), ..Limits::default() };
    let panel = Panel::with(&site, limits);
    let started = Instant::now();
    assert_eq!(panel.ask(ALICE, PASSWORD, None), Err(Trouble::TimedOut));
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
    // Its place is free again, and the worker gone.
    site.pam_file("mailkey-panel", &site.store_lines(""));
    assert_eq!(panel.ask(ALICE, PASSWORD, None), accepted(ALICE, Method::Password));
    let of_site = site.directory.path().to_str().unwrap();
    assert_eq!(workers_in(of_site), 0);
}

/// Workers of the panel whose namespace has this directory's PAM files.
fn workers_in(directory: &str) -> usize {
    let is_worker = |process: &std::path::Path| {
        let arguments = std::fs::read(process.join("cmdline")).unwrap_or_default();
        let mounts = std::fs::read_to_string(process.join("mountinfo")).unwrap_or_default();
        arguments.ends_with(b"\0pam-worker\0") && mounts.contains(directory)
    };
    std::fs::read_dir("/proc").unwrap().filter(|entry| is_worker(&entry.as_ref().unwrap().path())).count()
}

#[test]
fn a_module_that_prints_changes_no_answer() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    // What a module prints goes where the worker's own output goes; pam_exec is its child.
    let printed = site.path("printed");
    let print = "echo mailkey1accepted >/proc/$PPID/fd/1; echo mailkey1accepted >/proc/$PPID/fd/2";
    let lines = format!("auth optional pam_exec.so quiet /bin/sh -c [{print}; echo $? >{}]\n", printed.display());
    site.pam_file("mailkey-panel", &(lines + &site.store_lines("")));
    let panel = Panel::at(&site);
    assert_eq!(panel.ask(ALICE, PASSWORD, None), accepted(ALICE, Method::Password));
    assert_eq!(std::fs::read_to_string(printed).unwrap(), "0\n", "it did print");
    assert_eq!(panel.ask(ALICE, "wrong password", None), refused(Refused::WrongCredential));
}

#[test]
fn a_module_that_wants_a_pause_after_a_failure_holds_no_place() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    // Microseconds: 20 s, of which libpam takes between half and half as much again.
    let slow = "auth optional pam_faildelay.so delay=20000000\n".to_string();
    site.pam_file("mailkey-panel", &(slow + &site.store_lines("")));
    let started = Instant::now();
    assert_eq!(Panel::at(&site).ask(ALICE, "wrong password", None), refused(Refused::WrongCredential));
    assert!(started.elapsed() < Duration::from_secs(9), "{:?}", started.elapsed());
}

/// Another program in the worker's place.
fn with_program(site: &Site, text: &str, limits: Limits) -> Panel {
    let path = site.path("program");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut panel = Panel::at(site);
    panel.authenticator = Authenticator::new("mailkey-panel", names(false), path, limits, warn);
    panel
}

#[test]
fn a_worker_that_dies_or_answers_nonsense_opens_nothing() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let unavailable = |program: &str, word: &str| {
        let answer = with_program(&site, program, Limits::default()).ask(ALICE, PASSWORD, None);
        assert!(matches!(&answer, Err(Trouble::Unavailable(text)) if text.contains(word)), "{answer:?}");
    };
    unavailable("#!/bin/sh\ncat >/dev/null; exit 0\n", "no answer");
    unavailable("#!/bin/sh\ncat >/dev/null; kill -9 $$\n", "signal");
    unavailable("#!/bin/sh\ncat\n", "no answer");
    unavailable("#!/bin/sh\ncat >/dev/null; head -c 1000000 /dev/zero\n", "");
    unavailable("#!/no/such/interpreter\n", "cannot be tried");
    // A right answer of a worker that then failed.
    let real = program(&site);
    unavailable(&format!("#!/bin/sh\n{} \"$@\"\nexit 3\n", real.display()), "exit status: 3");
    assert_eq!(field(&site.log_line(), "result"), "accepted");
}

#[test]
fn what_a_worker_has_started_ends_with_it() {
    let site = site!();
    let helper = site.path("helper");
    let program = format!("#!/bin/sh\n/bin/sleep 25 &\necho $! >{}\nwait\n", helper.display());
    let limits = Limits { run: Duration::from_secs(2), ..Limits::default() };
    assert_eq!(with_program(&site, &program, limits).ask(ALICE, PASSWORD, None), Err(Trouble::TimedOut));
    let helper = PathBuf::from("/proc").join(std::fs::read_to_string(helper).unwrap().trim());
    // It takes a moment to die, and may be a zombie until whoever inherits it has looked.
    let killed = || std::fs::read(helper.join("cmdline")).unwrap_or_default().is_empty();
    let deadline = Instant::now() + Duration::from_secs(10);
    while !killed() && Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert!(killed());
}

#[test]
fn of_twenty_at_once_with_one_code_one_opens_and_all_are_answered() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let factors = site.enrol(ALICE);
    let panel = Panel::at(&site);
    wait_for_room_in_step();
    let (password, code) = (Secret::copy(PASSWORD.as_bytes()), Secret::copy(factors.code(0).as_bytes()));
    let ask = || panel.authenticator.authenticate(ALICE, &password, Some(&code), None);
    let answers = panel.runtime.block_on(futures_of((0..20).map(|_| ask()).collect()));
    let opened = answers.iter().filter(|answer| **answer == accepted(ALICE, Method::Totp)).count();
    let used = answers.iter().filter(|answer| **answer == refused(Refused::CodeUsed)).count();
    assert_eq!((opened, used), (1, 19), "{answers:?}");
}

#[test]
fn more_than_may_wait_are_told_at_once_and_the_others_are_answered() {
    let site = site!();
    site.add_account(ALICE, PASSWORD);
    let limits = Limits { at_once: 1, waiting: 2, ..Limits::default() };
    let panel = Panel::with(&site, limits);
    let password = Secret::copy(PASSWORD.as_bytes());
    let ask = || panel.authenticator.authenticate(ALICE, &password, None, None);
    let answers = panel.runtime.block_on(futures_of((0..6).map(|_| ask()).collect()));
    let opened = answers.iter().filter(|answer| **answer == accepted(ALICE, Method::Password)).count();
    let busy = answers.iter().filter(|answer| **answer == Err(Trouble::Busy)).count();
    assert_eq!((opened, busy), (3, 3), "{answers:?}");
}

/// Runs them all at once.
async fn futures_of<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    use std::task::Poll;
    let mut running: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, result) in &mut running {
            if result.is_none()
                && let Poll::Ready(done) = future.as_mut().poll(context)
            {
                *result = Some(done);
            }
        }
        if running.iter().all(|(_, result)| result.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    running.into_iter().map(|(_, result)| result.unwrap()).collect()
}
