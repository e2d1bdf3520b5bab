//! The configuration file, `/etc/mailkey/mailkey.toml`.
//!
//! Every setting, its default and its unit stand in [`TEMPLATE`], which `mailkey init` writes. An unknown setting, a
//! value outside its range, and a file that others may write are errors: a login is then refused.

use std::fmt;
use std::io::Read;
use std::net::IpAddr;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::account::{
    DEFAULT_NAME_SYMBOLS, FORBIDDEN_NAME_SYMBOLS, NameRules, Protocol, Requirement, TotpAlgorithm, TotpForm,
};
use crate::auth::{Mode, Policy, WebmailSession, throttle};
use crate::credential::keyring::KeyError;
use crate::credential::{Keyring, Profile, Secret, hash};
use crate::record::{Counter, KeyCheck};
use crate::session::SessionLimits;
use crate::store::{Keep, Place, ReplicaRules, Store, StoreError};

/// Where the configuration is unless `config=` or `--config` says otherwise.
pub const DEFAULT_PATH: &str = "/etc/mailkey/mailkey.toml";

/// The database of an instance that says nothing else.
const DEFAULT_DATABASE: &str = "/var/lib/mailkey/mailkey.db";

/// What a database is called beside which a node keeps what is its own.
const DATABASE_NAME: &str = "mailkey.db";

/// What `mailkey init` writes; `@DATABASE@` and `@KEY@` stand for paths.
pub const TEMPLATE: &str = include_str!("config.toml");

/// Largest configuration or key file that is read.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The settings, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the store is.
    pub store: Place,
    /// The database file. Where the store is on a server there is none: this node keeps what is its own (locks of programs,
    /// what wakes the hook) beside where it would be, in the setting `node_dir`.
    pub database: PathBuf,
    /// How this node is called among those that share the store; none: as the host is.
    pub node: Option<String>,
    /// The replica of the store that logins read from where they can, if there is one.
    pub store_read: Option<ReplicaRules>,
    /// What becomes of a process that could not answer.
    pub on_unavailable: OnUnavailable,
    /// The key file.
    pub key: PathBuf,
    /// The recipients database ([`crate::recipients`]), where there is to be one. No login touches it.
    pub recipients: Option<PathBuf>,
    /// How user names become account names.
    pub names: NameRules,
    /// Addresses from which an IMAP login is the webmail's, and smtp and sieve take its session credentials.
    pub webmail_hosts: Vec<IpNet>,
    /// What decisions depend on.
    pub policy: Policy,
    /// How new TOTP authenticators make codes.
    pub totp: TotpForm,
    /// The name that authenticator apps show.
    pub issuer: String,
    /// Fewest characters of a new primary password.
    pub password_min_length: usize,
    /// Who may turn 2FA on in the panel.
    pub enrolment: EnrolmentRule,
    /// Whether a new primary password revokes all app passwords, unless whoever sets it says otherwise.
    pub password_change_revokes: bool,
    /// For how long a locked database is waited for.
    pub busy_timeout: Duration,
    /// Slow hashes that may be computed at once on this machine.
    pub concurrent_hashes: u32,
    /// Activity entries kept for an account.
    pub activity_entries: u32,
    /// Days after which an activity entry goes; 0: age does not matter.
    pub activity_days: u32,
    /// What ends an account's connections after a revocation, where anything is to.
    pub revocation_hook: Option<RevocationHook>,
    /// Notices by mail, where there are to be any.
    pub notices: Option<Notices>,
}

/// What becomes of a process that could not say whether somebody may come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnUnavailable {
    /// It refuses, and goes on.
    #[default]
    Fail,
    /// Where it is a worker of Dovecot's, it ends: Dovecot then answers that it is a temporary failure.
    EndWorker,
}

/// Who may turn 2FA on in the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnrolmentRule {
    /// Whoever has the password; who was invited, with the invitation.
    #[default]
    Free,
    /// Who was invited, and nobody else.
    Invited,
}

/// What is run for each account of which something was revoked. Whoever runs it must be able to trust the configuration
/// that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationHook {
    /// `doveadm auth cache flush` and `doveadm kick`.
    Dovecot,
    /// This program, with the arguments `--` and the account's name.
    Program(PathBuf),
}

/// Whose name notices are sent in, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Notices {
    /// The sender, as it stands in the letter (RFC 5322 `mailbox`); `mailkey notify` reads it.
    pub from: String,
    /// Who takes them.
    pub via: MailVia,
    /// Address of the panel, for the letters to name.
    pub panel: Option<String>,
    /// Tag of the language (BCP 47) for whoever has chosen none.
    pub language: String,
}

/// Who takes mail from this machine.
#[derive(Clone, Debug, PartialEq)]
pub enum MailVia {
    /// The program sendmail(1), as every mail server has it.
    Sendmail(PathBuf),
    /// A mail server: `smtp://`, with STARTTLS where `?tls=required` says so, or `smtps://`.
    Smtp(String),
}

impl Config {
    /// The mode of an attempt whose service says `mode`: an IMAP login from one of [`Self::webmail_hosts`] is the
    /// webmail's. Without an address it never is.
    pub fn mode_from(&self, mode: Mode, protocol: Option<Protocol>, remote: Option<IpAddr>) -> Mode {
        let imap = (mode, protocol) == (Mode::Client, Some(Protocol::Imap));
        if imap && self.is_webmail_host(remote) { Mode::Webmail } else { mode }
    }

    /// Which activity entries are kept at `now`.
    pub fn kept_activity(&self, now: i64) -> Keep {
        let since = (self.activity_days > 0).then(|| now.saturating_sub(i64::from(self.activity_days) * 86_400));
        Keep { entries: self.activity_entries, since }
    }

    /// Whether an address is one of [`Self::webmail_hosts`].
    pub fn is_webmail_host(&self, remote: Option<IpAddr>) -> bool {
        remote.is_some_and(|remote| self.webmail_hosts.iter().any(|network| network.contains(&remote)))
    }
}

/// Why a configuration or key file is refused, with what to do. Never holds file content beyond the offending setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// A file's identity and state: another file, or the same one changed, has another stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of the file at `path`.
    pub fn of(path: &Path) -> Result<Self, ConfigError> {
        let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        Ok(Self::from(&metadata))
    }
}

impl From<&std::fs::Metadata> for Stamp {
    fn from(metadata: &std::fs::Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// Who may do what with a file that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Others may read, nobody but the owner may write.
    Config,
    /// The group may read, others nothing.
    Key,
}

/// Reads and checks the configuration.
pub fn load(path: &Path) -> Result<(Config, Stamp), ConfigError> {
    let (text, stamp) = read_guarded(path, Guard::Config)?;
    let config = parse(&text).map_err(|ConfigError(what)| ConfigError(format!("{}: {what}", path.display())))?;
    Ok((config, stamp))
}

/// Reads and checks the key file.
pub fn load_key(path: &Path) -> Result<(Keyring, Stamp), ConfigError> {
    let (text, stamp) = read_guarded(path, Guard::Key)?;
    let keys = Keyring::parse(&text).map_err(|error| key_error(path, error))?;
    Ok((keys, stamp))
}

/// Reads the password of the store: the first line of the file, which is guarded as the key is.
pub fn load_password(path: &Path) -> Result<Secret, ConfigError> {
    let (text, _) = read_guarded(path, Guard::Key)?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(Secret::copy(line.as_bytes())),
        None => Err(ConfigError(format!("{} is empty: its first line is the password of the store", path.display()))),
    }
}

/// Whether `keys`, from the file at `path`, are the ones that the store was used with.
pub fn check_key(path: &Path, keys: &Keyring, store: &mut dyn Store) -> Result<(), KeyCheckError> {
    let remembered = store.key_checks().map_err(KeyCheckError::Store)?;
    check_keys(path, keys, &remembered).map_err(KeyCheckError::Key)
}

/// The same, `remembered` being what a store, or a replica of it, has of its keys.
pub fn check_keys(path: &Path, keys: &Keyring, remembered: &[KeyCheck]) -> Result<(), ConfigError> {
    keys.agree(remembered).map_err(|error| key_error(path, error))
}

/// Why keys and store do not go together.
#[derive(Debug, PartialEq, Eq)]
pub enum KeyCheckError {
    /// The store does not answer.
    Store(StoreError),
    /// The keys are others.
    Key(ConfigError),
}

fn key_error(path: &Path, error: KeyError) -> ConfigError {
    ConfigError(format!("key file {}: {error}: restore it from its backup", path.display()))
}

/// Parses the text of a configuration.
pub fn parse(text: &str) -> Result<Config, ConfigError> {
    // Not the error's own text, which quotes the line: the file may be any file that was named by mistake.
    let file: File = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        ConfigError(format!("line {line}: {}", first_line(error.message())))
    })?;
    file.check().map_err(ConfigError)
}

fn read_guarded(path: &Path, guard: Guard) -> Result<(Zeroizing<String>, Stamp), ConfigError> {
    // Not blocking: opening a FIFO would wait for its writer.
    let flags = libc::O_NONBLOCK | libc::O_CLOEXEC;
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = file.map_err(|error| unreadable(path, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    let refuse = |what: &str, mend: &str| {
        let path = path.display();
        Err(ConfigError(format!("{path} {what}: {}", mend.replace("{}", &path.to_string()))))
    };
    if !metadata.is_file() {
        return refuse("is not a regular file", "put a file there");
    }
    let (mode, owner) = (metadata.mode(), metadata.uid());
    if owner != 0 && owner != crate::pam::effective_uid() {
        return refuse("belongs neither to root nor to the user that reads it", "run `chown root {}`");
    }
    match guard {
        Guard::Config if mode & 0o022 != 0 => {
            return refuse("may be written by its group or by others", "run `chmod go-w {}`");
        }
        Guard::Key if mode & 0o037 != 0 => {
            return refuse("may be written by its group or used by others", "run `chmod 0640 {}`");
        }
        Guard::Config | Guard::Key => {}
    }
    if metadata.len() > MAX_FILE_BYTES {
        return refuse("is too large", "it should be a few kilobytes");
    }
    let mut text = Zeroizing::new(String::with_capacity(metadata.len() as usize + 1));
    file.take(MAX_FILE_BYTES).read_to_string(&mut text).map_err(|error| unreadable(path, &error))?;
    Ok((text, Stamp::from(&metadata)))
}

fn unreadable(path: &Path, error: &std::io::Error) -> ConfigError {
    let path = path.display();
    ConfigError(match error.kind() {
        std::io::ErrorKind::NotFound => format!("{path} is missing: run `mailkey init`, or restore it"),
        std::io::ErrorKind::PermissionDenied => {
            format!("{path} may not be read: run this as root or as a member of the group mailkey")
        }
        std::io::ErrorKind::InvalidData => format!("{path} is not UTF-8 text"),
        _ => format!("{path} cannot be read: {error}"),
    })
}

/// A log line is one line.
fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<PathBuf>,
    store: Option<String>,
    store_password_file: Option<PathBuf>,
    #[serde(default)]
    node: String,
    #[serde(default)]
    node_dir: PathBuf,
    store_read: Option<String>,
    #[serde(default = "default_lag")]
    store_read_lag: u32,
    #[serde(default = "default_outage")]
    store_read_outage: u32,
    #[serde(default)]
    on_unavailable: OnUnavailable,
    key: PathBuf,
    recipients: Option<PathBuf>,
    default_domain: Option<String>,
    #[serde(default)]
    bare_names: bool,
    name_symbols: Option<String>,
    #[serde(default)]
    webmail_hosts: Vec<String>,
    #[serde(default = "exchange")]
    webmail_session: WebmailSession,
    #[serde(default = "default_session_idle")]
    session_idle: u32,
    #[serde(default = "default_session_absolute")]
    session_absolute: u32,
    require_2fa: Option<toml::Value>,
    #[serde(default = "yes")]
    client_primary_password: bool,
    #[serde(default = "default_min_length")]
    password_min_length: usize,
    #[serde(default)]
    enrolment: EnrolmentRule,
    #[serde(default)]
    password_change_revokes: bool,
    #[serde(default = "default_busy_timeout")]
    busy_timeout_ms: u64,
    #[serde(default)]
    concurrent_hashes: u32,
    #[serde(default = "default_activity")]
    activity_entries: u32,
    #[serde(default = "default_activity_days")]
    activity_days: u32,
    #[serde(default)]
    revocation_hook: String,
    #[serde(default)]
    totp: Totp,
    #[serde(default)]
    hash: Hash,
    #[serde(default)]
    throttle: throttle::Rules,
    #[serde(default)]
    notices: NoticesTable,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NoticesTable {
    from: String,
    sendmail: PathBuf,
    smtp: String,
    panel: String,
    language: String,
}

impl Default for NoticesTable {
    fn default() -> Self {
        let (from, smtp, panel) = Default::default();
        Self { from, sendmail: "/usr/sbin/sendmail".into(), smtp, panel, language: "en".into() }
    }
}

impl NoticesTable {
    fn check(self) -> Result<Option<Notices>, String> {
        absolute("notices.sendmail", &self.sendmail)?;
        let printable = |text: &str| !text.chars().any(char::is_control);
        if !(self.from.is_empty() || (self.from.contains('@') && printable(&self.from))) {
            return Err("notices.from must be a sender, such as \"Example Mail <noreply@example.org>\"".into());
        }
        let begins = |text: &str, schemes: [&str; 2]| schemes.iter().any(|scheme| text.starts_with(scheme));
        if !(self.smtp.is_empty() || begins(&self.smtp, ["smtp://", "smtps://"])) {
            return Err("notices.smtp must be a mail server, such as \"smtp://127.0.0.1:25\"".into());
        }
        if !(self.panel.is_empty() || (begins(&self.panel, ["https://", "http://"]) && printable(&self.panel))) {
            return Err("notices.panel must be the address of the panel, such as \"https://panel.example.org/\"".into());
        }
        if self.language.is_empty() || !self.language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err("notices.language must be the tag of a language, such as \"de\"".into());
        }
        let via = if self.smtp.is_empty() { MailVia::Sendmail(self.sendmail) } else { MailVia::Smtp(self.smtp) };
        let panel = Some(self.panel).filter(|panel| !panel.is_empty());
        let set = !self.from.is_empty();
        Ok(set.then_some(Notices { from: self.from, via, panel, language: self.language }))
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Totp {
    issuer: String,
    algorithm: TotpAlgorithm,
    digits: u8,
    period: u32,
    skew: u32,
}

impl Default for Totp {
    fn default() -> Self {
        Self { issuer: "Mail".into(), algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30, skew: 1 }
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Hash {
    password: Profile,
    app_password: Profile,
}

impl Default for Hash {
    fn default() -> Self {
        Self { password: Profile::PASSWORD, app_password: Profile::APP_PASSWORD }
    }
}

fn yes() -> bool {
    true
}

fn exchange() -> WebmailSession {
    WebmailSession::Exchange
}

fn default_session_idle() -> u32 {
    3600
}

fn default_session_absolute() -> u32 {
    12 * 3600
}

fn default_min_length() -> usize {
    10
}

fn default_lag() -> u32 {
    5
}

fn default_outage() -> u32 {
    86_400
}

fn default_busy_timeout() -> u64 {
    3000
}

fn default_activity() -> u32 {
    200
}

fn default_activity_days() -> u32 {
    365
}

impl File {
    fn check(self) -> Result<Config, String> {
        let store = self.store()?;
        let store_read = self.store_read(&store)?;
        let database = match &store {
            Place::File(path) => path.clone(),
            Place::Server { .. } if self.node_dir.as_os_str().is_empty() => PathBuf::from(DEFAULT_DATABASE),
            Place::Server { .. } => self.node_dir.join(DATABASE_NAME),
        };
        self.check_node(&store)?;
        absolute("key", &self.key)?;
        if let Some(recipients) = self.recipients.as_ref().filter(|path| !path.as_os_str().is_empty()) {
            absolute("recipients", recipients)?;
            // Whoever may read the one may not so much as enter the directory of the other.
            if recipients.parent() == database.parent() {
                return Err("recipients needs a directory of its own, apart from the database's".into());
            }
        }
        range("password_min_length", self.password_min_length, 1..=128)?;
        range("busy_timeout_ms", self.busy_timeout_ms, 0..=10_000)?;
        range("concurrent_hashes", self.concurrent_hashes, 0..=1024)?;
        range("activity_entries", self.activity_entries, 0..=100_000)?;
        range("activity_days", self.activity_days, 0..=36_500)?;
        range("session_idle", self.session_idle, 1..=SessionLimits::MAX_IDLE as u32)?;
        range("session_absolute", self.session_absolute, 1..=SessionLimits::MAX_ABSOLUTE as u32)?;
        if self.session_idle > self.session_absolute {
            return Err(format!(
                "session_idle = {} is longer than session_absolute = {}: make it shorter, or that longer",
                self.session_idle, self.session_absolute
            ));
        }
        let longest = Counter::LONGEST_PAUSE as u32;
        for (name, seconds) in [
            ("throttle.code_pause", self.throttle.code_pause),
            ("throttle.code_pause_max", self.throttle.code_pause_max),
            ("throttle.password_pause", self.throttle.password_pause),
            ("throttle.password_pause_max", self.throttle.password_pause_max),
            ("throttle.remember", self.throttle.remember),
        ] {
            range(name, seconds, 0..=longest)?;
        }
        range("totp.period", self.totp.period, 15..=120)?;
        range("totp.skew", self.totp.skew, 0..=10)?;
        if !matches!(self.totp.digits, 6 | 8) {
            return Err(format!("totp.digits = {} is not possible: use 6 or 8", self.totp.digits));
        }
        if self.totp.issuer.is_empty() || self.totp.issuer.contains(':') {
            return Err("totp.issuer must be a name without a colon, such as \"Example Mail\"".into());
        }
        for (name, profile) in [("hash.password", self.hash.password), ("hash.app_password", self.hash.app_password)] {
            if !profile.is_sound() {
                return Err(format!(
                    "{name} is out of range: memory_kib from 8 per lane to {}, iterations 1 to 64, parallelism 1 to 16",
                    hash::MAX_MEMORY_KIB
                ));
            }
        }
        let concurrent_hashes = match self.concurrent_hashes {
            0 => 2 * std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32),
            set => set,
        };
        Ok(Config {
            names: self.names()?,
            webmail_hosts: self.webmail_hosts.iter().map(|text| parse_network(text)).collect::<Result<_, _>>()?,
            policy: Policy {
                require_2fa: requirement(self.require_2fa.as_ref())?,
                client_primary_password: self.client_primary_password,
                skew: self.totp.skew,
                password_profile: self.hash.password,
                app_password_profile: self.hash.app_password,
                webmail_session: self.webmail_session,
                session_limits: SessionLimits {
                    idle: self.session_idle.into(),
                    absolute: self.session_absolute.into(),
                },
                throttle: self.throttle,
            },
            totp: TotpForm { algorithm: self.totp.algorithm, digits: self.totp.digits, period: self.totp.period },
            issuer: self.totp.issuer,
            password_min_length: self.password_min_length,
            enrolment: self.enrolment,
            password_change_revokes: self.password_change_revokes,
            busy_timeout: Duration::from_millis(self.busy_timeout_ms),
            concurrent_hashes,
            activity_entries: self.activity_entries,
            activity_days: self.activity_days,
            revocation_hook: revocation_hook(&self.revocation_hook)?,
            notices: self.notices.check()?,
            recipients: self.recipients.filter(|path| !path.as_os_str().is_empty()),
            store_read,
            on_unavailable: self.on_unavailable,
            store,
            database,
            node: Some(self.node).filter(|node| !node.is_empty()),
            key: self.key,
        })
    }

    /// Where the store is: exactly one of `database` and `store` says so.
    fn store(&self) -> Result<Place, String> {
        let text = match (&self.database, self.store.as_deref().filter(|text| !text.is_empty())) {
            (Some(path), None) => {
                absolute("database", path)?;
                return Ok(Place::File(path.clone()));
            }
            (Some(_), Some(_)) => {
                return Err("database and store both say where the store is: remove one of them".into());
            }
            (None, None) => return Err("neither database nor store says where the store is: set one of them".into()),
            (None, Some(text)) => text,
        };
        if let Some(path) = text.strip_prefix("sqlite:") {
            absolute("store", Path::new(path))?;
            return Ok(Place::File(path.into()));
        }
        self.server("store", text)?
            .ok_or("store must be \"sqlite:/path\" or \"postgresql://user@host/database\"".into())
    }

    /// The server that the setting `name` gives; none where it is no URL of one.
    fn server(&self, name: &str, text: &str) -> Result<Option<Place>, String> {
        if !text.starts_with("postgresql://") && !text.starts_with("postgres://") {
            return Ok(None);
        }
        if Place::holds_password(text) {
            return Err(format!(
                "{name} may not hold a password, everybody can read this file: put it into a file of its own, and name \
                 that in store_password_file"
            ));
        }
        let password_file = self.store_password_file.clone().filter(|path| !path.as_os_str().is_empty());
        if let Some(path) = &password_file {
            absolute("store_password_file", path)?;
        }
        Ok(Some(Place::Server { url: text.into(), password_file }))
    }

    /// The replica, and what its answer is worth.
    fn store_read(&self, store: &Place) -> Result<Option<ReplicaRules>, String> {
        let Some(text) = self.store_read.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
        let place = self
            .server("store_read", text)?
            .ok_or("store_read must be a replica of the store: \"postgresql://user@host/database\"")?;
        if !matches!(store, Place::Server { .. }) {
            return Err("store_read is a replica of a store on a server: set store, or remove it".into());
        }
        range("store_read_lag", self.store_read_lag, 1..=3600)?;
        range("store_read_outage", self.store_read_outage, 0..=31 * 86_400)?;
        Ok(Some(ReplicaRules { place, lag: self.store_read_lag.into(), outage: self.store_read_outage.into() }))
    }

    /// What only nodes that share a store have to say, and what they cannot have.
    fn check_node(&self, store: &Place) -> Result<(), String> {
        let is_set = |path: &Path| !path.as_os_str().is_empty();
        match store {
            Place::File(_) if !self.node.is_empty() || is_set(&self.node_dir) => {
                return Err("node and node_dir are for a store on a server: remove them".into());
            }
            Place::File(_) => return Ok(()),
            Place::Server { .. } => {}
        }
        if !(self.node.is_empty() || crate::node::is_name(&self.node)) {
            return Err("node must be a name of letters, digits, '.', '-' and '_', such as \"mx1\"".into());
        }
        if is_set(&self.node_dir) {
            absolute("node_dir", &self.node_dir)?;
        }
        if self.recipients.as_deref().is_some_and(is_set) {
            return Err(
                "recipients is a file of one machine, and other nodes change accounts, too: remove it, and let Dovecot and \
                 Postfix read the view recipient in the store's database (the examples named recipients-pgsql)"
                    .into(),
            );
        }
        Ok(())
    }

    fn names(&self) -> Result<NameRules, String> {
        let symbols = self.name_symbols.clone().unwrap_or_else(|| DEFAULT_NAME_SYMBOLS.into());
        let unfit = |symbol: char| !symbol.is_ascii_graphic() || FORBIDDEN_NAME_SYMBOLS.contains(symbol);
        if let Some(symbol) = symbols.chars().find(|symbol| unfit(*symbol)) {
            return Err(format!("name_symbols may not contain {symbol:?}"));
        }
        let default_domain = self.default_domain.as_ref().filter(|domain| !domain.is_empty());
        let rules = NameRules { default_domain: None, bare_names: self.bare_names, symbols };
        let Some(domain) = default_domain else { return Ok(rules) };
        let sample = crate::account::AccountName::parse(format!("a@{domain}").as_bytes(), &rules)
            .map_err(|error| format!("default_domain = {domain:?} is no domain: {error}"))?;
        let domain = sample.as_str().split_once('@').map(|(_, domain)| domain.to_string());
        Ok(NameRules { default_domain: domain, ..rules })
    }
}

/// Reads `require_2fa`: false, true, or a date, which means its first moment in UTC.
fn requirement(set: Option<&toml::Value>) -> Result<Requirement, String> {
    use toml::value::{Datetime, Value};
    let day = match set {
        None | Some(Value::Boolean(false)) => return Ok(Requirement::Never),
        Some(Value::Boolean(true)) => return Ok(Requirement::Now),
        Some(Value::Datetime(Datetime { date: Some(date), time: None, offset: None })) => {
            time::Month::try_from(date.month)
                .and_then(|month| time::Date::from_calendar_date(date.year.into(), month, date.day))
                .ok()
        }
        Some(_) => None,
    };
    let wrong = "require_2fa must be true, false, or the date from which on it is required, without quotes: 2027-01-15";
    Ok(Requirement::From(day.ok_or(wrong)?.midnight().assume_utc().unix_timestamp()))
}

/// Reads `revocation_hook`. Whether the program may be run is looked at when it is to be.
fn revocation_hook(set: &str) -> Result<Option<RevocationHook>, String> {
    match set {
        "" => Ok(None),
        "dovecot" => Ok(Some(RevocationHook::Dovecot)),
        path if Path::new(path).is_absolute() => Ok(Some(RevocationHook::Program(path.into()))),
        _ => Err("revocation_hook must be \"dovecot\", or the absolute path of a program".into()),
    }
}

/// Reads an address or a network in CIDR notation. Host bits are dropped; v4-mapped IPv6 is IPv4.
pub fn parse_network(text: &str) -> Result<IpNet, String> {
    let address = |address: IpAddr| IpNet::from(address.to_canonical());
    let network = text.parse::<IpAddr>().map(address).or_else(|_| text.parse::<IpNet>().map(canonical_network));
    network.map_err(|_| format!("{text:?} is no address or network: write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"))
}

/// Attempts from v4-mapped addresses are attempts from IPv4, so that a v4-mapped network must be an IPv4 network.
fn canonical_network(network: IpNet) -> IpNet {
    let mapped = match network {
        IpNet::V6(v6) if v6.prefix_len() >= 96 => v6.addr().to_ipv4_mapped().map(|v4| (v4, v6.prefix_len() - 96)),
        IpNet::V6(_) | IpNet::V4(_) => None,
    };
    let network = mapped.and_then(|(v4, prefix)| IpNet::new(v4.into(), prefix).ok()).unwrap_or(network);
    network.trunc()
}

fn absolute(name: &str, path: &Path) -> Result<(), String> {
    if path.is_absolute() { Ok(()) } else { Err(format!("{name} must be an absolute path")) }
}

fn range<T: PartialOrd + fmt::Display>(name: &str, value: T, range: std::ops::RangeInclusive<T>) -> Result<(), String> {
    if range.contains(&value) {
        Ok(())
    } else {
        Err(format!("{name} = {value} is out of range: use {} to {}", range.start(), range.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Requirements;

    const LEAST: &str = "database = \"/d\"\nkey = \"/k\"\n";

    #[test]
    fn the_template_is_exactly_the_defaults() {
        let text = TEMPLATE.replace("@DATABASE@", "/d").replace("@KEY@", "/k");
        assert_eq!(parse(&text), parse(LEAST));
        // Every setting that is shown commented out is its default.
        let shown: String = text
            .lines()
            .map(|line| line.strip_prefix("#").filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        let shown = parse(&shown).unwrap();
        assert_eq!(shown, parse(LEAST).unwrap());
    }

    #[test]
    fn unknown_settings_and_values_out_of_range_are_refused_with_the_setting_named() {
        for (line, expected) in [
            ("webmail_host = []", "webmail_host"),
            ("busy_timeout_ms = 60000", "busy_timeout_ms"),
            ("webmail_session = \"forever\"", "forever"),
            ("session_idle = 0", "session_idle"),
            ("session_absolute = 3000000", "session_absolute"),
            ("session_idle = 100\nsession_absolute = 99", "session_absolute = 99"),
            ("name_symbols = \"._*\"", "name_symbols"),
            ("default_domain = \"not a domain\"", "default_domain"),
            ("webmail_hosts = [\"300.1.1.1\"]", "300.1.1.1"),
            ("[totp]\ndigits = 7", "totp.digits"),
            ("[totp]\nperiod = 1", "totp.period"),
            ("[hash.password]\nmemory_kib = 9000000\niterations = 1\nparallelism = 1", "hash.password"),
            ("[throttle]\ncode_failure = 3", "code_failure"),
            ("[throttle]\ncode_pause_max = 100000", "throttle.code_pause_max"),
            ("database = \"relative\"", "database"),
            ("recipients = \"relative.db\"", "recipients must be an absolute path"),
            ("revocation_hook = \"doveadm\"", "revocation_hook must be"),
            ("enrolment = \"nobody\"", "invited"),
            ("recipients = \"/recipients.db\"", "recipients needs a directory of its own"),
        ] {
            let text =
                if line.starts_with("database") { format!("{line}\nkey = \"/k\"") } else { format!("{LEAST}{line}") };
            let error = parse(&text).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains('\n'), "{line}: {error}");
        }
    }

    #[test]
    fn the_store_is_a_file_or_on_a_server_and_one_of_two_settings_says_so() {
        let place = |lines: &str| parse(&format!("{lines}\nkey = \"/k\"\n")).map(|config| config.store);
        assert_eq!(place("database = \"/d\""), Ok(Place::File("/d".into())));
        assert_eq!(place("store = \"sqlite:/d\""), Ok(Place::File("/d".into())));
        let url = "postgresql://mailkey@db/mailkey".to_owned();
        assert_eq!(
            place("store = \"postgresql://mailkey@db/mailkey\"\nstore_password_file = \"/p\""),
            Ok(Place::Server { url, password_file: Some("/p".into()) })
        );
        for (lines, expected) in [
            ("", "neither"),
            ("database = \"/d\"\nstore = \"sqlite:/d\"", "remove one"),
            ("store = \"sqlite:d\"", "absolute"),
            ("store = \"mysql://db/m\"", "store must be"),
            ("store = \"postgresql://mailkey:sesame@db/m\"", "store_password_file"),
            ("store = \"postgresql://mailkey@db/m?password=sesame\"", "store_password_file"),
            ("store = \"postgresql://mailkey@db/m\"\nstore_password_file = \"p\"", "absolute"),
            ("store = \"postgresql://mailkey@db/m\"\nnode_dir = \"d\"", "node_dir must be an absolute"),
            ("store = \"postgresql://mailkey@db/m\"\nnode = \"mx 1\"", "node must be a name"),
            ("store = \"postgresql://mailkey@db/m\"\nrecipients = \"/r/r.db\"", "the view recipient"),
            ("database = \"/d\"\nnode = \"mx1\"", "for a store on a server"),
            ("database = \"/d\"\nnode_dir = \"/n\"", "for a store on a server"),
            ("database = \"/d/m.db\"\nstore_read = \"postgresql://mailkey@db/m\"", "set store"),
            ("store = \"postgresql://mailkey@db/m\"\nstore_read = \"/d/m.db\"", "a replica of the store"),
            (
                "store = \"postgresql://mailkey@db/m\"\nstore_read = \"postgresql://a:sesame@db/m\"",
                "store_read may not hold",
            ),
        ] {
            let error = place(lines).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains("sesame"), "{lines}: {error}");
        }
    }

    #[test]
    fn a_node_keeps_what_is_its_own_where_a_database_would_be_or_in_a_directory_that_is_set() {
        let set = |lines: &str| {
            let config = parse(&format!("store = \"postgresql://mailkey@db/m\"\nkey = \"/k\"\n{lines}")).unwrap();
            (config.node, config.database.display().to_string())
        };
        assert_eq!(set(""), (None, "/var/lib/mailkey/mailkey.db".into()));
        assert_eq!(set("node = \"mx1\"\nnode_dir = \"/srv/mk\""), (Some("mx1".into()), "/srv/mk/mailkey.db".into()));
    }

    #[test]
    fn two_factor_is_required_never_now_or_from_the_first_moment_of_a_day_in_utc() {
        let set = |value: &str| parse(&format!("{LEAST}require_2fa = {value}\n")).map(|config| config.policy);
        assert_eq!(parse(LEAST).unwrap().policy.require_2fa, Requirement::Never);
        assert_eq!(set("false").unwrap().require_2fa, Requirement::Never);
        assert_eq!(set("true").unwrap().require_2fa, Requirement::Now);
        // 2027-01-15T00:00:00Z.
        let day = 1_799_971_200;
        let policy = set("2027-01-15").unwrap();
        assert_eq!(policy.require_2fa, Requirement::From(day));
        let nothing = Requirements::default();
        assert_eq!(policy.two_factor_at(&nothing, day - 1), Requirement::From(day));
        assert_eq!(policy.two_factor_at(&nothing, day), Requirement::Now);
        assert!(!policy.requires_two_factor(&nothing, day - 1) && policy.requires_two_factor(&nothing, day));
        assert_eq!(set("2028-02-29").unwrap().require_2fa, Requirement::From(1_835_395_200));
        for wrong in
            ["\"2027-01-15\"", "\"true\"", "1", "2027-01-15T08:00:00", "2027-01-15T08:00:00Z", "08:00:00", "[]"]
        {
            let error = set(wrong).unwrap_err().to_string();
            assert!(error.contains("require_2fa must be") && error.contains("2027-01-15"), "{wrong}: {error}");
        }
        for no_day in ["2027-02-29", "2027-13-01", "2027-1-1"] {
            assert!(set(no_day).is_err(), "{no_day}");
        }
    }

    #[test]
    fn an_error_quotes_nothing_of_a_file_that_is_no_configuration() {
        let key = Keyring::generate().unwrap();
        let error = parse(&key).unwrap_err().to_string();
        assert!(
            error.starts_with("line 3: ")
                && key.split_whitespace().all(|word| word.len() < 40 || !error.contains(word))
        );
    }

    #[test]
    fn networks_are_read_with_and_without_a_prefix() {
        assert_eq!(parse_network("192.0.2.7").unwrap().to_string(), "192.0.2.7/32");
        assert_eq!(parse_network("192.0.2.7/24").unwrap().to_string(), "192.0.2.0/24");
        assert_eq!(parse_network("::ffff:192.0.2.7").unwrap().to_string(), "192.0.2.7/32");
        assert_eq!(parse_network("::ffff:192.0.2.0/120").unwrap().to_string(), "192.0.2.0/24");
        assert!(parse_network("example.org").is_err());
    }
}
