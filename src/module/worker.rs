//! What this process keeps between logins.
//!
//! The module is linked nodelete, so that its statics live as long as the process (a Dovecot auth worker serves about a
//! hundred logins). Kept are: the configuration and keys, the open database, Argon2's memory, and the memo. Each login
//! compares the files with what was opened (device, inode, times) and opens anew what was replaced or changed. A fork
//! takes nothing of it over: an SQLite handle must not cross it, not even to be closed. (SQLite keeps state of the whole
//! process, too, so that a program which forks and goes on signing in on both sides without exec is not supported; mail
//! daemons fork first.) Threads share nothing, so that a
//! program with several of them hashes on several processors.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::{Trouble, TroubleKind};
use crate::auth::Memo;
use crate::config::{self, Config, OnUnavailable, Stamp};
use crate::credential::Keyring;
use crate::pam::Arena;
use crate::store::{self, OpenStore, Replica, StoreError};

/// Configurations that one process keeps open; PAM services seldom name more than one.
const MOST_SITES: usize = 8;

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

struct Worker {
    process: u32,
    arena: Arena,
    sites: Vec<Site>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // Made before a fork. Closing the parent's databases here would disturb it; and the arena is not mapped in
            // this process: where it was, something else may be by now.
            std::mem::forget(std::mem::take(&mut self.sites));
            std::mem::forget(std::mem::take(&mut self.arena));
        }
    }
}

/// One configuration, with its keys, its open store, and the memo of what was verified with those keys.
struct Site {
    path: PathBuf,
    config: Config,
    config_stamp: Stamp,
    keys: Keyring,
    key_stamp: Stamp,
    store: Option<OpenStore>,
    replica: Option<Replica>,
    memo: Memo,
}

/// What a login works with.
pub(super) struct Desk<'a> {
    pub config: &'a Config,
    pub keys: &'a Keyring,
    pub store: &'a mut OpenStore,
    /// A replica of it, where the site has one near by. Then the store may be away.
    pub replica: Option<&'a mut Replica>,
    pub arena: &'a mut Arena,
    pub memo: &'a mut Memo,
}

impl Desk<'_> {
    /// Whether there is a replica, and the store did not answer a moment ago: then nothing is asked of it for nothing.
    pub(super) fn is_store_gone(&self) -> bool {
        self.replica.as_ref().is_some_and(|replica| replica.is_store_gone())
    }

    /// Remembers whether the store has answered.
    pub(super) fn remember<T>(&mut self, answer: &Result<T, StoreError>) {
        if let Some(replica) = &mut self.replica {
            replica.remember(!matches!(answer, Err(StoreError::Unavailable(_))));
        }
    }

    /// Writes the heartbeat that the replica waits for, if it does. Best effort: without it, the store is asked more often.
    pub(super) fn beat(&mut self) {
        if let Some(interval) = self.replica.as_mut().and_then(|replica| replica.take_beat()) {
            let beaten = self.store.beat(interval);
            self.remember(&beaten);
        }
    }
}

/// Runs `work` with everything that the configuration at `path` names, opened or kept.
///
/// Trouble with the store closes it: the next login opens it again, so that a fault that is gone is forgotten without
/// a restart.
pub(super) fn with<T>(path: &Path, work: impl FnOnce(&mut Desk<'_>) -> Result<T, Trouble>) -> Result<T, Trouble> {
    WORKER.with_borrow_mut(|kept| {
        let process = std::process::id();
        if kept.as_ref().is_some_and(|worker| worker.process != process) {
            *kept = None;
        }
        let worker = match kept {
            Some(worker) => worker,
            None => kept.insert(Worker { process, arena: Arena::default(), sites: Vec::new() }),
        };
        let Worker { arena, sites, .. } = worker;
        let site = find(sites, path)?;
        let ends_worker = site.config.on_unavailable == OnUnavailable::EndWorker;
        at_desk(site, arena, work).map_err(|trouble| Trouble { ends_worker, ..trouble })
    })
}

fn at_desk<T>(
    site: &mut Site,
    arena: &mut Arena,
    work: impl FnOnce(&mut Desk<'_>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let store = match site.store.take() {
        Some(store) => store,
        None => site.open_store()?,
    };
    let Site { config, keys, memo, .. } = site;
    let mut desk = Desk { config, keys, store: site.store.insert(store), replica: site.replica.as_mut(), arena, memo };
    let result = work(&mut desk);
    if matches!(&result, Err(Trouble { kind: TroubleKind::Store, .. })) {
        site.store = None;
    }
    result
}

/// Drops everything that is kept: after a panic it may be half changed.
pub(super) fn reset() {
    WORKER.with(|kept| {
        // Still borrowed: the panic is being unwound right there, and drops what it held.
        if let Ok(mut kept) = kept.try_borrow_mut() {
            *kept = None;
        }
    });
}

/// The site of the configuration at `path`, fresh.
fn find<'a>(sites: &'a mut Vec<Site>, path: &Path) -> Result<&'a mut Site, Trouble> {
    let at = sites.iter().position(|site| site.path == path);
    let site = match at.map(|at| sites.swap_remove(at)) {
        Some(site) => site.refresh()?,
        None => Site::open(path)?,
    };
    sites.truncate(MOST_SITES - 1);
    sites.push(site);
    sites.last_mut().ok_or_else(|| Trouble::new(TroubleKind::Internal, "no site"))
}

impl Site {
    fn open(path: &Path) -> Result<Self, Trouble> {
        let (config, config_stamp) = config::load(path)?;
        let (keys, key_stamp) = config::load_key(&config.key)?;
        Ok(Self {
            path: path.to_path_buf(),
            config,
            config_stamp,
            keys,
            key_stamp,
            store: None,
            replica: None,
            memo: Memo::new()?,
        })
    }

    /// Opens the store, if its keys are ours. With a replica it is enough that one of the two answers: the store is then
    /// connected when something is asked of it.
    fn open_store(&mut self) -> Result<OpenStore, Trouble> {
        let Self { config, keys, replica, .. } = self;
        let Some(rules) = &config.store_read else {
            let mut store = store::open(config.store.clone(), config.busy_timeout)?;
            config::check_key(&config.key, keys, &mut *store)?;
            return Ok(store);
        };
        let mut store = store::open_later(config.store.clone(), config.busy_timeout)?;
        let replica = match replica {
            Some(replica) => replica,
            None => replica.insert(Replica::of(rules, config.busy_timeout)?),
        };
        match replica.key_checks() {
            Ok(remembered) => config::check_keys(&config.key, keys, &remembered)?,
            Err(_) => config::check_key(&config.key, keys, &mut *store)?,
        }
        Ok(store)
    }

    /// Reads again what was changed; on trouble the site is dropped with all it has open.
    fn refresh(mut self) -> Result<Self, Trouble> {
        if Stamp::of(&self.path)? != self.config_stamp || Stamp::of(&self.config.key)? != self.key_stamp {
            return Self::open(&self.path);
        }
        if let Some(opened) = &self.store
            && !opened.is_at(&self.config.store)?
        {
            self.store = None;
        }
        Ok(self)
    }
}
