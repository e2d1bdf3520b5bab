//! Many at once: a table that says for whom, and a table of what was made and is shown once.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use mailkey::admin::import::Rejected;

use crate::failure::{Exit, Failure, warn};
use crate::import::input::Input;
use crate::import::tables::{Row, column_shown, read_csv};
use crate::import::{Read, printable};
use crate::output::Output;
use crate::replace::unwritable;

/// Reads a CSV table with a header. `columns` are those that are known, of which the first `needed` must be there; `line`
/// reads a line, whose account stands in the column `account`. Every line that cannot be is named, and then `nothing` says
/// that nothing was made.
pub fn read<T>(
    table: &Path,
    columns: &[&str],
    needed: usize,
    nothing: &str,
    mut line: impl FnMut(&Row) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let input = Input::open(table)?;
    let mut read = Read::default();
    let (found, rows) = read_csv(&input, &mut read)?;
    let unknown = found.iter().find(|column| !columns.contains(&column.as_str()));
    let missing = columns.iter().take(needed).find(|column| !found.iter().any(|found| found == **column));
    if let Some(what) = unknown
        .map(|column| format!("no column is called {}", column_shown(column)))
        .or(missing.map(|column| format!("the column {column:?} is missing")))
    {
        let failure = Failure::new(Exit::Failed, format_args!("{}: {what}", input.name));
        return Err(failure.next(format_args!("there are {}", columns.join(", "))));
    }
    let mut asked = Vec::with_capacity(rows.len());
    for row in rows {
        match line(&row) {
            Ok(one) => asked.push(one),
            Err(failure) => {
                let name = row.get("account").unwrap_or_default().to_string();
                read.rejected.push(Rejected { source: row.source, name, reason: failure.what() });
            }
        }
    }
    if read.rejected.is_empty() {
        return Ok(asked);
    }
    for rejected in &read.rejected {
        let (source, name) = (&rejected.source, printable(&rejected.name));
        warn(format_args!("{}, line {}: {name}: {}", source.file, source.line, rejected.reason));
    }
    let lines = if read.rejected.len() == 1 { "a line" } else { "lines" };
    Err(Failure::new(Exit::Refused, format_args!("{nothing}, because of {lines} above")))
}

/// Writes CSV (RFC 4180) to standard output.
pub fn print<const COLUMNS: usize>(
    output: &Output,
    header: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    write(&mut writer, header, rows).map_err(|error| Failure::new(Exit::Failed, error))?;
    let text = zeroize::Zeroizing::new(writer.into_inner().map_err(|error| Failure::new(Exit::Failed, error))?);
    output.raw(&text)?;
    Ok(())
}

fn write<const COLUMNS: usize>(
    writer: &mut csv::Writer<impl std::io::Write>,
    header: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> csv::Result<()> {
    writer.write_record(header)?;
    for row in rows {
        let row = row.map(zeroize::Zeroizing::new);
        writer.write_record(row.iter().map(|field| field.as_bytes()))?;
    }
    writer.flush().map_err(csv::Error::from)
}

/// A new file, of mode 0600, for what is shown once; unless it is written, it goes again.
pub struct NewFile<'a> {
    /// Where it is.
    pub path: &'a Path,
    file: File,
    written: bool,
}

impl<'a> NewFile<'a> {
    /// Makes it. To be called before anything is made: what is made must have a place to be shown.
    pub fn make(path: &'a Path) -> Result<Self, Failure> {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(file) => Ok(Self { path, file, written: false }),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let what = format_args!("{} is there already: name a file that is not", path.display());
                Err(Failure::new(Exit::Exists, what))
            }
            Err(error) => Err(unwritable(path, &error)),
        }
    }

    /// Writes CSV to it; where it cannot, `mend` says what to do about what was made.
    pub fn write<const COLUMNS: usize>(
        &mut self,
        header: [&str; COLUMNS],
        rows: impl Iterator<Item = [String; COLUMNS]>,
        mend: &str,
    ) -> Result<(), Failure> {
        // What is half written is worth keeping: it is not shown again.
        self.written = true;
        let mut writer = csv::Writer::from_writer(&self.file);
        let written = write(&mut writer, header, rows).and_then(|()| Ok(self.file.sync_all()?));
        written.map_err(|error| {
            Failure::new(Exit::Failed, format_args!("{} cannot be written: {error}", self.path.display())).next(mend)
        })
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if !self.written {
            // An empty file; what went wrong is being reported already.
            let _ = std::fs::remove_file(self.path);
        }
    }
}
