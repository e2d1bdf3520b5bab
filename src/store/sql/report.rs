//! The report: who signs in how, a page of accounts at a time.

use super::super::{KeptPassword, PasswordDevice, ReportQuery, ReportRow};
use super::database::{Database, Row, all, named_params};
use super::decode;
use super::error::{Failure, Outcome};
use super::requirement;
use crate::account::AccountName;

/// See [`super::super::Store::report`].
pub(super) fn page(
    db: &dyn Database,
    query: &ReportQuery<'_>,
    after: Option<&AccountName>,
    limit: u32,
) -> Outcome<Vec<ReportRow>> {
    let found = all(
        db,
        "SELECT id, name, enabled,
             EXISTS (SELECT 1 FROM authenticator WHERE account = account.id AND confirmed_at IS NOT NULL),
             require_2fa, enrol_again, CASE WHEN password IS NULL THEN 0 WHEN password LIKE '{%' THEN 1 ELSE 2 END,
             (SELECT expires_at FROM invitation WHERE account = account.id)
         FROM account
         WHERE name > :after AND (:domain IS NULL OR substr(name, instr(name, '@')) = '@' || :domain)
         ORDER BY name LIMIT :limit",
        named_params! {
            ":after": after.map_or("", AccountName::as_str),
            ":domain": query.domain.map(crate::account::DomainName::as_str),
            ":limit": limit,
        },
        |row| Ok((row.get::<i64>(0)?, line(row)?)),
    )?;
    found
        .into_iter()
        .map(|(account, mut row)| {
            row.requirements.domain = requirement::of_domain(db, row.name.domain())?;
            row.devices = devices(db, account, query.since)?;
            Ok(row)
        })
        .collect()
}

fn line(row: &Row<'_>) -> Outcome<ReportRow> {
    Ok(ReportRow {
        name: AccountName::from_store(row.get(1)?),
        enabled: decode::flag(row, 2, "account.enabled")?,
        two_factor: row.get(3)?,
        requirements: requirement::of_account(row, 4)?,
        invited_until: row.get(7)?,
        password: match row.get(6)? {
            0 => KeptPassword::Elsewhere,
            1 => KeptPassword::Imported,
            _ => KeptPassword::Own,
        },
        devices: Vec::new(),
    })
}

/// What signed in, or tried to, as a mail app with the account's own password since then; what was seen last first.
fn devices(db: &dyn Database, account: i64, since: i64) -> Outcome<Vec<PasswordDevice>> {
    all(
        db,
        "SELECT protocol, address, event = 'accepted', max(last_at), CAST(sum(count) AS BIGINT) FROM activity
         WHERE account = :account AND last_at >= :since AND mode = 'client'
             AND ((event = 'accepted' AND method = 'password')
                  OR (event = 'refused' AND reason IN ('app_password_required', 'enrolment_required')))
         GROUP BY protocol, address, event = 'accepted' ORDER BY max(last_at) DESC, protocol, address, 3 DESC",
        named_params! { ":account": account, ":since": since },
        |row| {
            let count: i64 = row.get(4)?;
            Ok(PasswordDevice {
                protocol: row.get(0)?,
                address: row.get(1)?,
                opens: row.get(2)?,
                last_at: row.get(3)?,
                count: u64::try_from(count).map_err(|_| Failure::Value("activity.count"))?,
            })
        },
    )
}
