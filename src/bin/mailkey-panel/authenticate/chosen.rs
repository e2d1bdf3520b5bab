//! Whichever the configuration has chosen: libpam or the mail server.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use mailkey::account::AccountName;
use mailkey::credential::Secret;

use super::{Answer, Limits, Trouble, imap, pam};
use crate::config::{Auth, Config};
use crate::desk::{Asker, Desks, Pace, find};
use crate::failure::Failure;
use crate::state::now;

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
            ))),
            Auth::Imap(url) => {
                imap::Authenticator::new(url, config.auth_ca.as_deref(), names, false, Limits::default())
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
            Self::Imap(imap) => imap.authenticate(name, password, code, |account| claims(desks, account)).await,
        }
    }
}

/// What an account has to be used up; none where there is no record of the name.
async fn claims(desks: &Arc<Desks>, name: AccountName) -> Result<Option<imap::Claims>, Trouble> {
    let load = desks.work(Pace::Quick, Asker::default(), move |admin| {
        let Some(account) = find(admin, &name)? else { return Ok(None) };
        let codes_left = admin.summary(&name, now())?.recovery_codes;
        Ok(Some(imap::Claims::of(&account, codes_left)))
    });
    load.await.map_err(|failure| match failure {
        Failure::Busy => Trouble::Busy,
        other => Trouble::Unavailable(format!("the account cannot be read: {other:?}")),
    })
}
