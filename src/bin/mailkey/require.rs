//! `mailkey require`: who must have 2FA on, and from when on.

use clap::{Args, Subcommand};
use mailkey::account::{AccountName, DomainName, Requirement};
use mailkey::admin::requirement::LATELY;
use mailkey::config::EnrolmentRule;
use serde_json::{Value, json};

use crate::clock::{midnight, now, rfc3339, utc_day};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{JsonArray, Output, Style};
use crate::site::Site;
use crate::table::{Cell, Table};

/// Entries read at once for a list.
const PAGE: u32 = 500;

const HELP: &str = "\
From then on, an account without 2FA opens nothing but the panel, where its owner can turn it on; its app passwords go \
on to open. What is set for an account counts before what is set for its domain, and that before require_2fa in the \
configuration. It counts at once, for sign-ins that webmails remember, too.

WHAT is an account (alice@example.org) or, with @ in front, all accounts of a domain (@example.org). WHEN is now, never, \
or a date, YYYY-MM-DD, which begins at 00:00 in UTC; until then the panel tells people so. never is for what cannot have \
2FA, such as a scanner: give it an app password where you can.

set and clear say first how many accounts without 2FA signed in with their own password in the last 30 days: these are \
locked out of their mail apps and the webmail until they turn 2FA on. With revocation_hook in the configuration, their open \
connections end; those of a date end when it has come. --dry-run changes nothing.

";

const JSON: &str = "\
JSON OUTPUT
  {\"what\", \"two_factor\", \"from\"}
  what: an account, a domain with @ in front, or * for require_2fa in the
  configuration
  two_factor: now, never, from (a date), again (a reset: until 2FA is on), or
  null when nothing is set for it
  from: the date's first moment; else null
";

const JSON_SET: &str = "  and {\"locked_out\", \"dry_run\"}
  locked_out: accounts without 2FA that signed in with their own password lately
";

/// Say who must have 2FA on, and from when on
#[derive(Subcommand)]
#[command(after_help = format!("{HELP}EXAMPLES\n  mailkey require set @example.org 2027-01-15\n  \
    mailkey require list"))]
pub enum Require {
    /// List what is set
    #[command(after_help = format!("{JSON}  Here it is an array of these.\n\nEXAMPLES\n  mailkey require list"))]
    List,
    /// Set it for an account or a domain
    #[command(after_help = format!("{HELP}{JSON}{JSON_SET}\nEXAMPLES\n  mailkey require set @example.org now --dry-run\n  \
        mailkey require set @example.org 2027-01-15\n  \
        mailkey require set alice@example.org now\n  mailkey require set scanner@example.org never"))]
    Set {
        #[command(flatten)]
        what: What,
        /// now, never, or the date from which on, such as 2027-01-15.
        #[arg(value_name = "WHEN")]
        when: String,
        /// Only say how many accounts would be locked out.
        #[arg(long)]
        dry_run: bool,
    },
    /// Take back what is set for an account or a domain
    #[command(after_help = format!("An account is then as its domain, and a domain as all others.\n\n{JSON}{JSON_SET}\n\
        EXAMPLES\n  mailkey require clear @example.org"))]
    Clear {
        #[command(flatten)]
        what: What,
        /// Only say how many accounts would be locked out.
        #[arg(long)]
        dry_run: bool,
    },
}

/// For whom.
#[derive(Args)]
pub struct What {
    /// An account (alice@example.org) or a domain (@example.org).
    #[arg(value_name = "WHAT")]
    what: String,
}

impl Require {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        match self {
            Self::List => list(site, output),
            Self::Set { what, when, dry_run } => set(site, output, &what.read(site)?, Some(read_when(when)?), *dry_run),
            Self::Clear { what, dry_run } => set(site, output, &what.read(site)?, None, *dry_run),
        }
    }
}

enum Subject {
    Account(AccountName),
    Domain(DomainName),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account(name) => name.fmt(f),
            Self::Domain(domain) => write!(f, "@{domain}"),
        }
    }
}

impl What {
    fn read(&self, site: &Site) -> Result<Subject, Failure> {
        let Some(domain) = self.what.strip_prefix('@') else { return Ok(Subject::Account(site.name(&self.what)?)) };
        let wrong = |error| Failure::usage(format_args!("{:?} is no domain: {error}", self.what), "@example.org");
        DomainName::parse(domain.as_bytes()).map(Subject::Domain).map_err(wrong)
    }
}

fn read_when(text: &str) -> Result<Requirement, Failure> {
    match text {
        "now" => Ok(Requirement::Now),
        "never" => Ok(Requirement::Never),
        date => midnight(date).map(Requirement::From).ok_or_else(|| {
            Failure::usage(
                format_args!("{text:?} is neither now nor never nor a date"),
                "mailkey require set @example.org 2027-01-15",
            )
        }),
    }
}

fn set(
    site: &mut Site,
    output: &Output,
    subject: &Subject,
    requirement: Option<Requirement>,
    dry_run: bool,
) -> Outcome {
    let now = now();
    let mut admin = site.admin();
    let locked_out = match subject {
        Subject::Account(name) => admin.shut_out_by_account(name, requirement, now)?,
        Subject::Domain(domain) => admin.shut_out_by_domain(domain, requirement, now)?,
    };
    // Before it is so: whoever reads it may still stop it.
    if !output.is_json() && locked_out > 0 {
        output.line(output.style(Style::Yellow, warning(subject, requirement, locked_out)))?;
    }
    let changed = match subject {
        _ if dry_run => false,
        Subject::Account(name) => admin.require_of_account(name, requirement, now)?,
        Subject::Domain(domain) => admin.require_of_domain(domain, requirement, now)?,
    };
    if output.is_json() {
        let mut value = as_json(&subject.to_string(), requirement, false);
        value["locked_out"] = json!(locked_out);
        value["dry_run"] = json!(dry_run);
        output.json(&value)?;
        return Ok(Exit::Done);
    }
    if dry_run {
        let nobody = if locked_out == 0 { "nobody who signed in lately would be locked out; " } else { "" };
        output.line(format_args!("{nobody}nothing was changed"))?;
        return Ok(Exit::Done);
    }
    let already = if changed { "" } else { " already" };
    match requirement {
        Some(requirement) => output.line(format_args!("2FA for {subject}: {}{already}", words(requirement)))?,
        None => output.line(format_args!("nothing is set for {subject} itself{already}"))?,
    }
    if site.config.enrolment == EnrolmentRule::Invited
        && let Some(Requirement::Now | Requirement::From(_)) = requirement
        && let Some(next) = invite(site, subject)?
    {
        output.line(next)?;
    }
    Ok(Exit::Done)
}

/// Who is locked out, and from when on.
fn warning(subject: &Subject, requirement: Option<Requirement>, locked_out: u64) -> String {
    let when = match requirement {
        Some(Requirement::From(time)) if time > now() => format!("from {} on", utc_day(time)),
        _ => "now".into(),
    };
    let who = match subject {
        Subject::Account(name) => format!("{name} has no 2FA and signed in with its own password"),
        Subject::Domain(domain) if locked_out == 1 => {
            format!("1 account of @{domain} has no 2FA and signed in with its own password")
        }
        Subject::Domain(domain) => {
            format!("{locked_out} accounts of @{domain} have no 2FA and signed in with their own passwords")
        }
    };
    format!("{who} in the last {LATELY} days: {when} locked out of mail apps and webmail until it is on")
}

/// Who must be invited to turn 2FA on, where nobody does it otherwise.
fn invite(site: &mut Site, subject: &Subject) -> Result<Option<String>, Failure> {
    let now = now();
    Ok(match subject {
        Subject::Account(name) => {
            let summary = site.admin().summary(name, now)?;
            let ready = summary.two_factor || summary.invited_until.is_some_and(|expiry| expiry > now);
            (!ready).then(|| format!("next: mailkey user invite {name}"))
        }
        Subject::Domain(_) => Some("next: mailkey user invite --csv FILE, for those without 2FA".to_string()),
    })
}

fn list(site: &mut Site, output: &Output) -> Outcome {
    let mut lines = Lines::begin(output);
    lines.push("*", Some(site.config.policy.require_2fa), false)?;
    let mut admin = site.admin();
    let mut after = None;
    loop {
        let page = admin.domain_requirements(after.as_ref(), PAGE)?;
        page.iter().try_for_each(|(domain, set)| lines.push(&format!("@{domain}"), Some(*set), false))?;
        let Some((last, _)) = page.into_iter().next_back() else { break };
        after = Some(last);
    }
    let mut after = None;
    loop {
        let page = admin.account_requirements(after.as_ref(), PAGE)?;
        page.iter().try_for_each(|(name, set)| lines.push(name.as_str(), set.account, set.enrol_again))?;
        let Some((last, _)) = page.into_iter().next_back() else { break };
        after = Some(last);
    }
    lines.end()?;
    Ok(Exit::Done)
}

/// The list, for people or for programs.
struct Lines<'a> {
    output: &'a Output,
    array: Option<JsonArray<'a>>,
    table: Table<2>,
    rows: usize,
}

impl<'a> Lines<'a> {
    fn begin(output: &'a Output) -> Self {
        let array = output.is_json().then(|| JsonArray::begin(output));
        Self { output, array, table: Table::new(["FOR", "2FA IS REQUIRED"]), rows: 0 }
    }

    fn push(&mut self, what: &str, set: Option<Requirement>, again: bool) -> std::io::Result<()> {
        if let Some(array) = &mut self.array {
            return array.push(&as_json(what, set, again));
        }
        let what = if what == "*" { "all others (require_2fa)" } else { what };
        let when = match set {
            _ if again => Cell::from("until it is on again (reset)").styled(Style::Yellow),
            Some(Requirement::Now) => Cell::from(words(Requirement::Now)).styled(Style::Green),
            Some(requirement) => Cell::from(words(requirement)),
            None => Cell::from("as its domain"),
        };
        self.table.push([Cell::from(what), when]);
        self.rows += 1;
        if self.rows.is_multiple_of(PAGE as usize) { self.table.show(self.output) } else { Ok(()) }
    }

    fn end(mut self) -> std::io::Result<()> {
        match self.array {
            Some(array) => array.end(),
            None => self.table.show(self.output),
        }
    }
}

/// What is required, for people.
fn words(requirement: Requirement) -> String {
    match requirement {
        Requirement::Now => "required now".to_string(),
        Requirement::Never => "never required".to_string(),
        Requirement::From(time) => format!("required from {}", utc_day(time)),
    }
}

fn as_json(what: &str, set: Option<Requirement>, again: bool) -> Value {
    let (two_factor, from) = match set {
        _ if again => (Some("again"), None),
        Some(Requirement::Now) => (Some("now"), None),
        Some(Requirement::Never) => (Some("never"), None),
        Some(Requirement::From(time)) => (Some("from"), rfc3339(time)),
        None => (None, None),
    };
    json!({"what": what, "two_factor": two_factor, "from": from})
}
