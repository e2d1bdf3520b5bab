//! `mailkey domain`: all accounts of a domain.

use clap::Subcommand;
use mailkey::account::DomainName;
use serde_json::json;

use crate::clock::now;
use crate::failure::{Exit, Failure, Outcome};
use crate::output::Output;
use crate::progress::Busy;
use crate::site::Site;

const RENAME_HELP: &str = "\
Every account keeps all that it has: password, 2FA, app passwords, activity. What mailkey require has set for the domain \
moves along, and sessions end. It is one step: where one of the new names is taken, nothing is renamed. Where Dovecot keeps \
the mail is not mailkey's to move: the guide says in which order to do both.

JSON OUTPUT
  {\"domain\", \"former\", \"accounts\", \"dry_run\"}
  accounts: how many were renamed, or would be

EXAMPLES
  mailkey domain rename example.org example.net --dry-run
  mailkey domain rename example.org example.net";

/// Change all accounts of a domain
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey domain rename example.org example.net --dry-run")]
pub enum Domain {
    /// Give all accounts of a domain the same names in another one
    #[command(after_help = RENAME_HELP)]
    Rename {
        /// The domain as it is, such as example.org.
        old: String,
        /// The domain as it will be.
        new: String,
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
    },
}

impl Domain {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let Self::Rename { old, new, dry_run } = self;
        let (old, new) = (read(old)?, read(new)?);
        let busy = Busy::new("renaming all accounts at once");
        let accounts = site.admin().rename_domain(&old, &new, *dry_run, now())?;
        drop(busy);
        if output.is_json() {
            output.json(&json!({
                "domain": new.as_str(), "former": old.as_str(), "accounts": accounts, "dry_run": dry_run,
            }))?;
            return Ok(Exit::Done);
        }
        let noun = if accounts == 1 { "account" } else { "accounts" };
        if *dry_run {
            output.line(format_args!("{accounts} {noun} of @{old} would move to @{new}, and nothing is in the way"))?;
        } else {
            output.line(format_args!("{accounts} {noun} of @{old} moved to @{new}"))?;
            output.line("next: let Dovecot find their mail under the new names")?;
        }
        Ok(Exit::Done)
    }
}

/// A domain, with or without `@` in front.
fn read(text: &str) -> Result<DomainName, Failure> {
    let domain = text.strip_prefix('@').unwrap_or(text);
    DomainName::parse(domain.as_bytes()).map_err(|error| {
        Failure::usage(format_args!("{text:?} is no domain: {error}"), "mailkey domain rename example.org example.net")
    })
}
