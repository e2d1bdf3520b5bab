//! `mailkey user invite`: who may turn 2FA on in the panel.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use mailkey::account::AccountName;
use mailkey::credential::Secret;
use serde_json::{Value, json};

use crate::bulk::{self, NewFile};
use crate::clock::{expiry, local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::Output;
use crate::site::Site;

/// How long an invitation counts where nothing else is said.
pub const LIFETIME: &str = "7d";

pub const AFTER_HELP: &str = "\
Whoever knows the password of an account without 2FA could turn it on in its owner's place. Who is invited turns it on in \
the panel with a code that is shown here once, and without it nobody does. It counts once, until it expires; a new one takes \
the place of the former. With enrolment = \"invited\" in the configuration nobody turns 2FA on there without one; the \
command goes on to need none (mailkey totp enroll), nor does a second authenticator.

Hand it over on paper, by telephone or in person, and not by mail to that mailbox: whoever knows the password reads it there.

DURATION is a number with h, d, w or y: 12h, 7d, 2w, 1y. DATE is YYYY-MM-DD: it counts no more from the beginning of that \
day in UTC.

MANY AT ONCE
With --csv, each account in a table with a header is invited, all of them or none: account and, where another time than \
that of --expires is wanted, expires. The result is a table with the columns account, invitation and expires_at, printed \
once; with --out it is written to a new file of mode 0600.

JSON OUTPUT
  {\"account\", \"invitation\", \"created_at\", \"expires_at\"}
With --csv an array of these; null with --out. With --revoke: {\"account\", \"revoked\": true}.

EXAMPLES
  mailkey user invite alice@example.org
  mailkey user invite alice@example.org --expires 2d
  mailkey user invite alice@example.org --revoke
  mailkey user invite --csv people.csv --expires 2w --out invitations.csv";

const HEADER: [&str; 3] = ["account", "invitation", "expires_at"];

/// Invite somebody to turn 2FA on in the panel
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Invite {
    /// The account, such as alice@example.org.
    #[arg(value_name = "ADDRESS", required_unless_present = "csv")]
    address: Option<String>,
    /// Until when it counts.
    #[arg(long, value_name = "DURATION|DATE", default_value = LIFETIME)]
    expires: String,
    /// Revoke the invitation.
    #[arg(long)]
    revoke: bool,
    /// Invite each account in a table.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["address", "revoke"])]
    csv: Option<PathBuf>,
    /// With --csv: the new file for the result, instead of standard output.
    #[arg(long, value_name = "FILE", requires = "csv")]
    out: Option<PathBuf>,
}

impl Invite {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let now = now();
        let expires_at = expiry(&self.expires, now)?;
        if let Some(table) = &self.csv {
            return many(site, output, table, self.out.as_deref(), expires_at, now);
        }
        let name = site.name(self.address.as_deref().unwrap_or_default())?;
        if self.revoke {
            site.admin().revoke_invitation(&name, now)?;
            if output.is_json() {
                output.json(&json!({"account": name.as_str(), "revoked": true}))?;
            } else {
                output.line(format_args!("the invitation of {name} is revoked"))?;
            }
            return Ok(Exit::Done);
        }
        let code = site.admin().invite(&name, expires_at, now)?;
        if output.is_json() {
            output.json(&as_json(&name, &code, expires_at, now))?;
        } else {
            show(site, output, &name, &code, expires_at)?;
        }
        Ok(Exit::Done)
    }
}

/// Shows an invitation, and says what is done with it.
pub fn show(site: &Site, output: &Output, name: &AccountName, code: &Secret, expires_at: i64) -> std::io::Result<()> {
    output.secret(&format!("invitation of {name}:  "), code)?;
    output.line("it is not shown again: hand it over, but not by mail to that mailbox")?;
    let panel = site.config.notices.as_ref().and_then(|notices| notices.panel.as_deref());
    let place = panel.map_or_else(|| "the panel".to_string(), |panel| format!("the panel, {panel}"));
    output.line(format_args!("it turns 2FA on in {place}, once; expires {}", local(expires_at)))
}

fn as_json(name: &AccountName, code: &Secret, expires_at: i64, now: i64) -> Value {
    json!({
        "account": name.as_str(),
        "invitation": code.as_str(),
        "created_at": rfc3339(now),
        "expires_at": rfc3339(expires_at),
    })
}

/// Invites all whom a table names, or nobody.
fn many(site: &mut Site, output: &Output, table: &Path, out: Option<&Path>, expires_at: i64, now: i64) -> Outcome {
    let mut named = BTreeSet::new();
    let invited = bulk::read(table, &["account", "expires"], 1, "nobody was invited", |row| {
        let name = site.name(row.get("account").unwrap_or_default())?;
        let expires_at = row.get("expires").map_or(Ok(expires_at), |text| expiry(text, now))?;
        site.admin().check_invite(&name, expires_at, now)?;
        if !named.insert(name.clone()) {
            return Err(Failure::new(Exit::Refused, "the account stands in a line above already"));
        }
        Ok((name, expires_at))
    })?;
    let mut file = out.map(NewFile::make).transpose()?;
    let codes = site.admin().invite_all(&invited, now)?;
    let made = || invited.iter().zip(&codes);
    let rows = made().map(|((name, expires_at), code)| {
        let expires_at = rfc3339(*expires_at).unwrap_or_default();
        [name.as_str().to_string(), code.as_str().unwrap_or_default().to_string(), expires_at]
    });
    if let Some(file) = &mut file {
        file.write(HEADER, rows, "the invitations were made: make them anew, and these count no more")?;
        if output.is_json() {
            output.json(&Value::Null)?;
        } else {
            let noun = if codes.len() == 1 { "invitation" } else { "invitations" };
            output.line(format_args!(
                "wrote {} {noun} to {}: they are not shown again",
                codes.len(),
                file.path.display()
            ))?;
        }
    } else if output.is_json() {
        output.json_array(made().map(|((name, expires_at), code)| as_json(name, code, *expires_at, now)))?;
    } else {
        bulk::print(output, HEADER, rows)?;
    }
    Ok(Exit::Done)
}
