//! An instance to run the command on.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mailkey::account::{AccountName, DEFAULT_NAME_SYMBOLS, NameRules};
use mailkey::credential::session;
use mailkey::session::{SessionDigest, SessionKind, SessionLimits};
use mailkey::store::{self, Claim, Claimed, Holder, Lookup, NewPanelSession, NewSession, ThrottleKeys};
use serde_json::Value;

/// The password of accounts that [`Lab::add`] makes.
pub const PASSWORD: &str = "correct horse battery";

pub const ALICE: &str = "alice@example.org";

pub struct Lab {
    pub directory: tempfile::TempDir,
}

/// How a run ended.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Lab {
    /// A complete instance with cheap hashes.
    pub fn new() -> Self {
        let lab = Self::empty();
        lab.init().done();
        let text = std::fs::read_to_string(lab.config()).unwrap();
        let cheap = "memory_kib = 8\niterations = 1\nparallelism = 1\n";
        std::fs::write(lab.config(), format!("{text}\n[hash.password]\n{cheap}[hash.app_password]\n{cheap}")).unwrap();
        lab
    }

    /// A directory without an instance.
    pub fn empty() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// With the account alice.
    pub fn with_alice() -> Self {
        let lab = Self::new();
        lab.add(ALICE);
        lab
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.path("etc/mailkey.toml")
    }

    pub fn init(&self) -> Run {
        self.run(["init", "--data-dir", self.path("data").to_str().unwrap()])
    }

    pub fn add(&self, address: &str) {
        self.run_with(["user", "add", address, "--password-stdin"], format!("{PASSWORD}\n")).done();
    }

    /// Runs a verb with nothing on standard input.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs a verb with something on standard input.
    pub fn run_with<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>, input: impl AsRef<[u8]>) -> Run {
        run(self.command(arguments), input.as_ref())
    }

    /// Runs a verb with `--json`; it must succeed.
    pub fn json<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Value {
        self.json_with(arguments, "")
    }

    pub fn json_with<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>, input: &str) -> Value {
        let mut command = self.command(arguments);
        command.arg("--json");
        run(command, input.as_bytes()).done().parsed()
    }

    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = mailkey();
        command.arg("--config").arg(self.config()).args(arguments);
        command
    }

    /// Opens a webmail session some seconds ago, as the module does; returns its id.
    #[allow(clippy::disallowed_methods)] // a test has a clock
    pub fn open_session(&self, address: &str, credential: &str, ago: i64, from: &str, protocol: &str) -> String {
        let mut store = store::open(&self.path("data/mailkey.db"), Duration::from_secs(5)).unwrap();
        let account = store.load(&Lookup::account(&name(address))).unwrap().account.unwrap();
        let digest = session::read(credential.as_bytes()).and_then(|read| read.digest()).unwrap();
        let opening = Some([0; 16]);
        let new = NewSession {
            digest,
            kind: SessionKind::Exchange,
            opening,
            method: "password",
            from,
            protocol,
            confirmed: true,
        };
        let throttle = ThrottleKeys { subject: [0; 16], network: String::new() };
        let holder = Holder::Account { uid: account.uid, version: account.version };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64 - ago;
        let claim = Claim { holder, what: None, session: Some(&new), throttle: &throttle, now };
        assert_eq!(store.claim(&claim).unwrap(), Claimed::Yes);
        digest.id().to_string()
    }

    /// Opens a panel session as a sign-in of `ago` seconds ago would; returns its id.
    #[allow(clippy::disallowed_methods)] // a test has a clock
    pub fn open_panel_session(&self, address: &str, number: u8, ago: i64, agent: &str) -> String {
        let mut store = store::open(&self.path("data/mailkey.db"), Duration::from_secs(5)).unwrap();
        let account = store.summary(&name(address), 0).unwrap().unwrap().uid;
        let version = store.load(&Lookup::account(&name(address))).unwrap().account.unwrap().version;
        let digest = SessionDigest([number; 32]);
        let limits = SessionLimits { idle: 900, absolute: 43_200 };
        let (opened_at, proved_at) = (None, None);
        let new = NewPanelSession { digest, method: "totp", agent, from: "192.0.2.8", limits, opened_at, proved_at };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64 - ago;
        assert!(store.open_panel_session(account, version, &new, now).unwrap());
        digest.id().to_string()
    }

    /// Turns 2FA on for alice; returns the secret and the recovery codes.
    pub fn enrol(&self) -> (String, Vec<String>) {
        let begun = self.json(["totp", "enroll", ALICE]);
        let secret = begun["secret"].as_str().unwrap().to_string();
        let confirmed = self.json_with(["totp", "confirm", ALICE], &code(&secret, 0));
        let codes = confirmed["recovery_codes"].as_array().unwrap();
        (secret, codes.iter().map(|code| code.as_str().unwrap().to_string()).collect())
    }
}

impl Run {
    /// It was done, and nothing was complained about.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self
    }

    /// It ended with `code`, standard error says `what`, and standard output nothing.
    #[track_caller]
    pub fn failed(self, code: i32, what: &str) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(self.err.starts_with("mailkey: ") && self.err.contains(what), "{:?} is not in: {}", what, self.err);
        assert_eq!(self.out, "");
        self
    }

    #[track_caller]
    pub fn parsed(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

fn name(address: &str) -> AccountName {
    let rules = NameRules { default_domain: None, bare_names: false, symbols: DEFAULT_NAME_SYMBOLS.into() };
    AccountName::parse(address.as_bytes(), &rules).unwrap()
}

/// The command with an environment that does not depend on who runs the tests.
pub fn mailkey() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailkey"));
    command.env("TZ", "UTC").env_remove("NO_COLOR").env("COLUMNS", "100");
    command
}

pub fn run(mut command: Command, input: &[u8]) -> Run {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input ends before it is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// The code that oathtool makes, `steps` time steps from now.
pub fn code(secret: &str, steps: i64) -> String {
    let at = format!("now {:+} seconds", 30 * steps);
    let mut oathtool = Command::new("oathtool");
    oathtool.args(["--totp", "--base32", "--now", &at, "-"]);
    let run = run(oathtool, secret.as_bytes());
    assert_eq!(run.code, 0, "oathtool (package oathtool): {}", run.err);
    run.out.trim().to_string()
}

pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

pub fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
