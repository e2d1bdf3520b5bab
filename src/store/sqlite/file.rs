//! The database as a file: whether it may be trusted, and which file it is.

use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use super::super::{Result, StoreError};
use super::error::unavailable;

/// Mode of a database that is created here.
const MODE: u32 = 0o660;

/// Bytes of SQLite's smallest page, and so of the smallest database that is not empty.
const SMALLEST: u64 = 512;

/// Device and inode of the file that `path` names now; what [`super::SqliteStore::identity`] is compared with.
pub fn identity_of(path: &Path) -> Result<(u64, u64)> {
    match fs::symlink_metadata(path) {
        Ok(file) => Ok(identity(&file)),
        Err(error) => Err(unreachable(path, &error)),
    }
}

/// A database file that may be trusted.
pub(super) struct DatabaseFile {
    /// Absolute, without a symbolic link in it.
    pub(super) path: PathBuf,
    /// Device and inode.
    pub(super) identity: (u64, u64),
}

impl DatabaseFile {
    /// Looks at `path` without opening it. Whoever can write the file or its directory decides who may sign in, so
    /// both must be closed to everybody but their owner (root, or who runs this) and group.
    pub(super) fn check(path: &Path) -> Result<Self> {
        let path = without_links(path)?;
        let file = fs::symlink_metadata(&path).map_err(|error| unreachable(&path, &error))?;
        if file.is_symlink() {
            return Err(unavailable(&path, "is a symbolic link; name the file itself in the configuration"));
        }
        if !file.is_file() {
            return Err(unavailable(&path, "is no regular file; name the database file in the configuration"));
        }
        // To SQLite this is an empty database, which `mailkey init` would write over.
        if (1..SMALLEST).contains(&file.len()) {
            return Err(unavailable(&path, "is no SQLite database; restore it from a backup"));
        }
        if !owner_is_trusted(&file) {
            return Err(unavailable(&path, &format!("belongs to user {}; give it to root (chown root)", file.uid())));
        }
        if file.mode() & 0o007 != 0 {
            return Err(unavailable(
                &path,
                &format!("is open to every user (mode {:04o}); close it (chmod 0660)", file.mode() & 0o7777),
            ));
        }
        check_directory(&path)?;
        Ok(Self { identity: identity(&file), path })
    }

    /// Makes an empty file of mode 0660 unless something of that name is there; returns whether it made one.
    pub(super) fn create(path: &Path) -> Result<bool> {
        let path = without_links(path)?;
        let file = match OpenOptions::new().write(true).create_new(true).mode(MODE).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(unavailable(&path, &format!("cannot be created: {error}"))),
        };
        // The umask must not decide.
        file.set_permissions(fs::Permissions::from_mode(MODE))
            .map_err(|error| unavailable(&path, &format!("was created, but its mode cannot be set: {error}")))?;
        Ok(true)
    }

    /// Gives -wal and -shm, where they are there, the owner, group and mode of the database. SQLite does so when it
    /// creates them; this mends what another tool has left.
    pub(super) fn align_companions(&self) -> Result<()> {
        let like = fs::symlink_metadata(&self.path).map_err(|error| unreachable(&self.path, &error))?;
        for suffix in ["-wal", "-shm"] {
            let mut companion = self.path.clone().into_os_string();
            companion.push(suffix);
            let companion = PathBuf::from(companion);
            align(&companion, &like)
                .map_err(|error| unavailable(&companion, &format!("cannot be given the database's mode: {error}")))?;
        }
        Ok(())
    }
}

fn align(companion: &Path, like: &Metadata) -> io::Result<()> {
    let found = match fs::symlink_metadata(companion) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !found.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    if (found.uid(), found.gid()) != (like.uid(), like.gid()) {
        chown(companion, Some(like.uid()), Some(like.gid()))?;
    }
    if found.mode() & 0o7777 != like.mode() & 0o7777 {
        fs::set_permissions(companion, fs::Permissions::from_mode(like.mode() & 0o7777))?;
    }
    Ok(())
}

/// `path` with the links of its directory resolved. SQLITE_OPEN_NOFOLLOW refuses a link anywhere in the path, and
/// /var or /var/lib may well be one; only the last part must be none.
fn without_links(path: &Path) -> Result<PathBuf> {
    let Some(name) = path.file_name() else {
        return Err(unavailable(path, "has no file name; name the database file in the configuration"));
    };
    let directory = match path.parent() {
        Some(directory) if directory != Path::new("") => directory,
        _ => Path::new("."),
    };
    match fs::canonicalize(directory) {
        Ok(directory) => Ok(directory.join(name)),
        Err(error) => Err(unreachable(path, &error)),
    }
}

fn check_directory(path: &Path) -> Result<()> {
    let Some(directory) = path.parent() else { return Ok(()) };
    let found = fs::metadata(directory).map_err(|error| unreachable(path, &error))?;
    if found.mode() & 0o002 != 0 {
        return Err(unavailable(
            path,
            &format!("is in {}, where every user may write; close that directory (chmod 2770)", directory.display()),
        ));
    }
    if !owner_is_trusted(&found) {
        return Err(unavailable(
            path,
            &format!(
                "is in {}, which belongs to user {}; give it to root (chown root)",
                directory.display(),
                found.uid()
            ),
        ));
    }
    Ok(())
}

fn unreachable(path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::NotFound => unavailable(path, "is missing; run `mailkey init`, or restore it from a backup"),
        ErrorKind::PermissionDenied => {
            unavailable(path, "cannot be reached, permission denied; check the owner and mode of its directory (2770)")
        }
        _ => unavailable(path, &format!("cannot be reached: {error}")),
    }
}

fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

fn owner_is_trusted(file: &Metadata) -> bool {
    file.uid() == 0 || file.uid() == crate::pam::effective_uid()
}
