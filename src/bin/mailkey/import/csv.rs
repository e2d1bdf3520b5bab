//! Accounts in a table of our own: see the help text for its columns.

use mailkey::account::{TotpAlgorithm, TotpForm};
use mailkey::admin::import::{Candidate, ImportPassword, ImportTotp};
use mailkey::credential::Secret;
use mailkey::credential::foreign::Foreign;

use super::Read;
use super::input::Input;
use super::tables::{self, Row, base32, column_shown, truth};
use crate::failure::{Exit, Failure};

const COLUMNS: [&str; 8] =
    ["account", "password", "hash", "totp_secret", "totp_algorithm", "totp_digits", "totp_period", "enabled"];

/// Reads all rows.
pub fn read(input: &Input, read: &mut Read) -> Result<(), Failure> {
    let (columns, rows) = tables::read_csv(input, read)?;
    if let Some(unknown) = columns.iter().find(|column| !COLUMNS.contains(&column.as_str())) {
        let failure =
            Failure::new(Exit::Failed, format_args!("{}: no column is called {}", input.name, column_shown(unknown)));
        return Err(failure.next(format_args!("there are {}", COLUMNS.join(", "))));
    }
    if !columns.iter().any(|column| column == "account") {
        let failure = Failure::new(Exit::Failed, format_args!("{}: the column \"account\" is missing", input.name));
        return Err(failure.next("the first line names the columns: account,password"));
    }
    for row in rows {
        let name = row.get("account").unwrap_or_default().to_string();
        match candidate(&row, name.clone()) {
            Ok(candidate) => read.candidates.push(candidate),
            Err(reason) => read.reject(row.source, name, reason),
        }
    }
    Ok(())
}

fn candidate(row: &Row, name: String) -> Result<Candidate, String> {
    let password = match (row.get("password"), row.get("hash")) {
        (Some(_), Some(_)) => return Err("there are both a password and a hash: leave one out".into()),
        (Some(plain), None) => ImportPassword::Plain(Secret::copy(plain.as_bytes())),
        (None, Some(hash)) => ImportPassword::Hashed(Foreign::read(hash).map_err(|error| error.to_string())?),
        (None, None) => ImportPassword::None,
    };
    let totp = match row.get("totp_secret") {
        None => None,
        Some(secret) => {
            Some(ImportTotp { secret: base32(secret)?, form: form(row)?, label: "Imported".into(), last_step: None })
        }
    };
    let enabled = match row.get("enabled") {
        None => true,
        Some(text) => truth(text).ok_or("enabled is neither yes nor no")?,
    };
    Ok(Candidate { source: row.source.clone(), name, password, enabled, totp, left_out: Vec::new(), is_account: true })
}

fn form(row: &Row) -> Result<TotpForm, String> {
    let number = |column: &str, default: u32| match row.get(column) {
        None => Ok(default),
        Some(text) => text.parse::<u32>().map_err(|_| format!("{column} is no number")),
    };
    let algorithm = match row.get("totp_algorithm") {
        None => TotpAlgorithm::Sha1,
        Some(name) => TotpAlgorithm::parse(&name.to_ascii_uppercase().replace('-', ""))
            .ok_or("totp_algorithm is none of SHA1, SHA256, SHA512")?,
    };
    let digits = u8::try_from(number("totp_digits", 6)?).map_err(|_| "totp_digits is neither 6 nor 8")?;
    Ok(TotpForm { algorithm, digits, period: number("totp_period", 30)? })
}
