//! `mailkey user`: accounts.

use clap::{Args, Subcommand};
use mailkey::account::{Account, Requirement};
use mailkey::store::AccountSummary;
use serde_json::{Value, json};

use crate::clock::{local, now, rfc3339, utc_day};
use crate::export::Export;
use crate::failure::{Exit, Failure, Outcome};
use crate::input;
use crate::invite::Invite;
use crate::notices::Notices;
use crate::output::{JsonArray, Output, Style};
use crate::reset::{self, ResetTwoFactor};
use crate::site::Site;
use crate::table::{Cell, Table};

/// Accounts read at once for a list.
const PAGE: u32 = 500;

const JSON: &str = "\
JSON OUTPUT
  {\"account\", \"enabled\", \"has_password\", \"two_factor\",
   \"enrolment_pending\", \"two_factor_required\", \"two_factor_required_from\",
   \"invited_until\", \"app_passwords\", \"recovery_codes\", \"created_at\"}
  two_factor_required: now, never, or from (a date), as mailkey require and
  the configuration say, and whether or not 2FA is on
  two_factor_required_from: the date's first moment; else null
  invited_until: until when its invitation to turn 2FA on counts; null when
  it has none, or that has expired
  app_passwords: how many are neither revoked nor expired
  recovery_codes: how many are left";

/// Create, list and change accounts
#[derive(Subcommand)]
#[command(after_help = "EXAMPLES\n  mailkey user add alice@example.org\n  mailkey user list")]
pub enum User {
    /// Create an account
    #[command(after_help = format!("At a terminal, asks for the account's password twice.\n\n{JSON}\n\nEXAMPLES\n  mailkey user add alice@example.org\n  \
        pass show mail/alice | mailkey user add alice@example.org --password-stdin\n  \
        mailkey user add alice@example.org --no-password"))]
    Add {
        #[command(flatten)]
        account: Address,
        /// Read the password from standard input: one line.
        #[arg(long, conflicts_with = "no_password")]
        password_stdin: bool,
        /// No password here: another PAM module keeps it (primary=stack).
        #[arg(long)]
        no_password: bool,
    },
    /// Set an account's password
    #[command(after_help = format!("Its sessions end. At a terminal, asks what becomes of its app passwords; else \
        password_change_revokes in the configuration decides, unless an option does.\n\n{JSON}\n\n\
        EXAMPLES\n  mailkey user passwd alice@example.org\n  pass show mail/alice | mailkey user passwd \
        alice@example.org --password-stdin\n  mailkey user passwd alice@example.org --revoke-app-passwords"))]
    Passwd {
        #[command(flatten)]
        account: Address,
        /// Read the password from standard input: one line.
        #[arg(long)]
        password_stdin: bool,
        /// Revoke all its app passwords, too.
        #[arg(long, conflicts_with = "keep_app_passwords")]
        revoke_app_passwords: bool,
        /// Keep its app passwords.
        #[arg(long)]
        keep_app_passwords: bool,
    },
    /// List all accounts
    #[command(after_help = format!("{JSON}\n  Here it is an array of these, by name, each on a line of its own.\n\nEXAMPLES\n  mailkey user list\n  \
        mailkey user list --json | jq -r '.[] | select(.two_factor | not) | .account'"))]
    List,
    /// Show one account
    #[command(after_help = format!("{JSON}\n\nEXAMPLES\n  mailkey user show alice@example.org"))]
    Show(Address),
    /// Write the addresses of all accounts for Dovecot or Postfix
    #[command(after_help = crate::export::AFTER_HELP)]
    Export(Export),
    Notices(Notices),
    /// Let nothing open an account until it is enabled again
    #[command(after_help = format!("{JSON}\n\nEXAMPLES\n  mailkey user disable alice@example.org"))]
    Disable(Address),
    /// Enable a disabled account
    #[command(after_help = format!("{JSON}\n\nEXAMPLES\n  mailkey user enable alice@example.org"))]
    Enable(Address),
    /// Give an account another name
    #[command(
        after_help = "It keeps all that it has: password, 2FA, app passwords, activity. Its sessions end. Where Dovecot \
        keeps the mail is not mailkey's to move, and authenticator apps go on to show the old name.\n\n\
        JSON OUTPUT\n  {\"account\", \"former\"}\n\n\
        EXAMPLES\n  mailkey user rename alice@example.org alice.b@example.org"
    )]
    Rename {
        /// The account as it is named, such as alice@example.org.
        old: String,
        /// Its new name.
        new: String,
    },
    Invite(Invite),
    /// Reset 2FA of somebody who has lost a phone
    #[command(name = "reset-2fa", after_help = reset::AFTER_HELP)]
    ResetTwoFactor(ResetTwoFactor),
    /// Remove an account with all its credentials and its activity
    #[command(after_help = "JSON OUTPUT\n  {\"account\", \"removed\": true}\n\n\
        EXAMPLES\n  mailkey user remove alice@example.org\n  mailkey user remove alice@example.org --yes")]
    Remove {
        #[command(flatten)]
        account: Address,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// Whose.
#[derive(Args)]
pub struct Address {
    /// The account, such as alice@example.org.
    pub address: String,
}

impl User {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        match self {
            Self::Add { account, password_stdin, no_password } => {
                add(site, output, account, *password_stdin, *no_password)
            }
            Self::Passwd { account, password_stdin, revoke_app_passwords, keep_app_passwords } => {
                let answer = match (revoke_app_passwords, keep_app_passwords) {
                    (true, _) => Some(true),
                    (false, true) => Some(false),
                    (false, false) => None,
                };
                passwd(site, output, account, *password_stdin, answer)
            }
            Self::List => list(site, output),
            Self::Export(export) => export.run(site, output),
            Self::Show(account) => show(site, output, account),
            Self::Notices(notices) => notices.run(site, output),
            Self::Disable(account) => set_enabled(site, output, account, false),
            Self::Enable(account) => set_enabled(site, output, account, true),
            Self::Rename { old, new } => rename(site, output, old, new),
            Self::Invite(invite) => invite.run(site, output),
            Self::ResetTwoFactor(reset) => reset.run(site, output),
            Self::Remove { account, yes } => remove(site, output, account, *yes),
        }
    }
}

fn add(site: &mut Site, output: &Output, account: &Address, from_stdin: bool, no_password: bool) -> Outcome {
    let name = site.name(&account.address)?;
    // What exists already is said before anybody types a password twice.
    match site.admin().account(&name) {
        Err(mailkey::admin::AdminError::NoAccount(_)) => {}
        Err(error) => return Err(error.into()),
        Ok(_) => return Err(mailkey::admin::AdminError::AccountExists(name).into()),
    }
    let password = if no_password { None } else { Some(input::new_password(from_stdin, name.as_str())?) };
    let made = site.admin().create(&name, password.as_ref(), now())?;
    if output.is_json() {
        output.json(&site_json(site, &made))?;
    } else {
        output.line(format_args!("created {name}"))?;
        output.line(format_args!("next: mailkey totp enroll {name}"))?;
    }
    Ok(Exit::Done)
}

/// `answer` says whether its app passwords are revoked, too.
fn passwd(site: &mut Site, output: &Output, account: &Address, from_stdin: bool, answer: Option<bool>) -> Outcome {
    let name = site.name(&account.address)?;
    let app_passwords = site.admin().summary(&name, now())?.app_passwords;
    let password = input::new_password(from_stdin, name.as_str())?;
    let revoke = match answer {
        Some(answer) => answer,
        None if app_passwords > 0 && !from_stdin => input::confirm_or(
            &format!("Revoke its app passwords ({app_passwords}), too?"),
            site.config.password_change_revokes,
        )?,
        None => site.config.password_change_revokes,
    };
    let revoked = site.admin().set_password(&name, &password, revoke, now())?.len();
    let and = match revoked {
        0 => String::new(),
        1 => ", and its app password is revoked".to_string(),
        many => format!(", and its {many} app passwords are revoked"),
    };
    changed(site, output, &name, format_args!("the password of {name} is set{and}"))
}

fn rename(site: &mut Site, output: &Output, old: &str, new: &str) -> Outcome {
    let (old, new) = (site.name(old)?, site.name(new)?);
    site.admin().rename(&old, &new, now())?;
    if output.is_json() {
        output.json(&json!({"account": new.as_str(), "former": old.as_str()}))?;
    } else {
        output.line(format_args!("{old} is {new} now"))?;
        output.line("next: let Dovecot find its mail under the new name")?;
    }
    Ok(Exit::Done)
}

fn list(site: &mut Site, output: &Output) -> Outcome {
    let now = now();
    let policy = site.config.policy.clone();
    let required = |account: &AccountSummary| policy.two_factor_at(&account.requirements, now);
    let mut admin = site.admin();
    let mut after = None;
    let (mut accounts, mut with_two_factor) = (0_u64, 0_u64);
    let mut array = output.is_json().then(|| JsonArray::begin(output));
    let mut table = Table::new(["ACCOUNT", "STATE", "2FA", "APP PASSWORDS", "RECOVERY CODES", "CREATED"]);
    loop {
        let page = admin.accounts(after.as_ref(), PAGE, now)?;
        for account in &page {
            accounts += 1;
            with_two_factor += u64::from(account.two_factor);
            match &mut array {
                Some(array) => array.push(&as_json(account, required(account)))?,
                None => table.push(row(account, required(account))),
            }
        }
        if array.is_none() && !(page.is_empty() && accounts == 0) {
            table.show(output)?;
        }
        let last = page.len() < PAGE as usize;
        after = page.into_iter().next_back().map(|account| account.name);
        if last {
            break;
        }
    }
    match array {
        Some(array) => array.end()?,
        None if accounts == 0 => output.line("no accounts; create one: mailkey user add ADDRESS")?,
        None => {
            let noun = if accounts == 1 { "account" } else { "accounts" };
            output.line(output.style(Style::Dim, format_args!("{accounts} {noun}, {with_two_factor} with 2FA")))?;
        }
    }
    Ok(Exit::Done)
}

fn show(site: &mut Site, output: &Output, account: &Address) -> Outcome {
    let name = site.name(&account.address)?;
    let mut admin = site.admin();
    let summary = admin.summary(&name, now())?;
    let required = admin.config().policy.two_factor_at(&summary.requirements, now());
    if output.is_json() {
        output.json(&as_json(&summary, required))?;
        return Ok(Exit::Done);
    }
    let account = admin.account(&name)?;
    output.line(output.style(Style::Bold, &name))?;
    let line = |title, value: String| output.line(format_args!("  {title:<14}  {value}"));
    line("state", if summary.enabled { "enabled".into() } else { output.style(Style::Red, "disabled") })?;
    line("password", (if summary.has_password { "set" } else { "none here: another PAM module keeps it" }).into())?;
    line("2FA", two_factor(&account, &summary, required, output))?;
    match summary.invited_until {
        Some(expiry) if expiry > now() => line("invitation", format!("counts until {}", local(expiry)))?,
        Some(expiry) => line("invitation", output.style(Style::Yellow, format_args!("expired {}", local(expiry))))?,
        None => {}
    }
    line("recovery codes", format!("{} left", summary.recovery_codes))?;
    line("app passwords", summary.app_passwords.to_string())?;
    line("created", local(summary.created_at))?;
    Ok(Exit::Done)
}

fn two_factor(account: &Account, summary: &AccountSummary, required: Requirement, output: &Output) -> String {
    let since = account.confirmed().filter_map(|authenticator| authenticator.confirmed_at).min();
    let mut text = match since {
        Some(since) => format!("{} since {}", output.style(Style::Green, "on"), local(since)),
        None => match required {
            Requirement::Now if summary.requirements.enrol_again => {
                output.style(Style::Yellow, "off since a reset, to be turned on again")
            }
            Requirement::Now => output.style(Style::Yellow, "off, and required"),
            Requirement::From(time) => format!("off, required from {}", utc_day(time)),
            Requirement::Never => "off".to_string(),
        },
    };
    if summary.pending {
        text.push_str(", an enrolment waits for its first code");
    }
    text
}

fn set_enabled(site: &mut Site, output: &Output, account: &Address, enabled: bool) -> Outcome {
    let name = site.name(&account.address)?;
    let was_changed = site.admin().set_enabled(&name, enabled, now())?;
    let state = if enabled { "enabled" } else { "disabled" };
    let already = if was_changed { "" } else { " already" };
    changed(site, output, &name, format_args!("{name} is {state}{already}"))
}

fn remove(site: &mut Site, output: &Output, account: &Address, yes: bool) -> Outcome {
    let name = site.name(&account.address)?;
    site.admin().account(&name)?;
    if !yes {
        if !input::is_terminal() {
            let failure = Failure::new(Exit::Usage, "there is no terminal to ask whether that is meant");
            return Err(failure.next(format_args!("for example: mailkey user remove {name} --yes")));
        }
        if !input::confirm(&format!("Remove {name} with all its credentials and its activity?"))? {
            return Err(Failure::new(Exit::Refused, format_args!("{name} was not removed")));
        }
    }
    site.admin().remove(&name)?;
    if output.is_json() {
        output.json(&json!({"account": name.as_str(), "removed": true}))?;
    } else {
        output.line(format_args!("removed {name}"))?;
    }
    Ok(Exit::Done)
}

/// Says what was changed; as JSON, the account as it is now.
fn changed(
    site: &mut Site,
    output: &Output,
    name: &mailkey::account::AccountName,
    what: std::fmt::Arguments<'_>,
) -> Outcome {
    if output.is_json() {
        let summary = site.admin().summary(name, now())?;
        output.json(&site_json(site, &summary))?;
    } else {
        output.line(what)?;
    }
    Ok(Exit::Done)
}

fn row(account: &AccountSummary, required: Requirement) -> [Cell; 6] {
    let state = if account.enabled { Cell::from("enabled") } else { Cell::from("disabled").styled(Style::Red) };
    let two_factor = match (account.two_factor, account.pending) {
        (true, _) => Cell::from("on").styled(Style::Green),
        (false, true) => Cell::from("pending").styled(Style::Yellow),
        (false, false) => match required {
            Requirement::Now => Cell::from("off, required").styled(Style::Yellow),
            Requirement::From(time) => Cell::from(format!("off, from {}", utc_day(time))),
            Requirement::Never => Cell::from("off"),
        },
    };
    [
        Cell::from(account.name.as_str()),
        state,
        two_factor,
        Cell::number(account.app_passwords),
        Cell::number(account.recovery_codes),
        Cell::from(local(account.created_at)),
    ]
}

/// The account as JSON, with what its site requires of it.
fn site_json(site: &Site, account: &AccountSummary) -> Value {
    as_json(account, site.config.policy.two_factor_at(&account.requirements, now()))
}

fn as_json(account: &AccountSummary, required: Requirement) -> Value {
    let (required, from) = match required {
        Requirement::Now => ("now", None),
        Requirement::Never => ("never", None),
        Requirement::From(time) => ("from", rfc3339(time)),
    };
    json!({
        "account": account.name.as_str(),
        "enabled": account.enabled,
        "has_password": account.has_password,
        "two_factor": account.two_factor,
        "enrolment_pending": account.pending,
        "two_factor_required": required,
        "two_factor_required_from": from,
        "invited_until": account.invited_until.filter(|expiry| *expiry > now()).and_then(rfc3339),
        "app_passwords": account.app_passwords,
        "recovery_codes": account.recovery_codes,
        "created_at": rfc3339(account.created_at),
    })
}
