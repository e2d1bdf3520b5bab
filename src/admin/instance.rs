//! An instance: a configuration, a key and a database that belong together, and who may use them.
//!
//! [`make`] makes what is missing and leaves alone what is there. It may be repeated: a configuration or key is never
//! written over, and a wrong mode is reported, not mended. Only a database of an older version is changed: migrated.
//!
//! Security: a key that is missing beside an existing database is an error, not a reason to make another one: nothing in
//! that database would open with it.

use std::fmt;
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::{self, ConfigError, KeyCheckError};
use crate::credential::{Keyring, RandomError};
use crate::recipients::Recipients;
use crate::store::sqlite::Prepared;
use crate::store::{self, OpenStore, Place, StoreError};

/// The group whose members use an instance beside root: the panel's user, and people who administer mail.
pub const GROUP: &str = "mailkey";

/// Where the database is unless `--data-dir` says otherwise.
pub const DEFAULT_DATA_DIR: &str = "/var/lib/mailkey";

/// For how long other processes are waited for, once everything is there.
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);

/// The same on a server, where a migration may change large tables.
const SERVER_TIMEOUT: Duration = Duration::from_secs(60);

/// Name of the database in its directory.
const DATABASE: &str = "mailkey.db";

/// What an instance consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The configuration file.
    Config,
    /// The key file.
    Key,
    /// The directory of the database.
    DataDir,
    /// The database file.
    Database,
    /// The directory of the recipients database, where one is configured.
    RecipientsDir,
    /// The recipients database, where one is configured.
    Recipients,
}

impl Part {
    /// The name in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Key => "key",
            Self::DataDir => "data_dir",
            Self::Database => "database",
            Self::RecipientsDir => "recipients_dir",
            Self::Recipients => "recipients",
        }
    }

    /// The mode that it gets.
    fn mode(self) -> u32 {
        match self {
            // Everybody may read it. Security: nobody but root may write it, or put a journal beside it, because
            // Dovecot 2.3 opens it as root and would play the journal back.
            Self::RecipientsDir => 0o755,
            Self::Recipients => 0o644,
            Self::Config => 0o644,
            Self::Key => 0o640,
            // The group is handed on to the -wal and -shm files, whoever makes them first.
            Self::DataDir => 0o2770,
            Self::Database => 0o660,
        }
    }

    /// Whether it belongs to the recipients database.
    fn is_for_mail_servers(self) -> bool {
        matches!(self, Self::RecipientsDir | Self::Recipients)
    }

    /// Whether only root and the members of the group use it.
    fn is_for_the_group(self) -> bool {
        matches!(self, Self::Key | Self::DataDir | Self::Database)
    }

    /// The bits without which somebody who should use it cannot, and those that let in somebody who should not.
    fn needed_and_forbidden(self) -> (u32, u32) {
        match self {
            Self::Config => (0o440, 0o022),
            Self::Key => (0o440, 0o037),
            Self::DataDir => (0o2770, 0o007),
            Self::Database => (0o660, 0o007),
            // Who lets only some read gives it to a group of theirs.
            Self::RecipientsDir => (0o700, 0o022),
            Self::Recipients => (0o600, 0o022),
        }
    }
}

/// What was done about a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was missing.
    Made,
    /// It was there.
    Kept,
    /// It was there, in an older form.
    Migrated,
    /// It was there, and did not say what the database says.
    Updated,
    /// It is missing, and could not be made.
    Missing,
}

impl Done {
    /// The name in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Kept => "kept",
            Self::Migrated => "migrated",
            Self::Updated => "updated",
            Self::Missing => "missing",
        }
    }
}

/// One part of an instance, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which part.
    pub part: Part,
    /// Where it is.
    pub path: PathBuf,
    /// What was done about it.
    pub done: Done,
    /// What is wrong with it, mostly its owner or mode, and the command that mends it.
    pub problem: Option<String>,
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its parts, in the order in which they were looked at.
    pub steps: Vec<Step>,
    /// Who may use it beside root.
    pub access: Access,
}

impl Instance {
    /// Where `part` is.
    pub fn path(&self, part: Part) -> Option<&Path> {
        self.steps.iter().find(|step| step.part == part).map(|step| step.path.as_path())
    }
}

/// Who uses an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Root, and the members of the group [`GROUP`], which has this number.
    Group(u32),
    /// Root alone: this machine has no such group.
    RootOnly,
    /// The user who made it, without root: for trying things out.
    User,
}

/// Why no instance was made.
#[derive(Debug)]
pub enum InstanceError {
    /// A configuration beside the usual place needs a database of its own.
    DataDirNeeded,
    /// The configuration that is there names another database.
    OtherDatabase {
        /// The configuration.
        config: PathBuf,
        /// The database that it names.
        configured: Place,
        /// The database that was asked for.
        wanted: PathBuf,
    },
    /// The database is there and its key is not.
    KeyLost {
        /// The key.
        key: PathBuf,
        /// The database.
        database: Place,
    },
    /// The path cannot stand in a configuration.
    Path(PathBuf),
    /// The configuration or the key that is there is not usable.
    Config(ConfigError),
    /// The database is not usable.
    Store(StoreError),
    /// A file or directory could not be made.
    Io(PathBuf, io::Error),
    /// The kernel gave no random bytes.
    Random(RandomError),
}

impl fmt::Display for InstanceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataDirNeeded => f.write_str("a second instance needs a directory of its own for its database"),
            Self::OtherDatabase { config, configured, wanted } => write!(
                f,
                "{} names the database {}, not {}: leave --data-dir out, or give another --config",
                config.display(),
                configured,
                wanted.display()
            ),
            Self::KeyLost { key, database } => write!(
                f,
                "the key {} is missing, and without it nothing in {} opens: restore the key from its backup",
                key.display(),
                database
            ),
            Self::Path(path) => write!(f, "{:?} cannot stand in a configuration: use a path of plain text", path),
            Self::Config(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Io(path, error) if error.kind() == io::ErrorKind::PermissionDenied => {
                write!(f, "{} may not be made: run this as root, or name a directory of your own", path.display())
            }
            Self::Io(path, error) => write!(f, "{} cannot be made: {error}", path.display()),
            Self::Random(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for InstanceError {}

type Result<T> = std::result::Result<T, InstanceError>;

/// Makes what is missing of the instance whose configuration is at `config`. Its database goes into `data_dir` (the
/// configuration that is there may say where; else [`DEFAULT_DATA_DIR`]), its key stands beside the configuration.
pub fn make(config: &Path, data_dir: Option<&Path>) -> Result<Instance> {
    let config = absolute(config)?;
    let data_dir = data_dir.map(absolute).transpose()?;
    let access = access();
    let (database, key) = if exists(&config) {
        let (found, _) = config::load(&config).map_err(InstanceError::Config)?;
        if let Some(wanted) = data_dir.map(|data_dir| data_dir.join(DATABASE))
            && !matches!(&found.store, Place::File(database) if same_file(&wanted, database))
        {
            return Err(InstanceError::OtherDatabase { config, configured: found.store, wanted });
        }
        if let Place::Server { .. } = &found.store {
            return Maker { access }.on_server(&config, &found);
        }
        (found.database, found.key)
    } else {
        let data_dir = match data_dir {
            Some(data_dir) => data_dir,
            None if config == Path::new(config::DEFAULT_PATH) => PathBuf::from(DEFAULT_DATA_DIR),
            None => return Err(InstanceError::DataDirNeeded),
        };
        (data_dir.join(DATABASE), parent(&config).join("key"))
    };
    if exists(&database) && !exists(&key) {
        return Err(InstanceError::KeyLost { key, database: Place::File(database) });
    }
    let maker = Maker { access };
    let mut steps = vec![
        maker.config(&config, &database, &key)?,
        maker.key(&key)?,
        maker.directory(Part::DataDir, parent(&database))?,
        maker.database(&database)?,
    ];
    let place = Place::File(database.clone());
    remember_keys(&place, &key)?;
    if let Some(recipients) = &config::load(&config).map_err(InstanceError::Config)?.0.recipients {
        steps.extend(maker.recipients(recipients, &place));
    }
    Ok(Instance { steps, access })
}

/// Looks at the parts of the instance whose configuration is at `path`, and changes nothing. A part that cannot be looked
/// at is [`Done::Missing`].
pub fn inspect(path: &Path, config: &config::Config) -> Vec<Step> {
    let maker = Maker { access: access() };
    let mut parts = vec![(Part::Config, path), (Part::Key, &config.key), (Part::DataDir, parent(&config.database))];
    if let Place::File(database) = &config.store {
        parts.push((Part::Database, database));
    }
    if let Some(recipients) = &config.recipients {
        parts.extend([(Part::RecipientsDir, parent(recipients)), (Part::Recipients, recipients)]);
    }
    let missing = |part, path: &Path| Step { part, path: path.to_path_buf(), done: Done::Missing, problem: None };
    let look = |(part, path): (Part, &Path)| maker.step(part, path, Done::Kept).unwrap_or_else(|_| missing(part, path));
    parts.into_iter().map(look).collect()
}

/// What a broken recipients database means, and what it does not.
const BEHIND: &str =
    "Until `mailkey init` finds nothing wrong here, Dovecot and Postfix may miss changes; no sign-in needs this";

/// The database remembers its keys, so that others are noticed. A database that a login would not open either is left
/// as it is: its step says why.
fn remember_keys(database: &Place, key: &Path) -> Result<()> {
    let Ok(mut store) = store::open_patiently(database.clone(), BUSY_TIMEOUT) else { return Ok(()) };
    let (keys, _) = config::load_key(key).map_err(InstanceError::Config)?;
    config::check_key(key, &keys, &mut *store).map_err(|error| match error {
        KeyCheckError::Store(error) => InstanceError::Store(error),
        KeyCheckError::Key(error) => InstanceError::Config(error),
    })?;
    // Where several nodes share it, each gets a new key before any of them uses it: `mailkey key rotate` says when they do.
    let shared = matches!(database, Place::Server { .. });
    if shared && !store.key_checks().map_err(InstanceError::Store)?.is_empty() {
        return Ok(());
    }
    keys.checks().try_for_each(|check| store.add_key_check(check)).map_err(InstanceError::Store)
}

/// Makes an empty file with the owner and mode of a database, unless something is there; whether it made one.
pub fn make_database_file(path: &Path) -> Result<bool> {
    let path = absolute(path)?;
    if exists(&path) {
        return Ok(false);
    }
    Maker { access: access() }.make_file(Part::Database, &path, &[]).map(|_| true)
}

/// Gives a file the owner and mode of a database.
pub(super) fn give_to_database(path: &Path) -> io::Result<()> {
    Maker { access: access() }.give(Part::Database, path)
}

struct Maker {
    access: Access,
}

impl Maker {
    fn config(&self, path: &Path, database: &Path, key: &Path) -> Result<Step> {
        let done = if exists(path) {
            Done::Kept
        } else {
            let text = config::TEMPLATE.replace("@DATABASE@", &toml_text(database)?).replace("@KEY@", &toml_text(key)?);
            self.make_file(Part::Config, path, text.as_bytes())?
        };
        config::load(path).map_err(InstanceError::Config)?;
        self.step(Part::Config, path, done)
    }

    fn key(&self, path: &Path) -> Result<Step> {
        let done = if exists(path) {
            Done::Kept
        } else {
            let text = Keyring::generate().map_err(InstanceError::Random)?;
            self.make_file(Part::Key, path, text.as_bytes())?
        };
        config::load_key(path).map_err(InstanceError::Config)?;
        self.step(Part::Key, path, done)
    }

    fn directory(&self, part: Part, path: &Path) -> Result<Step> {
        if exists(path) {
            return self.step(part, path, Done::Kept);
        }
        make_parents(path)?;
        let made = || {
            DirBuilder::new().mode(0o700).create(path)?;
            // Not by the mode above, which the umask would narrow.
            self.give(part, path)
        };
        made().map_err(|error| InstanceError::Io(path.to_path_buf(), error))?;
        self.step(part, path, Done::Made)
    }

    /// What is missing of an instance whose store is on a server. The key comes last: only the store knows whether there
    /// must be one already, which was made on another node.
    fn on_server(&self, config: &Path, found: &config::Config) -> Result<Instance> {
        let place = &found.store;
        let prepared = store::create_or_migrate(place, SERVER_TIMEOUT).map_err(InstanceError::Store)?;
        let in_use =
            store::open_patiently(place.clone(), BUSY_TIMEOUT).and_then(|mut store: OpenStore| store.key_checks());
        if !exists(&found.key) && !in_use.map_err(InstanceError::Store)?.is_empty() {
            return Err(InstanceError::KeyLost { key: found.key.clone(), database: place.clone() });
        }
        let done = match prepared {
            Prepared::Created => Done::Made,
            Prepared::MigratedFrom(_) => Done::Migrated,
            Prepared::UpToDate => Done::Kept,
        };
        let database = Step { part: Part::Database, path: place.to_string().into(), done, problem: None };
        let steps = vec![
            self.step(Part::Config, config, Done::Kept)?,
            self.key(&found.key)?,
            self.directory(Part::DataDir, parent(&found.database))?,
            database,
        ];
        remember_keys(place, &found.key)?;
        Ok(Instance { steps, access: self.access })
    }

    fn database(&self, path: &Path) -> Result<Step> {
        // An empty file of the right owner and mode first: SQLite gives its -wal and -shm files the same.
        let done = if exists(path) { Done::Kept } else { self.make_file(Part::Database, path, &[])? };
        let done = match store::create_or_migrate(&path.into(), BUSY_TIMEOUT).map_err(InstanceError::Store)? {
            Prepared::Created => Done::Made,
            Prepared::MigratedFrom(_) => Done::Migrated,
            Prepared::UpToDate => done,
        };
        self.step(Part::Database, path, done)
    }

    /// The recipients database and its directory. What is wrong with them is no reason to stop: no login needs them.
    fn recipients(&self, path: &Path, database: &Place) -> [Step; 2] {
        let found = |path| if exists(path) { Done::Kept } else { Done::Missing };
        let directory = parent(path);
        let (around, mut done) = (found(directory), found(path));
        let broken = |part, path: &Path, done, why: String| Step {
            part,
            path: path.to_path_buf(),
            done,
            problem: Some(format!("{why}. {BEHIND}")),
        };
        [
            self.directory(Part::RecipientsDir, directory)
                .unwrap_or_else(|error| broken(Part::RecipientsDir, directory, around, error.to_string())),
            self.recipients_file(path, database, &mut done)
                .unwrap_or_else(|why| broken(Part::Recipients, path, done, why)),
        ]
    }

    /// The recipients database, in step with the database; or why it is not.
    fn recipients_file(&self, path: &Path, database: &Place, done: &mut Done) -> std::result::Result<Step, String> {
        if *done == Done::Missing {
            *done = self.make_file(Part::Recipients, path, &[]).map_err(|error| error.to_string())?;
        }
        // As with the keys: of a database that a login would not open either, its own step says why.
        let mut store = store::open_patiently(database.clone(), BUSY_TIMEOUT)
            .map_err(|error| format!("it could not be compared with the database: {error}"))?;
        let (mut recipients, empty) =
            Recipients::create_or_open(path, BUSY_TIMEOUT).map_err(|error| error.to_string())?;
        if empty {
            // A reader that came between made it, for itself alone: Dovecot 2.3 does that.
            self.give(Part::Recipients, path)
                .map_err(|error| InstanceError::Io(path.to_path_buf(), error).to_string())?;
            *done = Done::Made;
        }
        if recipients.bring_into_step(&mut *store).map_err(|error| error.to_string())? > 0 && *done == Done::Kept {
            *done = Done::Updated;
        }
        self.step(Part::Recipients, path, *done).map_err(|error| error.to_string())
    }

    /// Makes a file with its final owner and mode before anybody else can read it.
    fn make_file(&self, part: Part, path: &Path, content: &[u8]) -> Result<Done> {
        make_parents(path)?;
        let made = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(content)?;
            if let Some(group) = self.group(part) {
                fchown(&file, Some(0), Some(group))?;
            }
            file.set_permissions(Permissions::from_mode(part.mode()))?;
            file.sync_all()?;
            File::open(parent(path))?.sync_all()
        };
        made().map_err(|error| InstanceError::Io(path.to_path_buf(), error))?;
        Ok(Done::Made)
    }

    /// Gives what is at `path` the owner and mode of a new one.
    fn give(&self, part: Part, path: &Path) -> io::Result<()> {
        if let Some(group) = self.group(part) {
            chown(path, Some(0), Some(group))?;
        }
        std::fs::set_permissions(path, Permissions::from_mode(part.mode()))
    }

    /// The group that files get; none for a user, whose own it stays.
    fn group(&self, part: Part) -> Option<u32> {
        match self.access {
            Access::Group(group) if !part.is_for_mail_servers() => Some(group),
            Access::Group(_) | Access::RootOnly => Some(0),
            Access::User => None,
        }
    }

    fn step(&self, part: Part, path: &Path, done: Done) -> Result<Step> {
        let metadata = std::fs::metadata(path).map_err(|error| InstanceError::Io(path.to_path_buf(), error))?;
        Ok(Step { part, path: path.to_path_buf(), done, problem: self.problem(part, path, &metadata) })
    }

    fn problem(&self, part: Part, path: &Path, metadata: &std::fs::Metadata) -> Option<String> {
        let (mut needed, forbidden) = part.needed_and_forbidden();
        if part.is_for_mail_servers() {
            let others = part.mode() & 0o007;
            let by_a_group = metadata.mode() & (others << 3) == others << 3 && metadata.gid() != 0;
            if metadata.mode() & others != others && !by_a_group {
                // No mail server would get at it.
                needed |= part.mode();
            }
        }
        // The database's -wal and -shm files must be like it.
        let (mode, path) = match part {
            Part::Database => (metadata.mode() & 0o7777, format!("{}*", path.display())),
            _ => (metadata.mode() & 0o7777, path.display().to_string()),
        };
        if mode & needed != needed || mode & forbidden != 0 {
            let right = if part.is_for_mail_servers() { mode & !forbidden | needed } else { part.mode() };
            return Some(format!("its mode is {mode:04o} and should be {right:04o}: run `chmod {right:04o} {path}`"));
        }
        match self.access {
            Access::Group(group) if metadata.gid() != group && part.is_for_the_group() => {
                Some(format!("it does not belong to the group {GROUP}: run `chgrp {GROUP} {path}`"))
            }
            _ => None,
        }
    }
}

/// Who will use what is made here.
fn access() -> Access {
    if crate::pam::effective_uid() != 0 {
        return Access::User;
    }
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    group_number(&groups, GROUP).map_or(Access::RootOnly, Access::Group)
}

/// The number of a group in the text of group(5).
fn group_number(groups: &str, name: &str) -> Option<u32> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(1)?.parse().ok()).flatten()
    })
}

/// Makes the directories above `path`, which everybody may pass through.
fn make_parents(path: &Path) -> Result<()> {
    let directory = parent(path);
    if exists(directory) {
        return Ok(());
    }
    make_parents(directory)?;
    let made = || {
        DirBuilder::new().create(directory)?;
        std::fs::set_permissions(directory, Permissions::from_mode(0o755))
    };
    made().map_err(|error| InstanceError::Io(directory.to_path_buf(), error))
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| InstanceError::Io(path.to_path_buf(), error))
}

/// Whether two paths name one file, also where the file is not there yet.
fn same_file(one: &Path, other: &Path) -> bool {
    let resolved = |path: &Path| {
        let directory = parent(path).canonicalize().unwrap_or_else(|_| parent(path).to_path_buf());
        (directory, path.file_name().map(std::ffi::OsStr::to_os_string))
    };
    resolved(one) == resolved(other)
}

/// A path between the quotes of a TOML string.
fn toml_text(path: &Path) -> Result<String> {
    match path.to_str() {
        Some(text) if !text.chars().any(char::is_control) => Ok(text.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => Err(InstanceError::Path(path.to_path_buf())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_its_whole_name() {
        let groups = "root:x:0:\nmailkeyadm:x:7:\nmailkey:x:990:alice,bob\n";
        assert_eq!(group_number(groups, "mailkey"), Some(990));
        assert_eq!(group_number(groups, "mail"), None);
        assert_eq!(group_number("mailkey:x:none:", "mailkey"), None);
    }

    #[test]
    fn paths_stand_in_toml_as_they_are() {
        let text = toml_text(Path::new("/a \"b\"\\c")).unwrap();
        let text = config::TEMPLATE.replace("@DATABASE@", &text).replace("@KEY@", "/k");
        assert_eq!(config::parse(&text).unwrap().database, Path::new("/a \"b\"\\c"));
        assert!(toml_text(Path::new("/a\nb")).is_err());
    }

    #[test]
    fn a_mode_is_a_problem_when_it_keeps_out_the_group_or_lets_in_others() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        std::fs::write(&file, "").unwrap();
        let maker = Maker { access: Access::User };
        for (mode, wrong) in [(0o640, false), (0o440, false), (0o600, true), (0o644, true), (0o660, true)] {
            std::fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            let problem = maker.step(Part::Key, &file, Done::Kept).unwrap().problem;
            assert_eq!(problem.is_some(), wrong, "{mode:o}: {problem:?}");
            assert!(problem.is_none_or(|problem| problem.contains("chmod 0640 ")), "{mode:o}");
        }
    }
}
