//! Why somebody cannot connect: the account's state and its last attempts, as a closed list of findings.
//!
//! Data, no prose: the command and the panel have words of their own.
//!
//! A refusal counts while it is [`RECENT`] and nothing has been accepted from the same place since. Two devices behind one
//! address are told apart where that is possible: what is accepted there was accepted before the refusal, too, and then
//! the refusal counts for another hour, longer than any mail app waits between two tries.
//!
//! A device with an old credential is no attack: who presents the account's own password, or an app password that was
//! revoked or has expired, knew it. Wrong passwords from addresses that never opened the account are
//! [`FindingKind::Guesses`], one finding however many there are.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::{Admin, Result};
use crate::account::{AccountName, AppPassword, Requirement, throttle_network};
use crate::auth::{Method, Mode, Reason, throttle_keys};
use crate::record::CounterKind;
use crate::store::{AccountSummary, ActivityEntry, Lookup};

/// For how long a refusal is worth a word, in seconds.
pub const RECENT: i64 = 7 * 86_400;

/// For how long a session that ended is: the next sign-in is a matter of hours.
const RECENT_SESSION: i64 = 86_400;

/// For how long a refusal goes on to count after something was accepted from the same place.
const SIDE_BY_SIDE: i64 = 3600;

/// Entries that are looked at, newest first.
const ENTRIES: u32 = 2_000;

/// Networks whose counters are looked at.
const NETWORKS: usize = 50;

/// So few recovery codes are few.
pub const FEW_CODES: u32 = 3;

/// What is the matter. In this order: what keeps everybody out first, what can wait last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// The account is disabled: nothing opens it.
    AccountDisabled,
    /// 2FA is required and off: only the panel opens.
    EnrolmentRequired,
    /// Too many wrong passwords or codes: right ones are refused, too, until then.
    Paused,
    /// A mail app presents the account's own password, which is right and does not open mail apps.
    AccountPasswordUsed,
    /// A mail app presents the account's password with a code, or a password that ends like one.
    CodeInMailApp,
    /// An app password that was revoked is still presented.
    RevokedAppPasswordUsed,
    /// An app password that has expired is still presented.
    ExpiredAppPasswordUsed,
    /// An app password is presented for a protocol that it is not for.
    AppPasswordForOtherProtocols,
    /// An app password is presented from a network that it is not for.
    AppPasswordForOtherNetworks,
    /// Something in the shape of an app password is presented, and is none of the account's.
    WrongAppPassword,
    /// An app password is presented to the webmail or the panel.
    AppPasswordOutsideMailApps,
    /// The PAM service says no protocol.
    ProtocolUnknown,
    /// The webmail presents the password without a code.
    CodeMissing,
    /// The password is right and the code is wrong: mostly a clock.
    WrongCode,
    /// A code is presented a second time.
    CodeUsed,
    /// A recovery code is wrong, or was used before.
    WrongRecoveryCode,
    /// The webmail presents a session where sessions open nothing.
    SessionNotAllowedHere,
    /// The webmail presents no session where one should be, or its sign-in did not come to its end.
    SessionBroken,
    /// A wrong password, from an address that opened the account before.
    WrongPassword,
    /// The webmail's session has ended or expired.
    SessionOver,
    /// Wrong passwords, from addresses that never opened the account.
    Guesses,
    /// 2FA is on, and there are few recovery codes, or none.
    FewRecoveryCodes,
    /// An enrolment waits for its first code: 2FA is not on yet.
    EnrolmentPending,
    /// 2FA will be required, and is off.
    EnrolmentAhead,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::AccountDisabled,
        Self::EnrolmentRequired,
        Self::Paused,
        Self::AccountPasswordUsed,
        Self::CodeInMailApp,
        Self::RevokedAppPasswordUsed,
        Self::ExpiredAppPasswordUsed,
        Self::AppPasswordForOtherProtocols,
        Self::AppPasswordForOtherNetworks,
        Self::WrongAppPassword,
        Self::AppPasswordOutsideMailApps,
        Self::ProtocolUnknown,
        Self::CodeMissing,
        Self::WrongCode,
        Self::CodeUsed,
        Self::WrongRecoveryCode,
        Self::SessionNotAllowedHere,
        Self::SessionBroken,
        Self::WrongPassword,
        Self::SessionOver,
        Self::Guesses,
        Self::FewRecoveryCodes,
        Self::EnrolmentPending,
        Self::EnrolmentAhead,
    ];

    /// The stable name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountDisabled => "account_disabled",
            Self::EnrolmentRequired => "enrolment_required",
            Self::Paused => "paused",
            Self::AccountPasswordUsed => "account_password_used",
            Self::CodeInMailApp => "code_in_mail_app",
            Self::RevokedAppPasswordUsed => "revoked_app_password_used",
            Self::ExpiredAppPasswordUsed => "expired_app_password_used",
            Self::AppPasswordForOtherProtocols => "app_password_for_other_protocols",
            Self::AppPasswordForOtherNetworks => "app_password_for_other_networks",
            Self::WrongAppPassword => "wrong_app_password",
            Self::AppPasswordOutsideMailApps => "app_password_outside_mail_apps",
            Self::ProtocolUnknown => "protocol_unknown",
            Self::CodeMissing => "code_missing",
            Self::WrongCode => "wrong_code",
            Self::CodeUsed => "code_used",
            Self::WrongRecoveryCode => "wrong_recovery_code",
            Self::SessionNotAllowedHere => "session_not_allowed_here",
            Self::SessionBroken => "session_broken",
            Self::WrongPassword => "wrong_password",
            Self::SessionOver => "session_over",
            Self::Guesses => "guesses",
            Self::FewRecoveryCodes => "few_recovery_codes",
            Self::EnrolmentPending => "enrolment_pending",
            Self::EnrolmentAhead => "enrolment_ahead",
        }
    }

    /// What an entry of the activity list is a case of, if of anything.
    fn of(entry: &ActivityEntry) -> Option<Self> {
        let activity = &entry.activity;
        let reason = Reason::ALL.into_iter().find(|reason| reason.as_str() == activity.reason)?;
        Some(match reason {
            // With a code behind it nobody has looked whether the password was right.
            Reason::AppPasswordRequired if activity.method == Method::Password.as_str() => Self::AccountPasswordUsed,
            Reason::AppPasswordRequired => Self::CodeInMailApp,
            Reason::AppPasswordRevoked => Self::RevokedAppPasswordUsed,
            Reason::AppPasswordExpired => Self::ExpiredAppPasswordUsed,
            Reason::ProtocolNotAllowed => Self::AppPasswordForOtherProtocols,
            Reason::NetworkNotAllowed => Self::AppPasswordForOtherNetworks,
            Reason::WrongAppPassword => Self::WrongAppPassword,
            Reason::AppPasswordNotAllowedHere => Self::AppPasswordOutsideMailApps,
            Reason::ProtocolUnknown => Self::ProtocolUnknown,
            // In the panel that is the first half of a sign-in.
            Reason::CodeRequired if activity.mode == Mode::Webmail.as_str() => Self::CodeMissing,
            Reason::WrongCode => Self::WrongCode,
            Reason::CodeUsed => Self::CodeUsed,
            Reason::WrongRecoveryCode | Reason::RecoveryCodeUsed => Self::WrongRecoveryCode,
            Reason::SessionNotAllowedHere => Self::SessionNotAllowedHere,
            Reason::SessionMalformed | Reason::SessionUnconfirmed | Reason::SessionReused => Self::SessionBroken,
            Reason::SessionEnded | Reason::SessionExpired | Reason::SessionUnknown => Self::SessionOver,
            Reason::WrongPassword => Self::WrongPassword,
            // The account's state says these, and says them better.
            Reason::AccountDisabled | Reason::EnrolmentRequired | Reason::Throttled => return None,
            // Nothing to be done about, or not the account's.
            Reason::AccountChanged
            | Reason::CodeRequired
            | Reason::CredentialTooLong
            | Reason::EmptyCredential
            | Reason::InvalidName
            | Reason::NotAuthenticated
            | Reason::PasswordRefused
            | Reason::UnknownAccount => return None,
        })
    }
}

/// One thing that is the matter. What does not apply is empty or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The address, or for [`FindingKind::Paused`] the network, from which it comes.
    pub address: String,
    /// The protocol.
    pub protocol: String,
    /// The mode.
    pub mode: String,
    /// The id of the app password, or of the session.
    pub credential: String,
    /// What its owner calls the app password.
    pub name: Option<String>,
    /// First and last time.
    pub since: Option<i64>,
    /// Last time.
    pub last: Option<i64>,
    /// How often.
    pub count: u64,
    /// Until then, or from then on.
    pub until: Option<i64>,
    /// What the pause of [`FindingKind::Paused`] is about.
    pub paused: Option<CounterKind>,
    /// Addresses from which the [`FindingKind::Guesses`] came, or recovery codes that are left.
    pub number: Option<u32>,
}

impl Finding {
    /// Of this kind, with nothing more.
    pub fn new(kind: FindingKind) -> Self {
        Self {
            kind,
            address: String::new(),
            protocol: String::new(),
            mode: String::new(),
            credential: String::new(),
            name: None,
            since: None,
            last: None,
            count: 0,
            until: None,
            paused: None,
            number: None,
        }
    }
}

/// An account, as somebody would want it told who asks why it does not open.
pub struct Explanation {
    /// Its state.
    pub account: AccountSummary,
    /// Since when 2FA is on.
    pub two_factor_since: Option<i64>,
    /// What is the matter, most urgent first; nothing: all is well.
    pub findings: Vec<Finding>,
    /// The last attempt that was accepted.
    pub last_accepted: Option<ActivityEntry>,
    /// The app passwords, revoked ones included.
    pub app_passwords: Vec<AppPassword>,
}

impl Admin<'_> {
    /// What is the matter with an account.
    pub fn explain(&mut self, name: &AccountName, now: i64) -> Result<Explanation> {
        let account = self.account(name)?;
        let summary = self.summary(name, now)?;
        let app_passwords = self.store.app_passwords(account.uid)?;
        let entries = self.store.activity(Some(account.uid), ENTRIES)?;
        let mut findings = of_state(&summary, self.config.policy.two_factor_at(&summary.requirements, now));
        findings.extend(self.pauses(name, &entries, now)?);
        findings.extend(of_attempts(&entries, &app_passwords, now));
        // While 2FA is off, the account's own password is as good as any, unless the site says otherwise.
        let opens = !account.two_factor() && self.config.policy.client_primary_password;
        let about_2fa = |kind| matches!(kind, FindingKind::AccountPasswordUsed | FindingKind::CodeInMailApp);
        findings.retain(|finding| !(opens && about_2fa(finding.kind)));
        findings.sort_by_key(|finding| (finding.kind, finding.last.map(std::cmp::Reverse)));
        Ok(Explanation {
            two_factor_since: account.confirmed().filter_map(|authenticator| authenticator.confirmed_at).min(),
            account: summary,
            findings,
            last_accepted: entries.into_iter().find(is_accepted),
            app_passwords,
        })
    }

    /// The counters that refuse attempts now: the account's own, and those of the networks that it was tried from.
    fn pauses(&mut self, name: &AccountName, entries: &[ActivityEntry], now: i64) -> Result<Vec<Finding>> {
        let mut networks: BTreeMap<String, Option<IpAddr>> = BTreeMap::from([(String::new(), None)]);
        for entry in entries.iter().filter(|entry| !is_accepted(entry) && entry.last_at > now - RECENT) {
            if let Ok(address) = entry.activity.address.parse()
                && networks.len() < NETWORKS
            {
                networks.insert(throttle_network(address), Some(address));
            }
        }
        let mut found: Vec<Finding> = Vec::new();
        for (network, address) in networks {
            let keys = throttle_keys(self.keys, name, address);
            let mut counters = self.store.load(&Lookup { throttle: Some(&keys), ..Lookup::account(name) })?.counters;
            for kind in [CounterKind::Code, CounterKind::CodeHour, CounterKind::Password, CounterKind::Network] {
                let counter = *counters.of(kind);
                // That of the hour is the account's, whatever the network.
                let is_known = kind == CounterKind::CodeHour && !network.is_empty();
                if counter.refuses(now) && !is_known {
                    found.push(Finding {
                        address: network.clone(),
                        until: Some(counter.blocked_until),
                        since: Some(counter.since),
                        last: Some(counter.last_at),
                        count: counter.failures.into(),
                        paused: Some(kind),
                        ..Finding::new(FindingKind::Paused)
                    });
                }
            }
        }
        Ok(found)
    }
}

/// What the account's state says.
fn of_state(account: &AccountSummary, required: Requirement) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !account.enabled {
        findings.push(Finding::new(FindingKind::AccountDisabled));
    }
    match required {
        Requirement::Now if !account.two_factor => findings.push(Finding::new(FindingKind::EnrolmentRequired)),
        Requirement::From(time) if !account.two_factor => {
            findings.push(Finding { until: Some(time), ..Finding::new(FindingKind::EnrolmentAhead) });
        }
        Requirement::Now | Requirement::From(_) | Requirement::Never => {}
    }
    if account.two_factor && account.recovery_codes <= FEW_CODES {
        let number = Some(account.recovery_codes);
        findings.push(Finding { number, ..Finding::new(FindingKind::FewRecoveryCodes) });
    }
    if account.pending && !account.two_factor {
        findings.push(Finding::new(FindingKind::EnrolmentPending));
    }
    findings
}

/// What the last attempts say.
fn of_attempts(entries: &[ActivityEntry], app_passwords: &[AppPassword], now: i64) -> Vec<Finding> {
    let accepted: Vec<&ActivityEntry> = entries.iter().filter(|entry| is_accepted(entry)).collect();
    let familiar: BTreeSet<&str> = accepted.iter().map(|entry| entry.activity.address.as_str()).collect();
    let mut findings: BTreeMap<(FindingKind, &str, &str, &str, &str), Finding> = BTreeMap::new();
    let (mut guesses, mut guessers) = (Finding::new(FindingKind::Guesses), BTreeSet::new());
    for entry in entries {
        let Some(kind) = FindingKind::of(entry) else { continue };
        let recent = if kind == FindingKind::SessionOver { RECENT_SESSION } else { RECENT };
        if entry.last_at <= now - recent {
            continue;
        }
        let activity = &entry.activity;
        let address = activity.address.as_str();
        if kind == FindingKind::WrongPassword && !address.is_empty() && !familiar.contains(address) {
            guessers.insert(address);
            add(&mut guesses, entry);
            continue;
        }
        if is_settled(entry, kind, &accepted, now) {
            continue;
        }
        // A session is one of many, and so is a wrong app password of somebody who mistypes.
        let credential = match kind {
            FindingKind::SessionOver | FindingKind::SessionBroken | FindingKind::SessionNotAllowedHere => "",
            FindingKind::WrongRecoveryCode => "",
            _ => &activity.credential,
        };
        let key = (kind, address, activity.protocol.as_str(), activity.mode.as_str(), credential);
        let finding = findings.entry(key).or_insert_with(|| Finding {
            address: address.into(),
            protocol: activity.protocol.clone(),
            mode: activity.mode.clone(),
            credential: credential.into(),
            name: app_passwords.iter().find(|row| row.id.as_str() == credential).map(|row| row.name.clone()),
            ..Finding::new(kind)
        });
        add(finding, entry);
    }
    let mut findings: Vec<Finding> = findings.into_values().collect();
    if guesses.count > 0 {
        findings.push(Finding { number: Some(guessers.len() as u32), ..guesses });
    }
    findings
}

fn is_accepted(entry: &ActivityEntry) -> bool {
    entry.activity.event == "accepted"
}

/// Counts an entry in.
fn add(finding: &mut Finding, entry: &ActivityEntry) {
    finding.since = Some(finding.since.map_or(entry.first_at, |since| since.min(entry.first_at)));
    finding.last = Some(finding.last.map_or(entry.last_at, |last| last.max(entry.last_at)));
    finding.count += entry.count;
}

/// Whether what was refused has been set right since: something was accepted from the same place, as the documentation
/// of this file says.
fn is_settled(refused: &ActivityEntry, kind: FindingKind, accepted: &[&ActivityEntry], now: i64) -> bool {
    let (place, last) = (&refused.activity, refused.last_at);
    accepted.iter().any(|entry| {
        let activity = &entry.activity;
        let same = activity.mode == place.mode
            && activity.protocol == place.protocol
            // One who signs in to a webmail or a panel is the account's owner, wherever she sits.
            && (activity.address == place.address || place.mode != Mode::Client.as_str());
        let signed_in = kind != FindingKind::CodeMissing || activity.method != Method::Session.as_str();
        same && signed_in && entry.last_at >= last && (entry.first_at >= last || now - last > SIDE_BY_SIDE)
    })
}
