//! `mailkey session`: who is signed in to the webmail or the panel.

use clap::Subcommand;
use mailkey::account::AccountName;
use mailkey::admin::AdminError;
use mailkey::credential::session::read_id;
use mailkey::panel_session::{PanelSession, PanelSessions};
use mailkey::session::{Session as WebmailSession, SessionDigest, SessionId, SessionLimits};
use serde_json::{Value, json};

use crate::clock::{local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Output, Style};
use crate::site::Site;
use crate::table::{Cell, Table};
use crate::user::Address;

const LIST_HELP: &str = "\
Sessions that are alive, newest first: those of the webmail, and those of the panel. How long they live say \
session_idle and session_absolute in the configuration, and for the panel its own.

JSON OUTPUT
  [{\"id\", \"kind\", \"agent\", \"method\", \"opened_at\", \"opened_from\",
    \"last_used_at\", \"last_used_from\", \"last_used_protocol\", \"expires_at\"}]
  kind: exchange or grace, as webmail_session was; or panel
  agent: the browser in words (panel)
  method: what opened it: password, totp or recovery_code
  opened_from, last_used_from: the webmail's address, or the browser's where Dovecot passes it on
  last_used_at: to the minute
  expires_at: when it ends if it is not used until then

EXAMPLES
  mailkey session list alice@example.org";

const REVOKE_HELP: &str = "\
The webmail or the browser must sign in again for its next page. All sessions end by themselves when 2FA is turned on or off, with new \
recovery codes, with a new password, and when the account is disabled or removed.

JSON OUTPUT
  {\"account\", \"revoked\": [ID...]}

EXAMPLES
  mailkey session revoke alice@example.org 4k7m2x
  mailkey session revoke alice@example.org --all";

/// Who is signed in to the webmail or the panel
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey session list alice@example.org\n  \
    mailkey session revoke alice@example.org --all")]
pub enum Session {
    /// List an account's sessions
    #[command(after_help = LIST_HELP)]
    List(Address),
    /// End a session, or all of them
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

/// A session of either kind, as it is shown.
struct Row {
    digest: SessionDigest,
    kind: &'static str,
    agent: String,
    method: String,
    opened_at: i64,
    opened_from: String,
    used_at: i64,
    used_from: String,
    protocol: String,
    expires_at: i64,
}

impl Row {
    fn of_webmail(session: WebmailSession, limits: &SessionLimits) -> Self {
        Self {
            digest: session.digest,
            kind: session.kind.as_str(),
            agent: String::new(),
            expires_at: session.expires_at(limits),
            method: session.method,
            opened_at: session.opened_at,
            opened_from: session.opened_from,
            used_at: session.last_use.at,
            used_from: session.last_use.from,
            protocol: session.last_use.protocol,
        }
    }

    /// The command does not know what the panel has set; each session knows what was set when it was opened.
    fn of_panel(session: PanelSession) -> Self {
        Self {
            digest: session.digest,
            kind: PANEL,
            expires_at: session.expires_at(&session.limits),
            agent: session.agent,
            method: session.method,
            opened_at: session.opened_at,
            opened_from: session.opened_from,
            used_at: session.used_at,
            used_from: session.used_from,
            protocol: String::new(),
        }
    }

    /// Where it is held.
    fn place(&self) -> String {
        match (self.kind, self.agent.as_str()) {
            (PANEL, "") => PANEL.to_string(),
            (PANEL, agent) => format!("{PANEL}, {agent}"),
            _ => "webmail".to_string(),
        }
    }

    fn as_json(&self) -> Value {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
        json!({
            "id": self.digest.id().as_str(),
            "kind": self.kind,
            "agent": given(&self.agent),
            "method": self.method,
            "opened_at": rfc3339(self.opened_at),
            "opened_from": given(&self.opened_from),
            "last_used_at": rfc3339(self.used_at),
            "last_used_from": given(&self.used_from),
            "last_used_protocol": given(&self.protocol),
            "expires_at": rfc3339(self.expires_at),
        })
    }
}

/// The kind of the panel's sessions.
const PANEL: &str = "panel";

fn list(site: &mut Site, output: &Output, account: &Address) -> Outcome {
    let name = site.name(&account.address)?;
    let limits = site.config.policy.session_limits;
    let now = now();
    let mut rows: Vec<Row> = site.admin().panel_sessions(&name, None, now)?.into_iter().map(Row::of_panel).collect();
    rows.extend(site.admin().sessions(&name, now)?.into_iter().map(|session| Row::of_webmail(session, &limits)));
    rows.sort_by_key(|row| std::cmp::Reverse(row.opened_at));
    if output.is_json() {
        output.json_array(rows.iter().map(Row::as_json))?;
        return Ok(Exit::Done);
    }
    if rows.is_empty() {
        output.line(format_args!("{name} has no sessions"))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["ID", "WHERE", "SIGNED IN", "WITH", "LAST USED", "ENDS"]);
    for row in &rows {
        table.push([
            Cell::from(row.digest.id().as_str()).styled(Style::Bold),
            Cell::from(row.place()),
            Cell::from(local(row.opened_at) + &whence(["", &row.opened_from])),
            Cell::from(row.method.replace('_', " ")),
            Cell::from(local(row.used_at) + &whence([&row.protocol, &row.used_from])),
            Cell::from(local(row.expires_at)),
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
    let revoked = match id.transpose()? {
        Some(id) => revoke_one(site, &name, id)?,
        None => {
            let now = now();
            let mut revoked = site.admin().revoke_sessions(&name, None, now)?;
            revoked.extend(site.admin().end_panel_sessions(&name, PanelSessions::All, now)?);
            revoked
        }
    };
    let ids: Vec<&str> = revoked.iter().map(|id| id.as_str()).collect();
    output.ended(&name, &ids, "ended", "sessions that could be ended")?;
    Ok(Exit::Done)
}

/// Ends the session with that id, whatever kind it is.
fn revoke_one(site: &mut Site, name: &AccountName, id: SessionId) -> Result<Vec<SessionId>, AdminError> {
    match site.admin().revoke_sessions(name, Some(id), now()) {
        Err(AdminError::NoSession(..)) => site.admin().end_panel_session(name, id, now()).map(|()| vec![id]),
        revoked => revoked,
    }
}

/// A protocol and an address, where they are known.
fn whence([protocol, from]: [&str; 2]) -> String {
    let protocol = if protocol.is_empty() { String::new() } else { format!(" {protocol}") };
    let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
    protocol + &from
}
