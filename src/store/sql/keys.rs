//! Which records stand on which key, and moving sealed secrets to another one.

use super::super::{KeyUse, Reseal, SealedAt};
use super::database::{Database, all, change, each, named_params};
use super::decode;
use super::error::{Failure, Outcome};
use crate::account::{AccountName, Sealed};
use crate::credential::hash;

/// See [`super::super::Store::key_use`].
pub(super) fn key_use(db: &dyn Database) -> Outcome<KeyUse> {
    let mut found = KeyUse::default();
    let secrets = "SELECT key, count(*) FROM authenticator GROUP BY key";
    for (key, count) in all(db, secrets, (), |row| Ok((row.get::<u32>(0)?, row.get::<i64>(1)?)))? {
        found.of(key).totp_secrets = count.unsigned_abs();
    }
    // Row by row, not in a list: there may be millions.
    let mut count_each = |sql: &'static str, field: &'static str, count: &dyn Fn(&mut KeyUse, Option<u32>)| {
        each(db, sql, (), |row| {
            let stored: &str = row.get(0)?;
            count(&mut found, hash::key_of(stored).map_err(|_| Failure::Value(field))?);
            Ok(())
        })
    };
    count_each(
        "SELECT password FROM account WHERE password IS NOT NULL",
        "account.password",
        &|found, key| match key {
            Some(key) => found.of(key).passwords += 1,
            None => found.foreign_passwords += 1,
        },
    )?;
    count_each("SELECT hash FROM app_password", "app_password.hash", &|found, key| {
        key.into_iter().for_each(|key| found.of(key).app_passwords += 1);
    })?;
    count_each("SELECT hash FROM recovery_code", "recovery_code.hash", &|found, key| {
        key.into_iter().for_each(|key| found.of(key).recovery_codes += 1);
    })?;
    Ok(found)
}

/// See [`super::super::Store::sealed_with_other_keys`].
pub(super) fn sealed_with_other_keys(
    db: &dyn Database,
    key: u32,
    after: Option<(i64, i64)>,
    limit: u32,
) -> Outcome<Vec<SealedAt>> {
    let (account, number) = after.unwrap_or((0, 0));
    all(
        db,
        "SELECT authenticator.account, number, uid, account.name, key, sealed
         FROM authenticator JOIN account ON account.id = authenticator.account
         WHERE key <> :key AND (authenticator.account, number) > (:account, :number)
         ORDER BY authenticator.account, number LIMIT :limit",
        named_params! { ":key": key, ":account": account, ":number": number, ":limit": limit },
        |row| {
            Ok(SealedAt {
                place: (row.get(0)?, row.get(1)?),
                account: decode::uid(row, 2)?,
                name: AccountName::from_store(row.get(3)?),
                sealed: Sealed { key: row.get(4)?, bytes: row.get(5)? },
            })
        },
    )
}

/// See [`super::super::Store::reseal`].
pub(super) fn reseal(db: &dyn Database, secrets: &[Reseal]) -> Outcome<usize> {
    let mut resealed = 0;
    for Reseal { account, number, old, new } in secrets {
        resealed += change(
            db,
            "UPDATE authenticator SET key = :new_key, sealed = :new
             WHERE account = (SELECT id FROM account WHERE uid = :uid) AND number = :number
               AND key = :old_key AND sealed = :old",
            named_params! {
                ":uid": account.0,
                ":number": number,
                ":old_key": old.key,
                ":old": old.bytes,
                ":new_key": new.key,
                ":new": new.bytes,
            },
        )?;
    }
    Ok(resealed)
}

/// See [`super::super::Store::remove_key_check`].
pub(super) fn remove_key_check(db: &dyn Database, number: u32) -> Outcome<bool> {
    Ok(change(db, "DELETE FROM key_check WHERE number = ?1", [number])? == 1)
}
