//! From rows to records. A value that mailkey would not have written is an error, never a default: a network list that
//! cannot be read must not become "from everywhere".

use ipnet::IpNet;

use super::super::Counter;
use super::database::Row;
use super::error::{Failure, Outcome};
use crate::account::{
    AccountUid, AppPassword, AppPasswordId, Authenticator, LastUse, Protocols, RecoveryCode, RecoveryIndex, Sealed,
    TotpAlgorithm, TotpForm,
};

/// Columns of an app password, in the order of [`app_password`].
macro_rules! app_password_columns {
    () => {
        "id, name, hash, protocols, networks, created_at, expires_at, revoked_at, used_at, used_from, used_protocol"
    };
}
pub(super) use app_password_columns;

/// Decodes [`app_password_columns`].
pub(super) fn app_password(row: &Row<'_>) -> Outcome<AppPassword> {
    let used_at: Option<i64> = row.get(8)?;
    Ok(AppPassword {
        id: app_password_id(row, 0)?,
        name: row.get(1)?,
        hash: row.get(2)?,
        protocols: protocols(row.get(3)?)?,
        networks: networks(row.get(4).map_err(|_| BAD_NETWORKS)?)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
        revoked_at: row.get(7)?,
        last_use: match used_at {
            Some(at) => Some(LastUse { at, from: row.get(9)?, protocol: row.get(10)? }),
            None => None,
        },
    })
}

/// Decodes the id of an app password in column `column`.
pub(super) fn app_password_id(row: &Row<'_>, column: usize) -> Outcome<AppPasswordId> {
    Ok(AppPasswordId(symbols(row, column).ok_or(Failure::Value("app_password.id"))?))
}

const BAD_NETWORKS: Failure = Failure::Value("app_password.networks");

/// The stored form of a list of networks; none for an empty list.
pub(super) fn networks_text(networks: &[IpNet]) -> Option<String> {
    let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
    (!networks.is_empty()).then(|| networks.join(","))
}

fn networks(text: Option<&str>) -> Outcome<Vec<IpNet>> {
    let Some(text) = text else { return Ok(Vec::new()) };
    text.split(',').map(|network| network.parse().map_err(|_| BAD_NETWORKS)).collect()
}

fn protocols(bits: i64) -> Outcome<Protocols> {
    u8::try_from(bits)
        .ok()
        .map(Protocols::from_bits)
        .filter(|protocols| i64::from(protocols.bits()) == bits && !protocols.is_empty())
        .ok_or(Failure::Value("app_password.protocols"))
}

/// Columns of a recovery code, in the order of [`recovery_code`].
macro_rules! recovery_code_columns {
    () => {
        "code, hash, used_at"
    };
}
pub(super) use recovery_code_columns;

/// Decodes [`recovery_code_columns`].
pub(super) fn recovery_code(row: &Row<'_>) -> Outcome<RecoveryCode> {
    Ok(RecoveryCode {
        index: RecoveryIndex(symbols(row, 0).ok_or(Failure::Value("recovery_code.code"))?),
        hash: row.get(1)?,
        used_at: row.get(2)?,
    })
}

/// Columns of an authenticator, in the order of [`authenticator`].
macro_rules! authenticator_columns {
    () => {
        "number, name, key, sealed, algorithm, digits, period, created_at, confirmed_at, last_step"
    };
}
pub(super) use authenticator_columns;

/// Decodes [`authenticator_columns`].
pub(super) fn authenticator(row: &Row<'_>) -> Outcome<Authenticator> {
    let algorithm = row.get(4).ok().and_then(TotpAlgorithm::parse);
    let digits: u8 = row.get(5)?;
    let period: u32 = row.get(6)?;
    if !matches!(digits, 6 | 8) {
        return Err(Failure::Value("authenticator.digits"));
    }
    if period == 0 {
        return Err(Failure::Value("authenticator.period"));
    }
    Ok(Authenticator {
        id: row.get(0)?,
        name: row.get(1)?,
        sealed: Sealed { key: row.get(2)?, bytes: row.get(3)? },
        form: TotpForm { algorithm: algorithm.ok_or(Failure::Value("authenticator.algorithm"))?, digits, period },
        created_at: row.get(7)?,
        confirmed_at: row.get(8)?,
        last_step: row.get(9)?,
    })
}

/// Decodes `failures, since, last_at, blocked_until` at the start of `row`.
pub(super) fn counter(row: &Row<'_>) -> Outcome<Counter> {
    Ok(Counter { failures: row.get(0)?, since: row.get(1)?, last_at: row.get(2)?, blocked_until: row.get(3)? })
}

/// Decodes an account's identity in column `column`.
pub(super) fn uid(row: &Row<'_>, column: usize) -> Outcome<AccountUid> {
    row.get(column).map(AccountUid).map_err(|_| Failure::Value("account.uid"))
}

/// Decodes a truth value, 0 or 1 and nothing else, of the field `name` in column `column`.
pub(super) fn flag(row: &Row<'_>, column: usize, name: &'static str) -> Outcome<bool> {
    match row.get(column)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Failure::Value(name)),
    }
}

/// `N` ASCII letters or digits: what public ids are made of.
fn symbols<const N: usize>(row: &Row<'_>, column: usize) -> Option<[u8; N]> {
    let text: &str = row.get(column).ok()?;
    let symbols: [u8; N] = text.as_bytes().try_into().ok()?;
    symbols.iter().all(u8::is_ascii_alphanumeric).then_some(symbols)
}
