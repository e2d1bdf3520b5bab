//! Whose own passwords open no mail any more, and so whose connections should end.

use super::super::{Among, Refusal};
use super::database::{Database, Value, change, named_params, one};
use super::error::Outcome;
use crate::account::Requirement;

/// The accounts that are refused. What is required of one is what [`crate::auth::Policy::two_factor_at`] says; a webmail's
/// session stands on the password alone where 2FA is off.
macro_rules! refused {
    () => {
        "WITH required AS (
             SELECT account.id, account.name,
                 CASE WHEN enrol_again = 1 THEN 0
                      WHEN :account IS NOT NULL THEN :required
                      ELSE coalesce(account.require_2fa, CASE WHEN :domain IS NULL THEN domain.require_2fa END, :required)
                 END AS since
             FROM account LEFT JOIN domain ON domain.name = substr(account.name, instr(account.name, '@') + 1)
                 AND instr(account.name, '@') > 0
             WHERE enabled = 1
                 AND (:account IS NULL OR account.uid = :account)
                 AND (:domain IS NULL OR substr(account.name, instr(account.name, '@')) = '@' || :domain)
                 AND NOT EXISTS (SELECT 1 FROM authenticator
                                 WHERE account = account.id AND confirmed_at IS NOT NULL)),
         refused AS (
             SELECT name FROM required
             WHERE (:after IS NULL OR since > :after)
                 AND (since BETWEEN 0 AND :now OR (:client_closed = 1 AND :after IS NULL))
                 AND (:lately IS NULL OR EXISTS (
                     SELECT 1 FROM activity
                     WHERE account = required.id AND last_at >= :lately AND event = 'accepted'
                         AND ((mode = 'client' AND method = 'password')
                              OR (mode = 'webmail' AND method IN ('password', 'session')
                                  AND since BETWEEN 0 AND :now))))) "
    };
}

/// What [`refused`] is asked with.
fn with<T>(refusal: &Refusal<'_>, work: impl FnOnce(&[(&'static str, Value<'_>)]) -> Outcome<T>) -> Outcome<T> {
    let (account, domain) = match refusal.among {
        Among::All => (None, None),
        Among::Domain(domain) => (None, Some(domain.as_str())),
        Among::Account(uid) => (Some(uid.0), None),
    };
    work(named_params! {
        ":account": account,
        ":domain": domain,
        ":required": refusal.required.stored(),
        ":after": refusal.after,
        ":now": refusal.now,
        ":client_closed": !refusal.client_primary_password,
        ":lately": refusal.since,
    })
}

/// See [`super::super::Store::refused`].
pub(super) fn count(db: &dyn Database, refusal: &Refusal<'_>) -> Outcome<u64> {
    let found: Option<i64> = with(refusal, |parameters| {
        one(db, concat!(refused!(), "SELECT count(*) FROM refused"), parameters, |row| row.get(0))
    })?;
    Ok(found.unwrap_or_default().unsigned_abs())
}

/// Queues them for the hook, behind those of whom something is revoked: they may be many. Returns how many.
pub(super) fn queue(db: &dyn Database, refusal: &Refusal<'_>) -> Outcome<u64> {
    let queued = with(refusal, |parameters| {
        change(
            db,
            concat!(
                refused!(),
                "INSERT INTO revocation (name, next_try) SELECT name, 1 FROM refused WHERE true ORDER BY name
                 ON CONFLICT (name) DO UPDATE SET times = revocation.times + 1,
                     next_try = CASE WHEN revocation.next_try < 1 THEN revocation.next_try ELSE 1 END"
            ),
            parameters,
        )
    })?;
    Ok(queued as u64)
}

/// False where no date has come since [`Refusal::after`], so that nobody can be refused by one.
pub(super) fn may_be_any(db: &dyn Database, refusal: &Refusal<'_>) -> Outcome<bool> {
    let Some(after) = refusal.after else { return Ok(true) };
    let came = |time: i64| time > after && time <= refusal.now;
    if matches!(refusal.required, Requirement::From(time) if came(time)) {
        return Ok(true);
    }
    let set = "SELECT EXISTS (SELECT 1 FROM domain WHERE require_2fa > ?1 AND require_2fa <= ?2)
                   OR EXISTS (SELECT 1 FROM account WHERE require_2fa IS NOT NULL
                                  AND require_2fa > ?1 AND require_2fa <= ?2)";
    Ok(one(db, set, (after, refusal.now), |row| row.get(0))?.unwrap_or_default())
}
