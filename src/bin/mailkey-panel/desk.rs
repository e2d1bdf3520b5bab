//! The rooms behind: open stores, and the work that is done on them away from the threads that serve.
//!
//! A desk is a store that is open, with the keys and settings of the same instance. There are a few; who finds none free
//! waits. What is computed slowly (password hashes) has fewer places, so that it takes neither all desks nor all
//! processors. Configuration, key and database are looked at again before each piece of work, as the PAM module does it.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mailkey::account::{Account, AccountName, AccountUid};
use mailkey::admin::{Admin, AdminError, Via};
use mailkey::config::{self, Config, KeyCheckError, Stamp};
use mailkey::credential::Keyring;
use mailkey::store::{self, OpenStore};
use tokio::sync::Semaphore;

use crate::failure::Failure;

/// Stores that are open at once.
const DESKS: usize = 8;
/// Who cannot begin within this time is told so.
const PATIENCE: Duration = Duration::from_secs(10);

/// All desks.
pub struct Desks {
    path: PathBuf,
    free: Mutex<Vec<Desk>>,
    places: Arc<Semaphore>,
    slow_places: Arc<Semaphore>,
}

struct Desk {
    config: Config,
    config_stamp: Stamp,
    keys: Keyring,
    key_stamp: Stamp,
    store: OpenStore,
}

/// For whom work is done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asker {
    /// From where he asks.
    pub remote: Option<IpAddr>,
    /// His account, in the version on which his session stands: by another one the session has ended.
    pub account: Option<(AccountUid, i64)>,
}

/// The account of that name, if there is a record of it.
pub fn find(admin: &mut Admin<'_>, name: &AccountName) -> Result<Option<Account>, AdminError> {
    match admin.account(name) {
        Err(AdminError::NoAccount(_)) => Ok(None),
        found => found.map(Some),
    }
}

/// What work is like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// It reads and writes the store.
    Quick,
    /// It computes slow hashes.
    Slow,
}

impl Desks {
    /// Desks of the instance whose configuration is at `path`. Opens the first, so that what is wrong is known at once.
    pub fn open(path: &Path) -> Result<Self, String> {
        let path = std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let first = Desk::open(&path)?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            path,
            free: Mutex::new(vec![first]),
            places: Arc::new(Semaphore::new(DESKS)),
            slow_places: Arc::new(Semaphore::new(processors.min(DESKS - 1))),
        })
    }

    /// Does `work` at a desk, for somebody.
    pub async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        pace: Pace,
        asker: Asker,
        work: impl FnOnce(&mut Admin<'_>) -> Result<T, AdminError> + Send + 'static,
    ) -> Result<T, Failure> {
        self.at_desk(pace, move |desk| {
            let admin = Admin::new(&mut *desk.store, &desk.keys, &desk.config, Via::Panel).with_remote(asker.remote);
            let mut admin = match asker.account {
                Some((account, version)) => admin.expecting(account, version),
                None => admin,
            };
            work(&mut admin)
        })
        .await
    }

    async fn at_desk<T: Send + 'static>(
        self: &Arc<Self>,
        pace: Pace,
        work: impl FnOnce(&mut Desk) -> Result<T, AdminError> + Send + 'static,
    ) -> Result<T, Failure> {
        let slow_place = match pace {
            Pace::Slow => Some(place_in(&self.slow_places).await?),
            Pace::Quick => None,
        };
        let place = place_in(&self.places).await?;
        let desks = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _places = (place, slow_place);
            desks.take().and_then(|mut desk| {
                let done = work(&mut desk).map_err(Failure::from);
                // After trouble it is opened anew: a fault that is gone is forgotten.
                if !matches!(done, Err(Failure::Unavailable(_))) {
                    desks.free.lock().unwrap_or_else(PoisonError::into_inner).push(desk);
                }
                done
            })
        });
        done.await.unwrap_or_else(|error| Err(Failure::Internal(error.to_string())))
    }

    /// A desk that is free and fresh, or a new one.
    fn take(&self) -> Result<Desk, Failure> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match free {
            Some(desk) if desk.is_fresh(&self.path) => Ok(desk),
            Some(_) | None => Desk::open(&self.path).map_err(Failure::Unavailable),
        }
    }
}

async fn place_in(places: &Arc<Semaphore>) -> Result<tokio::sync::OwnedSemaphorePermit, Failure> {
    match tokio::time::timeout(PATIENCE, Arc::clone(places).acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        Ok(Err(_)) | Err(_) => Err(Failure::Busy),
    }
}

impl Desk {
    fn open(path: &Path) -> Result<Self, String> {
        let (config, config_stamp) = config::load(path).map_err(|error| error.to_string())?;
        let (keys, key_stamp) = config::load_key(&config.key).map_err(|error| error.to_string())?;
        let mut store = store::open(config.store.clone(), config.busy_timeout).map_err(|error| error.to_string())?;
        config::check_key(&config.key, &keys, &mut *store).map_err(|error| match error {
            KeyCheckError::Store(error) => error.to_string(),
            KeyCheckError::Key(error) => error.to_string(),
        })?;
        Ok(Self { config, config_stamp, keys, key_stamp, store })
    }

    fn is_fresh(&self, path: &Path) -> bool {
        // What cannot be looked at is opened anew, which says why it cannot.
        let same = |path: &Path, stamp: &Stamp| Stamp::of(path).is_ok_and(|now| now == *stamp);
        same(path, &self.config_stamp)
            && same(&self.config.key, &self.key_stamp)
            && self.store.is_at(&self.config.store).unwrap_or(false)
    }
}
