//! The users file of pam_oath and oathtool's library (OATH Toolkit): `type user pin secret [moving factor …]`, the
//! secret in hexadecimal.

use data_encoding::HEXLOWER_PERMISSIVE;
use mailkey::account::{TotpAlgorithm, TotpForm};
use mailkey::admin::import::{Candidate, ImportPassword, ImportTotp};
use mailkey::credential::Secret;

use super::Read;
use super::input::Input;

/// Reads all entries.
pub fn read(input: &Input, read: &mut Read) {
    for (source, line) in input.lines() {
        let Some(line) = line else {
            read.reject(source, "", "the line is not UTF-8");
            continue;
        };
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut fields = line.split_whitespace();
        let (Some(kind), Some(name), Some(pin)) = (fields.next(), fields.next(), fields.next()) else {
            read.reject(source, "", "the line is no entry: type, user, PIN, secret");
            continue;
        };
        match totp(kind, fields.next()) {
            Ok(totp) => read.candidates.push(Candidate {
                source,
                name: name.to_string(),
                password: ImportPassword::None,
                enabled: true,
                totp: Some(totp),
                left_out: if pin == "-" { Vec::new() } else { vec!["its PIN".into()] },
                is_account: false,
            }),
            Err(reason) => read.reject(source, name, reason),
        }
    }
}

fn totp(kind: &str, secret: Option<&str>) -> Result<ImportTotp, String> {
    let mut parts = kind.split('/');
    if parts.next() != Some("HOTP") {
        return Err("the type is not known: HOTP/T30, HOTP/T30/6, …".into());
    }
    let period = match parts.next() {
        Some(kind) if kind.starts_with('T') => {
            kind[1..].parse().map_err(|_| "the time step is no number".to_string())?
        }
        _ => return Err("codes that are counted (HOTP) are not taken, only those of a clock (TOTP): enrol anew".into()),
    };
    let digits = match parts.next() {
        None => 6,
        Some(digits) => digits.parse().map_err(|_| "the number of digits is none".to_string())?,
    };
    let secret = secret.ok_or("there is no secret")?;
    let secret = HEXLOWER_PERMISSIVE.decode(secret.as_bytes()).map_err(|_| "the secret is not hexadecimal")?;
    Ok(ImportTotp {
        secret: Secret::new(secret),
        form: TotpForm { algorithm: TotpAlgorithm::Sha1, digits, period },
        label: "OATH".into(),
        last_step: None,
    })
}
