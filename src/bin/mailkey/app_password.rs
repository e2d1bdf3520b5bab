//! `mailkey app-password`: passwords for mail apps.

mod many;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use mailkey::account::{AppPassword as Row, Protocol, Protocols};
use mailkey::admin::AppPasswordRequest;
use mailkey::config::parse_network;
use mailkey::credential::app_password::read_id;
use serde_json::{Value, json};

use crate::clock::{expiry, local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Output, Style};
use crate::site::Site;
use crate::table::{Cell, Table};
use crate::user::Address;

const ADD_HELP: &str = "\
The app password is shown once. Without --protocol it opens imap, pop3, smtp and sieve; without --from, from everywhere; \
without --expires, until it is revoked.

DURATION is a number with h, d, w or y: 12h, 90d, 2w, 1y. DATE is YYYY-MM-DD: it opens nothing from the beginning of \
that day in UTC.

MANY AT ONCE
With --csv, one is made for each line of a table with a header, all of them or none: account, name, and, where they are \
wanted, protocols, networks (several with spaces between them) and expires. The result is a table with the columns \
account, name, id and password, printed once; with --out it is written to a new file of mode 0600.

JSON OUTPUT
  {\"id\", \"password\", \"name\", \"protocols\": [...], \"networks\": [...],
   \"created_at\", \"expires_at\"}
  networks: CIDR, empty for everywhere
  expires_at: null for never
With --csv an array of these, each with \"account\"; null with --out.

EXAMPLES
  mailkey app-password add --csv scanners.csv --out passwords.csv
  mailkey app-password add alice@example.org --name \"Alice's phone\"
  mailkey app-password add scanner@example.org --name Scanner \\
      --protocol smtp --from 192.0.2.0/24 --expires 1y";

const LIST_HELP: &str = "\
LAST USED says when, by which protocol and from where. With --unused, only those that nobody has used for so many days, \
and that are as old themselves: devices that are gone.

JSON OUTPUT
  [{\"id\", \"name\", \"protocols\": [...], \"networks\": [...],
    \"created_at\", \"expires_at\", \"last_used_at\", \"last_used_from\",
    \"last_used_protocol\", \"revoked_at\"}]
  last_used_at: to the minute, null for never

EXAMPLES
  mailkey app-password list alice@example.org
  mailkey app-password list alice@example.org --unused 90";

const REVOKE_HELP: &str = "\
It opens nothing from now on. What is connected stays connected until it signs in again, unless revocation_hook is set \
in the configuration: that ends it.

JSON OUTPUT
  {\"account\", \"revoked\": [ID...]}

EXAMPLES
  mailkey app-password revoke alice@example.org k7m2
  mailkey app-password revoke alice@example.org --all";

/// Passwords for mail apps
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey app-password add alice@example.org --name Phone\n  \
    mailkey app-password list alice@example.org")]
pub enum AppPassword {
    /// Make an app password
    #[command(after_help = ADD_HELP)]
    Add(Add),
    /// List an account's app passwords
    #[command(after_help = LIST_HELP)]
    List {
        #[command(flatten)]
        account: Address,
        /// Those that were revoked, too.
        #[arg(long)]
        revoked: bool,
        /// Only those that were not used for so many days.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
        unused: Option<u32>,
    },
    /// Revoke an app password, or all of them
    #[command(after_help = REVOKE_HELP)]
    Revoke {
        #[command(flatten)]
        account: Address,
        /// Its id: the first four symbols, as lists show them.
        #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All that are left.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Args)]
pub struct Add {
    /// The account, such as alice@example.org.
    #[arg(value_name = "ADDRESS", required_unless_present = "csv")]
    address: Option<String>,
    /// What it is for: 1 to 64 characters.
    #[arg(long, required_unless_present = "csv")]
    name: Option<String>,
    /// Make one for each line of a table.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["address", "name", "protocol", "from", "expires"])]
    csv: Option<PathBuf>,
    /// With --csv: the new file for the result, instead of standard output.
    #[arg(long, value_name = "FILE", requires = "csv")]
    out: Option<PathBuf>,
    /// What it opens: imap, pop3, smtp, sieve.
    #[arg(long, value_name = "PROTOCOL", value_delimiter = ',')]
    protocol: Vec<String>,
    /// From where: an address or a network.
    #[arg(long, value_name = "CIDR", value_delimiter = ',')]
    from: Vec<String>,
    /// Until when.
    #[arg(long, value_name = "DURATION|DATE")]
    expires: Option<String>,
}

impl AppPassword {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        match self {
            Self::Add(add) => add.run(site, output),
            Self::List { account, revoked, unused } => list(site, output, account, *revoked, *unused),
            Self::Revoke { account, id, .. } => revoke(site, output, account, id.as_deref()),
        }
    }
}

impl Add {
    fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        if let Some(table) = &self.csv {
            return many::add(site, output, table, self.out.as_deref());
        }
        let now = now();
        let name = site.name(self.address.as_deref().unwrap_or_default())?;
        let request = AppPasswordRequest {
            name: self.name.clone().unwrap_or_default(),
            protocols: protocols(&self.protocol)?,
            networks: self.from.iter().map(|text| network(text)).collect::<Result<_, _>>()?,
            expires_at: self.expires.as_deref().map(|text| expiry(text, now)).transpose()?,
        };
        let (made, shown) = site.admin().add_app_password(&name, &request, now)?;
        if output.is_json() {
            output.json(&json!({
                "id": made.id.as_str(),
                "password": shown.as_str(),
                "name": made.name,
                "protocols": protocol_names(&made),
                "networks": network_names(&made),
                "created_at": rfc3339(made.created_at),
                "expires_at": made.expires_at.and_then(rfc3339),
            }))?;
            return Ok(Exit::Done);
        }
        output.secret(&format!("app password of {name} for {}:  ", made.name), &shown)?;
        output.line("it is not shown again: type it into the app now, with or without the dashes")?;
        output.line(format_args!("opens {}; from {}; expires {}", opens(&made), from(&made), expires(&made)))?;
        Ok(Exit::Done)
    }
}

fn list(site: &mut Site, output: &Output, account: &Address, with_revoked: bool, unused_days: Option<u32>) -> Outcome {
    let name = site.name(&account.address)?;
    let now = now();
    let mut rows = site.admin().app_passwords(&name)?;
    rows.retain(|row| with_revoked || row.revoked_at.is_none());
    if let Some(days) = unused_days {
        let since = now - i64::from(days) * 86_400;
        rows.retain(|row| row.last_use.as_ref().map_or(row.created_at, |used| used.at) <= since);
    }
    if output.is_json() {
        output.json_array(rows.iter().map(as_json))?;
        return Ok(Exit::Done);
    }
    if let (true, Some(days)) = (rows.is_empty(), unused_days) {
        output.line(format_args!("{name} has no app password that was unused for {days} days"))?;
        return Ok(Exit::Done);
    }
    if rows.is_empty() {
        output.line(format_args!(
            "{name} has no app passwords; make one: mailkey app-password add {name} --name Phone"
        ))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["ID", "NAME", "OPENS", "FROM", "CREATED", "EXPIRES", "LAST USED"]);
    for row in &rows {
        let end = match (row.revoked_at, row.expires_at) {
            (Some(revoked_at), _) => Cell::from(format!("revoked {}", local(revoked_at))).styled(Style::Red),
            (None, Some(at)) if at <= now => Cell::from(format!("expired {}", local(at))).styled(Style::Red),
            _ => Cell::from(expires(row)),
        };
        let used = row.last_use.as_ref().map_or("never".to_string(), |used| {
            let from = if used.from.is_empty() { String::new() } else { format!(" from {}", used.from) };
            format!("{} {}{from}", local(used.at), used.protocol)
        });
        table.push([
            Cell::from(row.id.as_str()).styled(Style::Bold),
            Cell::from(&row.name),
            Cell::from(opens(row)),
            Cell::from(from(row)),
            Cell::from(local(row.created_at)),
            end,
            Cell::from(used),
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
                format_args!("{text:?} is no app password's id"),
                format_args!("mailkey app-password revoke {name} k7m2 (`mailkey app-password list {name}` shows them)"),
            )
        })
    });
    let revoked = site.admin().revoke_app_passwords(&name, id.transpose()?, now())?;
    let ids: Vec<&str> = revoked.iter().map(|id| id.as_str()).collect();
    output.ended(&name, &ids, "revoked", "app passwords that could be revoked")?;
    Ok(Exit::Done)
}

/// All where none is named.
pub fn protocols(names: &[String]) -> Result<Protocols, Failure> {
    if names.is_empty() {
        return Ok(Protocols::ALL);
    }
    names.iter().map(|name| protocol(name)).collect()
}

fn protocol(name: &str) -> Result<Protocol, Failure> {
    Protocol::parse(&name.to_ascii_lowercase()).ok_or_else(|| {
        Failure::usage(
            format_args!("{name:?} is no protocol: there are imap, pop3, smtp, sieve"),
            "--protocol imap,smtp",
        )
    })
}

pub fn network(text: &str) -> Result<ipnet::IpNet, Failure> {
    parse_network(text).map_err(|error| Failure::usage(error, "--from 192.0.2.0/24"))
}

pub fn protocol_names(row: &Row) -> Vec<&'static str> {
    row.protocols.iter().map(Protocol::as_str).collect()
}

pub fn network_names(row: &Row) -> Vec<String> {
    row.networks.iter().map(ToString::to_string).collect()
}

fn opens(row: &Row) -> String {
    protocol_names(row).join(", ")
}

fn from(row: &Row) -> String {
    if row.networks.is_empty() { "everywhere".into() } else { network_names(row).join(", ") }
}

fn expires(row: &Row) -> String {
    row.expires_at.map_or("never".into(), local)
}

fn as_json(row: &Row) -> Value {
    let used = row.last_use.as_ref();
    json!({
        "id": row.id.as_str(),
        "name": row.name,
        "protocols": protocol_names(row),
        "networks": network_names(row),
        "created_at": rfc3339(row.created_at),
        "expires_at": row.expires_at.and_then(rfc3339),
        "last_used_at": used.and_then(|used| rfc3339(used.at)),
        "last_used_from": used.map(|used| used.from.as_str()).filter(|from| !from.is_empty()),
        "last_used_protocol": used.map(|used| used.protocol.as_str()).filter(|protocol| !protocol.is_empty()),
        "revoked_at": row.revoked_at.and_then(rfc3339),
    })
}
