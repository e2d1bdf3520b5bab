//! `mailkey session`: who is signed in to the webmail.

use clap::Subcommand;
use mailkey::credential::session::read_id;
use mailkey::session::Session as Row;
use serde_json::{Value, json};

use crate::clock::{local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Output, Style};
use crate::site::Site;
use crate::table::{Cell, Table};
use crate::user::Address;

const LIST_HELP: &str = "\
Sessions that are alive, newest first. How long they live say session_idle and session_absolute in the configuration.

JSON OUTPUT
  [{\"id\", \"kind\", \"method\", \"opened_at\", \"opened_from\",
    \"last_used_at\", \"last_used_from\", \"last_used_protocol\", \"expires_at\"}]
  kind: exchange or grace, as webmail_session was
  method: what opened it: password, totp or recovery_code
  opened_from, last_used_from: the webmail's address, or the browser's where Dovecot passes it on
  last_used_at: to the minute
  expires_at: when it ends if it is not used until then

EXAMPLES
  mailkey session list alice@example.org";

const REVOKE_HELP: &str = "\
The webmail must sign in again for its next page. All sessions end by themselves when 2FA is turned on or off, with new \
recovery codes, with a new password, and when the account is disabled or removed.

JSON OUTPUT
  {\"account\", \"revoked\": [ID...]}

EXAMPLES
  mailkey session revoke alice@example.org 4k7m2x
  mailkey session revoke alice@example.org --all";

/// Who is signed in to the webmail
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey session list alice@example.org\n  \
    mailkey session revoke alice@example.org --all")]
pub enum Session {
    /// List an account's webmail sessions
    #[command(after_help = LIST_HELP)]
    List(Address),
    /// End a webmail session, or all of them
    #[command(after_help = REVOKE_HELP)]
    Revoke {
        #[command(flatten)]
        account: Address,
        /// Its id, as lists and logs show it.
        #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All of them.
        #[arg(long)]
        all: bool,
    },
}

impl Session {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        match self {
            Self::List(account) => list(site, output, account),
            Self::Revoke { account, id, .. } => revoke(site, output, account, id.as_deref()),
        }
    }
}

fn list(site: &mut Site, output: &Output, account: &Address) -> Outcome {
    let name = site.name(&account.address)?;
    let rows = site.admin().sessions(&name, now())?;
    let limits = site.config.policy.session_limits;
    if output.is_json() {
        output.json_array(rows.iter().map(|row| as_json(row, row.expires_at(&limits))))?;
        return Ok(Exit::Done);
    }
    if rows.is_empty() {
        output.line(format_args!("{name} has no webmail sessions"))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["ID", "SIGNED IN", "WITH", "LAST USED", "ENDS"]);
    for row in &rows {
        let last = [row.last_use.protocol.as_str(), &row.last_use.from];
        table.push([
            Cell::from(row.digest.id().as_str()).styled(Style::Bold),
            Cell::from(local(row.opened_at) + &whence(["", &row.opened_from])),
            Cell::from(row.method.replace('_', " ")),
            Cell::from(local(row.last_use.at) + &whence(last)),
            Cell::from(local(row.expires_at(&limits))),
        ]);
    }
    table.show(output)?;
    Ok(Exit::Done)
}

fn revoke(site: &mut Site, output: &Output, account: &Address, id: Option<&str>) -> Outcome {
    let name = site.name(&account.address)?;
    let id = id.map(|text| {
        read_id(text).ok_or_else(|| {
            Failure::usage(
                format_args!("{text:?} is no session's id"),
                format_args!("mailkey session revoke {name} 4k7m2x (`mailkey session list {name}` shows them)"),
            )
        })
    });
    let revoked = site.admin().revoke_sessions(&name, id.transpose()?, now())?;
    let ids: Vec<&str> = revoked.iter().map(|id| id.as_str()).collect();
    output.ended(&name, &ids, "ended", "webmail sessions that could be ended")?;
    Ok(Exit::Done)
}

/// A protocol and an address, where they are known.
fn whence([protocol, from]: [&str; 2]) -> String {
    let protocol = if protocol.is_empty() { String::new() } else { format!(" {protocol}") };
    let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
    protocol + &from
}

fn as_json(row: &Row, expires_at: i64) -> Value {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
    json!({
        "id": row.digest.id().as_str(),
        "kind": row.kind.as_str(),
        "method": row.method,
        "opened_at": rfc3339(row.opened_at),
        "opened_from": given(&row.opened_from),
        "last_used_at": rfc3339(row.last_use.at),
        "last_used_from": given(&row.last_use.from),
        "last_used_protocol": given(&row.last_use.protocol),
        "expires_at": rfc3339(expires_at),
    })
}
