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
use crate::config::{self, Config, Stamp};
use crate::credential::Keyring;
use crate::pam::Arena;
use crate::store::{self, OpenStore, Store};

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
    memo: Memo,
}

/// What a login works with.
pub(super) struct Desk<'a> {
    pub config: &'a Config,
    pub keys: &'a Keyring,
    pub store: &'a mut dyn Store,
    pub arena: &'a mut Arena,
    pub memo: &'a mut Memo,
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
        let store = match &mut site.store {
            Some(store) => store,
            slot => {
                let mut opened = store::open(site.config.store.clone(), site.config.busy_timeout)?;
                config::check_key(&site.config.key, &site.keys, &mut *opened)?;
                slot.insert(opened)
            }
        };
        let mut desk =
            Desk { config: &site.config, keys: &site.keys, store: &mut **store, arena, memo: &mut site.memo };
        let result = work(&mut desk);
        if matches!(&result, Err(Trouble { kind: TroubleKind::Store, .. })) {
            site.store = None;
        }
        result
    })
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
        Ok(Self { path: path.to_path_buf(), config, config_stamp, keys, key_stamp, store: None, memo: Memo::new()? })
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
