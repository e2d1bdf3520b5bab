//! Who must have 2FA on: what is set for accounts and for domains.

use super::database::{Database, Row, all, change, named_params, one};
use super::decode;
use super::error::{Failure, Outcome};
use crate::account::{AccountName, DomainName, Requirement, Requirements};

/// Decodes `account.require_2fa, account.enrol_again` at `column`; what the domain has set is still missing.
pub(super) fn of_account(row: &Row<'_>, column: usize) -> Outcome<Requirements> {
    Ok(Requirements {
        account: requirement(row.get(column)?, "account.require_2fa")?,
        domain: None,
        enrol_again: decode::flag(row, column + 1, "account.enrol_again")?,
    })
}

/// What is set for a domain, where the name has one: a lookup by key.
pub(super) fn of_domain(db: &dyn Database, domain: Option<&str>) -> Outcome<Option<Requirement>> {
    let Some(domain) = domain else { return Ok(None) };
    let stored = one(db, "SELECT require_2fa FROM domain WHERE name = ?1", [domain], |row| row.get(0))?;
    requirement(stored, "domain.require_2fa")
}

/// See [`super::super::Store::set_domain_requirement`].
pub(super) fn set_of_domain(
    db: &dyn Database,
    domain: &DomainName,
    requirement: Option<Requirement>,
) -> Outcome<Option<Requirement>> {
    let before = of_domain(db, Some(domain.as_str()))?;
    match requirement {
        Some(requirement) => change(
            db,
            "INSERT INTO domain (name, require_2fa) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET require_2fa = excluded.require_2fa",
            (domain.as_str(), requirement.stored()),
        )?,
        None => change(db, "DELETE FROM domain WHERE name = ?1", [domain.as_str()])?,
    };
    Ok(before)
}

/// See [`super::super::Store::domain_requirements`].
pub(super) fn domains(
    db: &dyn Database,
    after: Option<&DomainName>,
    limit: u32,
) -> Outcome<Vec<(DomainName, Requirement)>> {
    let after = after.map_or("", DomainName::as_str);
    let list = "SELECT name, require_2fa FROM domain WHERE name > ?1 ORDER BY name LIMIT ?2";
    all(db, list, (after, limit), |row| {
        let set = requirement(row.get(1)?, "domain.require_2fa")?.ok_or(Failure::Value("domain.require_2fa"))?;
        Ok((DomainName::from_store(row.get(0)?), set))
    })
}

/// See [`super::super::Store::account_requirements`].
pub(super) fn accounts(
    db: &dyn Database,
    after: Option<&AccountName>,
    limit: u32,
) -> Outcome<Vec<(AccountName, Requirements)>> {
    let after = after.map_or("", AccountName::as_str);
    let mut found = all(
        db,
        "SELECT name, require_2fa, enrol_again FROM account
         WHERE name > :after AND (require_2fa IS NOT NULL OR enrol_again = 1) ORDER BY name LIMIT :limit",
        named_params! { ":after": after, ":limit": limit },
        |row| Ok((AccountName::from_store(row.get(0)?), of_account(row, 1)?)),
    )?;
    for (name, requirements) in &mut found {
        requirements.domain = of_domain(db, name.domain())?;
    }
    Ok(found)
}

/// Decodes a stored requirement, of the field `name`.
pub(super) fn requirement(stored: Option<i64>, name: &'static str) -> Outcome<Option<Requirement>> {
    stored.map(|stored| Requirement::from_stored(stored).ok_or(Failure::Value(name))).transpose()
}
