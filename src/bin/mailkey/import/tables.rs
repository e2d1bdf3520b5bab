//! The tables of PostfixAdmin and mailcow, from CSV files or an SQL dump.

use std::collections::HashMap;

use data_encoding::BASE32_NOPAD;
use mailkey::account::{TotpAlgorithm, TotpForm};
use mailkey::admin::import::{Candidate, ImportPassword, ImportTotp, Source};
use mailkey::credential::Secret;
use mailkey::credential::foreign::Foreign;
use zeroize::Zeroizing;

use super::Read;
use super::input::Input;
use super::sql;
use crate::failure::{Exit, Failure};

/// One row of a table, by the names of its columns in small letters. What is empty or NULL is not in it.
pub struct Row {
    /// Where it stands.
    pub source: Source,
    fields: HashMap<String, Zeroizing<String>>,
}

impl Row {
    /// A row of these columns.
    pub fn new(source: Source, columns: &[String], values: impl Iterator<Item = Option<String>>) -> Self {
        let fields = columns.iter().zip(values).filter_map(|(column, value)| {
            let value = value.filter(|value| !value.is_empty())?;
            Some((column.clone(), Zeroizing::new(value)))
        });
        Self { source, fields: fields.collect() }
    }

    /// What stands in a column.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.fields.get(column).map(|value| value.as_str())
    }
}

/// A table by its name, or what is known to be one by its columns.
pub type Tables = Vec<(String, Vec<Row>)>;

/// PostfixAdmin: `mailbox (username, password, active, totp_secret …)`, `mailbox_app_password (username …)`.
pub fn postfixadmin(inputs: &[Input], read: &mut Read) -> Result<(), Failure> {
    let app_passwords = ("mailbox_app_password", "username");
    mailboxes(
        inputs,
        &["mailbox", app_passwords.0],
        app_passwords,
        |columns| {
            if columns.contains("password_hash") { app_passwords.0 } else { "mailbox" }
        },
        read,
    )
}

/// mailcow: `mailbox (username, password, active, kind …)`, `tfa (username, authmech, secret, active …)`, `app_passwd
/// (mailbox …)`.
pub fn mailcow(inputs: &[Input], read: &mut Read) -> Result<(), Failure> {
    let app_passwords = ("app_passwd", "mailbox");
    mailboxes(
        inputs,
        &["mailbox", "tfa", app_passwords.0],
        app_passwords,
        |columns| {
            if columns.contains("authmech") {
                "tfa"
            } else if columns.contains("mailbox") {
                app_passwords.0
            } else {
                "mailbox"
            }
        },
        read,
    )
}

/// The columns of a CSV file.
struct Columns<'a>(&'a [String]);

impl Columns<'_> {
    fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|column| column == name)
    }
}

fn mailboxes(
    inputs: &[Input],
    wanted: &[&str],
    (app_passwords, whose): (&str, &str),
    table_of: impl Fn(&Columns<'_>) -> &'static str,
    read: &mut Read,
) -> Result<(), Failure> {
    let mut tables: HashMap<String, Vec<Row>> = HashMap::new();
    for input in inputs {
        if is_sql(input.text()?) {
            for (table, rows) in sql::read(input, wanted, read)? {
                tables.entry(table).or_default().extend(rows);
            }
        } else {
            let (columns, rows) = read_csv(input, read)?;
            tables.entry(table_of(&Columns(&columns)).to_string()).or_default().extend(rows);
        }
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in tables.get(app_passwords).into_iter().flatten() {
        *counts.entry(row.get(whose).unwrap_or_default().to_ascii_lowercase()).or_default() += 1;
    }
    let mut authenticators: HashMap<String, Vec<Row>> = HashMap::new();
    for row in tables.remove("tfa").unwrap_or_default() {
        let name = row.get("username").unwrap_or_default().to_ascii_lowercase();
        authenticators.entry(name).or_default().push(row);
    }
    for row in tables.remove("mailbox").unwrap_or_default() {
        let name = row.get("username").unwrap_or_default().to_string();
        let second = authenticators.remove(&name.to_ascii_lowercase()).unwrap_or_default();
        match mailbox(&row, name.clone(), &second) {
            Ok(mut candidate) => {
                match counts.get(&name.to_ascii_lowercase()) {
                    None => {}
                    Some(1) => candidate.left_out.push("1 app password".into()),
                    Some(many) => candidate.left_out.push(format!("{many} app passwords")),
                }
                read.candidates.push(candidate);
            }
            Err(reason) => read.reject(row.source, name, reason),
        }
    }
    // Those of accounts that are here already.
    let mut rest: Vec<_> = authenticators.into_iter().collect();
    rest.sort_by_key(|(_, rows)| rows.first().map(|row| row.source.line));
    for (name, rows) in rest {
        let Some(source) = rows.first().map(|row| row.source.clone()) else { continue };
        match second_factor(&rows) {
            Ok((Some(totp), left_out)) => read.candidates.push(Candidate {
                source,
                name,
                password: ImportPassword::None,
                enabled: true,
                totp: Some(totp),
                left_out,
                is_account: false,
            }),
            Ok((None, left_out)) => {
                read.reject(source, name, format_args!("there is no TOTP to take ({})", left_out.join(", ")));
            }
            Err(reason) => read.reject(source, name, reason),
        }
    }
    Ok(())
}

fn mailbox(row: &Row, name: String, second: &[Row]) -> Result<Candidate, String> {
    if name.is_empty() {
        return Err("the column \"username\" is missing or empty".into());
    }
    if row.get("kind").is_some() {
        return Err("this is a resource and nobody's mailbox".into());
    }
    let hash = row.get("password").ok_or("there is no password")?;
    let hash = Foreign::read(hash).map_err(|error| error.to_string())?;
    let (mut totp, left_out) = second_factor(second)?;
    if let Some(secret) = row.get("totp_secret") {
        totp = Some(authenticator(secret, "PostfixAdmin")?);
    }
    // mailcow's 2 takes mail and lets nobody in.
    let enabled = row.get("active").is_none_or(|active| truth(active) == Some(true));
    Ok(Candidate {
        source: row.source.clone(),
        name,
        password: ImportPassword::Hashed(hash),
        enabled,
        totp,
        left_out,
        is_account: true,
    })
}

/// The TOTP among mailcow's second factors, and what does not come along.
fn second_factor(rows: &[Row]) -> Result<(Option<ImportTotp>, Vec<String>), String> {
    let (mut totp, mut left_out) = (None, Vec::new());
    for row in rows.iter().filter(|row| row.get("active").is_none_or(|active| truth(active) == Some(true))) {
        match (row.get("authmech"), row.get("secret")) {
            (Some("totp"), Some(secret)) if totp.is_none() => {
                totp = Some(authenticator(secret, row.get("key_id").unwrap_or("mailcow"))?);
            }
            (Some("totp"), _) => left_out.push("a second TOTP".to_string()),
            (other, _) => left_out.push(match other {
                Some("webauthn" | "u2f") => "a security key".to_string(),
                _ => "a one-time password device".to_string(),
            }),
        }
    }
    Ok((totp, left_out))
}

fn authenticator(secret: &str, label: &str) -> Result<ImportTotp, String> {
    let form = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };
    Ok(ImportTotp { secret: base32(secret)?, form, label: label.to_string(), last_step: None })
}

/// Reads base32 (RFC 4648) as people and programs write it: in any case, with spaces, with or without padding.
pub fn base32(text: &str) -> Result<Secret, String> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    let plain = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'=')).map(|byte| byte.to_ascii_uppercase());
    symbols.extend(plain);
    // A length that leaves bits over is not refused: some programs wrote such secrets, and apps read them.
    let mut encoding = BASE32_NOPAD.specification();
    encoding.check_trailing_bits = false;
    let encoding = encoding.encoding().map_err(|error| error.to_string())?;
    match encoding.decode(&symbols) {
        Ok(secret) if !secret.is_empty() => Ok(Secret::new(secret)),
        _ => Err("the TOTP secret is not base32".into()),
    }
}

/// Reads a truth value as databases and people write it.
pub fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "yes" | "y" | "true" | "t" | "on" => Some(true),
        "0" | "no" | "n" | "false" | "f" | "off" => Some(false),
        _ => None,
    }
}

fn is_sql(text: &str) -> bool {
    let first = text.lines().map(str::trim_start).find(|line| !line.is_empty()).unwrap_or_default();
    let first = first.to_ascii_uppercase();
    ["--", "/*", "SET ", "INSERT ", "CREATE ", "DROP ", "BEGIN", "START ", "USE ", "LOCK ", "\\"]
        .iter()
        .any(|beginning| first.starts_with(beginning))
}

/// A column's name, as it can be shown: it may be the whole of a file that is no table.
pub fn column_shown(name: &str) -> String {
    format!("{:?}", super::printable(name).chars().take(40).collect::<String>())
}

/// Reads a table with a header. Its fields are separated by commas, or by what its header has instead: tabs, semicolons.
pub fn read_csv(input: &Input, read: &mut Read) -> Result<(Vec<String>, Vec<Row>), Failure> {
    let text = input.text()?;
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b'\t', b';'].into_iter().find(|byte| header.as_bytes().contains(byte)).unwrap_or(b',');
    let broken = |error: &::csv::Error| {
        let line = error.position().map_or(1, ::csv::Position::line);
        Failure::new(Exit::Failed, format_args!("{}, line {line}: this is no CSV", input.name))
    };
    let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let columns: Vec<String> = reader
        .headers()
        .map_err(|error| broken(&error))?
        .iter()
        .map(|column| column.trim().trim_start_matches('\u{feff}').to_ascii_lowercase())
        .collect();
    if let Some(twice) =
        columns.iter().enumerate().find_map(|(at, column)| columns[..at].contains(column).then_some(column))
        && !twice.is_empty()
    {
        let what = format_args!("{}: the column {} stands twice", input.name, column_shown(twice));
        return Err(Failure::new(Exit::Failed, what).next("leave one of them out"));
    }
    if columns.iter().all(String::is_empty) {
        let failure = Failure::new(Exit::Failed, format_args!("{} is empty", input.name));
        return Err(failure.next("the first line names the columns"));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let source = input.source(record.position().map_or(0, ::csv::Position::line));
        if record.len() != columns.len() {
            let reason = format!("the line has {} fields and the header {}", record.len(), columns.len());
            // With other commas or quotation marks than these a password may stand in the first field, too.
            let first = record.get(0).unwrap_or_default();
            let end = first.find(|symbol: char| !(symbol.is_alphanumeric() || "@._+=-".contains(symbol)));
            read.reject(source, &first[..end.unwrap_or(first.len())], reason);
            continue;
        }
        let values =
            record.iter().map(|value| Some(value.to_string()).filter(|value| value != "\\N" && value != "NULL"));
        rows.push(Row::new(source, &columns, values));
    }
    Ok((columns, rows))
}
