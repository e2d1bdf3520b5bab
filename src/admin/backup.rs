//! A backup of the database while it is in use, and a backup put in its place.
//!
//! The key is never in a backup: whoever has both can try passwords. Neither is the recipients database, which is made
//! anew of the other.

use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use super::instance::{self, Instance, InstanceError};
use crate::config::{self, ConfigError};
use crate::credential::keyring::KeyError;
use crate::credential::{Keyring, RandomError, random};
use crate::store::sqlite::backup::{self, Copy};
use crate::store::{Place, SqliteStore, StoreError};

/// Why there is no backup, or none was put in place. Then everything is as it was.
#[derive(Debug)]
pub enum BackupError {
    /// Something is there already, and is not written over.
    Exists(PathBuf),
    /// The store is on a server, which has its own programs for that.
    OnServer(Place),
    /// A file cannot be read, written or moved.
    Io(PathBuf, io::Error),
    /// The database or the backup is not usable.
    Store(StoreError),
    /// The configuration or the key file is not usable.
    Config(ConfigError),
    /// The keys are not those of the backup.
    Key(PathBuf, KeyError),
    /// The kernel gave no random bytes.
    Random(RandomError),
    /// The backup **is in place**, and this was wrong with the instance afterwards.
    Afterwards(InstanceError),
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => write!(f, "{} is there already: name a file that is not", path.display()),
            Self::OnServer(place) => write!(
                f,
                "the store is on a server, {place}: back it up with `pg_dump --format=custom` and put it back with \
                 `pg_restore --clean`; the key apart from it (`mailkey backup --key`)"
            ),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Store(error) => error.fmt(f),
            Self::Config(error) => error.fmt(f),
            Self::Key(path, error) => write!(
                f,
                "the key file {} does not go with it, {error}: put the copy of the key in place that was used with it",
                path.display()
            ),
            Self::Random(error) => error.fmt(f),
            Self::Afterwards(error) => write!(f, "the backup is in place, but: {error}"),
        }
    }
}

impl std::error::Error for BackupError {}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ConfigError> for BackupError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<RandomError> for BackupError {
    fn from(error: RandomError) -> Self {
        Self::Random(error)
    }
}

type Result<T> = std::result::Result<T, BackupError>;

/// A file that is being written beside its place; unless it is put there, it goes again.
struct Draft {
    path: PathBuf,
    kept: bool,
}

impl Draft {
    /// An empty file, its owner's alone, in the directory of `beside`.
    fn new(beside: &Path) -> Result<(Self, File)> {
        let number = u64::from_ne_bytes(random()?);
        let name = beside.file_name().unwrap_or_default().to_string_lossy();
        let path = beside.with_file_name(format!(".{name}.{number:016x}"));
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = made.map_err(|error| BackupError::Io(beside.to_path_buf(), error))?;
        Ok((Self { path, kept: false }, file))
    }

    /// It gets its name, if nothing has it.
    fn publish(self, path: &Path) -> Result<()> {
        self.publish_by(path, |from, to| fs::hard_link(from, to))
    }

    /// `link` gives a file a second name, which unlike rename(2) replaces nothing; the first one goes when this does.
    fn publish_by(self, path: &Path, link: impl FnOnce(&Path, &Path) -> io::Result<()>) -> Result<()> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(path.to_path_buf()),
            _ => BackupError::Io(path.to_path_buf(), error),
        };
        match link(&self.path, path) {
            // A stick (FAT) and some file systems of networks have no second names.
            Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported) => {
                copy_new(&self.path, path)
            }
            linked => linked,
        }
        .map_err(failed)?;
        File::open(parent(path)).and_then(|directory| directory.sync_all()).map_err(failed)
    }
}

/// Copies a file to a name that nothing has; what could not be copied to its end goes again.
fn copy_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut from = File::open(from)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    let copied = io::copy(&mut from, &mut file).and_then(|_| file.sync_all());
    if copied.is_err() {
        // What went wrong is being reported already.
        let _ = fs::remove_file(to);
    }
    copied
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // What stays behind is a hidden file; what went wrong is being reported already.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a copy of the database to `path`, where nothing may be yet, mode 0600, and looks whether it is whole and goes
/// with the keys. Logins go on meanwhile.
pub fn make(store: &mut SqliteStore, keys: &Keyring, key_file: &Path, path: &Path) -> Result<Copy> {
    require_absent(path)?;
    let (draft, _) = Draft::new(path)?;
    store.copy_to(&draft.path)?;
    let copy = backup::examine(&draft.path)?;
    keys.agree(&copy.key_checks).map_err(|error| BackupError::Key(key_file.to_path_buf(), error))?;
    draft.publish(path)?;
    Ok(copy)
}

/// Writes a copy of the key file to `path`, where nothing may be yet, mode 0600.
pub fn copy_key(key_file: &Path, path: &Path) -> Result<()> {
    require_absent(path)?;
    // That it is a key file, whole and nobody else's.
    config::load_key(key_file)?;
    let (draft, mut file) = Draft::new(path)?;
    let copied = File::open(key_file).and_then(|mut from| io::copy(&mut from, &mut file)).and_then(|_| file.sync_all());
    copied.map_err(|error| BackupError::Io(path.to_path_buf(), error))?;
    draft.publish(path)
}

/// A backup that may be put in place.
pub struct Offer {
    /// What it is.
    pub copy: Copy,
    /// The database whose place it would take.
    pub database: PathBuf,
    draft: Draft,
}

/// What became of it.
pub struct Restored {
    /// What is in place now.
    pub copy: Copy,
    /// Where the former database is, if there was one.
    pub former: Option<PathBuf>,
    /// The instance, as `mailkey init` leaves it.
    pub instance: Instance,
}

/// Looks at the backup in `file`, for the instance of the configuration at `config`. It is copied beside the database
/// first: what is looked at is what will be put in place.
pub fn offer(config: &Path, file: &Path) -> Result<Offer> {
    let (config, _) = config::load(config)?;
    if let Place::Server { .. } = config.store {
        return Err(BackupError::OnServer(config.store));
    }
    let (keys, _) = config::load_key(&config.key)?;
    let io = |error| BackupError::Io(file.to_path_buf(), error);
    // Said of the file as it was named, not of the copy.
    backup::examine(file)?;
    let (draft, mut to) = Draft::new(&config.database)?;
    File::open(file).and_then(|mut from| io::copy(&mut from, &mut to)).and_then(|_| to.sync_all()).map_err(io)?;
    let copy = backup::examine(&draft.path)?;
    keys.agree(&copy.key_checks).map_err(|error| BackupError::Key(config.key, error))?;
    backup::end_sessions(&draft.path)?;
    Ok(Offer { copy, database: config.database, draft })
}

impl Offer {
    /// Puts the backup in place, and what `mailkey init` does after it. The former database is moved to a name of its
    /// own, with `mark` in it.
    pub fn accept(self, config: &Path, mark: &str) -> Result<Restored> {
        let Self { copy, database, mut draft } = self;
        let aside = free_name(&database, mark)?;
        let former = database.symlink_metadata().ok();
        let dressed = match &former {
            Some(former) if former.is_file() => chown(&draft.path, Some(former.uid()), Some(former.gid()))
                .and_then(|()| fs::set_permissions(&draft.path, Permissions::from_mode(former.mode() & 0o7777))),
            _ => instance::give_to_database(&draft.path),
        };
        dressed.map_err(|error| BackupError::Io(draft.path.clone(), error))?;
        let (settings, _) = config::load(config)?;
        backup::put_in_place(&draft.path, &database, &aside, settings.busy_timeout)?;
        draft.kept = true;
        let instance = instance::make(config, None).map_err(BackupError::Afterwards)?;
        Ok(Restored { copy, former: former.map(|_| aside), instance })
    }
}

/// A name beside `database` that nothing has, with `mark` in it.
fn free_name(database: &Path, mark: &str) -> Result<PathBuf> {
    let mut number = 1;
    loop {
        let mut name = database.as_os_str().to_os_string();
        name.push(format!(".before-restore-{mark}"));
        if number > 1 {
            name.push(format!("-{number}"));
        }
        let name = PathBuf::from(name);
        match require_absent(&name) {
            Err(BackupError::Exists(_)) if number < 100 => number += 1,
            result => return result.map(|()| name),
        }
    }
}

fn require_absent(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_ok() { Err(BackupError::Exists(path.to_path_buf())) } else { Ok(()) }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_files_have_no_second_names_a_new_one_is_written_and_none_is_written_over() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("copy");
        let draft = || {
            let (draft, mut file) = Draft::new(&path).unwrap();
            io::Write::write_all(&mut file, b"whole").unwrap();
            draft
        };
        let none = |_: &Path, _: &Path| Err(io::ErrorKind::PermissionDenied.into());
        draft().publish_by(&path, none).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
        assert!(matches!(draft().publish_by(&path, none), Err(BackupError::Exists(_))));
        let full = |_: &Path, _: &Path| Err(io::ErrorKind::StorageFull.into());
        assert!(matches!(draft().publish_by(&directory.path().join("other"), full), Err(BackupError::Io(..))));
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no draft stays");
    }
}
