//! `mailkey app-password add --csv`: one for each line of a table.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use mailkey::account::AccountName;
use mailkey::admin::AppPasswordRequest;
use serde_json::json;

use crate::clock::{expiry, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome, warn};
use crate::import::input::Input;
use crate::import::tables::{Row, read_csv};
use crate::import::{Read, printable};
use crate::output::Output;
use crate::progress::Progress;
use crate::replace::unwritable;
use crate::site::Site;

use super::{network, network_names, protocol_names, protocols};

const COLUMNS: [&str; 5] = ["account", "name", "protocols", "networks", "expires"];

/// Makes them, all or none.
pub fn add(site: &mut Site, output: &Output, table: &Path, out: Option<&Path>) -> Outcome {
    let now = now();
    let requests = read(site, table, now)?;
    // Before anything is made: what is made must have a place to be shown.
    let mut file = out.map(NewFile::make).transpose()?;
    let mut progress = Progress::new("hashed", requests.len());
    let made = site.admin().add_app_passwords(&requests, now, &mut |done| progress.at(done))?;
    drop(progress);
    let names = requests.iter().map(|(name, _)| name);
    if let Some(file) = &mut file {
        file.write(|writer| {
            for (name, (row, shown)) in names.zip(&made) {
                writer.write_record([name.as_str(), &row.name, row.id.as_str(), shown.as_str().unwrap_or_default()])?;
            }
            Ok(())
        })?;
        if output.is_json() {
            output.json(&serde_json::Value::Null)?;
        } else {
            let noun = if made.len() == 1 { "app password" } else { "app passwords" };
            output.line(format_args!(
                "wrote {} {noun} to {}: they are not shown again",
                made.len(),
                file.path.display()
            ))?;
        }
        return Ok(Exit::Done);
    }
    if output.is_json() {
        output.json_array(names.zip(&made).map(|(name, (row, shown))| {
            json!({
                "account": name.as_str(),
                "id": row.id.as_str(),
                "password": shown.as_str(),
                "name": row.name,
                "protocols": protocol_names(row),
                "networks": network_names(row),
                "created_at": rfc3339(row.created_at),
                "expires_at": row.expires_at.and_then(rfc3339),
            })
        }))?;
        return Ok(Exit::Done);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = (|| -> csv::Result<()> {
        writer.write_record(HEADER)?;
        for (name, (row, shown)) in names.zip(&made) {
            writer.write_record([name.as_str(), &row.name, row.id.as_str(), shown.as_str().unwrap_or_default()])?;
        }
        Ok(())
    })();
    written.map_err(|error| Failure::new(Exit::Failed, error))?;
    let text = zeroize::Zeroizing::new(writer.into_inner().map_err(|error| Failure::new(Exit::Failed, error))?);
    output.raw(&text)?;
    Ok(Exit::Done)
}

const HEADER: [&str; 4] = ["account", "name", "id", "password"];

/// What the table asks for. Every line that cannot be is named.
fn read(site: &mut Site, table: &Path, now: i64) -> Result<Vec<(AccountName, AppPasswordRequest)>, Failure> {
    let input = Input::open(table)?;
    let mut read = Read::default();
    let (columns, rows) = read_csv(&input, &mut read)?;
    let unknown = columns.iter().find(|column| !COLUMNS.contains(&column.as_str()));
    let missing = COLUMNS[..2].iter().find(|column| !columns.iter().any(|found| found == **column));
    if let Some(what) = unknown
        .map(|column| format!("no column is called {column:?}"))
        .or(missing.map(|column| format!("the column {column:?} is missing")))
    {
        let failure = Failure::new(Exit::Failed, format_args!("{}: {what}", input.name));
        return Err(failure.next(format_args!("there are {}", COLUMNS.join(", "))));
    }
    let mut requests = Vec::with_capacity(rows.len());
    for row in rows {
        match request(site, &row, now) {
            Ok(request) => requests.push(request),
            Err(failure) => {
                let name = row.get("account").unwrap_or_default().to_string();
                read.rejected.push(mailkey::admin::import::Rejected {
                    source: row.source,
                    name,
                    reason: failure.what(),
                });
            }
        }
    }
    if read.rejected.is_empty() {
        return Ok(requests);
    }
    for rejected in &read.rejected {
        let (source, name) = (&rejected.source, printable(&rejected.name));
        warn(format_args!("{}, line {}: {name}: {}", source.file, source.line, rejected.reason));
    }
    let lines = if read.rejected.len() == 1 { "a line" } else { "lines" };
    Err(Failure::new(Exit::Refused, format_args!("no app password was made, because of {lines} above")))
}

fn request(site: &mut Site, row: &Row, now: i64) -> Result<(AccountName, AppPasswordRequest), Failure> {
    let several = |column: &str| -> Vec<String> {
        let text = row.get(column).unwrap_or_default();
        let parts = text.split([' ', ',', ';']).filter(|part| !part.is_empty());
        parts.map(str::to_string).collect()
    };
    let name = site.name(row.get("account").unwrap_or_default())?;
    let request = AppPasswordRequest {
        name: row.get("name").unwrap_or_default().to_string(),
        protocols: protocols(&several("protocols"))?,
        networks: several("networks").iter().map(|text| network(text)).collect::<Result<_, _>>()?,
        expires_at: row.get("expires").map(|text| expiry(text, now)).transpose()?,
    };
    site.admin().check_app_password(&name, &request, now)?;
    Ok((name, request))
}

/// A new file for what is shown once; unless it is written, it goes again.
struct NewFile<'a> {
    path: &'a Path,
    file: File,
    written: bool,
}

impl<'a> NewFile<'a> {
    fn make(path: &'a Path) -> Result<Self, Failure> {
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(file) => Ok(Self { path, file, written: false }),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let what = format_args!("{} is there already: name a file that is not", path.display());
                Err(Failure::new(Exit::Exists, what))
            }
            Err(error) => Err(unwritable(path, &error)),
        }
    }

    fn write(&mut self, rows: impl FnOnce(&mut csv::Writer<&File>) -> csv::Result<()>) -> Result<(), Failure> {
        // What is half written is worth keeping: it is not shown again.
        self.written = true;
        let mut writer = csv::Writer::from_writer(&self.file);
        let written = writer.write_record(HEADER).and_then(|()| rows(&mut writer));
        let written = written.and_then(|()| Ok(writer.flush()?)).and_then(|()| Ok(self.file.sync_all()?));
        written.map_err(|error| {
            let failure =
                Failure::new(Exit::Failed, format_args!("{} cannot be written: {error}", self.path.display()));
            failure.next("the app passwords were made: revoke those that are not in it, and make them anew")
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
