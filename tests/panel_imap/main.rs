//! The panel's question to a mail server, asked from the outside: tests/daemons/test_panel_imap.py builds this program by
//! name and runs it beside a mail server of its own.
//!
//!     panel_imap CONFIG URL [AUTHORITIES]
//!
//! Each line on standard input is a name, a password and a code, hexadecimal, "-" for no code; the answer to it is one
//! line on standard output.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // what cannot go on ends there

#[path = "../../src/bin/mailkey-panel/authenticate/mod.rs"]
#[allow(dead_code, unused_imports, missing_docs)] // the panel uses the rest
mod authenticate;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use data_encoding::HEXLOWER;
use mailkey::account::{AccountName, AppPasswordId};
use mailkey::config;
use mailkey::credential::Secret;
use mailkey::store::{self, Lookup};

use authenticate::imap::{Authenticator, Known};
use authenticate::{Limits, Trouble};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().expect("CONFIG"));
    let url = arguments.next().expect("URL");
    let authorities = arguments.next().map(PathBuf::from);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let words: Vec<Option<Secret>> = line.split(' ').map(read).collect();
        let [Some(name), Some(password), code] = &words[..] else { panic!("{line}: NAME PASSWORD CODE") };
        // Anew each time: the tests change the settings.
        let config = config::load(&path).unwrap().0;
        let names = config.names.clone();
        let made = Authenticator::new(&url, authorities.as_deref(), names, Limits::default());
        let answer = match made {
            Ok(authenticator) => {
                let load = async |name: AccountName, app_password| known(&path, &name, app_password);
                let ask = authenticator.authenticate(name.as_str().unwrap(), password, code.as_ref(), load);
                format!("{:?}", runtime.block_on(ask))
            }
            Err(error) => format!("SetupError: {error}"),
        };
        println!("{answer}");
    }
}

fn read(word: &str) -> Option<Secret> {
    (word != "-").then(|| Secret::new(HEXLOWER.decode(word.as_bytes()).unwrap()))
}

/// What the store knows of the name now.
#[allow(clippy::disallowed_methods)] // a program has a clock
fn known(path: &Path, name: &AccountName, app_password: Option<AppPasswordId>) -> Result<Known, Trouble> {
    let config = config::load(path).unwrap().0;
    let mut store = store::open(&config.database, config.busy_timeout).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() as i64;
    let loaded = store.load(&Lookup { app_password, ..Lookup::account(name) }).unwrap();
    let recovery_codes = store.summary(name, now).unwrap().map_or(0, |summary| summary.recovery_codes);
    let account = loaded.account.as_ref().map(|account| (account, recovery_codes));
    Ok(Known::new(config.policy.requires_two_factor(&loaded.requirements, now), account, loaded.app_password.is_some()))
}
