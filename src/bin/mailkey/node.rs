//! `mailkey node`: the nodes that share the store, and which of them this is.

use clap::Subcommand;
use data_encoding::HEXLOWER;
use mailkey::config::Config;
use mailkey::node::{Node, is_name};
use mailkey::store::{OpenStore, Place, StoreError};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::clock::{local, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::input;
use crate::output::{Output, Style};
use crate::site::Site;
use crate::table::{Cell, Table};

/// What the machine is called by itself (machine-id(5)); nobody else is to learn it.
const MACHINE_ID: &str = "/etc/machine-id";

/// Most rows that are counted.
const MOST: u32 = 10_000;

/// Seconds after which a node that was not seen is said to be away: it says every minute that it is there.
pub const AWAY: i64 = 5 * 60;

const LIST_HELP: &str = "\
With a store on a server (store = \"postgresql://…\"), the mail nodes that share it. A node is known from the first time \
that its hook runs (mailkey-hook.timer), and forgotten a week after it was last seen: until then it is waited for, so that \
what was revoked while it was away ends connections there, too.

JSON OUTPUT
  [{\"node\", \"this\", \"version\", \"keys\": [NUMBER...], \"clock_ahead_ms\",
    \"seen_at\", \"waiting\", \"failing\"}]
  this: whether it is the node on which this runs
  version: of mailkey there; null where it has not said yet
  clock_ahead_ms: of the server's clock; null where it was not measured
  seen_at: to the minute
  waiting: accounts of which something was revoked and for which its hook has not run
  failing: those of them for which it has failed

EXAMPLES
  mailkey node list
  mailkey node list --json | jq -r '.[] | select(.waiting > 0) | .node'";

const FORGET_HELP: &str = "\
For a node that is gone for good: nothing waits for it any more. One that still runs its hook is known again within a \
minute; what had waited for it is gone all the same, and connections that are open there go on.

JSON OUTPUT
  {\"node\", \"forgotten\": true}

EXAMPLES
  mailkey node forget mx3
  mailkey node forget mx3 --yes";

/// The mail nodes that share the store
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey node list\n  mailkey node forget mx3")]
pub enum NodeVerb {
    /// List the nodes, and what waits for each
    #[command(after_help = LIST_HELP)]
    List,
    /// Forget a node that is gone
    #[command(after_help = FORGET_HELP)]
    Forget {
        /// Its name.
        node: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

impl NodeVerb {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        match self {
            Self::List => list(site, output),
            Self::Forget { node, yes } => forget(site, output, node, *yes),
        }
    }
}

/// How this node is called; none where the store is a file, which has no others.
pub fn name(config: &Config) -> Result<Option<String>, Failure> {
    if let Place::File(_) = config.store {
        return Ok(None);
    }
    if let Some(name) = &config.node {
        return Ok(Some(name.clone()));
    }
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if is_name(&host) {
        return Ok(Some(host));
    }
    let failure = Failure::new(Exit::Failed, format_args!("the host's name {host:?} can be no node's"));
    Err(failure.next("set one in the configuration, for example: node = \"mx1\""))
}

/// Says to the store that this node is there, and how its clock goes; returns its name.
pub fn report(site: &mut Site) -> Result<Option<String>, Failure> {
    let Some(name) = name(&site.config)? else { return Ok(None) };
    let clock_off = clock_off(&mut site.store)?;
    let node = Node {
        name: name.clone(),
        machine: machine(),
        version: env!("CARGO_PKG_VERSION").into(),
        keys: site.keys().numbers().collect(),
        clock_off,
        seen_at: server_time(clock_off),
    };
    match site.store.see_node(&node) {
        Ok(()) => Ok(Some(name)),
        Err(StoreError::Exists) => {
            let failure = Failure::new(
                Exit::Failed,
                format_args!(
                    "another machine is called {name}, too, so that nothing that is revoked is carried out here"
                ),
            );
            Err(failure.next("give each node a name of its own in its configuration: node = \"mx1\""))
        }
        Err(error) => Err(error.into()),
    }
}

/// Milliseconds by which this machine's clock is ahead of the server's; none where there is no server. It is off by half
/// the time that the question took, at most.
pub fn clock_off(store: &mut OpenStore) -> Result<Option<i64>, StoreError> {
    let before = crate::clock::now_ms();
    let Some(server) = store.server_clock()? else { return Ok(None) };
    let after = crate::clock::now_ms();
    Ok(Some(before.midpoint(after) - server))
}

/// Now, by a clock of which this machine's is so far ahead.
pub fn server_time(clock_off: Option<i64>) -> i64 {
    (crate::clock::now_ms() - clock_off.unwrap_or_default()).div_euclid(1000)
}

/// What tells this machine from another one with its name.
fn machine() -> String {
    let id = std::fs::read_to_string(MACHINE_ID).unwrap_or_default();
    match id.trim() {
        "" | "uninitialized" => String::new(),
        id => HEXLOWER.encode(&Sha256::digest(format!("mailkey node {id}"))[..8]),
    }
}

fn list(site: &mut Site, output: &Output) -> Outcome {
    let this = name(&site.config)?;
    let nodes = site.store.nodes()?;
    let waiting = site.store.revocations(MOST)?;
    let rows = nodes.iter().map(|node| {
        let of_node = || waiting.iter().filter(|row| row.node.as_ref() == Some(&node.name));
        (node, of_node().count(), of_node().filter(|row| row.tries > 0).count())
    });
    let is_this = |node: &Node| this.as_ref() == Some(&node.name);
    if output.is_json() {
        let rows: Vec<Value> = rows
            .map(|(node, waiting, failing)| {
                json!({
                    "node": node.name,
                    "this": is_this(node),
                    "version": Some(&node.version).filter(|version| !version.is_empty()),
                    "keys": node.keys,
                    "clock_ahead_ms": node.clock_off,
                    "seen_at": rfc3339(node.seen_at),
                    "waiting": waiting,
                    "failing": failing,
                })
            })
            .collect();
        output.json(&json!(rows))?;
        return Ok(Exit::Done);
    }
    if nodes.is_empty() {
        output.line(match this {
            Some(_) => "no node is known yet: each is from the first time that its hook runs (mailkey-hook.timer)",
            None => "the store is a file of this machine: there are no other nodes",
        })?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["NODE", "VERSION", "KEYS", "CLOCK", "LAST SEEN", "WAITING", ""]);
    let now = server_time(clock_off(&mut site.store)?);
    for (node, waiting, failing) in rows {
        let keys: Vec<String> = node.keys.iter().map(u32::to_string).collect();
        let seen = Cell::from(local(node.seen_at));
        let what = match failing {
            _ if is_this(node) && failing == 0 => Cell::from("this one").styled(Style::Dim),
            0 => Cell::from(""),
            _ => Cell::from("its hook fails").styled(Style::Yellow),
        };
        table.push([
            Cell::from(node.name.clone()),
            Cell::from(node.version.clone()),
            Cell::from(keys.join(",")),
            Cell::number(node.clock_off.map_or_else(String::new, seconds)),
            if now - node.seen_at > AWAY { seen.styled(Style::Yellow) } else { seen },
            Cell::number(waiting),
            what,
        ]);
    }
    table.show(output)?;
    Ok(Exit::Done)
}

/// Milliseconds as they are shown: `+0.2 s`.
pub fn seconds(milliseconds: i64) -> String {
    let sign = if milliseconds < 0 { '-' } else { '+' };
    let tenths = (milliseconds.unsigned_abs() + 50) / 100;
    format!("{sign}{}.{} s", tenths / 10, tenths % 10)
}

fn forget(site: &mut Site, output: &Output, node: &str, yes: bool) -> Outcome {
    if !site.store.nodes()?.iter().any(|known| known.name == node) {
        return Err(Failure::new(Exit::NotFound, format_args!("no node {node:?} is known")).next("mailkey node list"));
    }
    if !yes {
        if !input::is_terminal() {
            let failure = Failure::new(Exit::Usage, "there is no terminal to ask whether that is meant");
            return Err(failure.next(format_args!("for example: mailkey node forget {node} --yes")));
        }
        if !input::confirm(&format!("Forget the node {node}? What waits for it is not carried out there any more."))? {
            return Err(Failure::new(Exit::Refused, format_args!("the node {node} was not forgotten")));
        }
    }
    site.store.forget_node(node)?;
    if output.is_json() {
        output.json(&json!({"node": node, "forgotten": true}))?;
    } else {
        output.line(format_args!("forgot {node}"))?;
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_shown_in_tenths_of_a_second() {
        assert_eq!([0, 49, 50, -1234, 61_000].map(seconds), ["+0.0 s", "+0.0 s", "+0.1 s", "-1.2 s", "+61.0 s"]);
    }
}
