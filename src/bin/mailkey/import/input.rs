//! A file that is imported, read whole. It holds secrets: it is wiped, and should have been nobody else's to read.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use mailkey::admin::import::Source;
use zeroize::Zeroizing;

use crate::failure::{Exit, Failure, warn};

/// Most bytes that are read: a dump of some million mailboxes.
const MOST: u64 = 2 * 1024 * 1024 * 1024;

/// What was read.
pub struct Input {
    /// The file as it was named.
    pub name: String,
    bytes: Zeroizing<Vec<u8>>,
}

impl Input {
    /// Reads the file at `path`, or standard input for `-`.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        if path == Path::new("-") {
            let bytes = read(io::stdin().lock(), 0).map_err(|error| unreadable("standard input", &error))?;
            return Ok(Self { name: "standard input".into(), bytes });
        }
        // A directory of other people's files may hold any names.
        let name: String =
            path.display().to_string().chars().map(|symbol| if symbol.is_control() { '?' } else { symbol }).collect();
        let open = || {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            if metadata.is_dir() {
                return Err(io::Error::other("it is a directory"));
            }
            if metadata.is_file() && metadata.mode() & 0o004 != 0 {
                warn(format_args!(
                    "{name} holds secrets and everybody may read it: chmod o-r, or remove it afterwards"
                ));
            }
            read(file, metadata.len())
        };
        let bytes = open().map_err(|error| unreadable(&name, &error))?;
        Ok(Self { name, bytes })
    }

    /// Its lines, each with its place; one that is not UTF-8 is none.
    pub fn lines(&self) -> impl Iterator<Item = (Source, Option<&str>)> {
        (1..).zip(self.bytes.split(|byte| *byte == b'\n')).map(|(line, bytes)| {
            let text = std::str::from_utf8(bytes).ok();
            (self.source(line), text.map(|text| text.strip_suffix('\r').unwrap_or(text)))
        })
    }

    /// All of it as text.
    pub fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.bytes).map_err(|error| {
            let line = self.bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Failure::new(Exit::Failed, format_args!("{}, line {line}: this is not UTF-8: convert the file", self.name))
        })
    }

    /// A place in it.
    pub fn source(&self, line: u64) -> Source {
        Source { file: self.name.clone(), line }
    }
}

/// Reads to the end into one allocation where the size is known, so that nothing is left behind in others.
fn read(from: impl io::Read, size: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size.min(MOST)).unwrap_or(0) + 1));
    from.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(io::Error::other("it has more than 2 GiB: split it"));
    }
    Ok(bytes)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::new(Exit::Failed, format_args!("{name} cannot be read: {error}"))
}
