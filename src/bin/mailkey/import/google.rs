//! The file of google-authenticator (libpam-google-authenticator): the secret in base32, options in lines that begin
//! with a quotation mark and a space, and scratch codes of eight digits.

use std::path::{Path, PathBuf};

use mailkey::account::{TotpAlgorithm, TotpForm};
use mailkey::admin::import::{Candidate, ImportPassword, ImportTotp, Source};

use super::Read;
use super::input::Input;
use super::tables::base32;
use crate::failure::{Exit, Failure};

/// Reads one file of `account`, or the files of directories, each named like its account.
pub fn read(paths: &[PathBuf], account: Option<&str>, read: &mut Read) -> Result<(), Failure> {
    for path in paths {
        if path.is_dir() {
            if account.is_some() {
                return Err(Failure::new(
                    Exit::Usage,
                    "--account goes with one file; the files of a directory are named like their accounts",
                ));
            }
            for file in files(path)? {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                one(&Input::open(&file)?, name, read);
            }
            continue;
        }
        let Some(account) = account.filter(|_| paths.len() == 1) else {
            return Err(Failure::usage(
                "the file does not say whose it is",
                "mailkey import google-authenticator FILE --account alice@example.org",
            ));
        };
        one(&Input::open(path)?, account.to_string(), read);
    }
    Ok(())
}

fn files(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
        files.retain(|file| !file.is_dir());
        files.sort();
        Ok(files)
    };
    list().map_err(|error| Failure::new(Exit::Failed, format_args!("{} cannot be read: {error}", directory.display())))
}

fn one(input: &Input, name: String, read: &mut Read) {
    let source = input.source(1);
    match parse(input) {
        Ok((totp, scratch_codes)) => read.candidates.push(Candidate {
            source,
            name,
            password: ImportPassword::None,
            enabled: true,
            totp: Some(totp),
            left_out: match scratch_codes {
                0 => Vec::new(),
                1 => vec!["1 scratch code".into()],
                many => vec![format!("{many} scratch codes")],
            },
            is_account: false,
        }),
        Err((line, reason)) => read.reject(Source { line, ..source }, name, reason),
    }
}

/// The authenticator, and how many scratch codes are left.
fn parse(input: &Input) -> Result<(ImportTotp, usize), (u64, String)> {
    let mut lines = input.lines();
    let first = lines.next().and_then(|(_, line)| line).unwrap_or_default();
    let secret = base32(first).map_err(|reason| (1, reason))?;
    let mut form = TotpForm { algorithm: TotpAlgorithm::Sha1, digits: 6, period: 30 };
    let (mut last_step, mut scratch_codes, mut by_time) = (None, 0, false);
    for (source, line) in lines {
        let at = |reason: &str| (source.line, reason.to_string());
        let line = line.ok_or_else(|| at("the line is not UTF-8"))?;
        let Some(option) = line.strip_prefix("\" ") else {
            if line.len() == 8 && line.bytes().all(|byte| byte.is_ascii_digit()) {
                scratch_codes += 1;
            } else if !line.trim().is_empty() {
                return Err(at("the line is neither an option nor a scratch code"));
            }
            continue;
        };
        let mut words = option.split_whitespace();
        match words.next() {
            Some("TOTP_AUTH") => by_time = true,
            Some("HOTP_COUNTER") => {
                return Err(at(
                    "codes that are counted (HOTP) are not taken, only those of a clock (TOTP): enrol anew",
                ));
            }
            Some("STEP_SIZE") => {
                let period = words.next().and_then(|word| word.parse().ok());
                form.period = period.ok_or_else(|| at("the time step is no number"))?;
            }
            // The time steps that were used lately.
            Some("DISALLOW_REUSE") => last_step = words.filter_map(|word| word.parse::<i64>().ok()).max(),
            // How the login is limited is mailkey's own business: rate, window, and what later versions add.
            _ => {}
        }
    }
    if !by_time {
        return Err((1, "the file does not say that its codes are those of a clock (TOTP_AUTH)".into()));
    }
    Ok((ImportTotp { secret, form, label: "Google Authenticator".into(), last_step }, scratch_codes))
}
