//! The proof: real sign-ins through the machine's own libpam, with an account that is made for them and removed again.
//!
//! The account has 2FA on and an app password. On each PAM service of mail apps its own password must be refused, its app
//! password accepted, and another one refused. Each sign-in is a process of its own ([`mailkey::pam_worker`]), as in the
//! panel. Services whose primary password another module keeps cannot be proved: nobody has a password there that is
//! made for this.
//!
//! The account goes when the proof is over, also when it was interrupted (SIGINT, SIGTERM, SIGHUP). What a run that was
//! killed has left behind the next one finds and removes.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use mailkey::account::{AccountName, NameRules, Protocols};
use mailkey::admin::AppPasswordRequest;
use mailkey::credential::{Secret, random, totp};
use mailkey::pam_worker;
use mailkey::pam_worker::wire::{LONGEST, Reply, Request};
use rustix::process::{Pid, Signal, kill_process_group};

use super::Finding;
use super::pam::{Role, Services};
use crate::clock::now;
use crate::failure::Failure;
use crate::site::Site;

/// How the account's name begins; behind it stand 16 hexadecimal digits.
const PREFIX: &str = "mailkeyproof";

/// A domain that nobody can have (RFC 2606), where names have domains.
const DOMAIN: &str = "proof.invalid";

/// An account as old as this, in seconds, is no other proof that is under way.
const LEFT_BEHIND: i64 = 600;

/// The address that the sign-ins come from: nobody's (RFC 5737), and so no webmail's.
const FROM: &str = "203.0.113.1";

/// For how long a sign-in is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Makes the proof on those of `names` that are services of mail apps.
pub fn prove(config: &Path, names: &BTreeSet<String>, services: &Services) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut provable = Vec::new();
    for name in names {
        match services.role(name, config) {
            Role::MailApps => provable.push(name.as_str()),
            Role::Other => {}
            Role::Stacked => findings.push(Finding::note(
                "proof_stacked",
                format!("{name} cannot be proved: another module keeps its passwords"),
            )),
            Role::OtherConfiguration => findings.push(Finding::note(
                "proof_other_configuration",
                format!("{name} cannot be proved here: its file names another configuration (mailkey --config …)"),
            )),
        }
    }
    if provable.is_empty() {
        findings.push(Finding::note("proof_nothing", "there is no PAM service of mail apps that could be proved"));
        return findings;
    }
    match with_account(config, &provable) {
        Ok(found) => findings.extend(found),
        Err(why) => {
            findings.push(Finding::error(
                "proof_failed",
                format!("nothing was proved: {why}"),
                "Mend what is said above, and prove again.",
            ));
        }
    }
    findings
}

/// Makes the account, signs in, and removes the account, whatever happened.
fn with_account(config: &Path, services: &[&str]) -> Result<Vec<Finding>, String> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted)).map_err(|error| error.to_string())?;
    }
    let mut site = Site::open(config).map_err(Failure::into_text)?;
    remove_leftovers(&mut site)?;
    let name = new_name(&site)?;
    let proved = prove_with(&mut site, &name, services, &interrupted);
    let removed = match site.admin().remove(&name) {
        // It was not even made.
        Err(mailkey::admin::AdminError::NoAccount(_)) => Ok(()),
        done => done.map_err(|error| format!("the account {name} could not be removed ({error}): remove it yourself")),
    };
    proved.and_then(|found| removed.map(|()| found))
}

fn prove_with(
    site: &mut Site,
    name: &AccountName,
    services: &[&str],
    interrupted: &AtomicBool,
) -> Result<Vec<Finding>, String> {
    let credentials = Credentials::make(site, name).map_err(|error| error.to_string())?;
    let mut findings = Vec::new();
    for service in services {
        for (credential, wanted) in credentials.each() {
            if interrupted.load(Ordering::Relaxed) {
                return Err("it was interrupted".into());
            }
            let reply = sign_in(service, name, credential)
                .map_err(|error| format!("a sign-in to {service} failed: {error}"))?;
            findings.extend(judge(service, wanted, &reply));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(
            "proof",
            format!(
                "proved on {}: an account with 2FA opens with its app password, and not with its own password or another one",
                services.join(", ")
            ),
        ));
    }
    Ok(findings)
}

/// What one of the sign-ins is made with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The account's own password, which is right.
    OwnPasswordRefused,
    /// The app password.
    AppPasswordAccepted,
    /// The app password with another symbol at its end.
    OtherAppPasswordRefused,
}

fn judge(service: &str, wanted: Wanted, reply: &Reply) -> Option<Finding> {
    let mend = "Compare its file in /etc/pam.d with the example; what happened says the log.";
    let wrong = |id, what: &str| Some(Finding::error(id, format!("{service} {what}"), mend));
    match (wanted, reply) {
        (Wanted::OwnPasswordRefused, Reply::Accepted(_)) => {
            wrong("proof_password_opens", "accepted the own password of an account with 2FA")
        }
        (Wanted::OtherAppPasswordRefused, Reply::Accepted(_)) => {
            wrong("proof_anything_opens", "accepted a wrong password")
        }
        (Wanted::AppPasswordAccepted, Reply::Accepted(report)) if report.method != b"app_password" => {
            wrong("proof_anything_opens", "accepted an app password without asking mailkey")
        }
        (Wanted::AppPasswordAccepted, Reply::Accepted(_)) => None,
        (Wanted::AppPasswordAccepted, Reply::Broken(report)) => {
            wrong("proof_broken", &format!("does not work: {}", String::from_utf8_lossy(&report.text)))
        }
        (Wanted::AppPasswordAccepted, reply) => {
            let reason = match reply {
                Reply::Refused(report) if !report.reason.is_empty() => {
                    format!(" ({})", String::from_utf8_lossy(&report.reason))
                }
                _ => String::new(),
            };
            wrong("proof_app_password_refused", &format!("refused a right app password{reason}"))
        }
        (_, Reply::Broken(report)) => {
            wrong("proof_broken", &format!("does not work: {}", String::from_utf8_lossy(&report.text)))
        }
        (_, _) => None,
    }
}

struct Credentials {
    password: Secret,
    app_password: Secret,
    other: Secret,
}

impl Credentials {
    /// Makes the account, with 2FA and an app password.
    fn make(site: &mut Site, name: &AccountName) -> Result<Self, Box<dyn std::error::Error>> {
        let password = Secret::copy(format!("proof {}", hex()?).as_bytes());
        let mut admin = site.admin();
        match admin.create(name, Some(&password), now()) {
            Ok(_) | Err(mailkey::admin::AdminError::RecipientsBehind { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let enrolment = admin.begin_enrolment(name, "doctor", now())?;
        let raw = data_encoding::BASE32_NOPAD.decode(enrolment.secret.as_bytes())?;
        let at = now();
        let code = totp::code_at(&Secret::new(raw), enrolment.form, totp::step_at(enrolment.form, at));
        admin.confirm_enrolment(name, &code.ok_or("there is no code")?, at)?;
        let request = AppPasswordRequest {
            name: "doctor".into(),
            protocols: Protocols::ALL,
            networks: Vec::new(),
            expires_at: Some(now() + LEFT_BEHIND),
        };
        let (_, app_password) = admin.add_app_password(name, &request, now())?;
        let mut other = app_password.as_bytes().to_vec();
        if let Some(last) = other.last_mut() {
            *last = if *last == b'0' { b'1' } else { b'0' };
        }
        Ok(Self { password, app_password, other: Secret::new(other) })
    }

    fn each(&self) -> [(&Secret, Wanted); 3] {
        [
            (&self.password, Wanted::OwnPasswordRefused),
            (&self.app_password, Wanted::AppPasswordAccepted),
            (&self.other, Wanted::OtherAppPasswordRefused),
        ]
    }
}

/// Sixteen random hexadecimal digits.
fn hex() -> Result<String, mailkey::credential::RandomError> {
    Ok(data_encoding::HEXLOWER.encode(&random::<8>()?))
}

/// A name that no account has.
fn new_name(site: &Site) -> Result<AccountName, String> {
    let local = format!("{PREFIX}{}", hex().map_err(|error| error.to_string())?);
    let rules = &site.config.names;
    let name = if rules.bare_names { local } else { format!("{local}@{DOMAIN}") };
    AccountName::parse(name.as_bytes(), rules).map_err(|error| error.to_string())
}

/// Removes the accounts of proofs that were killed.
fn remove_leftovers(site: &mut Site) -> Result<(), String> {
    let told = |error: mailkey::admin::AdminError| error.to_string();
    // Names go by their bytes: all that proofs make stand together, right behind this one.
    let first = if site.config.names.bare_names { PREFIX.to_string() } else { format!("{PREFIX}-@{DOMAIN}") };
    let rules = NameRules { symbols: "-".into(), ..site.config.names.clone() };
    let first = AccountName::parse(first.as_bytes(), &rules).map_err(|error| error.to_string())?;
    let found = site.admin().accounts(Some(&first), 100, now()).map_err(told)?;
    let old = now() - LEFT_BEHIND;
    for account in found {
        if is_of_a_proof(account.name.local()) && account.created_at < old {
            match site.admin().remove(&account.name) {
                Ok(()) | Err(mailkey::admin::AdminError::NoAccount(_)) => {}
                Err(error) => return Err(told(error)),
            }
        }
    }
    Ok(())
}

fn is_of_a_proof(local: &str) -> bool {
    local.strip_prefix(PREFIX).is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// One sign-in, in a process of its own.
fn sign_in(service: &str, name: &AccountName, credential: &Secret) -> io::Result<Reply> {
    let request = Request {
        service: service.into(),
        user: name.as_str().into(),
        remote_host: FROM.into(),
        credential: credential.clone(),
        password_alone: false,
    };
    let nonce = random().map_err(io::Error::other)?;
    let mut worker = pam_worker::command(Path::new("/proc/self/exe"), "mailkey").spawn()?;
    let bytes = request.write(&nonce);
    if let Some(mut input) = worker.stdin.take() {
        input.write_all(bytes.as_bytes())?;
    }
    let (told, hears) = mpsc::channel();
    if let Some(output) = worker.stdout.take() {
        std::thread::spawn(move || {
            let mut answer = Vec::new();
            let read = output.take(LONGEST as u64 + 1).read_to_end(&mut answer);
            // Nobody listens any more where it took too long.
            let _ = told.send(read.map(|_| answer));
        });
    }
    let Ok(answer) = hears.recv_timeout(PATIENCE) else {
        // With what a module may have started. Not waited for yet, so that the id is nobody else's.
        if let Some(group) = i32::try_from(worker.id()).ok().and_then(Pid::from_raw) {
            kill_process_group(group, Signal::KILL)?;
        }
        worker.wait()?;
        return Err(io::Error::other("a module hangs"));
    };
    let (answer, status) = (answer?, worker.wait()?);
    let reply = Reply::read(&answer, &nonce).filter(|_| status.success());
    reply.ok_or_else(|| io::Error::other(format!("a module has crashed ({status})")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mailkey::pam_worker::wire::Report;

    fn ids(wanted: Wanted, reply: Reply) -> Option<&'static str> {
        judge("mailkey-imap", wanted, &reply).map(|finding| finding.id)
    }

    #[test]
    fn what_is_wanted_is_nothing_to_say_and_all_else_is() {
        let by = |method: &[u8]| Report { method: method.to_vec(), ..Report::default() };
        let none = Report::default;
        assert_eq!(ids(Wanted::OwnPasswordRefused, Reply::Refused(none())), None);
        assert_eq!(ids(Wanted::OwnPasswordRefused, Reply::Accepted(by(b"password"))), Some("proof_password_opens"));
        assert_eq!(ids(Wanted::OwnPasswordRefused, Reply::Broken(none())), Some("proof_broken"));
        assert_eq!(ids(Wanted::AppPasswordAccepted, Reply::Accepted(by(b"app_password"))), None);
        assert_eq!(ids(Wanted::AppPasswordAccepted, Reply::Accepted(none())), Some("proof_anything_opens"));
        assert_eq!(ids(Wanted::AppPasswordAccepted, Reply::Refused(none())), Some("proof_app_password_refused"));
        assert_eq!(ids(Wanted::AppPasswordAccepted, Reply::Broken(none())), Some("proof_broken"));
        assert_eq!(ids(Wanted::OtherAppPasswordRefused, Reply::Refused(none())), None);
        assert_eq!(ids(Wanted::OtherAppPasswordRefused, Reply::Accepted(none())), Some("proof_anything_opens"));
    }

    #[test]
    fn what_a_killed_proof_has_left_behind_the_next_one_removes_and_no_other_account() {
        let directory = tempfile::tempdir().unwrap();
        let config = directory.path().join("mailkey.toml");
        mailkey::admin::instance::make(&config, Some(&directory.path().join("data"))).unwrap();
        for bare_names in [false, true] {
            if bare_names {
                let text = std::fs::read_to_string(&config).unwrap();
                std::fs::write(&config, format!("bare_names = true\n{text}")).unwrap();
            }
            let mut site = Site::open(&config).map_err(Failure::into_text).unwrap();
            let left_behind = new_name(&site).unwrap();
            let under_way = new_name(&site).unwrap();
            let others = ["mailkeyproof0", "mailkeyprooe", "zoe"].map(|local| {
                let name = if bare_names { local.to_string() } else { format!("{local}@{DOMAIN}") };
                AccountName::parse(name.as_bytes(), &site.config.names).unwrap()
            });
            let long_ago = now() - LEFT_BEHIND - 1;
            let mut admin = site.admin();
            for name in others.iter().chain([&left_behind]) {
                admin.create(name, None, long_ago).unwrap();
            }
            admin.create(&under_way, None, now()).unwrap();
            remove_leftovers(&mut site).unwrap();
            let mut is_there = |name: &AccountName| site.admin().account(name).is_ok();
            assert!(!is_there(&left_behind) && is_there(&under_way) && others.iter().all(is_there), "{bare_names}");
        }
    }

    #[test]
    fn only_names_that_a_proof_makes_are_a_proofs() {
        assert!(is_of_a_proof("mailkeyproof0123456789abcdef"));
        for other in
            ["mailkeyproof", "mailkeyproof0123", "mailkeyproofs-of-concept1", "alice", "mailkeyproof0123456789abcdeg"]
        {
            assert!(!is_of_a_proof(other), "{other}");
        }
    }
}
