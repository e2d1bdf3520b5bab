//! A complete mailkey instance in a temporary directory, and a PAM application that signs in to it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mailkey::account::{
    AccountName, AppPassword, AppPasswordId, DEFAULT_NAME_SYMBOLS, NameRules, Protocol, Protocols, TotpAlgorithm,
    TotpForm,
};
use mailkey::config::{self, Config};
use mailkey::credential::hash::{self, HeapMemory, Owner};
use mailkey::credential::{Keyring, Secret, app_password, random, recovery_code, totp};
use mailkey::store::{Lookup, NewAccount, NewAuthenticator, OpenStore, SqliteStore, open};

/// PAM_SUCCESS, PAM_PERM_DENIED, PAM_AUTH_ERR, PAM_AUTHINFO_UNAVAIL, PAM_AUTHTOK_ERR (Linux-PAM).
pub const SUCCESS: i32 = 0;
pub const PERM_DENIED: i32 = 6;
pub const AUTH_ERR: i32 = 7;
pub const UNAVAIL: i32 = 9;
pub const AUTHTOK_ERR: i32 = 20;

pub const ALICE: &str = "alice@example.org";
pub const PASSWORD: &str = "correct horse battery";
pub const FORM: TotpForm = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };

/// Ends a test where there is no private namespace to be had.
macro_rules! site {
    () => {
        match crate::harness::Site::new() {
            Some(site) => site,
            None => return,
        }
    };
}

/// One instance: configuration, key, database, PAM files, and a syslog socket.
pub struct Site {
    pub directory: tempfile::TempDir,
    pub config: Config,
    pub keys: Keyring,
    log: Option<UnixDatagram>,
    /// Lines of /etc/passwd and /etc/shadow in the namespace.
    system_users: Vec<(String, String)>,
}

/// An account's second factors.
pub struct Factors {
    pub secret: Secret,
    pub recovery_codes: Vec<String>,
}

impl Factors {
    /// The code of the time step `offset` steps from now.
    pub fn code(&self, offset: i64) -> String {
        let step = totp::step_at(FORM, now()) + offset;
        totp::code_at(&self.secret, FORM, step).unwrap().as_str().unwrap().to_string()
    }
}

impl Site {
    pub fn new() -> Option<Self> {
        if !can_isolate() {
            assert!(std::env::var_os("CI").is_none(), "CI must run the PAM tests as root, with namespaces");
            eprintln!("skipped: needs root and private mount namespaces (unshare -m)");
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let (data, pam) = (root.join("data"), root.join("pam.d"));
        std::fs::create_dir(&data).unwrap();
        std::fs::create_dir(&pam).unwrap();
        let key = root.join("key");
        std::fs::write(&key, Keyring::generate().unwrap().as_bytes()).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o640)).unwrap();
        SqliteStore::create_or_migrate(&data.join("mailkey.db")).unwrap();
        let keys = config::load_key(&key).unwrap().0;
        let mut store = open(&data.join("mailkey.db"), Duration::from_secs(1)).unwrap();
        keys.checks().for_each(|check| store.add_key_check(check).unwrap());
        let text = config_text(root, "");
        let mut site =
            Self { config: config::parse(&text).unwrap(), keys, log: None, system_users: Vec::new(), directory };
        site.configure("");
        site.start_syslog();
        for service in ["imap", "pop3", "smtp", "submission", "sieve", "webmail", "panel"] {
            site.pam_file(&format!("mailkey-{service}"), &site.store_lines(""));
        }
        site.pam_file("other", "auth required pam_deny.so\naccount required pam_deny.so\n");
        Some(site)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes the configuration, with `more` after the paths and cheap hashes.
    pub fn configure(&mut self, more: &str) {
        let text = config_text(self.directory.path(), more);
        self.config = config::parse(&text).unwrap();
        self.write_config(&text);
    }

    pub fn write_config(&self, text: &str) {
        let path = self.path("mailkey.toml");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }

    pub fn pam_file(&self, service: &str, lines: &str) {
        std::fs::write(self.path("pam.d").join(service), lines).unwrap();
    }

    /// The two lines of `primary=store`, with more arguments on the first.
    pub fn store_lines(&self, more: &str) -> String {
        let (module, config) = (module().display(), self.path("mailkey.toml"));
        let config = config.display();
        format!(
            "auth required {module} config={config} {more}\naccount required {module} config={config}\n\
             password required {module} config={config}\n"
        )
    }

    /// DESIGN.md's stack around pam_unix; `arguments` on every line of ours.
    pub fn stack_lines(&self, arguments: &str) -> String {
        self.stack_file(
            "[success=done ignore=ignore default=die]",
            "requisite pam_unix.so use_first_pass",
            "required",
            arguments,
        ) + &self.account_line(arguments)
            + "account required pam_unix.so\n"
    }

    pub fn stack_file(&self, first: &str, unix: &str, finish: &str, arguments: &str) -> String {
        let module = format!("{} config={}", module().display(), self.path("mailkey.toml").display());
        format!(
            "auth {first} {module} primary=stack {arguments}\nauth {unix}\nauth {finish} {module} primary=stack finish {arguments}\n"
        )
    }

    pub fn account_line(&self, arguments: &str) -> String {
        let stack = if arguments.is_empty() { "" } else { "primary=stack" };
        format!(
            "account required {} config={} {stack} {arguments}\n",
            module().display(),
            self.path("mailkey.toml").display()
        )
    }

    /// A user of /etc/passwd and /etc/shadow, in the namespace only.
    pub fn system_user(&mut self, name: &str, password: &str) {
        let output = Command::new("openssl").args(["passwd", "-6", password]).output().unwrap();
        let hash = String::from_utf8(output.stdout).unwrap();
        let id = 20_000 + self.system_users.len();
        self.system_users.push((
            format!("{name}:x:{id}:{id}::/nonexistent:/usr/sbin/nologin\n"),
            format!("{name}:{}:19000:0:99999:7:::\n", hash.trim()),
        ));
    }

    /// Writes the files that the namespace has as /etc/passwd and /etc/shadow.
    pub fn write_users(&self) {
        if self.system_users.is_empty() {
            return;
        }
        let passwd: String = self.system_users.iter().map(|(passwd, _)| passwd.as_str()).collect();
        let shadow: String = self.system_users.iter().map(|(_, shadow)| shadow.as_str()).collect();
        std::fs::write(self.path("passwd"), format!("root:x:0:0::/root:/bin/sh\n{passwd}")).unwrap();
        std::fs::write(self.path("shadow"), shadow).unwrap();
        std::fs::set_permissions(self.path("shadow"), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub fn start_syslog(&mut self) {
        self.stop_syslog();
        let socket = UnixDatagram::bind(self.path("log")).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        self.log = Some(socket);
    }

    pub fn stop_syslog(&mut self) {
        self.log = None;
        let _ = std::fs::remove_file(self.path("log"));
    }

    /// The lines that were logged since the last call.
    pub fn log_lines(&self) -> Vec<String> {
        let socket = self.log.as_ref().unwrap();
        socket.set_nonblocking(true).unwrap();
        let mut lines = Vec::new();
        let mut buffer = [0; 8192];
        while let Ok(length) = socket.recv(&mut buffer) {
            let line = String::from_utf8_lossy(&buffer[..length]).into_owned();
            assert!(!line.contains("internal_error"), "{line}");
            lines.push(line);
        }
        lines
    }

    /// Reads the log while `work` runs: a socket's queue holds only a few lines.
    #[allow(clippy::disallowed_methods)] // a test may wait
    pub fn lines_during<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<String>) {
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut lines = Vec::new();
                loop {
                    let last = done.load(std::sync::atomic::Ordering::Acquire);
                    lines.extend(self.log_lines());
                    if last {
                        return lines;
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
            let result = work();
            done.store(true, std::sync::atomic::Ordering::Release);
            (result, reader.join().unwrap())
        })
    }

    /// The one line that was logged since the last call.
    #[track_caller]
    pub fn log_line(&self) -> String {
        let mut lines = self.log_lines();
        assert_eq!(lines.len(), 1, "one line for each attempt: {lines:#?}");
        lines.remove(0)
    }

    // What the command does, through the library.

    pub fn store(&self) -> OpenStore {
        open(self.config.store.clone(), self.config.busy_timeout).unwrap()
    }

    pub fn add_account(&self, name: &str, password: &str) {
        let uid = mailkey::account::AccountUid(random().unwrap());
        let profile = self.config.policy.password_profile;
        let secret = Secret::copy(password.as_bytes());
        let hash = (!password.is_empty()).then(|| {
            hash::create(&mut HeapMemory::default(), &self.keys, profile, Owner::Password(uid), &secret).unwrap()
        });
        let name = parse_name(name);
        let account = NewAccount { uid, name: &name, password: hash.as_deref() };
        self.store().add_account(&account, now()).unwrap();
    }

    pub fn account(&self, name: &str) -> mailkey::account::Account {
        let name = parse_name(name);
        let lookup = Lookup::account(&name);
        self.store().load(&lookup).unwrap().account.unwrap()
    }

    /// Turns 2FA on; no step is used up yet.
    pub fn enrol(&self, name: &str) -> Factors {
        let uid = self.account(name).uid;
        let secret = totp::generate().unwrap();
        let sealed = totp::seal(&self.keys, uid, &secret).unwrap();
        let mut store = self.store();
        let new = NewAuthenticator { name: "phone", sealed: &sealed, form: FORM };
        let id = store.begin_enrolment(uid, &new, now()).unwrap();
        let set = recovery_code::generate_set().unwrap();
        let profile = self.config.policy.password_profile;
        let hashed: Vec<_> = set
            .iter()
            .map(|code| {
                let owner = Owner::RecoveryCode(uid, code.index);
                (
                    code.index,
                    hash::create(&mut HeapMemory::default(), &self.keys, profile, owner, &code.secret).unwrap(),
                )
            })
            .collect();
        store.confirm_enrolment(uid, id, 0, &hashed, now()).unwrap();
        let recovery_codes = set.iter().map(|code| code.shown().as_str().unwrap().to_string()).collect();
        Factors { secret, recovery_codes }
    }

    pub fn add_app_password(&self, name: &str) -> String {
        self.add_limited(name, &Protocol::ALL, &[], None)
    }

    pub fn add_limited(
        &self,
        name: &str,
        protocols: &[Protocol],
        networks: &[&str],
        expires_at: Option<i64>,
    ) -> String {
        let uid = self.account(name).uid;
        let made = app_password::generate().unwrap();
        let profile = self.config.policy.app_password_profile;
        let owner = Owner::AppPassword(uid, made.id);
        let row = AppPassword {
            id: made.id,
            name: "phone".into(),
            hash: hash::create(&mut HeapMemory::default(), &self.keys, profile, owner, &made.secret).unwrap(),
            protocols: protocols.iter().copied().collect::<Protocols>(),
            networks: networks.iter().map(|text| config::parse_network(text).unwrap()).collect(),
            created_at: now(),
            expires_at,
            revoked_at: None,
            last_use: None,
        };
        self.store().add_app_password(uid, None, &row).unwrap();
        made.shown().as_str().unwrap().to_string()
    }

    pub fn revoke(&self, name: &str, shown: &str) {
        let uid = self.account(name).uid;
        self.store().revoke_app_passwords(uid, Some(id_of(shown)), now()).unwrap();
    }

    pub fn client(&self) -> Client {
        Client::start(self)
    }
}

pub fn id_of(shown: &str) -> AppPasswordId {
    app_password::read_id(&shown[..4]).unwrap()
}

fn parse_name(name: &str) -> AccountName {
    let rules = NameRules { default_domain: None, bare_names: true, symbols: DEFAULT_NAME_SYMBOLS.into() };
    AccountName::parse(name.as_bytes(), &rules).unwrap()
}

fn config_text(root: &Path, more: &str) -> String {
    let cheap = "memory_kib = 8\niterations = 1\nparallelism = 1\n";
    let hash = if more.contains("[hash.") {
        String::new()
    } else {
        format!("[hash.password]\n{cheap}[hash.app_password]\n{cheap}")
    };
    format!(
        "database = \"{0}/data/mailkey.db\"\nkey = \"{0}/key\"\nbusy_timeout_ms = 500\n{more}\n{hash}",
        root.display()
    )
}

#[allow(clippy::disallowed_methods)] // a test has a clock
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// Waits until the current time step has some seconds left, so that a test does not cross into the next one.
#[allow(clippy::disallowed_methods)]
pub fn wait_for_room_in_step() {
    while now() % 30 > 24 {
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The module that cargo has built for this test.
pub fn module() -> &'static Path {
    static MODULE: OnceLock<PathBuf> = OnceLock::new();
    MODULE.get_or_init(|| {
        let path = std::env::current_exe().unwrap().with_file_name("libmailkey.so");
        assert!(path.exists(), "{} is missing: run `cargo build --lib`", path.display());
        path
    })
}

/// The PAM application, compiled once.
fn client_program() -> &'static Path {
    static CLIENT: OnceLock<PathBuf> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pam/client.c");
        let include = concat!("-I", env!("CARGO_MANIFEST_DIR"), "/include");
        let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("pam-client-{}", std::process::id()));
        let status = Command::new("cc")
            .args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", include, source, "-o"])
            .arg(&program)
            .arg("-lpam")
            .status()
            .expect("a C compiler");
        assert!(status.success());
        program
    })
}

fn can_isolate() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| {
        let tried = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "true"])
            .stderr(Stdio::null())
            .status();
        tried.is_ok_and(|status| status.success())
    })
}

/// Makes a private /dev with the syslog socket, and the system users; then becomes the client.
const ISOLATE: &str = r#"
set -eu
directory=$1 client=$2
mkdir -p "$directory/dev"
mount -t tmpfs -o mode=755 tmpfs "$directory/dev"
for node in null zero full random urandom; do : > "$directory/dev/$node"; mount --bind "/dev/$node" "$directory/dev/$node"; done
mkdir -m 1777 "$directory/dev/shm"
ln -s "$directory/log" "$directory/dev/log"
mount --rbind "$directory/dev" /dev
if [ -e "$directory/passwd" ]; then
    mount --bind "$directory/passwd" /etc/passwd
    mount --bind "$directory/shadow" /etc/shadow
fi
eval "${MAILKEY_TEST_SETUP:-}"
exec ${MAILKEY_TEST_WRAPPER:-} "$client" "$directory/pam.d"
"#;

/// A running PAM application, as long-lived as a Dovecot auth worker.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// What a transaction answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub auth: i32,
    pub account: Option<i32>,
    pub user: String,
    pub env_account: String,
    pub method: String,
    pub id: String,
    pub enrolment: String,
    pub reason: String,
    pub echo: u32,
    pub prompts: u32,
    pub message: String,
}

impl Answer {
    /// Whether mail would have opened: both calls succeeded.
    pub fn opened(&self) -> bool {
        self.auth == SUCCESS && self.account == Some(SUCCESS)
    }
}

impl Client {
    fn start(site: &Site) -> Self {
        Self::start_with(site, "", "")
    }

    /// With shell commands run before it in its namespace, and under a wrapper command such as `faketime`.
    pub fn start_with(site: &Site, setup: &str, wrapper: &str) -> Self {
        site.write_users();
        let mut child = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", ISOLATE, "sh"])
            .arg(site.directory.path())
            .arg(client_program())
            .env("MAILKEY_TEST_SETUP", setup)
            .env("MAILKEY_TEST_WRAPPER", wrapper)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn ask(&mut self, line: &str) -> String {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        answer
    }

    pub fn send(&mut self, verb: &str, service: &str, words: &[&[u8]]) -> Answer {
        let hex = |bytes: &&[u8]| {
            if bytes.is_empty() { "-".to_string() } else { data_encoding::HEXLOWER.encode(bytes) }
        };
        let words: Vec<String> = words.iter().map(hex).collect();
        let answer = self.ask(&format!("{verb} {service} {}", words.join(" ")));
        parse(&answer).unwrap_or_else(|| panic!("{verb} {service}: {answer:?}"))
    }

    /// Signs in from 192.0.2.1.
    pub fn login(&mut self, service: &str, user: &str, password: &str) -> Answer {
        self.login_from(service, user, "192.0.2.1", password)
    }

    pub fn login_from(&mut self, service: &str, user: &str, rhost: &str, password: &str) -> Answer {
        let answer = self.send("auth", service, &[user.as_bytes(), rhost.as_bytes(), password.as_bytes()]);
        assert_eq!(answer.echo, 0, "a prompt with echo: saslauthd crashes at that");
        answer
    }

    /// Whether the client lived long enough to open.
    pub fn login_survives(&mut self, service: &str, user: &str, password: &str) -> bool {
        let hex = data_encoding::HEXLOWER;
        let words = format!("{} - {}", hex.encode(user.as_bytes()), hex.encode(password.as_bytes()));
        if writeln!(self.input.as_mut().unwrap(), "auth {service} {words}").is_err() {
            return false;
        }
        let mut answer = String::new();
        self.output.read_line(&mut answer).is_ok() && parse(&answer).is_some_and(|answer| answer.opened())
    }

    /// A path as the client sees it in its namespace.
    pub fn path(&self, path: &Path) -> PathBuf {
        let mut seen = PathBuf::from(format!("/proc/{}/root", self.child.id()));
        seen.extend(path.components().skip(1));
        seen
    }

    pub fn memory_kib(&mut self) -> u64 {
        self.ask("memory").trim().strip_prefix("memory=").unwrap().parse().unwrap()
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

fn parse(line: &str) -> Option<Answer> {
    let field = |name: &str| {
        line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('=')).map(str::to_string)
    };
    let text = |name: &str| {
        let bytes = data_encoding::HEXLOWER.decode(field(name)?.as_bytes()).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    Some(Answer {
        auth: field("auth")?.parse().ok()?,
        account: field("acct")?.parse().ok(),
        user: text("user")?,
        env_account: field("account")?,
        method: field("method")?,
        id: field("id")?,
        enrolment: field("enrolment")?,
        reason: field("reason")?,
        echo: field("echo")?.parse().ok()?,
        prompts: field("prompts")?.parse().ok()?,
        message: text("message")?,
    })
}

/// The part of a log line that a test compares.
pub fn field(line: &str, name: &str) -> String {
    line.split_whitespace()
        .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_else(|| panic!("no {name} in {line}"))
        .to_string()
}
