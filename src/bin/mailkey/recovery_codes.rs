//! `mailkey recovery-codes`, and how recovery codes are shown.

use clap::Subcommand;
use mailkey::account::AccountName;
use mailkey::credential::Secret;
use serde_json::{Value, json};

use crate::clock::now;
use crate::failure::{Exit, Outcome};
use crate::output::Output;
use crate::site::Site;
use crate::user::Address;

const NEW_HELP: &str = "\
The codes are shown once. Each opens one sign-in to the webmail or the panel, appended to the password in place of the \
code of the app, dashes included.

JSON OUTPUT
  {\"account\", \"recovery_codes\": [...]}

EXAMPLES
  mailkey recovery-codes new alice@example.org";

/// Make recovery codes
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey recovery-codes new alice@example.org")]
pub enum RecoveryCodes {
    /// Make ten new recovery codes; those before end
    #[command(after_help = NEW_HELP)]
    New(Address),
}

impl RecoveryCodes {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let Self::New(account) = self;
        let name = site.name(&account.address)?;
        let codes = site.admin().new_recovery_codes(&name, now())?;
        if output.is_json() {
            output.json(&as_json(&name, &codes))?;
        } else {
            show(&codes, output)?;
        }
        Ok(Exit::Done)
    }
}

/// What confirms an enrolment and what makes new codes answer the same.
pub fn as_json(name: &AccountName, codes: &[Secret]) -> Value {
    json!({
        "account": name.as_str(),
        "recovery_codes": codes.iter().filter_map(Secret::as_str).collect::<Vec<_>>(),
    })
}

/// The codes, for the only time.
pub fn show(codes: &[Secret], output: &Output) -> std::io::Result<()> {
    output
        .line("recovery codes, each good for one sign-in without the app (password, then the code with its dashes):")?;
    for code in codes {
        output.secret("  ", code)?;
    }
    output.line("they are not shown again: print them, or keep them in a password manager")
}
