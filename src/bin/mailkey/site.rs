//! What the configuration names, opened: keys and store.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use mailkey::account::AccountName;
use mailkey::admin::{Admin, Via, backup};
use mailkey::config::{self, Config, KeyCheckError};
use mailkey::credential::Keyring;
use mailkey::store::sqlite::backup::Copy;
use mailkey::store::{self, OpenStore};

use crate::failure::Failure;

/// An instance of mailkey.
pub struct Site {
    /// Its settings.
    pub config: Config,
    /// What is stored.
    pub store: OpenStore,
    keys: Keyring,
    own: bool,
}

impl Site {
    /// Opens the instance of the configuration at `path`.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let (config, _) = config::load(&path)?;
        let (keys, _) = config::load_key(&config.key)?;
        let mut store = store::open_patiently(config.store.clone(), config.busy_timeout)?;
        config::check_key(&config.key, &keys, &mut *store).map_err(|error| match error {
            KeyCheckError::Store(error) => Failure::from(error),
            KeyCheckError::Key(error) => Failure::from(error),
        })?;
        let own = std::fs::metadata(&path).is_ok_and(|file| file.uid() == rustix::process::geteuid().as_raw());
        Ok(Self { config, keys, store, own })
    }

    /// Whether the configuration belongs to the user of this process: root, or whoever tries something out. Others use
    /// what it names, and run nothing that it names.
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// The administrator at work here.
    pub fn admin(&mut self) -> Admin<'_> {
        Admin::new(&mut *self.store, &self.keys, &self.config, Via::Command)
    }

    /// Its keys.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Writes a backup of its database to `path`.
    pub fn backup(&mut self, path: &Path) -> Result<Copy, Failure> {
        match &mut self.store {
            OpenStore::Sqlite(store) => Ok(backup::make(store, &self.keys, &self.config.key, path)?),
            #[cfg(feature = "postgres")]
            OpenStore::Postgres(_) => Err(backup::BackupError::OnServer(self.config.store.clone()).into()),
        }
    }

    /// The account that an argument names, whether or not it is there.
    pub fn name(&self, address: &str) -> Result<AccountName, Failure> {
        AccountName::parse(address.as_bytes(), &self.config.names).map_err(|error| {
            let example = if self.config.names.bare_names { "alice" } else { "alice@example.org" };
            Failure::usage(format_args!("{address:?} is no account name: {error}"), example)
        })
    }
}
