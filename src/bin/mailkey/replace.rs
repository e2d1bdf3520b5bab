//! A file that is replaced at once: whoever reads it sees the former one or the new one, and never half of one.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use mailkey::admin::place;
use mailkey::credential::random;

use crate::failure::{Exit, Failure};

/// Mode of a file where there was none.
const MODE: u32 = 0o644;

/// The new file, while it is being written beside the former one. Unless it is put in place, it goes again.
pub struct Replacement {
    /// As it was named.
    named: PathBuf,
    /// Where the former file really is, or will be.
    real: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
    in_place: bool,
}

impl Replacement {
    /// A replacement of the file at `path`, with its owner, group and mode; if there is none, it becomes one.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        Self::begin(path).map_err(|error| unwritable(path, &error))
    }

    fn begin(path: &Path) -> io::Result<Self> {
        // A link stays one: what it points to is replaced. But nobody else may have planted it.
        let real = place::resolve(path)?;
        let former = match real.symlink_metadata() {
            Ok(former) if former.is_file() => Some(former),
            Ok(_) => return Err(io::Error::other("it is no regular file; leave --output out to write there")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let name = real.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
        let number = random().map(u64::from_ne_bytes).map_err(io::Error::other)?;
        let beside = real.with_file_name(format!(".{}.{number:016x}", name.to_string_lossy()));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        let replacement = Self { named: path.to_path_buf(), real, beside, file: BufWriter::new(file), in_place: false };
        let file = replacement.file.get_ref();
        if let Some(former) = &former {
            let made = file.metadata()?;
            if (made.uid(), made.gid()) != (former.uid(), former.gid()) {
                fchown(file, Some(former.uid()), Some(former.gid()))?;
            }
        }
        let mode = former.map_or(MODE, |former| former.mode() & 0o7777);
        file.set_permissions(Permissions::from_mode(mode))?;
        Ok(replacement)
    }

    /// Where to write it.
    pub fn writer(&mut self) -> &mut dyn Write {
        &mut self.file
    }

    /// It is complete: from now on it is the file.
    pub fn put_in_place(mut self) -> Result<(), Failure> {
        let mut put = || {
            self.file.flush()?;
            self.file.get_ref().sync_all()?;
            fs::rename(&self.beside, &self.real)?;
            self.in_place = true;
            File::open(self.real.parent().unwrap_or(Path::new("/")))?.sync_all()
        };
        put().map_err(|error| unwritable(&self.named, &error))
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.in_place {
            // What stays behind is a hidden file; what went wrong is being reported already.
            let _ = fs::remove_file(&self.beside);
        }
    }
}

/// Why there is no new file.
pub fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Failed, format_args!("{} cannot be written: {error}", path.display()))
}
