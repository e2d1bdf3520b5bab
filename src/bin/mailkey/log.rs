//! `mailkey log`: the activity list.

use clap::Args;
use mailkey::admin::Event;
use mailkey::auth::Reason;
use mailkey::store::ActivityEntry;
use serde_json::{Value, json};

use crate::clock::{local, rfc3339};
use crate::failure::{Exit, Outcome};
use crate::output::{Output, Style};
use crate::site::Site;
use crate::table::{Cell, Table};

const AFTER_HELP: &str = "\
Logins and administrative changes, newest first. Entries that differ only in their time are one line for each day (UTC), \
with a count. How many are kept for an account says activity_entries in the configuration.

@LISTS@JSON OUTPUT
  [{\"account\", \"event\", \"reason\", \"method\", \"mode\", \"protocol\",
    \"from\", \"credential\", \"recovery_codes_left\", \"first_at\", \"last_at\", \"count\"}]
  mode: webmail, client, panel, or command for what this command changed
  credential: id of the app password or session, or index of the recovery code
  recovery_codes_left: after a recovery code was used; else null

EXAMPLES
  mailkey log
  mailkey log alice@example.org --limit 20";

/// The closed lists of events and reasons, from where they are defined.
fn after_help() -> String {
    let changes = Event::ALL.map(Event::as_str);
    let reasons = Reason::ALL.map(Reason::as_str);
    let lists = format!(
        "EVENTS\n  accepted, refused: a login\n{}\nREASONS\n{}\nmailkey check tells what to do about each.\n\n",
        folded(&changes),
        folded(&reasons)
    );
    AFTER_HELP.replace("@LISTS@", &lists)
}

/// Words on indented lines of at most 78 characters.
fn folded(words: &[&str]) -> String {
    let mut text = String::new();
    let mut line = String::from(" ");
    for word in words {
        if line.len() + word.len() > 76 {
            text.push_str(&line);
            text.push('\n');
            line = String::from(" ");
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

/// Show what happened, newest first
#[derive(Args)]
#[command(after_help = after_help())]
pub struct Log {
    /// One account; without it, all.
    address: Option<String>,
    /// How many entries.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

impl Log {
    /// Shows the list.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let name = self.address.as_deref().map(|address| site.name(address)).transpose()?;
        let entries = site.admin().activity(name.as_ref(), self.limit)?;
        if output.is_json() {
            output.json_array(entries.iter().map(as_json))?;
            return Ok(Exit::Done);
        }
        if entries.is_empty() {
            output.line("nothing has happened yet")?;
            return Ok(Exit::Done);
        }
        let mut table = Table::new(["LAST TIME", "TIMES", "ACCOUNT", "WHAT", "HOW", "FROM"]);
        entries.iter().for_each(|entry| table.push(row(entry)));
        table.show(output)?;
        Ok(Exit::Done)
    }
}

fn row(entry: &ActivityEntry) -> [Cell; 6] {
    let activity = &entry.activity;
    let what = match (activity.event.as_str(), activity.reason.as_str()) {
        ("accepted", _) => Cell::from("accepted").styled(Style::Green),
        ("refused", reason) => Cell::from(format!("refused {reason}")).styled(Style::Red),
        (event, _) => Cell::from(event),
    };
    let words = [activity.mode.as_str(), &activity.protocol, &activity.method, &activity.credential];
    // The mode of a mail app is in the protocol already.
    let mut how =
        words.into_iter().filter(|word| !matches!(*word, "" | "none" | "client")).collect::<Vec<_>>().join(" ");
    if let Some(left) = activity.codes_left {
        how.push_str(&format!(", {left} left"));
    }
    [
        Cell::from(local(entry.last_at)),
        Cell::number(entry.count),
        Cell::from(entry.account.as_str()),
        what,
        Cell::from(how),
        Cell::from(activity.address.as_str()),
    ]
}

fn as_json(entry: &ActivityEntry) -> Value {
    let activity = &entry.activity;
    let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
    json!({
        "account": entry.account.as_str(),
        "event": activity.event,
        "reason": given(&activity.reason),
        "method": given(&activity.method),
        "mode": given(&activity.mode),
        "protocol": given(&activity.protocol),
        "from": given(&activity.address),
        "credential": given(&activity.credential),
        "recovery_codes_left": activity.codes_left,
        "first_at": rfc3339(entry.first_at),
        "last_at": rfc3339(entry.last_at),
        "count": entry.count,
    })
}
