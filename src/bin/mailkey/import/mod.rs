//! `mailkey import`: accounts and authenticators from the files of other programs.
//!
//! Each format has a file here, which makes [`Candidate`]s of what it reads and [`Rejected`] of what it cannot. What
//! becomes of them is decided in [`mailkey::admin::import`].

mod csv;
mod google;
pub mod input;
mod oath;
mod passwd_file;
mod sql;
pub mod tables;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mailkey::admin::import::{Candidate, ImportPassword, Missing, Plan, Planned, Rejected, Source};
use serde_json::{Value, json};

use crate::clock::now;
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Output, Style};
use crate::progress::Progress;
use crate::site::Site;
use input::Input;

pub const AFTER_HELP: &str = "\
Without --apply nothing is written: it says what would be made, and names every line that is not taken, with the reason. \
With --apply everything is made at once, or nothing if a line is not taken (but see --skip-rejected). Names that exist \
already are not taken; only an authenticator is added to an account that has none.

FORMATS
  passwd-file           Dovecot's passwd-file: accounts and their password hashes
  csv                   a table with a header; see below
  google-authenticator  a ~/.google_authenticator, with --account; or a directory of them,
                        each named like its account
  oath                  the users file of pam_oath (OATH Toolkit): its TOTP entries
  postfixadmin          PostfixAdmin's tables mailbox and mailbox_app_password
  mailcow               mailcow's tables mailbox, tfa and app_passwd
The tables may be CSV files with a header, one for each table, or an SQL dump with INSERT statements (mysqldump; \
pg_dump --inserts).

PASSWORDS
Hashes of the schemes ARGON2ID, BLF-CRYPT, SHA512-CRYPT, SHA256-CRYPT, and CRYPT with one of these or yescrypt come along \
and go on to open; at the first success each is replaced by one of mailkey's own. Weaker ones, and those that take very \
much work, are not taken. TOTP secrets come along; codes that were shown before the import do not open. Scratch codes and \
the app passwords of other programs do not come along: new ones are made here.

COLUMNS OF CSV
  account                                    the address; needed
  password                                   as it is typed; it is hashed here
  hash                                       of one of the schemes above
  totp_secret                                base32
  totp_algorithm, totp_digits, totp_period   SHA1, 6 and 30 where they are empty
  enabled                                    yes or no; empty is yes
Without password and hash an account has none here: another PAM module keeps it.

JSON OUTPUT
  {\"format\", \"applied\",
   \"accounts\": [{\"account\", \"file\", \"line\", \"makes\", \"password\",
                 \"two_factor\", \"enabled\", \"left_out\": [...]}],
   \"rejected\": [{\"file\", \"line\", \"account\", \"reason\"}]}
  makes: \"account\", or \"authenticator\" for an account that is there
  password: \"hash\", \"plain\", or null for none
  left_out: what stands there and does not come along
It is printed also where lines are rejected (exit code 3).

EXAMPLES
  mailkey import passwd-file /etc/dovecot/users
  mailkey import passwd-file /etc/dovecot/users --apply
  mysqldump postfix mailbox mailbox_app_password | mailkey import postfixadmin -
  mailkey import google-authenticator ~alice/.google_authenticator \\
      --account alice@example.org --apply";

/// Of which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    PasswdFile,
    Csv,
    GoogleAuthenticator,
    Oath,
    #[value(name = "postfixadmin")]
    PostfixAdmin,
    Mailcow,
}

impl Format {
    fn as_str(self) -> &'static str {
        match self {
            Self::PasswdFile => "passwd-file",
            Self::Csv => "csv",
            Self::GoogleAuthenticator => "google-authenticator",
            Self::Oath => "oath",
            Self::PostfixAdmin => "postfixadmin",
            Self::Mailcow => "mailcow",
        }
    }
}

/// Make accounts of the files of other programs
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Import {
    /// What the files are.
    #[arg(value_enum, hide_possible_values = true)]
    format: Format,
    /// The files, or `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Do it.
    #[arg(long)]
    apply: bool,
    /// With --apply: make what can be made, whatever else is not taken.
    #[arg(long, requires = "apply")]
    skip_rejected: bool,
    /// Whose the file of google-authenticator is.
    #[arg(long, value_name = "ADDRESS")]
    account: Option<String>,
    /// Put this behind names without a domain.
    #[arg(long)]
    domain: Option<String>,
    /// Where an authenticator has no account: make one, without a password.
    #[arg(long)]
    create: bool,
}

/// What was read.
#[derive(Default)]
pub struct Read {
    candidates: Vec<Candidate>,
    /// What cannot be.
    pub rejected: Vec<Rejected>,
}

impl Read {
    fn reject(&mut self, source: Source, name: impl Into<String>, reason: impl std::fmt::Display) {
        self.rejected.push(Rejected { source, name: name.into(), reason: reason.to_string() });
    }
}

impl Import {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let Read { mut candidates, rejected } = self.read()?;
        if let Some(domain) = &self.domain {
            for candidate in candidates.iter_mut().filter(|candidate| !candidate.name.contains('@')) {
                candidate.name = format!("{}@{domain}", candidate.name);
            }
        }
        let missing = if self.create { Missing::Create } else { Missing::Reject };
        let mut progress = Progress::new("looked at", candidates.len());
        let mut plan = site.admin().examine(candidates, missing, &mut |done| progress.at(done))?;
        drop(progress);
        plan.rejected.extend(rejected);
        plan.rejected
            .sort_by(|one, other| (&one.source.file, one.source.line).cmp(&(&other.source.file, other.source.line)));
        let refused = !plan.rejected.is_empty() && !self.skip_rejected;
        let applied = self.apply && !refused;
        let lines = if output.is_json() { self.as_json(&plan, applied) } else { Value::Null };
        let shown: Vec<String> = if output.is_json() { Vec::new() } else { describe(&plan, applied, output) };
        let (makes, rejects) = (plan.planned.len(), plan.rejected.len());
        if applied {
            let plain = |planned: &&Planned| matches!(planned.candidate.password, ImportPassword::Plain(_));
            let mut progress = Progress::new("hashed", plan.planned.iter().filter(plain).count());
            site.admin().make_all(plan.planned, now(), &mut |done| progress.at(done))?;
        }
        if output.is_json() {
            output.json(&lines)?;
        } else {
            output.raw(shown.concat().as_bytes())?;
            output.line(summary(makes, rejects, self.apply, applied))?;
        }
        Ok(if refused { Exit::Refused } else { Exit::Done })
    }

    fn read(&self) -> Result<Read, Failure> {
        if self.account.is_some() && self.format != Format::GoogleAuthenticator {
            return Err(Failure::usage(
                "--account is for google-authenticator alone",
                "mailkey import google-authenticator FILE --account alice@example.org",
            ));
        }
        let mut read = Read::default();
        if self.format == Format::GoogleAuthenticator {
            google::read(&self.files, self.account.as_deref(), &mut read)?;
            return Ok(read);
        }
        let inputs = self.files.iter().map(|path| Input::open(path)).collect::<Result<Vec<_>, _>>()?;
        match self.format {
            Format::PasswdFile => inputs.iter().for_each(|input| passwd_file::read(input, &mut read)),
            Format::Oath => inputs.iter().for_each(|input| oath::read(input, &mut read)),
            Format::Csv => inputs.iter().try_for_each(|input| csv::read(input, &mut read))?,
            Format::PostfixAdmin => tables::postfixadmin(&inputs, &mut read)?,
            Format::Mailcow => tables::mailcow(&inputs, &mut read)?,
            Format::GoogleAuthenticator => {}
        }
        Ok(read)
    }

    fn as_json(&self, plan: &Plan, applied: bool) -> Value {
        let accounts: Vec<Value> = plan
            .planned
            .iter()
            .map(|planned| {
                let candidate = &planned.candidate;
                json!({
                    "account": planned.name.as_str(),
                    "file": candidate.source.file,
                    "line": candidate.source.line,
                    "makes": if planned.there.is_some() { "authenticator" } else { "account" },
                    "password": match candidate.password {
                        ImportPassword::None => None,
                        ImportPassword::Hashed(_) => Some("hash"),
                        ImportPassword::Plain(_) => Some("plain"),
                    },
                    "two_factor": candidate.totp.is_some(),
                    "enabled": candidate.enabled,
                    "left_out": candidate.left_out,
                })
            })
            .collect();
        let rejected: Vec<Value> = plan
            .rejected
            .iter()
            .map(|rejected| {
                json!({
                    "file": rejected.source.file,
                    "line": rejected.source.line,
                    "account": Some(rejected.name.as_str()).filter(|name| !name.is_empty()),
                    "reason": rejected.reason,
                })
            })
            .collect();
        json!({"format": self.format.as_str(), "applied": applied, "accounts": accounts, "rejected": rejected})
    }
}

/// What stands in a foreign file, such that it can be shown: it may hold anything.
pub fn printable(name: &str) -> String {
    name.chars().filter(|symbol| !symbol.is_control()).take(100).collect()
}

/// A line for each account and each line that is not taken.
fn describe(plan: &Plan, applied: bool, output: &Output) -> Vec<String> {
    let made = if applied { "made" } else { "would make" };
    let mut lines = Vec::with_capacity(plan.planned.len() + plan.rejected.len());
    for Planned { candidate, name, there } in &plan.planned {
        let mut what: Vec<String> = Vec::new();
        if there.is_none() {
            what.push(if candidate.enabled { "an account" } else { "a disabled account" }.into());
            what.push(
                match candidate.password {
                    ImportPassword::None => "without a password here",
                    ImportPassword::Hashed(_) => "with its password hash",
                    ImportPassword::Plain(_) => "with its password",
                }
                .into(),
            );
        }
        if candidate.totp.is_some() {
            what.push("an authenticator".into());
        }
        if !candidate.left_out.is_empty() {
            what.push(output.style(Style::Yellow, format_args!("without {}", candidate.left_out.join(", "))));
        }
        lines.push(format!("{} {name}: {}\n", output.style(Style::Green, made), what.join(", ")));
    }
    for Rejected { source, name, reason } in &plan.rejected {
        let name = printable(name);
        let whose = if name.is_empty() { String::new() } else { format!(" {name}:") };
        let rejected = output.style(Style::Red, "not taken");
        lines.push(format!("{rejected} {}, line {}:{whose} {reason}\n", source.file, source.line));
    }
    lines
}

fn summary(makes: usize, rejects: usize, apply: bool, applied: bool) -> String {
    let count = |count: usize| format!("{count} {}", if count == 1 { "account" } else { "accounts" });
    let rejected = match rejects {
        0 => String::new(),
        1 => ", 1 line was not taken".into(),
        many => format!(", {many} lines were not taken"),
    };
    match (applied, apply) {
        (true, _) => format!("{} imported{rejected}", count(makes)),
        (false, true) => {
            format!("nothing was written{rejected}: mend them, or leave them out with --skip-rejected")
        }
        (false, false) => format!("{} can be imported{rejected}; nothing was written: --apply does it", count(makes)),
    }
}
