//! `mailkey user reset-2fa`: for somebody who has lost what she signed in with.

use clap::{ArgGroup, Args};
use mailkey::account::{AccountName, AppPassword, AppPasswordId};
use mailkey::config::EnrolmentRule;
use mailkey::credential::Secret;
use mailkey::credential::app_password::read_id;
use mailkey::store::{Reset, Revoke};
use serde_json::json;

use crate::clock::{expiry, local, now, rfc3339};
use crate::failure::{Exit, Failure, Outcome};
use crate::invite::{self, LIFETIME};
use crate::output::Output;
use crate::site::Site;
use crate::user::Address;

pub const AFTER_HELP: &str = "\
Its authenticators and recovery codes end, and the sessions of webmail and panel. What becomes of its app passwords you \
must say, if it has any: the lost device's (--revoke), all (--revoke-all), or none (--keep-all). What stays goes on to \
open mail.

The account must then turn 2FA on again in the panel, and until it has, its password opens nothing else, whatever mailkey \
require says. Whoever knows that password could do it in its owner's place: with --invite, an invitation that counts for \
seven days is made with the reset, as by mailkey user invite, and only who has it can. With --turn-off 2FA is simply off afterwards. What a mail app has open stays open until it signs in again; \
doveadm kick ends that.

JSON OUTPUT
  {\"account\", \"revoked\": [ID...], \"kept\": [ID...], \"enrol_again\",
   \"invitation\", \"invitation_expires_at\"}
  enrol_again: whether 2FA must be turned on again
  invitation: with --invite, the code; else null

EXAMPLES
  mailkey user reset-2fa alice@example.org --revoke k7m2 --invite
  mailkey user reset-2fa alice@example.org --keep-all
  mailkey user reset-2fa alice@example.org --revoke-all --turn-off";

#[derive(Args)]
#[command(group = ArgGroup::new("answer").args(["revoke", "revoke_all", "keep_all"]).multiple(false))]
pub struct ResetTwoFactor {
    #[command(flatten)]
    account: Address,
    /// Revoke this app password; again for another one.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    revoke: Vec<String>,
    /// Revoke all its app passwords.
    #[arg(long)]
    revoke_all: bool,
    /// Keep all its app passwords.
    #[arg(long)]
    keep_all: bool,
    /// Do not ask it to turn 2FA on again.
    #[arg(long)]
    turn_off: bool,
    /// Let it be turned on again with an invitation only, and make one.
    #[arg(long, conflicts_with = "turn_off")]
    invite: bool,
}

impl ResetTwoFactor {
    /// Carries the verb out.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let name = site.name(&self.account.address)?;
        let now = now();
        let mut in_force = site.admin().app_passwords(&name)?;
        in_force.retain(|row| row.revoked_at.is_none() && row.expires_at.is_none_or(|expiry| expiry > now));
        let mut ids = Vec::with_capacity(self.revoke.len());
        for text in &self.revoke {
            let id = read_id(text).ok_or_else(|| {
                Failure::usage(format_args!("{text:?} is no app password's id"), format_args!("--revoke k7m2"))
            })?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let revoke = match (self.revoke_all, ids.is_empty()) {
            (true, _) => Revoke::All,
            (false, false) => Revoke::These(&ids),
            (false, true) if self.keep_all || in_force.is_empty() => Revoke::Nothing,
            (false, true) => return Err(unanswered(&name, &in_force)),
        };
        let reset = Reset { revoke, enrol_again: !self.turn_off, invitation: None };
        let expires_at = expiry(LIFETIME, now)?;
        let (revoked, invitation) = if self.invite {
            let (revoked, code) = site.admin().reset_and_invite(&name, &reset, expires_at, now)?;
            (revoked, Some(code))
        } else {
            (site.admin().reset_two_factor(&name, &reset, now)?, None)
        };
        let kept: Vec<&AppPassword> = in_force.iter().filter(|row| !revoked.contains(&row.id)).collect();
        if output.is_json() {
            output.json(&json!({
                "account": name.as_str(),
                "revoked": revoked.iter().map(AppPasswordId::as_str).collect::<Vec<_>>(),
                "kept": kept.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
                "enrol_again": reset.enrol_again,
                "invitation": invitation.as_ref().and_then(Secret::as_str),
                "invitation_expires_at": invitation.as_ref().and_then(|_| rfc3339(expires_at)),
            }))?;
            return Ok(Exit::Done);
        }
        output.line(format_args!("2FA of {name} is reset; its sessions have ended"))?;
        revoked.iter().try_for_each(|id| output.line(format_args!("revoked {id} of {name}")))?;
        kept.iter().try_for_each(|row| output.line(format_args!("{} goes on to open: {}", row.id, row.name)))?;
        if reset.enrol_again {
            output.line("its password opens the panel only, until 2FA is on there again")?;
            match &invitation {
                Some(code) => invite::show(site, output, &name, code, expires_at)?,
                None => output.line(next(site, &name, now)?)?,
            }
        } else {
            output.line("2FA is off, and its password opens what the configuration says")?;
        }
        Ok(Exit::Done)
    }
}

/// Who can turn it on again, and how that is seen to.
fn next(site: &mut Site, name: &AccountName, now: i64) -> Result<String, Failure> {
    let invited = site.admin().invitation(name)?.filter(|invitation| invitation.is_open(now));
    Ok(match (invited, site.config.enrolment) {
        (Some(made), _) => format!("it was invited before, until {}: that invitation counts", local(made.expires_at)),
        (None, EnrolmentRule::Invited) => {
            format!("next: mailkey user invite {name} (here 2FA is turned on with an invitation only)")
        }
        (None, EnrolmentRule::Free) => {
            format!("next: mailkey user invite {name}, or whoever knows its password can turn 2FA on")
        }
    })
}

/// There are app passwords, and nothing was said about them.
fn unanswered(name: &AccountName, in_force: &[AppPassword]) -> Failure {
    let rows: Vec<String> = in_force
        .iter()
        .map(|row| {
            let used =
                row.last_use.as_ref().map_or("never used".into(), |used| format!("last used {}", local(used.at)));
            format!("  {}  {} ({used})", row.id, row.name)
        })
        .collect();
    let what = format!("{name} has app passwords, and you must say what becomes of them:\n{}", rows.join("\n"));
    Failure::usage(
        what,
        format_args!(
            "--revoke {} (of the lost device; more than one: --revoke ID,ID), --revoke-all, or --keep-all",
            in_force.first().map_or("ID", |row| row.id.as_str())
        ),
    )
}
