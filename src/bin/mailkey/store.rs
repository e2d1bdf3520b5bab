//! `mailkey store`: the store as a whole.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use mailkey::admin::instance;
use mailkey::store::Place;
use mailkey::store::copy::{self, Copied, CopyError, Found, TableCopied, Told, Until};
use serde_json::{Value, json};

use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Output, Style};
use crate::progress::Progress;

const COPY_HELP: &str = "\
Copies every row of one store to another place: from the file of one machine to a PostgreSQL database that several use, and \
back. Everything opens afterwards that opened before; the key stays the same. FROM and TO are files (/path, sqlite:/path) or \
postgresql://user@host/database as `store` in the configuration has it; the configuration is not read. TO must be \
empty; its tables are made as `mailkey init` makes them. FROM is never written to, and serves meanwhile.

At the end both are compared, row for row, until nothing differs. Before that no login uses TO: it is unavailable there. \
Stopped at any moment, the same command goes on where it was. Where FROM changes all the time, TO cannot be completed: \
copy with --ahead while it is in use, then stop the mail server, and copy again, which is short.

JSON OUTPUT
  {\"from\", \"to\", \"found\", \"complete\", \"passes\", \"rows\",
   \"tables\": [{\"table\", \"rows\", \"added\", \"changed\", \"removed\"}]}
  found: what was at TO: empty, unfinished (an earlier run's), same
  complete: whether both hold the same, and logins may use TO
  passes: how often all rows of both were compared
  rows: rows of FROM, when they were last read; added, changed, removed: of TO

EXAMPLES
  mailkey store copy /var/lib/mailkey/mailkey.db \\
      postgresql://mailkey@db1/mailkey --to-password-file /etc/mailkey/store-password --ahead
  mailkey store copy postgresql:///mailkey?host=/run/postgresql /var/lib/mailkey/back.db";

/// Copy the store to another place
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey store copy /var/lib/mailkey/mailkey.db postgresql://mailkey@db1/mailkey")]
pub enum Store {
    /// Copy everything to an empty database, and compare both
    #[command(after_help = COPY_HELP)]
    Copy(Copy),
}

/// Copy everything to an empty database, and compare both.
#[derive(clap::Args)]
pub struct Copy {
    /// The store that is there.
    from: String,
    /// The place of the copy.
    to: String,
    /// The file with the password for FROM, if that is a server.
    #[arg(long, value_name = "FILE")]
    from_password_file: Option<PathBuf>,
    /// The file with the password for TO, if that is a server.
    #[arg(long, value_name = "FILE")]
    to_password_file: Option<PathBuf>,
    /// Copy what is there, while FROM is in use; complete it another time.
    #[arg(long)]
    ahead: bool,
    /// Only say what would be copied.
    #[arg(long, conflicts_with = "ahead")]
    dry_run: bool,
}

impl Store {
    /// Carries the verb out.
    pub fn run(&self, output: &Output) -> Outcome {
        let Self::Copy(copy) = self;
        copy.run(output)
    }
}

impl Copy {
    fn run(&self, output: &Output) -> Outcome {
        let from = place(&self.from, self.from_password_file.as_deref(), "--from-password-file")?;
        let to = place(&self.to, self.to_password_file.as_deref(), "--to-password-file")?;
        let until = match (self.dry_run, self.ahead) {
            (true, _) => Until::DryRun,
            (false, true) => Until::Ahead,
            (false, false) => Until::Complete,
        };
        let made = match &to {
            Place::File(path) if !self.dry_run && instance::make_database_file(path)? => Some(path),
            _ => None,
        };
        let mut telling = Telling { progress: None, rows: 0 };
        let copied = copy::copy(&from, &to, until, &mut |told| telling.hear(told));
        drop(telling);
        if let (Err(_), Some(path)) = (&copied, made)
            && path.metadata().is_ok_and(|file| file.len() == 0)
        {
            // Nothing was begun; what went wrong is said below.
            let _ = std::fs::remove_file(path);
        }
        let copied = copied?;
        if output.is_json() {
            output.json(&as_json(&from, &to, &copied))?;
        } else {
            show(&from, &to, until, &copied, output)?;
        }
        Ok(Exit::Done)
    }
}

/// A place as it is written in an argument.
fn place(text: &str, password_file: Option<&Path>, option: &str) -> Result<Place, Failure> {
    const EXAMPLE: &str = "mailkey store copy /var/lib/mailkey/mailkey.db postgresql://mailkey@db1/mailkey";
    if text.starts_with("postgresql://") || text.starts_with("postgres://") {
        if Place::holds_password(text) {
            return Err(Failure::usage(
                format_args!(
                    "a password among the arguments could be read by everybody: put it into a file ({option})"
                ),
                format_args!("{EXAMPLE} {option} /etc/mailkey/store-password"),
            ));
        }
        return Ok(Place::Server { url: text.into(), password_file: password_file.map(Into::into) });
    }
    let path = text.strip_prefix("sqlite:").unwrap_or(text);
    if path.is_empty() || path.contains("://") {
        return Err(Failure::usage(
            format_args!("{text:?} is no store: it must be a file, or postgresql://user@host/database"),
            EXAMPLE,
        ));
    }
    if password_file.is_some() {
        return Err(Failure::usage(format_args!("{option} is for a server, and {text} is a file"), EXAMPLE));
    }
    Ok(Place::File(path.into()))
}

/// Says how far it is.
struct Telling {
    progress: Option<Progress>,
    rows: usize,
}

impl Telling {
    fn hear(&mut self, told: Told) {
        match told {
            Told::Pass(number, rows) => {
                let what = if number == 1 { "copying rows" } else { "comparing rows" };
                self.progress = Some(Progress::new(what, usize::try_from(rows).unwrap_or(usize::MAX)));
                self.rows = 0;
            }
            Told::Row => {
                self.rows += 1;
                // What has come meanwhile is more than there was.
                if let Some(progress) = &mut self.progress {
                    progress.at(self.rows);
                }
            }
        }
    }
}

fn found(found: Found) -> &'static str {
    match found {
        Found::Empty => "empty",
        Found::Unfinished => "unfinished",
        Found::Same => "same",
    }
}

fn as_json(from: &Place, to: &Place, copied: &Copied) -> Value {
    let table = |table: &TableCopied| {
        json!({
            "table": table.name, "rows": table.rows, "added": table.added, "changed": table.changed,
            "removed": table.removed,
        })
    };
    json!({
        "from": from.to_string(), "to": to.to_string(), "found": found(copied.found), "complete": copied.complete,
        "passes": copied.passes, "rows": copied.rows(), "tables": copied.tables.iter().map(table).collect::<Vec<_>>(),
    })
}

fn show(from: &Place, to: &Place, until: Until, copied: &Copied, output: &Output) -> std::io::Result<()> {
    for table in copied.tables.iter().filter(|table| table.rows > 0 || table.mended() > 0) {
        let mended = match (until, table.mended()) {
            (Until::DryRun, _) => String::new(),
            (_, 0) => "as it was".into(),
            (..) => format!("{} added, {} changed, {} removed", table.added, table.changed, table.removed),
        };
        output.line(format_args!("{:<14} {:>9} rows  {}", table.name, table.rows, output.style(Style::Dim, mended)))?;
    }
    let rows = copied.rows();
    match (until, copied.found) {
        (_, Found::Same) => {
            output.line(format_args!("{from} and {to} hold the same {rows} rows: there is nothing to do"))?
        }
        (Until::DryRun, Found::Empty) => {
            output.line(format_args!("{to} is empty: {rows} rows would be copied to it"))?
        }
        (Until::DryRun, _) => {
            output
                .line(format_args!("{to} is an unfinished copy of it: it would be gone on with, {rows} rows in all"))?;
        }
        (Until::Ahead, _) => {
            output.line(format_args!("{rows} rows of {from} were copied to {to}, which no login may use yet"))?;
            output.line("next: stop the mail server, and run the same without --ahead")?;
        }
        (Until::Complete, _) => {
            output.line(output.style(
                Style::Green,
                format_args!(
                    "{from} and {to} hold the same: {rows} rows of {} tables were compared",
                    copied.tables.len()
                ),
            ))?;
            output.line(format_args!(
                "next: name {to} in the configuration of every machine, with the same key on each"
            ))?;
            output.line(format_args!("what happens in {from} from now on is not in it"))?;
        }
    }
    Ok(())
}

impl From<CopyError> for Failure {
    fn from(error: CopyError) -> Self {
        match &error {
            CopyError::OnePlace => {
                Self::usage(&error, "mailkey store copy mailkey.db postgresql://mailkey@db1/mailkey")
            }
            CopyError::InUse { .. } | CopyError::OfAnother { .. } => Self::new(Exit::Exists, &error),
            CopyError::OtherKey { .. } => Self::new(Exit::Refused, &error),
            CopyError::Changing { .. } => {
                Self::new(Exit::Failed, &error).next("stop the mail server, and run the same again: it will be short")
            }
            CopyError::Schema { .. } | CopyError::Store(_) | CopyError::Random(_) => Self::new(Exit::Failed, &error),
        }
    }
}
