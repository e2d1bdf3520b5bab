//! Accounts that come from elsewhere, many at a time.
//!
//! Whoever reads a foreign file makes [`Candidate`]s of it. [`Admin::examine`] says of each what would be made of it, or
//! why nothing can be; nothing is written by then, and nothing is but by [`Admin::make_all`]: all of the plan in one
//! transaction, or nothing. What takes long (hashing what came as plain text) is done before the store is touched.

use std::collections::HashMap;

use super::app_passwords::check_name;
use super::{Admin, AdminError, Event, Result};
use crate::account::{AccountName, AccountUid, TotpForm};
use crate::credential::foreign::Foreign;
use crate::credential::hash::{self, HashError, HeapMemory, Owner};
use crate::credential::{Secret, password, random, totp};
use crate::recipients::Recipients;
use crate::store::{Activity, BulkAuthenticator, BulkChange, BulkTarget, Lookup, Together};

/// Shortest and longest TOTP secret that is taken, in bytes. RFC 4226 section 4 asks for 16; google-authenticator's were
/// 10 for years.
const TOTP_SECRET_BYTES: std::ops::RangeInclusive<usize> = 10..=128;

/// Lengths of a time step that are taken, in seconds: those that the configuration knows.
const PERIODS: std::ops::RangeInclusive<u32> = 15..=120;

/// Where something stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
}

/// A primary password that comes along.
pub enum ImportPassword {
    /// None: another PAM module keeps it.
    None,
    /// As another program has hashed it.
    Hashed(Foreign),
    /// As it is typed; it is hashed here.
    Plain(Secret),
}

/// An authenticator that comes along.
pub struct ImportTotp {
    /// The raw secret.
    pub secret: Secret,
    /// How it makes codes.
    pub form: TotpForm,
    /// What its owner calls it.
    pub label: String,
    /// The last time step that was used where it was kept, if that is known.
    pub last_step: Option<i64>,
}

/// What was read about one account.
pub struct Candidate {
    /// Where.
    pub source: Source,
    /// The name as it stood there.
    pub name: String,
    /// Its primary password.
    pub password: ImportPassword,
    /// Whether anything is to open it.
    pub enabled: bool,
    /// Its authenticator.
    pub totp: Option<ImportTotp>,
    /// What stood there, too, and does not come along: for people.
    pub left_out: Vec<String>,
    /// Whether it is about an account and not only about its authenticator.
    pub is_account: bool,
}

/// What stood there and is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Where.
    pub source: Source,
    /// The name as it stood there; empty where there was none.
    pub name: String,
    /// Why, and what to do.
    pub reason: String,
}

/// Something that can be made.
pub struct Planned {
    /// What was read.
    pub candidate: Candidate,
    /// Its normalised name.
    pub name: AccountName,
    /// The account that is there and gets the authenticator, and its version; none: the account is made.
    pub there: Option<(AccountUid, i64)>,
}

/// What would be made, and what not.
#[derive(Default)]
pub struct Plan {
    /// In the order in which it was read.
    pub planned: Vec<Planned>,
    /// In that order, too.
    pub rejected: Vec<Rejected>,
}

/// How names without a record are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An authenticator needs an account that is there.
    Reject,
    /// An account without a password is made for it.
    Create,
}

impl Admin<'_> {
    /// Says of each candidate what would be made of it. `progress` hears after each how many were looked at.
    pub fn examine(
        &mut self,
        candidates: Vec<Candidate>,
        missing: Missing,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Plan> {
        let mut plan = Plan::default();
        let mut lines: HashMap<AccountName, Source> = HashMap::with_capacity(candidates.len());
        for (at, candidate) in candidates.into_iter().enumerate() {
            match self.look_at(&candidate, missing, &lines)? {
                Ok((name, there)) => {
                    lines.insert(name.clone(), candidate.source.clone());
                    plan.planned.push(Planned { candidate, name, there });
                }
                Err(reason) => {
                    plan.rejected.push(Rejected { source: candidate.source, name: candidate.name, reason });
                }
            }
            progress(at + 1);
        }
        Ok(plan)
    }

    #[allow(clippy::type_complexity, reason = "the answer, or why there is none")]
    fn look_at(
        &mut self,
        candidate: &Candidate,
        missing: Missing,
        lines: &HashMap<AccountName, Source>,
    ) -> Result<std::result::Result<(AccountName, Option<(AccountUid, i64)>), String>> {
        let name = match AccountName::parse(candidate.name.as_bytes(), &self.config.names) {
            Ok(name) => name,
            Err(error) => return Ok(Err(error.to_string())),
        };
        if let Some(first) = lines.get(&name) {
            return Ok(Err(format!("the account stands in line {} of {} already", first.line, first.file)));
        }
        if let ImportPassword::Plain(new) = &candidate.password
            && let Err(error) = password::check_new(new, &name, self.config.password_min_length)
        {
            return Ok(Err(error.to_string()));
        }
        if let Some(Err(reason)) = candidate.totp.as_ref().map(check_totp) {
            return Ok(Err(reason));
        }
        let there = match self.store.load(&Lookup::account(&name))?.account {
            Some(_) if candidate.is_account => return Ok(Err("the account exists already".into())),
            Some(account) if account.two_factor() => return Ok(Err("2FA is on already".into())),
            Some(account) => Some((account.uid, account.version)),
            None if !candidate.is_account && missing == Missing::Reject => {
                return Ok(Err(
                    "there is no such account: create it first, or use --create where another PAM module keeps the \
                     passwords"
                        .into(),
                ));
            }
            None => None,
        };
        Ok(Ok((name, there)))
    }

    /// Makes everything that is planned, or nothing. `progress` hears how many passwords were hashed, which takes by far
    /// the longest.
    pub fn make_all(&mut self, planned: Vec<Planned>, now: i64, progress: &mut dyn FnMut(usize)) -> Result<usize> {
        let uids = planned
            .iter()
            .map(|planned| planned.there.map_or_else(|| random().map(AccountUid), |(uid, _)| Ok(uid)))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        let hashed = self.hash_plain(&planned, &uids, progress)?;
        let mut changes = Vec::with_capacity(planned.len());
        let mut names = Vec::with_capacity(planned.len());
        for ((planned, uid), plain) in planned.into_iter().zip(uids).zip(hashed) {
            names.push(planned.name.clone());
            changes.push(self.change(planned, uid, plain, now)?);
        }
        match self.store.make_together(&changes, self.config.kept_activity(now), now)? {
            Together::Done => {}
            Together::Nothing(at) => {
                let name = names.swap_remove(at);
                return Err(AdminError::Unavailable(format!(
                    "{name} was changed meanwhile: nothing was made; try again"
                )));
            }
        }
        self.tell_recipients_of_all(names.len())?;
        Ok(names.len())
    }

    /// The change of one account.
    fn change(&self, planned: Planned, uid: AccountUid, plain: Option<String>, now: i64) -> Result<BulkChange> {
        let Planned { candidate, name, there } = planned;
        let mut activities = Vec::new();
        if there.is_none() {
            activities.push(self.activity_of(Event::AccountCreated, ""));
        }
        let authenticator = match candidate.totp {
            None => None,
            Some(totp) => {
                activities.push(self.activity_of(Event::TwoFactorOn, ""));
                let sealed = totp::seal(self.keys, uid, &totp.secret)?;
                // What was shown where it comes from may have been seen there. A step that lies ahead would open nothing for
                // as long as that.
                let current = totp::step_at(totp.form, now);
                let last_step = totp.last_step.unwrap_or(0).clamp(current, current.saturating_add(1));
                Some(BulkAuthenticator { name: totp.label, sealed, form: totp.form, last_step })
            }
        };
        let password = match candidate.password {
            ImportPassword::None => None,
            ImportPassword::Hashed(foreign) => Some(foreign.stored()),
            ImportPassword::Plain(_) => plain,
        };
        let target = match there {
            Some((uid, version)) => BulkTarget::There { uid, version },
            None => BulkTarget::New { uid, name, password, enabled: candidate.enabled },
        };
        Ok(BulkChange { target, authenticator, app_passwords: Vec::new(), invitation: None, activities })
    }

    /// Hashes what came as plain text, on all processors; none for what did not.
    fn hash_plain(
        &self,
        planned: &[Planned],
        uids: &[AccountUid],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Vec<Option<String>>> {
        let work: Vec<_> = planned
            .iter()
            .zip(uids)
            .map(|(planned, uid)| match &planned.candidate.password {
                ImportPassword::Plain(secret) => Some((Owner::Password(*uid), secret)),
                ImportPassword::None | ImportPassword::Hashed(_) => None,
            })
            .collect();
        let profile = self.config.policy.password_profile;
        let hash = |memory: &mut HeapMemory, (owner, secret): (Owner, &Secret)| {
            hash::create(memory, self.keys, profile, owner, secret)
        };
        Ok(on_all_processors(&work, &hash, progress)?)
    }

    /// A line of the activity list, by this Admin.
    pub(super) fn activity_of(&self, event: Event, credential: &str) -> Activity {
        Activity {
            event: event.as_str().into(),
            mode: self.via.as_str().into(),
            address: self.address(),
            credential: credential.into(),
            ..Activity::default()
        }
    }

    fn tell_recipients_of_all(&mut self, made: usize) -> Result<()> {
        let Some(path) = &self.config.recipients else { return Ok(()) };
        let mut follow = || Recipients::open(path, self.config.busy_timeout)?.bring_into_step(self.store);
        match follow() {
            Ok(_) => Ok(()),
            Err(why) => Err(AdminError::RecipientsBehind { done: format!("{made} accounts were imported"), why }),
        }
    }
}

fn check_totp(totp: &ImportTotp) -> std::result::Result<(), String> {
    if !TOTP_SECRET_BYTES.contains(&totp.secret.as_bytes().len()) {
        return Err(format!(
            "the TOTP secret has {} bytes, and 10 to 128 are taken: enrol anew",
            totp.secret.as_bytes().len()
        ));
    }
    if !matches!(totp.form.digits, 6 | 8) {
        return Err(format!("codes of {} digits are not taken, only of 6 or 8: enrol anew", totp.form.digits));
    }
    if !PERIODS.contains(&totp.form.period) {
        return Err(format!("a time step of {} s is not taken, only of 15 to 120: enrol anew", totp.form.period));
    }
    check_name(&totp.label).map(drop).map_err(|error| error.to_string())
}

/// Work for one processor before the others are waited for.
const SHARE: usize = 64;

/// Hashes what is to be hashed, in as many threads as there are processors. `progress` hears how much is done.
pub(super) fn on_all_processors<T: Sync + Copy>(
    work: &[Option<T>],
    hash: &(dyn Fn(&mut HeapMemory, T) -> std::result::Result<String, HashError> + Sync),
    progress: &mut dyn FnMut(usize),
) -> std::result::Result<Vec<Option<String>>, HashError> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut memories: Vec<HeapMemory> = (0..processors).map(|_| HeapMemory::default()).collect();
    let mut hashed = Vec::with_capacity(work.len());
    let mut done = 0;
    for round in work.chunks(SHARE * processors) {
        let each = round.len().div_ceil(processors).max(1);
        let shares = std::thread::scope(|scope| {
            let started: Vec<_> = round
                .chunks(each)
                .zip(&mut memories)
                .map(|(share, memory)| {
                    scope.spawn(move || {
                        let mut one = |item: &Option<T>| item.map(|item| hash(memory, item)).transpose();
                        share.iter().map(&mut one).collect::<std::result::Result<Vec<_>, _>>()
                    })
                })
                .collect();
            // A thread that panicked has hashed nothing.
            started.into_iter().map(|thread| thread.join().unwrap_or(Err(HashError::Memory))).collect::<Vec<_>>()
        });
        for share in shares {
            hashed.extend(share?);
        }
        done += round.iter().filter(|item| item.is_some()).count();
        progress(done);
    }
    Ok(hashed)
}
