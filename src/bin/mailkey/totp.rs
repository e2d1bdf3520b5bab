//! `mailkey totp`: turning 2FA on and off.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use mailkey::account::{Account, AccountName, Authenticator};
use mailkey::admin::{AdminError, Confirmation, Enrolment};
use mailkey::credential::Secret;
use serde_json::{Value, json};

use crate::clock::{local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome, warn};
use crate::input;
use crate::output::{Output, Style};
use crate::qr::{Files, Qr};
use crate::recovery_codes;
use crate::site::Site;
use crate::table::{Cell, Table};
use crate::user::Address;

/// How often a code may be mistyped.
const TRIES: u32 = 3;

const ENROLL_HELP: &str = "\
Shows the secret as a QR code and as text, then asks for the code that the authenticator app shows (three tries). When \
it is right, 2FA is on, and ten recovery codes are shown, once. Until then nothing changes for the account. An account \
that has 2FA gets a further authenticator and keeps its recovery codes.

JSON OUTPUT
  {\"account\", \"secret\", \"uri\"}
  secret: base32 without padding; uri: otpauth://totp/...
  The enrolment is left pending: mailkey totp confirm ends it.

EXAMPLES
  mailkey totp enroll alice@example.org
  mailkey totp enroll alice@example.org --png alice.png
  mailkey totp enroll alice@example.org --json";

const CONFIRM_HELP: &str = "\
Reads the code from standard input. 2FA is then on, and the code is used up.

JSON OUTPUT
  {\"account\", \"recovery_codes\": [...]}
  recovery_codes: empty when 2FA was on before; those that were made then stay

EXAMPLES
  echo 123456 | mailkey totp confirm alice@example.org";

const DISABLE_HELP: &str = "\
Its authenticators and recovery codes end; its app passwords stay. The account's password alone then opens what the \
configuration says (require_2fa, client_primary_password).

JSON OUTPUT
  {\"account\", \"two_factor\": false}

EXAMPLES
  mailkey totp disable alice@example.org";

const STATUS_HELP: &str = "\
JSON OUTPUT
  {\"account\", \"two_factor\", \"enrolment_pending\", \"recovery_codes\",
   \"authenticators\": [{\"number\", \"name\", \"algorithm\", \"digits\",
                       \"period\", \"created_at\", \"confirmed_at\"}]}
  recovery_codes: how many are left
  confirmed_at: null while the first code is awaited

EXAMPLES
  mailkey totp status alice@example.org";

const LIST_HELP: &str = "\
An account may have several, one on each phone, and each makes codes that count.

JSON OUTPUT
  [{\"number\", \"name\", \"algorithm\", \"digits\", \"period\",
    \"created_at\", \"confirmed_at\"}]
  confirmed_at: null while the first code is awaited

EXAMPLES
  mailkey totp list alice@example.org";

const REMOVE_HELP: &str = "\
Its codes count no longer, the others' do, and the account's sessions end. To replace a phone without a gap, enrol the new \
one first. The last one stays: mailkey totp disable turns 2FA off.

JSON OUTPUT
  {\"account\", \"number\", \"name\", \"removed\": true}

EXAMPLES
  mailkey totp enroll alice@example.org --name \"New phone\"
  mailkey totp remove alice@example.org \"Old phone\"
  mailkey totp remove alice@example.org 1";

/// Turn 2FA on and off
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey totp enroll alice@example.org\n  mailkey totp status alice@example.org")]
pub enum Totp {
    /// Turn 2FA on, or add an authenticator
    #[command(after_help = ENROLL_HELP)]
    Enroll(Enroll),
    /// Confirm an enrolment with its first code
    #[command(after_help = CONFIRM_HELP)]
    Confirm(Address),
    /// Turn 2FA off
    #[command(after_help = DISABLE_HELP)]
    Disable(Address),
    /// List an account's authenticators
    #[command(after_help = LIST_HELP)]
    List(Address),
    /// Remove one of several authenticators
    #[command(after_help = REMOVE_HELP)]
    Remove {
        #[command(flatten)]
        account: Address,
        /// Its number or its name, as mailkey totp list shows them.
        #[arg(value_name = "NUMBER|NAME")]
        which: String,
    },
    /// Say whether 2FA is on
    #[command(after_help = STATUS_HELP)]
    Status(Address),
}

#[derive(Args)]
pub struct Enroll {
    #[command(flatten)]
    account: Address,
    /// Write the QR code to a PNG file too, readable by you alone.
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Write the QR code to an SVG file too, readable by you alone.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// What its owner calls the authenticator.
    #[arg(long, value_name = "NAME", default_value = "Authenticator app")]
    name: String,
}

impl Totp {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        match self {
            Self::Enroll(enroll) => enroll.run(site, output),
            Self::Confirm(account) => confirm(site, output, account),
            Self::Disable(account) => disable(site, output, account),
            Self::List(account) => list(site, output, account),
            Self::Remove { account, which } => remove(site, output, account, which),
            Self::Status(account) => status(site, output, account),
        }
    }
}

impl Enroll {
    fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let name = site.name(&self.account.address)?;
        site.admin().account(&name)?;
        let files = Files::reserve(self.png.as_deref(), self.svg.as_deref())?;
        let enrolment = site.admin().begin_enrolment(&name, &self.name, now())?;
        let qr = Qr::new(&enrolment.uri)?;
        files.write(&qr)?;
        if output.is_json() {
            let text = |secret: &Secret| secret.as_str().map(str::to_string);
            output.json(&json!({
                "account": name.as_str(), "secret": text(&enrolment.secret), "uri": text(&enrolment.uri),
            }))?;
            return Ok(Exit::Done);
        }
        show(&name, &enrolment, &qr, output)?;
        let confirmation = ask_for_code(site, &name, enrolment.form.digits)?;
        say_confirmed(&name, &confirmation, output)
    }
}

fn show(name: &AccountName, enrolment: &Enrolment, qr: &Qr, output: &Output) -> std::io::Result<()> {
    output.line(format_args!("Scan this with an authenticator app, for {}:\n", output.style(Style::Bold, name)))?;
    output.line(qr.text(output))?;
    output.secret("\nor type this secret into it:  ", &grouped(&enrolment.secret))?;
    let form = enrolment.form;
    let (algorithm, digits, period) = (form.algorithm.as_str(), form.digits, form.period);
    if (algorithm, digits, period) != ("SHA1", 6, 30) {
        output.line(format_args!("with {algorithm}, {digits} digits, {period} seconds"))?;
    }
    output.line("")
}

/// A secret in groups of four, as apps accept it.
fn grouped(secret: &Secret) -> Secret {
    let bytes = secret.as_bytes();
    let mut text = Vec::with_capacity(bytes.len() + bytes.len() / 4);
    for group in bytes.chunks(4) {
        if !text.is_empty() {
            text.push(b' ');
        }
        text.extend_from_slice(group);
    }
    Secret::new(text)
}

fn ask_for_code(site: &mut Site, name: &AccountName, digits: u8) -> Result<Confirmation, Failure> {
    let waits = |what: &str| {
        Failure::new(Exit::Refused, format_args!("{what}: this enrolment of {name} still waits for its code"))
            .next(format_args!("confirm it with `mailkey totp confirm {name}`, or enrol again"))
    };
    for left in (0..TRIES).rev() {
        let Some(code) = input::line(&format!("The {digits} digits that the app shows now: "))? else {
            return Err(waits("no code was given"));
        };
        match site.admin().confirm_enrolment(name, &code, now()) {
            Err(error @ (AdminError::WrongCode | AdminError::CodeShape(_))) if left > 0 => {
                let tries = if left == 1 { "one more try" } else { "two more tries" };
                warn(format_args!("{error}; {tries}"));
            }
            Err(error @ (AdminError::WrongCode | AdminError::CodeShape(_))) => return Err(waits(&error.to_string())),
            other => return Ok(other?),
        }
    }
    Err(waits("the code was wrong"))
}

fn confirm(site: &mut Site, output: &Output, account: &Address) -> Outcome {
    let name = site.name(&account.address)?;
    // Whether there is anything to confirm is said before a code is asked for.
    if site.admin().account(&name)?.pending().is_none() {
        return Err(AdminError::NoEnrolment(name).into());
    }
    let code = if input::is_terminal() {
        input::line("The digits that the app shows now: ")?.unwrap_or_default()
    } else {
        input::secret()?
    };
    let confirmation = site.admin().confirm_enrolment(&name, &code, now())?;
    say_confirmed(&name, &confirmation, output)
}

fn say_confirmed(name: &AccountName, confirmation: &Confirmation, output: &Output) -> Outcome {
    if output.is_json() {
        output.json(&recovery_codes::as_json(name, &confirmation.recovery_codes))?;
        return Ok(Exit::Done);
    }
    if confirmation.recovery_codes.is_empty() {
        output.line(format_args!("the new authenticator of {name} counts from now on; the recovery codes stay"))?;
        return Ok(Exit::Done);
    }
    output.line(format_args!("{} for {name}", output.style(Style::Green, "2FA is on")))?;
    output.line("")?;
    recovery_codes::show(&confirmation.recovery_codes, output)?;
    output.line("")?;
    output.line(format_args!("mail apps need an app password now: mailkey app-password add {name} --name Phone"))?;
    Ok(Exit::Done)
}

fn disable(site: &mut Site, output: &Output, account: &Address) -> Outcome {
    let name = site.name(&account.address)?;
    let was_on = site.admin().end_two_factor(&name, now())?;
    if output.is_json() {
        output.json(&json!({"account": name.as_str(), "two_factor": false}))?;
    } else {
        output.line(format_args!("2FA is off{} for {name}", if was_on { "" } else { " already" }))?;
    }
    Ok(Exit::Done)
}

fn list(site: &mut Site, output: &Output, account: &Address) -> Outcome {
    let name = site.name(&account.address)?;
    let account = site.admin().account(&name)?;
    if output.is_json() {
        output.json_array(account.authenticators.iter().map(as_json))?;
        return Ok(Exit::Done);
    }
    if account.authenticators.is_empty() {
        output.line(format_args!("{name} has no authenticator; add one: mailkey totp enroll {name}"))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["NUMBER", "NAME", "COUNTS SINCE"]);
    for authenticator in &account.authenticators {
        let since = match authenticator.confirmed_at {
            Some(confirmed_at) => Cell::from(local(confirmed_at)),
            None => Cell::from("waits for its first code").styled(Style::Yellow),
        };
        table.push([Cell::number(authenticator.id), Cell::from(authenticator.name.as_str()), since]);
    }
    table.show(output)?;
    Ok(Exit::Done)
}

fn remove(site: &mut Site, output: &Output, account: &Address, which: &str) -> Outcome {
    let name = site.name(&account.address)?;
    let account = site.admin().account(&name)?;
    let found = find(&account, which)?;
    site.admin().remove_authenticator(&name, found.id, now())?;
    if output.is_json() {
        output.json(&json!({
            "account": name.as_str(), "number": found.id, "name": found.name, "removed": true,
        }))?;
    } else {
        output.line(format_args!("the codes of {} ({}) of {name} count no longer", found.name, found.id))?;
    }
    Ok(Exit::Done)
}

/// The authenticator with this number, or else the one with this name.
fn find<'a>(account: &'a Account, which: &str) -> Result<&'a Authenticator, Failure> {
    let by_number = which.parse().ok().and_then(|number: i64| account.confirmed().find(|found| found.id == number));
    let mut by_name = account.confirmed().filter(|found| found.name == which);
    let list = format!("`mailkey totp list {}` shows them", account.name);
    match (by_number, by_name.next(), by_name.next()) {
        (Some(found), ..) | (None, Some(found), None) => Ok(found),
        (None, Some(_), Some(_)) => {
            let what = format_args!("{} has several authenticators of that name: name one by its number", account.name);
            Err(Failure::new(Exit::Usage, what).next(list))
        }
        (None, None, _) => {
            let what = format_args!("{} has no authenticator {which:?} whose codes count", account.name);
            Err(Failure::new(Exit::NotFound, what).next(list))
        }
    }
}

fn status(site: &mut Site, output: &Output, account: &Address) -> Outcome {
    let name = site.name(&account.address)?;
    let account = site.admin().account(&name)?;
    let summary = site.admin().summary(&name, now())?;
    if output.is_json() {
        output.json(&json!({
            "account": name.as_str(),
            "two_factor": account.two_factor(),
            "enrolment_pending": account.pending().is_some(),
            "recovery_codes": summary.recovery_codes,
            "authenticators": account.authenticators.iter().map(as_json).collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    if account.two_factor() {
        let on = output.style(Style::Green, "on");
        output.line(format_args!("2FA is {on} for {name}, with {} recovery codes left", summary.recovery_codes))?;
    } else {
        output.line(format_args!("2FA is off for {name}"))?;
    }
    for authenticator in &account.authenticators {
        let state = match authenticator.confirmed_at {
            Some(confirmed_at) => format!("since {}", local(confirmed_at)),
            None => format!("begun {}, waits for its first code", local(authenticator.created_at)),
        };
        output.line(format_args!("  {}  {state}", authenticator.name))?;
    }
    Ok(Exit::Done)
}

fn as_json(authenticator: &Authenticator) -> Value {
    json!({
        "number": authenticator.id,
        "name": authenticator.name,
        "algorithm": authenticator.form.algorithm.as_str(),
        "digits": authenticator.form.digits,
        "period": authenticator.form.period,
        "created_at": rfc3339(authenticator.created_at),
        "confirmed_at": authenticator.confirmed_at.and_then(rfc3339),
    })
}
