//! `mailkey explain`: why somebody cannot connect, in plain words, with the step to take.

use clap::Args;
use mailkey::account::AccountName;
use mailkey::admin::AdminError;
use mailkey::admin::explain::{Explanation, Finding, FindingKind};
use mailkey::record::CounterKind;
use mailkey::store::ActivityEntry;
use serde_json::{Value, json};

use crate::clock::{local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::output::{Output, Style};
use crate::site::Site;

/// Names read at once when similar ones are looked for.
const PAGE: u32 = 5_000;

/// Similar names that are shown.
const SIMILAR: usize = 5;

const AFTER_HELP: &str = "\
The account's state, and what is the matter with its attempts of the last seven days: what was refused and not set right \
since, most urgent first, each with its step. A device that presents a revoked or expired app password, or the account's own \
password after 2FA was turned on, is named; wrong passwords from addresses that never opened the account are one line, \
because nobody needs to do anything about them. mailkey doctor looks at the server instead.

JSON OUTPUT
  {\"account\", \"enabled\", \"two_factor\", \"two_factor_since\", \"app_passwords\",
   \"recovery_codes\", \"findings\": [{\"kind\", \"what\", \"step\", \"from\", \"protocol\",
   \"mode\", \"credential\", \"name\", \"since\", \"last\", \"count\", \"until\", \"number\"}],
   \"last_accepted\": {\"at\", \"protocol\", \"from\", \"method\", \"credential\", \"name\"}}
  kind: a stable name; what and step are English sentences and may change
  name: of the app password; until: when a pause ends or a requirement begins
  number: recovery codes left, or addresses that guesses came from
  findings: empty where nothing is wrong

EXAMPLES
  mailkey explain alice@example.org
  mailkey explain alice@example.org --json | jq -r '.findings[].kind'";

/// Say why somebody cannot connect, and what to do
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Explain {
    /// The account, such as alice@example.org.
    address: String,
}

impl Explain {
    /// Says it.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let name = site.name(&self.address)?;
        let now = now();
        let explanation = match site.admin().explain(&name, now) {
            Err(AdminError::NoAccount(name)) => return Err(unknown(site, name)?),
            found => found?,
        };
        if output.is_json() {
            output.json(&as_json(&explanation))?;
        } else {
            show(&explanation, output)?;
        }
        Ok(Exit::Done)
    }
}

/// No such account, and which ones look like it.
fn unknown(site: &mut Site, name: AccountName) -> Result<Failure, Failure> {
    let similar = similar(site, &name)?;
    let failure = Failure::from(AdminError::NoAccount(name));
    Ok(if similar.is_empty() {
        failure
    } else {
        failure.next(format_args!("these are similar: {}", similar.join(", ")))
    })
}

/// The names that look most like this one: the same in front of the @, or a slip of a finger or two away.
fn similar(site: &mut Site, name: &AccountName) -> Result<Vec<String>, Failure> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut after = None;
    let mut admin = site.admin();
    loop {
        let page = admin.recipients(after.as_ref(), PAGE)?;
        let last = page.len() < PAGE as usize;
        for other in page.iter().map(|recipient| &recipient.name) {
            let distance =
                if other.local() == name.local() { 0 } else { strsim::osa_distance(other.as_str(), name.as_str()) };
            if distance <= 2 {
                found.push((distance, other.as_str().to_string()));
            }
        }
        found.sort();
        found.truncate(SIMILAR);
        after = page.into_iter().next_back().map(|recipient| recipient.name);
        if last {
            return Ok(found.into_iter().map(|(_, name)| name).collect());
        }
    }
}

fn show(explanation: &Explanation, output: &Output) -> std::io::Result<()> {
    let account = &explanation.account;
    let name = &account.name;
    let state = if account.enabled { "enabled".into() } else { output.style(Style::Red, "disabled") };
    let two_factor = match explanation.two_factor_since {
        Some(since) => format!("2FA on since {}, {} recovery codes", local(since), account.recovery_codes),
        None => "2FA off".into(),
    };
    let app_passwords = format!("{} app password{}", account.app_passwords, plural(account.app_passwords.into()));
    output.line(format_args!("{}: {state}, {two_factor}, {app_passwords}", output.style(Style::Bold, name)))?;
    for (number, finding) in explanation.findings.iter().enumerate() {
        let (what, step) = words(finding, name);
        output.line(format_args!("{:>2}. {}", number + 1, output.style(style(finding.kind), what)))?;
        output.line(format_args!("    {step}"))?;
    }
    if explanation.findings.is_empty() {
        output.line(output.style(Style::Green, "nothing is wrong"))?;
    }
    output.line(match &explanation.last_accepted {
        Some(entry) => format!("last accepted: {}", accepted(entry, explanation)),
        None => "nothing was accepted so far".into(),
    })
}

/// What cannot wait is red.
fn style(kind: FindingKind) -> Style {
    match kind {
        FindingKind::Guesses
        | FindingKind::SessionOver
        | FindingKind::FewRecoveryCodes
        | FindingKind::EnrolmentPending
        | FindingKind::EnrolmentAhead => Style::Yellow,
        _ => Style::Red,
    }
}

/// What is the matter, and the step to take.
fn words(finding: &Finding, name: &AccountName) -> (String, String) {
    let device = device(finding);
    let times = times(finding);
    let app_password = app_password(finding);
    let new_one =
        format!("mailkey app-password add {name} --name {}", shell_word(finding.name.as_deref().unwrap_or("Phone")));
    let list = format!("mailkey app-password list {name}");
    match finding.kind {
        FindingKind::AccountDisabled => {
            ("The account is disabled: nothing opens it.".into(), format!("To open it again: mailkey user enable {name}"))
        }
        FindingKind::EnrolmentRequired => (
            "2FA is required and the account has none: its password opens the panel only.".into(),
            format!("Turn 2FA on in the panel, or: mailkey totp enroll {name}"),
        ),
        FindingKind::Paused => paused(finding),
        FindingKind::AccountPasswordUsed => (
            format!("{device} still presents the account's own password{times}: mail apps need an app password."),
            format!(
                "Make one and enter it there: {new_one}. If nobody knows that device, somebody else knows the password: \
                 change it."
            ),
        ),
        FindingKind::CodeInMailApp => (
            format!("{device} presents password and code{times}: mail apps need an app password, without a code."),
            format!("Make one and enter it there: {new_one}"),
        ),
        FindingKind::RevokedAppPasswordUsed => (
            format!("{device} still presents {app_password}, which was revoked{times}."),
            format!("If the device is still in use, give it a new one: {new_one}. Else take the account off it."),
        ),
        FindingKind::ExpiredAppPasswordUsed => (
            format!("{device} still presents {app_password}, which has expired{times}."),
            format!("If the device is still in use, give it a new one: {new_one}"),
        ),
        FindingKind::AppPasswordForOtherProtocols => (
            format!("{device} presents {app_password}, which is not for {}{times}.", protocol(&finding.protocol)),
            format!("Make one that is: {new_one} --protocol {}", known_protocol(&finding.protocol)),
        ),
        FindingKind::AppPasswordForOtherNetworks => (
            format!("{device} presents {app_password}, which is limited to other networks{times}."),
            format!("{list} shows to which. Where the service passes no address on (saslauthd), none is right."),
        ),
        FindingKind::WrongAppPassword => (
            format!("{device} presents something like an app password that is none of the account's{times}."),
            format!("It was mistyped or is another account's. Compare the first four symbols with {list}, or make a new one."),
        ),
        FindingKind::AppPasswordOutsideMailApps => (
            format!("{device} presents {app_password} where password and code belong{times}."),
            "Sign in there with the account's password and the code of the authenticator app.".into(),
        ),
        FindingKind::ProtocolUnknown => (
            format!("{device} comes through a PAM service that says no protocol{times}."),
            "Name the service mailkey-imap, … or give pam_mailkey.so protocol=: mailkey doctor says where.".into(),
        ),
        FindingKind::CodeMissing => (
            format!("The webmail presents the account's password without a code{times}."),
            "Type the code, too. If there is no field for it, the webmail has no plugin: see \"The webmail\" in README.md."
                .into(),
        ),
        FindingKind::WrongCode => (
            format!("{device} presents the right password and a wrong code{times}."),
            "Compare the clocks of the phone and of this server (mailkey doctor), and look whether the app shows this \
             account. A code opens for a minute or so."
                .into(),
        ),
        FindingKind::CodeUsed => (
            format!("{device} presents a code that was used before{times}."),
            "Wait for the next code: each opens once. If a webmail does that by itself, set webmail_session: see \"The \
             webmail\" in README.md."
                .into(),
        ),
        FindingKind::WrongRecoveryCode => (
            format!("{device} presents a recovery code that is wrong or was used before{times}."),
            format!("Use another one; a new set: mailkey recovery-codes new {name}"),
        ),
        FindingKind::SessionNotAllowedHere => (
            format!("{device} presents a webmail's session where sessions open nothing{times}."),
            "Compare webmail_hosts and the webmail's ports with \"The webmail\" in README.md; if no webmail is at that \
             address, revoke the session."
                .into(),
        ),
        FindingKind::SessionBroken => (
            format!("The webmail's sign-in through its plugin does not come to its end{times}."),
            "Install the plugin of this version, and run mailkey doctor: the account line of a PAM file may be missing."
                .into(),
        ),
        FindingKind::WrongPassword => (
            format!("{device}, from where the account was opened before, presents a wrong password{times}."),
            "A device with an old password, or a slip: enter the right one there (for a mail app, an app password).".into(),
        ),
        FindingKind::SessionOver => (
            format!("The webmail presents a session that has ended or expired{times}."),
            "Sign in to the webmail again.".into(),
        ),
        FindingKind::Guesses => {
            let addresses = finding.number.unwrap_or_default();
            (
                format!(
                    "Wrong passwords from {addresses} address{} that never opened the account{times}: guesses, or a new \
                     device that was set up wrong.",
                    if addresses == 1 { "" } else { "es" }
                ),
                format!("Nothing: guesses are slowed down. For a new device: {new_one}"),
            )
        }
        FindingKind::FewRecoveryCodes => (
            match finding.number {
                Some(0) => "No recovery code is left: without the authenticator app nobody gets in.".into(),
                Some(1) => "One recovery code is left.".into(),
                left => format!("{} recovery codes are left.", left.unwrap_or_default()),
            },
            format!("Make a new set, in the panel, or: mailkey recovery-codes new {name}"),
        ),
        FindingKind::EnrolmentPending => (
            "2FA is not on yet: it waits for the first code.".into(),
            format!("Enter it: mailkey totp confirm {name}"),
        ),
        FindingKind::EnrolmentAhead => (
            format!("2FA is not on yet, and required from {} on.", finding.until.map(local).unwrap_or_default()),
            format!("Turn it on before then: in the panel, or: mailkey totp enroll {name}"),
        ),
    }
}

fn paused(finding: &Finding) -> (String, String) {
    let until = finding.until.map(local).unwrap_or_default();
    let from = if finding.address.is_empty() { String::new() } else { format!(" from {}", finding.address) };
    let what = match finding.paused {
        Some(CounterKind::Code | CounterKind::CodeHour) => {
            format!("After {} wrong codes{from} the account takes none until {until}.", finding.count)
        }
        Some(CounterKind::Network) => {
            format!("{} failed at many accounts: passwords{from} are not looked at until {until}.", finding.address)
        }
        Some(CounterKind::Password) | None => {
            format!("After {} wrong passwords{from} none is looked at until {until}.", finding.count)
        }
    };
    (what, "Wait until then. App passwords go on to open, and so does everything from other networks.".into())
}

/// A name as it can be pasted into a shell. Security: its owner chose it, and an administrator pastes it.
fn shell_word(text: &str) -> String {
    // What means something between double quotes, to a shell that somebody types in, too.
    if text.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", text.replace('\'', "'\\''"))
    } else {
        format!("\"{text}\"")
    }
}

/// Who presents it: the program at an address.
fn device(finding: &Finding) -> String {
    let what = match finding.mode.as_str() {
        "webmail" => "The webmail",
        "panel" => "Somebody at the panel",
        _ => "The device",
    };
    let at =
        if finding.address.is_empty() { " at an unknown address".into() } else { format!(" at {}", finding.address) };
    let on = if finding.protocol.is_empty() || finding.mode != "client" {
        String::new()
    } else {
        format!(" on {}", protocol(&finding.protocol))
    };
    format!("{what}{at}{on}")
}

/// How often, since when, and when for the last time.
fn times(finding: &Finding) -> String {
    match (finding.since, finding.last) {
        (Some(since), Some(last)) if finding.count > 1 => {
            format!(" ({} times since {}, last {})", finding.count, local(since), local(last))
        }
        (_, Some(last)) => format!(" ({})", local(last)),
        _ => String::new(),
    }
}

fn app_password(finding: &Finding) -> String {
    match &finding.name {
        Some(name) => format!("the app password \"{name}\" ({})", finding.credential),
        None if finding.credential.is_empty() => "an app password".into(),
        None => format!("the app password {}", finding.credential),
    }
}

fn protocol(name: &str) -> String {
    if name == "sieve" { "sieve".into() } else { name.to_ascii_uppercase() }
}

/// As `--protocol` takes it.
fn known_protocol(name: &str) -> &str {
    if name.is_empty() { "imap" } else { name }
}

fn accepted(entry: &ActivityEntry, explanation: &Explanation) -> String {
    let activity = &entry.activity;
    let mut text = local(entry.last_at);
    for word in [if activity.mode == "client" { "" } else { &activity.mode }, &activity.protocol] {
        if !word.is_empty() {
            text.push_str(&format!(" {word}"));
        }
    }
    if !activity.address.is_empty() {
        text.push_str(&format!(" from {}", activity.address));
    }
    text.push_str(&format!(", by {}", activity.method.replace('_', " ")));
    if let Some(name) = name_of(entry, explanation) {
        text.push_str(&format!(" \"{name}\" ({})", activity.credential));
    }
    text
}

/// What its owner calls the app password that was accepted.
fn name_of<'a>(entry: &ActivityEntry, explanation: &'a Explanation) -> Option<&'a str> {
    let mut rows = explanation.app_passwords.iter();
    let found = rows.find(|row| row.id.as_str() == entry.activity.credential)?;
    (entry.activity.method == "app_password").then_some(found.name.as_str())
}

fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

fn as_json(explanation: &Explanation) -> Value {
    let account = &explanation.account;
    let given = |text: &str| (!text.is_empty()).then(|| text.to_string());
    let findings: Vec<Value> = explanation
        .findings
        .iter()
        .map(|finding| {
            let (what, step) = words(finding, &account.name);
            json!({
                "kind": finding.kind.as_str(),
                "what": what,
                "step": step,
                "from": given(&finding.address),
                "protocol": given(&finding.protocol),
                "mode": given(&finding.mode),
                "credential": given(&finding.credential),
                "name": finding.name,
                "since": finding.since.and_then(rfc3339),
                "last": finding.last.and_then(rfc3339),
                "count": (finding.count > 0).then_some(finding.count),
                "until": finding.until.and_then(rfc3339),
                "number": finding.number,
            })
        })
        .collect();
    let last_accepted = explanation.last_accepted.as_ref().map(|entry| {
        json!({
            "at": rfc3339(entry.last_at),
            "protocol": given(&entry.activity.protocol),
            "from": given(&entry.activity.address),
            "method": given(&entry.activity.method),
            "credential": given(&entry.activity.credential),
            "name": name_of(entry, explanation),
        })
    });
    json!({
        "account": account.name.as_str(),
        "enabled": account.enabled,
        "two_factor": account.two_factor,
        "two_factor_since": explanation.two_factor_since.and_then(rfc3339),
        "app_passwords": account.app_passwords,
        "recovery_codes": account.recovery_codes,
        "findings": findings,
        "last_accepted": last_accepted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_to_a_shell_whatever_its_owner_calls_it() {
        assert_eq!(shell_word("Alice's phone"), "\"Alice's phone\"");
        for name in ["$(id)", "`id`", "a\"; id; \"", "it's $HOME", "\\", "'", "''$x''", "wow!!"] {
            let script = format!("printf %s {}", shell_word(name));
            let shown = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&shown.stdout), name);
        }
    }
}
