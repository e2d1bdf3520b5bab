//! `mailkey user export`: which addresses there are, in the formats of mail servers.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use mailkey::account::AccountName;
use serde_json::json;

use crate::failure::{Exit, Failure, Outcome};
use crate::output::Output;
use crate::replace;
use crate::site::Site;

/// Accounts read at once.
const PAGE: u32 = 5000;

/// What stands behind the address in a line of [`Format::Dovecot`]: fields of passwd(5), all empty.
const EMPTY_FIELDS: &str = "::::::";

/// Symbols that make Postfix look an address up in another spelling (RFC 5322: quoted), beside spaces.
const QUOTED_BY_POSTFIX: &str = "\"(),:;<>[\\]";

pub const AFTER_HELP: &str = "\
Writes a line for each account, by name. Disabled accounts are among them: nobody signs in to them, but mail for them \
should not be refused.

  dovecot   for a userdb passwd-file: the address and empty fields. What is the same
            for all, uid, gid and home, stands in Dovecot's own configuration.
  postfix   `ADDRESS ADDRESS`, for a lookup table: texthash as it is; hash, lmdb and
            others after postmap has read it. It says which addresses exist
            (virtual_mailbox_maps), and whose each is (smtpd_sender_login_maps).

With --output the file is written beside and put in place at once, when it is complete; owner and mode of a file that \
is there are kept, a new one gets 0644. Its directory must be one that only root or you may write; links are followed \
if they are root's or yours. Without it nothing is printed unless all of it can be. A name that cannot stand \
in the format is an error.

A file is as old as its export. The recipients database (see the configuration) follows every change that root makes by itself.

JSON OUTPUT
  {\"format\", \"accounts\", \"output\", \"text\"}
  accounts: how many lines
  output: the file, or null
  text: what would be printed without --json; null when it is in the file

EXAMPLES
  mailkey user export --format dovecot --output /etc/dovecot/mailkey-users
  mailkey user export --format postfix --output /etc/postfix/mailkey-recipients
  mailkey user export --format postfix --enabled-only";

/// For which program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// passwd-file
    Dovecot,
    /// Lookup table
    Postfix,
}

/// What to write where.
#[derive(Args)]
pub struct Export {
    /// For which program.
    #[arg(long, value_enum, hide_possible_values = true, value_name = "dovecot|postfix")]
    format: Format,
    /// The file to write, instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Leave disabled accounts out.
    #[arg(long)]
    enabled_only: bool,
}

impl Export {
    /// Writes them.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let (accounts, text) = match &self.output {
            Some(path) => (self.to_file(site, path)?, None),
            None => {
                // All of it before the first line is printed: half a list would make mail for the rest bounce.
                let mut text = Vec::new();
                (self.write(site, &mut text, Path::new("memory"))?, Some(text))
            }
        };
        if output.is_json() {
            let format = self.format.to_possible_value();
            output.json(&json!({
                "format": format.as_ref().map(clap::builder::PossibleValue::get_name),
                "accounts": accounts,
                "output": self.output.as_ref().map(|path| path.display().to_string()),
                "text": text.map(|text| String::from_utf8_lossy(&text).into_owned()),
            }))?;
        } else if let Some(text) = text {
            output.raw(&text)?;
        } else if let Some(path) = &self.output {
            let noun = if accounts == 1 { "account" } else { "accounts" };
            output.line(format_args!("wrote {accounts} {noun} to {}", path.display()))?;
        }
        Ok(Exit::Done)
    }

    fn to_file(&self, site: &mut Site, path: &Path) -> Result<u64, Failure> {
        let mut file = replace::Replacement::of(path)?;
        let accounts = self.write(site, file.writer(), path)?;
        file.put_in_place()?;
        Ok(accounts)
    }

    /// Writes a line for each account; returns how many.
    fn write(&self, site: &mut Site, to: &mut dyn Write, path: &Path) -> Result<u64, Failure> {
        let mut admin = site.admin();
        let (mut after, mut accounts) = (None, 0);
        loop {
            let page = admin.recipients(after.as_ref(), PAGE)?;
            for recipient in page.iter().filter(|recipient| recipient.enabled || !self.enabled_only) {
                let name = &recipient.name;
                self.check(name)?;
                match self.format {
                    Format::Dovecot => writeln!(to, "{name}{EMPTY_FIELDS}"),
                    Format::Postfix => writeln!(to, "{name} {name}"),
                }
                .map_err(|error| replace::unwritable(path, &error))?;
                accounts += 1;
            }
            let last = page.len() < PAGE as usize;
            after = page.into_iter().next_back().map(|recipient| recipient.name);
            if last {
                return Ok(accounts);
            }
        }
    }

    /// Whether a name can stand in the format. Configured differently once, the store may hold names that nobody could
    /// add today.
    fn check(&self, name: &AccountName) -> Result<(), Failure> {
        let (format, special) = match self.format {
            Format::Dovecot => ("Dovecot's passwd-file", ":"),
            Format::Postfix => ("a lookup table of Postfix", QUOTED_BY_POSTFIX),
        };
        let comment = name.as_str().starts_with('#').then_some('#');
        let unfit = |symbol: &char| special.contains(*symbol) || !symbol.is_ascii_graphic();
        let Some(symbol) = comment.or_else(|| name.as_str().chars().find(unfit)) else { return Ok(()) };
        let failure = Failure::new(
            Exit::Failed,
            format_args!("the account {name} cannot stand in {format}, because of {symbol:?}: nothing was written"),
        );
        Err(failure.next("remove that account, or let Dovecot and Postfix read the recipients database"))
    }
}
