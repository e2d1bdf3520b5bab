//! The login path: reading what an attempt needs, and claiming what may be used once.

use super::super::{Claim, Claimable, Claimed, HashOf, Holder, Loaded, Lookup};
use super::database::{Database, Row, all, change, named_params, one};
use super::decode::{self, app_password_columns, authenticator_columns, recovery_code_columns};
use super::error::Outcome;
use super::requirement;
use super::session::{self, Owner};
use super::throttle;
use crate::account::{Account, AccountName, AccountUid, Requirements};

/// See [`super::super::Store::load`].
pub(super) fn load(db: &dyn Database, lookup: &Lookup<'_>) -> Outcome<Loaded> {
    let mut loaded = Loaded::default();
    let mut owner = Owner::Name(lookup.name);
    if let Some((id, account, requirements)) = account(db, lookup.name)? {
        loaded.requirements = requirements;
        if let Some(presented) = lookup.app_password {
            loaded.app_password = one(
                db,
                concat!("SELECT ", app_password_columns!(), " FROM app_password WHERE account = ?1 AND id = ?2"),
                (id, presented.as_str()),
                decode::app_password,
            )?;
        }
        if let Some(presented) = lookup.recovery_code {
            loaded.recovery_code = one(
                db,
                concat!("SELECT ", recovery_code_columns!(), " FROM recovery_code WHERE account = ?1 AND code = ?2"),
                (id, presented.as_str()),
                decode::recovery_code,
            )?;
        }
        loaded.account = Some(account);
        owner = Owner::Account(id);
    }
    loaded.requirements.domain = requirement::of_domain(db, lookup.name.domain())?;
    if let Some(presented) = lookup.session {
        loaded.session = session::find(db, presented, owner)?;
    }
    if let Some(keys) = lookup.throttle {
        loaded.counters = throttle::counters(db, keys)?;
    }
    Ok(loaded)
}

/// The account `name` with its authenticators, its key in the other tables, and what is set for it alone.
fn account(db: &dyn Database, name: &AccountName) -> Outcome<Option<(i64, Account, Requirements)>> {
    let found = one(
        db,
        "SELECT id, uid, enabled, version, password, created_at, require_2fa, enrol_again FROM account WHERE name = ?1",
        [name.as_str()],
        |row| account_of(row, name),
    )?;
    let Some((id, mut account, requirements)) = found else { return Ok(None) };
    account.authenticators = all(
        db,
        concat!("SELECT ", authenticator_columns!(), " FROM authenticator WHERE account = ?1 ORDER BY number"),
        [id],
        decode::authenticator,
    )?;
    Ok(Some((id, account, requirements)))
}

/// Decodes `id, uid, enabled, version, password, created_at, require_2fa, enrol_again` of the account `name`.
pub(super) fn account_of(row: &Row<'_>, name: &AccountName) -> Outcome<(i64, Account, Requirements)> {
    let account = Account {
        uid: decode::uid(row, 1)?,
        name: name.clone(),
        enabled: decode::flag(row, 2, "account.enabled")?,
        version: row.get(3)?,
        password: row.get(4)?,
        created_at: row.get(5)?,
        authenticators: Vec::new(),
    };
    Ok((row.get(0)?, account, requirement::of_account(row, 6)?))
}

/// See [`super::super::Store::claim`].
pub(super) fn claim(db: &dyn Database, claim: &Claim<'_>) -> Outcome<Claimed> {
    let Some(owner) = unchanged(db, claim.holder)? else { return Ok(Claimed::Changed) };
    // Before the code is looked at: the same opening again finds its session, and not a used code.
    if let Some(new) = claim.session
        && session::is_known(db, new)?
    {
        return Ok(Claimed::SessionSeen);
    }
    if let Some(what) = claim.what {
        if throttle::codes_blocked(db, claim.throttle, claim.now)? {
            return Ok(Claimed::Blocked);
        }
        if !take(db, owner, what, claim.now)? {
            return Ok(Claimed::Used);
        }
        throttle::forgive_network(db, claim.throttle)?;
    }
    if let Some(new) = claim.session {
        session::open(db, new, owner, claim.now)?;
    }
    Ok(Claimed::Yes)
}

/// Whose the claim is, if that is still as it was when it was decided.
fn unchanged<'a>(db: &dyn Database, holder: Holder<'a>) -> Outcome<Option<Owner<'a>>> {
    match holder {
        Holder::Account { uid, version } => {
            let sql = "SELECT id, enabled FROM account WHERE uid = ?1 AND version = ?2";
            let found: Option<(i64, bool)> =
                one(db, sql, (uid.0, version), |row| Ok((row.get(0)?, decode::flag(row, 1, "account.enabled")?)))?;
            Ok(found.filter(|(_, enabled)| *enabled).map(|(account, _)| Owner::Account(account)))
        }
        Holder::NoRecord(name) => {
            let record = one(db, "SELECT 1 FROM account WHERE name = ?1", [name.as_str()], |_| Ok(()))?;
            Ok(record.is_none().then_some(Owner::Name(name)))
        }
    }
}

/// Takes what may be used once; false when it was taken before.
fn take(db: &dyn Database, owner: Owner<'_>, what: Claimable, now: i64) -> Outcome<bool> {
    let Owner::Account(account) = owner else { return Ok(false) };
    let changed = match what {
        Claimable::TotpStep { authenticator, step } => change(
            db,
            "UPDATE authenticator SET last_step = :step
             WHERE account = :account AND number = :number AND confirmed_at IS NOT NULL AND last_step < :step",
            named_params! { ":account": account, ":number": authenticator, ":step": step },
        )?,
        Claimable::RecoveryCode(code) => change(
            db,
            "UPDATE recovery_code SET used_at = :now WHERE account = :account AND code = :code AND used_at IS NULL",
            named_params! { ":account": account, ":code": code.as_str(), ":now": now },
        )?,
    };
    Ok(changed == 1)
}

/// See [`super::super::Store::rehash`].
pub(super) fn rehash(db: &dyn Database, account: AccountUid, of: HashOf, old: &str, new: &str) -> Outcome<bool> {
    let changed = match of {
        HashOf::Password => change(
            db,
            "UPDATE account SET password = :new WHERE uid = :uid AND password = :old",
            named_params! { ":uid": account.0, ":old": old, ":new": new },
        )?,
        HashOf::AppPassword(id) => change(
            db,
            "UPDATE app_password SET hash = :new
             WHERE account = (SELECT id FROM account WHERE uid = :uid) AND id = :id AND hash = :old",
            named_params! { ":uid": account.0, ":id": id.as_str(), ":old": old, ":new": new },
        )?,
    };
    Ok(changed == 1)
}
