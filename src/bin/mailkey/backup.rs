//! `mailkey backup` and `mailkey restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use mailkey::admin::backup::{self, BackupError, Offer, Restored};
use mailkey::admin::instance::{Done, Part};
use serde_json::json;

use crate::clock::{now, stamp};
use crate::failure::{Exit, Failure, Outcome};
use crate::input;
use crate::output::{Output, Style};
use crate::site::Site;

const BACKUP_HELP: &str = "\
Copies the database as it is at one moment; logins go on. The copy is looked at when it is written: whether it is whole, \
and goes with the key. It gets mode 0600, and a file that is there is not written over. Into a directory it is written \
as mailkey-TIME.db.

The key is not in it, and belongs elsewhere: neither opens without the other, and with both somebody else can try \
passwords. A backup holds everything else; the configuration is yours.

JSON OUTPUT
  {\"file\", \"accounts\", \"schema\", \"key\"}
  accounts, schema: null for --key
  key: where the key is, which is not in the backup

EXAMPLES
  mailkey backup /var/backups/mailkey
  mailkey backup --key /media/stick/mailkey.key";

const RESTORE_HELP: &str = "\
Puts a backup in the place of the database. It must be whole, of this version or an older one, and go with the key that \
is there. The former database is moved aside, never removed; then everything is done that `mailkey init` does. Mail \
servers need no restart: the next login finds the new one.

What happened since the backup is undone with it: app passwords that were revoked since then open again, and recovery \
codes that were used since then. Sessions of webmail and panel end.

JSON OUTPUT
  {\"file\", \"accounts\", \"database\", \"former\", \"migrated\",
   \"problems\": [...]}
  former: where the former database is, or null
  migrated: whether the backup was of an older version

EXAMPLES
  mailkey restore /var/backups/mailkey/mailkey-20261128T041500Z.db";

/// Copy the database while it is in use
#[derive(Args)]
#[command(after_help = BACKUP_HELP)]
pub struct Backup {
    /// Where to.
    #[arg(value_name = "FILE|DIRECTORY")]
    to: PathBuf,
    /// The key alone, instead of the database.
    #[arg(long)]
    key: bool,
}

/// Put a backup in the place of the database
#[derive(Args)]
#[command(after_help = RESTORE_HELP)]
pub struct Restore {
    /// The backup.
    file: PathBuf,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

impl Backup {
    /// Writes it.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let ending = if self.key { "key" } else { "db" };
        let to =
            if self.to.is_dir() { self.to.join(format!("mailkey-{}.{ending}", stamp(now()))) } else { self.to.clone() };
        let key = site.config.key.display().to_string();
        if self.key {
            backup::copy_key(&site.config.key, &to)?;
            if output.is_json() {
                output
                    .json(&json!({"file": to.display().to_string(), "accounts": null, "schema": null, "key": key}))?;
            } else {
                output.line(format_args!("wrote the key to {}: keep it apart from the backups", to.display()))?;
            }
            return Ok(Exit::Done);
        }
        let copy = site.backup(&to)?;
        if output.is_json() {
            output.json(&json!({
                "file": to.display().to_string(), "accounts": copy.accounts, "schema": copy.schema, "key": key,
            }))?;
        } else {
            output.line(format_args!("wrote {} to {}", accounts(copy.accounts), to.display()))?;
            output.line(format_args!(
                "the key is not in it: keep a copy of {key} elsewhere (mailkey backup --key FILE)"
            ))?;
        }
        Ok(Exit::Done)
    }
}

impl Restore {
    /// Puts it in place. The database that is there need not be usable.
    pub fn run(&self, config: &Path, output: &Output) -> Outcome {
        let offer = backup::offer(config, &self.file)?;
        if !self.yes {
            self.confirm(&offer)?;
        }
        let restored = offer.accept(config, &stamp(now()))?;
        if output.is_json() {
            let problems: Vec<&str> =
                restored.instance.steps.iter().filter_map(|step| step.problem.as_deref()).collect();
            output.json(&json!({
                "file": self.file.display().to_string(),
                "accounts": restored.copy.accounts,
                "database": restored.instance.path(Part::Database).map(|path| path.display().to_string()),
                "former": restored.former.as_ref().map(|former| former.display().to_string()),
                "migrated": is_migrated(&restored),
                "problems": problems,
            }))?;
        } else {
            show(&restored, output)?;
        }
        Ok(Exit::Done)
    }

    fn confirm(&self, offer: &Offer) -> Result<(), Failure> {
        let file = self.file.display();
        if !input::is_terminal() {
            let failure = Failure::new(Exit::Usage, "there is no terminal to ask whether that is meant");
            return Err(failure.next(format_args!("for example: mailkey restore {file} --yes")));
        }
        let question =
            format!("Put {file}, {}, in the place of {}?", accounts(offer.copy.accounts), offer.database.display());
        if input::confirm(&question)? {
            return Ok(());
        }
        Err(Failure::new(Exit::Refused, format_args!("{file} was not restored")))
    }
}

fn is_migrated(restored: &Restored) -> bool {
    restored.instance.steps.iter().any(|step| step.part == Part::Database && step.done == Done::Migrated)
}

fn show(restored: &Restored, output: &Output) -> std::io::Result<()> {
    output.line(format_args!("restored {}", accounts(restored.copy.accounts)))?;
    if is_migrated(restored) {
        output.line("it was of an older version, and is of this one now")?;
    }
    if let Some(former) = &restored.former {
        output.line(format_args!("the former database is {}: remove it when you are content", former.display()))?;
    }
    for problem in restored.instance.steps.iter().filter_map(|step| step.problem.as_deref()) {
        output.line(format_args!("{} {problem}", output.style(Style::Yellow, "wrong:")))?;
    }
    output.line("what was revoked or used up since the backup counts again: look at app passwords and recovery codes")
}

fn accounts(count: u64) -> String {
    format!("{count} {}", if count == 1 { "account" } else { "accounts" })
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match &error {
            BackupError::Exists(_) => Self::new(Exit::Exists, error),
            _ => Self::new(Exit::Failed, error),
        }
    }
}
