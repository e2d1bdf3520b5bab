//! Whichever the configuration has chosen: libpam or the mail server.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use mailkey::account::{AccountName, AppPasswordId};
use mailkey::credential::Secret;

use crate::authenticate::{Answer, Limits, Trouble, imap, pam};
use crate::config::{Auth, Config};
use crate::desk::{Asker, Desks, Pace, find};
use crate::failure::Failure;
use crate::state::now;

/// Sign-ins at once by way of the mail server. They cost nothing here, and Dovecot holds an answer back for seconds after
/// a wrong password: with as few places as there are processors, one who guesses would keep everybody else waiting.
const ASKING_MAIL_SERVER: usize = 32;

/// Who checks passwords here.
pub enum Authenticator {
    /// libpam.
    Pam(pam::Authenticator),
    /// The mail server.
    Imap(imap::Authenticator),
}

impl Authenticator {
    /// The one of the panel's configuration, with the names of mailkey's.
    pub fn new(config: &Config, mailkey: &mailkey::config::Config) -> Result<Self, String> {
        let names = mailkey.names.clone();
        match &config.auth {
            Auth::Pam(service) => Ok(Self::Pam(pam::Authenticator::new(
                service,
                names,
                PathBuf::from(pam::OWN_PROGRAM),
                Limits::default(),
                crate::journal::warning,
            ))),
            Auth::Imap(url) => {
                let limits = Limits { at_once: ASKING_MAIL_SERVER, ..Limits::default() };
                imap::Authenticator::new(url, config.auth_ca.as_deref(), names, limits)
                    .map(Self::Imap)
                    .map_err(|error| error.to_string())
            }
        }
    }

    /// Whether password and code come together: IMAP cannot ask twice.
    pub fn wants_code_at_once(&self) -> bool {
        matches!(self, Self::Imap(_))
    }

    /// Asks about a name, a password, and a code as it was typed (none: no code is expected, or it is not known yet).
    pub async fn authenticate(
        &self,
        desks: &Arc<Desks>,
        name: &str,
        password: &Secret,
        code: Option<&Secret>,
        from: Option<IpAddr>,
    ) -> Result<Answer, Trouble> {
        match self {
            Self::Pam(pam) => pam.authenticate(name, password, code, from).await,
            Self::Imap(imap) => {
                imap.authenticate(name, password, code, |account, app| known(desks, account, app)).await
            }
        }
    }
}

/// What the store knows of a name now.
async fn known(desks: &Arc<Desks>, name: AccountName, app: Option<AppPasswordId>) -> Result<imap::Known, Trouble> {
    let known = desks.work(Pace::Quick, Asker::default(), move |admin| {
        let must_enrol = admin.requires_two_factor(&name, now())?;
        let Some(account) = find(admin, &name)? else { return Ok(imap::Known::new(must_enrol, None, false)) };
        let codes_left = admin.summary(&name, now())?.recovery_codes;
        let has_app = match app {
            Some(id) => admin.app_passwords(&name)?.iter().any(|row| row.id == id),
            None => false,
        };
        Ok(imap::Known::new(must_enrol, Some((&account, codes_left)), has_app))
    });
    known.await.map_err(|failure| match failure {
        Failure::Busy => Trouble::Busy,
        other => Trouble::Unavailable(format!("the account cannot be read: {other:?}")),
    })
}
