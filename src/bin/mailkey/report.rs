//! `mailkey report`: who has 2FA, who would be locked out without it, and what still uses account passwords.
//!
//! Accounts are read in pages, once for each part, so that a report of many takes no more memory than one of few.

use std::io;

use clap::Args;
use mailkey::account::{DomainName, Requirement};
use mailkey::admin::Admin;
use mailkey::store::{KeptPassword, PasswordDevice, ReportQuery, ReportRow};
use serde_json::{Value, json};

use crate::clock::{local, now, rfc3339, utc_day};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{JsonArray, Output, Style};
use crate::site::Site;
use crate::table::{Cell, Table};

/// Accounts read at once.
const PAGE: u32 = 500;

const AFTER_HELP: &str = "\
What mail apps did with account passwords is read from the activity list, so it goes no further back than that \
(activity_entries, activity_days in the configuration). Behind saslauthd there are no addresses.

Accounts without 2FA: those that signed in with their password lately first. STATE says what requiring 2FA today means for \
each: locked out (until it is on), exempt (mailkey require set ... never), or required (it is already).

JSON OUTPUT
  {\"since\", \"domain\", \"totals\": {\"accounts\", \"disabled\", \"two_factor\",
    \"without_two_factor\", \"lately_with_password\", \"exempt\", \"required\",
    \"invited\", \"imported_hashes\", \"devices\"},
   \"without_two_factor\": [{\"account\", \"state\", \"from\", \"last_sign_in\",
                          \"invited_until\"}],
   \"devices\": [{\"account\", \"protocol\", \"address\", \"last_seen\", \"count\",
                \"accepted\"}]}
  disabled accounts are counted there and nowhere else
  state: would_lock_out, exempt, required; from: the date that is set, or null
  invited_until: until when its invitation to turn 2FA on counts, or null
  imported_hashes: primary passwords whose owners have not signed in since
  mailkey import
  accepted: false where an app password or 2FA was needed: locked out already

CSV OUTPUT
  part,account,state,protocol,address,last_seen,count,invited_until
  part: account (without 2FA) or device

EXAMPLES
  mailkey report
  mailkey report --domain example.org --days 7
  mailkey report --csv > report.csv";

/// Say who has 2FA, and what uses passwords without it
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Report {
    /// Only the accounts of this domain.
    #[arg(long)]
    domain: Option<String>,
    /// How many days of sign-ins count.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// Print CSV.
    #[arg(long)]
    csv: bool,
}

/// What is counted.
#[derive(Default)]
struct Totals {
    accounts: u64,
    disabled: u64,
    two_factor: u64,
    without: u64,
    lately: u64,
    exempt: u64,
    required: u64,
    invited: u64,
    imported: u64,
    devices: u64,
}

/// What requiring 2FA today means for an account without it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    WouldLockOut,
    Exempt,
    Required,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::WouldLockOut => "would_lock_out",
            Self::Exempt => "exempt",
            Self::Required => "required",
        }
    }
}

impl Report {
    /// Prints it.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        if self.csv && output.is_json() {
            return Err(Failure::usage("--csv and --json do not go together", "mailkey report --csv"));
        }
        let domain = self.domain.as_deref().map(read_domain).transpose()?;
        let now = now();
        let mut reader = Reader {
            query: ReportQuery { domain: domain.as_ref(), since: now.saturating_sub(i64::from(self.days) * 86_400) },
            admin: site.admin(),
            now,
        };
        if self.csv {
            reader.csv(output)?;
        } else if output.is_json() {
            reader.json(output)?;
        } else {
            reader.text(output, self.days)?;
        }
        Ok(Exit::Done)
    }
}

fn read_domain(text: &str) -> Result<DomainName, Failure> {
    DomainName::parse(text.strip_prefix('@').unwrap_or(text).as_bytes()).map_err(|error| {
        Failure::usage(format_args!("{text:?} is no domain: {error}"), "mailkey report --domain example.org")
    })
}

struct Reader<'a> {
    query: ReportQuery<'a>,
    admin: Admin<'a>,
    now: i64,
}

impl Reader<'_> {
    /// Each account that is enabled and asked for, by name.
    fn each(&mut self, mut work: impl FnMut(&mut Admin<'_>, &ReportRow) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut after = None;
        loop {
            let page = self.admin.report(&self.query, after.as_ref(), PAGE).map_err(Failure::from)?;
            for row in &page {
                work(&mut self.admin, row)?;
            }
            let Some(last) = page.into_iter().next_back() else { return Ok(()) };
            after = Some(last.name);
        }
    }

    fn totals(&mut self) -> Result<Totals, Failure> {
        let (mut totals, now) = (Totals::default(), self.now);
        self.each(|admin, row| {
            totals.accounts += 1;
            totals.imported += u64::from(row.password == KeptPassword::Imported);
            if !row.enabled {
                totals.disabled += 1;
                return Ok(());
            }
            totals.devices += row.devices.len() as u64;
            if row.two_factor {
                totals.two_factor += 1;
                return Ok(());
            }
            totals.without += 1;
            totals.invited += u64::from(invited_until(row, now).is_some());
            totals.lately += u64::from(last_sign_in(row).is_some());
            match state(admin, row, now).0 {
                State::Exempt => totals.exempt += 1,
                State::Required => totals.required += 1,
                State::WouldLockOut => {}
            }
            Ok(())
        })?;
        Ok(totals)
    }

    /// Each account without 2FA, those that signed in lately first; with its state and the date that is set.
    fn without(
        &mut self,
        mut work: impl FnMut(&ReportRow, State, Option<i64>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let now = self.now;
        for lately in [true, false] {
            self.each(|admin, row| {
                if row.enabled && !row.two_factor && last_sign_in(row).is_some() == lately {
                    let (state, from) = state(admin, row, now);
                    work(row, state, from)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn devices(&mut self, mut work: impl FnMut(&ReportRow, &PasswordDevice) -> io::Result<()>) -> Result<(), Failure> {
        self.each(|_, row| {
            if row.enabled {
                row.devices.iter().try_for_each(|device| work(row, device))?;
            }
            Ok(())
        })
    }

    fn text(&mut self, output: &Output, days: u32) -> Result<(), Failure> {
        let totals = self.totals()?;
        let line = |title, value: String| output.line(format_args!("{title:<26}  {value}"));
        line("accounts", format!("{}, {} disabled", totals.accounts, totals.disabled))?;
        line("with 2FA", totals.two_factor.to_string())?;
        line(
            "without 2FA",
            format!("{}, {} signed in with the password in the last {days} days", totals.without, totals.lately),
        )?;
        line("  of these exempt", totals.exempt.to_string())?;
        line("  of these required now", totals.required.to_string())?;
        line("  of these invited", totals.invited.to_string())?;
        line("imported hashes left", totals.imported.to_string())?;
        line("devices with the password", totals.devices.to_string())?;
        if totals.without > 0 {
            output.line(output.style(Style::Bold, "\nACCOUNTS WITHOUT 2FA"))?;
            let now = self.now;
            let mut table = Lines::new(["ACCOUNT", "LAST SIGN-IN WITH THE PASSWORD", "STATE"], output);
            self.without(|row, state, from| {
                let last = last_sign_in(row).map_or("none".to_string(), local);
                let (mut text, style) = match (state, from) {
                    (State::WouldLockOut, Some(from)) => {
                        (format!("locked out from {}", utc_day(from)), Some(Style::Yellow))
                    }
                    (State::WouldLockOut, None) => ("locked out if required".to_string(), None),
                    (State::Exempt, _) => ("exempt".to_string(), None),
                    (State::Required, _) => ("required: locked out".to_string(), Some(Style::Red)),
                };
                if let Some(expiry) = invited_until(row, now) {
                    text.push_str(&format!(", invited until {}", local(expiry)));
                }
                let state = style.into_iter().fold(Cell::from(text), Cell::styled);
                table.push([Cell::from(row.name.as_str()), Cell::from(last), state])
            })?;
            table.end()?;
        }
        if totals.devices > 0 {
            output.line(output.style(Style::Bold, "\nDEVICES THAT USE THE ACCOUNT PASSWORD"))?;
            let mut table = Lines::new(["ACCOUNT", "PROTOCOL", "ADDRESS", "LAST SEEN", "TIMES", "ANSWER"], output);
            self.devices(|row, device| {
                let answer = if device.opens { Cell::from("opens") } else { Cell::from("refused").styled(Style::Red) };
                table.push([
                    Cell::from(row.name.as_str()),
                    Cell::from(device.protocol.as_str()),
                    Cell::from(device.address.as_str()),
                    Cell::from(local(device.last_at)),
                    Cell::number(device.count),
                    answer,
                ])
            })?;
            table.end()?;
        }
        Ok(())
    }

    fn json(&mut self, output: &Output) -> Result<(), Failure> {
        let totals = self.totals()?;
        let counted = json!({
            "accounts": totals.accounts, "disabled": totals.disabled, "two_factor": totals.two_factor,
            "without_two_factor": totals.without, "lately_with_password": totals.lately, "exempt": totals.exempt,
            "required": totals.required, "invited": totals.invited, "imported_hashes": totals.imported, "devices": totals.devices,
        });
        let (since, domain) = (json!(rfc3339(self.query.since)), json!(self.query.domain.map(DomainName::as_str)));
        output.raw(
            format!("{{\"since\": {since}, \"domain\": {domain}, \"totals\": {counted},\n\"without_two_factor\": ")
                .as_bytes(),
        )?;
        let (mut array, now) = (JsonArray::begin(output), self.now);
        self.without(|row, state, from| {
            array.push(&json!({
                "account": row.name.as_str(), "state": state.name(), "from": from.and_then(rfc3339),
                "last_sign_in": last_sign_in(row).and_then(rfc3339),
                "invited_until": invited_until(row, now).and_then(rfc3339),
            }))
        })?;
        array.end()?;
        output.raw(b",\n\"devices\": ")?;
        let mut array = JsonArray::begin(output);
        self.devices(|row, device| array.push(&device_json(row, device)))?;
        array.end()?;
        output.raw(b"}\n")?;
        Ok(())
    }

    fn csv(&mut self, output: &Output) -> Result<(), Failure> {
        let mut lines = CsvLines { output };
        lines.push(["part", "account", "state", "protocol", "address", "last_seen", "count", "invited_until"])?;
        let now = self.now;
        self.without(|row, state, _| {
            let last = last_sign_in(row).and_then(rfc3339).unwrap_or_default();
            let invited = invited_until(row, now).and_then(rfc3339).unwrap_or_default();
            lines.push(["account", row.name.as_str(), state.name(), "", "", &last, "", &invited])
        })?;
        self.devices(|row, device| {
            let (last, count) = (rfc3339(device.last_at).unwrap_or_default(), device.count.to_string());
            let state = if device.opens { "accepted" } else { "refused" };
            lines.push(["device", row.name.as_str(), state, &device.protocol, &device.address, &last, &count, ""])
        })
    }
}

fn device_json(row: &ReportRow, device: &PasswordDevice) -> Value {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
    json!({
        "account": row.name.as_str(), "protocol": given(&device.protocol), "address": given(&device.address),
        "last_seen": rfc3339(device.last_at), "count": device.count, "accepted": device.opens,
    })
}

/// The last sign-in of a mail app with the account's password that was accepted.
fn last_sign_in(row: &ReportRow) -> Option<i64> {
    row.devices.iter().filter(|device| device.opens).map(|device| device.last_at).max()
}

/// Until when the account's invitation to turn 2FA on counts, if it has one that does.
fn invited_until(row: &ReportRow, now: i64) -> Option<i64> {
    row.invited_until.filter(|expiry| *expiry > now)
}

/// What requiring 2FA today means for an account without it, and the date that is set.
fn state(admin: &Admin<'_>, row: &ReportRow, now: i64) -> (State, Option<i64>) {
    match admin.config().policy.two_factor_at(&row.requirements, now) {
        Requirement::Now => (State::Required, None),
        Requirement::From(time) => (State::WouldLockOut, Some(time)),
        Requirement::Never if row.requirements.account == Some(Requirement::Never) => (State::Exempt, None),
        Requirement::Never => (State::WouldLockOut, None),
    }
}

/// A table that is shown while it is read.
struct Lines<'a, const COLUMNS: usize> {
    table: Table<COLUMNS>,
    output: &'a Output,
    rows: usize,
}

impl<'a, const COLUMNS: usize> Lines<'a, COLUMNS> {
    fn new(headings: [&'static str; COLUMNS], output: &'a Output) -> Self {
        Self { table: Table::new(headings), output, rows: 0 }
    }

    fn push(&mut self, row: [Cell; COLUMNS]) -> io::Result<()> {
        self.table.push(row);
        self.rows += 1;
        if self.rows.is_multiple_of(PAGE as usize) { self.table.show(self.output) } else { Ok(()) }
    }

    fn end(mut self) -> io::Result<()> {
        self.table.show(self.output)
    }
}

/// Lines of CSV (RFC 4180), each as soon as it is known.
struct CsvLines<'a> {
    output: &'a Output,
}

impl CsvLines<'_> {
    fn push(&mut self, fields: [&str; 8]) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(fields).map_err(io::Error::other)?;
        self.output.raw(&writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?)
    }
}
