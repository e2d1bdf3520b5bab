//! The instance: configuration, key, database and the list of recipients.

use std::path::{Path, PathBuf};

use mailkey::admin::instance::{Done, Step, inspect};
use mailkey::config::{self, Config, KeyCheckError};
use mailkey::recipients::Recipients;
use mailkey::store::{self, OpenStore, Place, SqliteStore, Store};

use super::Finding;

/// Free space, in bytes, below which there is soon none.
const LITTLE_SPACE: u64 = 64 << 20;

/// Free space below which the next write may fail.
const NO_SPACE: u64 = 4 << 20;

/// Size of the -wal file, in bytes, at which somebody keeps it from being taken over into the database.
const LARGE_WAL: u64 = 256 << 20;

/// Size of the database up to which it is read without --deep.
const QUICKLY_READ: u64 = 1 << 30;

/// Whether this is root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The configuration, or why there is none.
pub struct Seen {
    path: PathBuf,
    config: Result<Config, String>,
}

impl Seen {
    /// Reads the configuration.
    pub fn load(path: &Path) -> Self {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let config = config::load(&path).map(|(config, _)| config).map_err(|error| error.to_string());
        Self { path, config }
    }

    /// The configuration, where there is one.
    pub fn config(&self) -> Option<&Config> {
        self.config.as_ref().ok()
    }

    /// Whether it is the one that the units of systemd go by.
    pub fn is_the_machines(&self) -> bool {
        self.path == Path::new(config::DEFAULT_PATH)
    }

    /// Whether an address makes a login the webmail's.
    pub fn has_webmail_hosts(&self) -> bool {
        self.config.as_ref().is_ok_and(|config| !config.webmail_hosts.is_empty())
    }

    /// What is wrong with the configuration and the key.
    pub fn config_and_key(&self) -> Vec<Finding> {
        let config = match &self.config {
            Ok(config) => config,
            Err(why) => {
                return vec![Finding::error(
                    "config_unusable",
                    format!("the configuration is not usable, so that every login is refused: {why}"),
                    "Mend that line or file; changes are seen at the next login.",
                )];
            }
        };
        let mut findings = self.steps(config, |name| matches!(name, "config" | "key"));
        match config::load_key(&config.key) {
            Err(error) => findings.push(Finding::error(
                "key_unusable",
                format!("the key is not usable, so that every login is refused: {error}"),
                "Keep a copy of the key apart from the backups of the database.",
            )),
            Ok((keys, _)) => {
                // A database that does not open is another part's.
                if let Ok(mut store) = store::open(config.store.clone(), config.busy_timeout)
                    && let Err(KeyCheckError::Key(error)) = config::check_key(&config.key, &keys, &mut *store)
                {
                    findings.push(Finding::error(
                        "key_other",
                        error.to_string(),
                        "The database was used with another key.",
                    ));
                }
            }
        }
        if findings.is_empty() {
            findings.push(Finding::ok(
                "config",
                format!("{} and {} are in order", self.path.display(), config.key.display()),
            ));
        }
        findings
    }

    /// What is wrong with the database and the list of recipients.
    pub fn database(&self, deep: bool) -> Vec<Finding> {
        let Ok(config) = &self.config else { return Vec::new() };
        let mut findings = self.steps(config, |name| !matches!(name, "config" | "key"));
        if let Place::File(database) = &config.store {
            findings.extend(of_space(database));
        }
        #[cfg(feature = "postgres")]
        findings.extend(super::server::servers(config));
        match store::open(config.store.clone(), config.busy_timeout) {
            Err(error) => findings.push(Finding::error(
                "database_unusable",
                format!("the database is not usable, so that every login is refused: {error}"),
                match &config.store {
                    Place::File(_) => {
                        "Restore it from a backup if it is damaged (\"Traps around us\" in README.md says how)."
                    }
                    Place::Server { .. } => {
                        "See what is said of each of its servers (\"Several mail nodes\" in README.md)."
                    }
                },
            )),
            Ok(mut store) => {
                #[cfg(feature = "postgres")]
                {
                    findings.extend(super::server::nodes(config, &mut store));
                    findings.extend(super::server::replica(config, &mut store));
                }
                if let OpenStore::Sqlite(store) = &mut store {
                    findings.extend(of_content(store, &config.database, deep));
                }
                findings.extend(of_recipients(config, &mut *store));
            }
        }
        if findings.iter().all(|finding| finding.severity <= super::Severity::Note) {
            findings.insert(0, Finding::ok("database", format!("{} is in order", config.store)));
        }
        findings
    }

    /// Owners and modes.
    fn steps(&self, config: &Config, wanted: fn(&str) -> bool) -> Vec<Finding> {
        let about = |step: Step| {
            let (part, path) = (step.part.as_str(), step.path.display().to_string());
            match (step.done, step.problem) {
                (Done::Missing, _) if part.starts_with("recipients") => Some(Finding::warning(
                    "recipients_missing",
                    format!("{path} is missing: Dovecot and Postfix do not know which addresses there are"),
                    "mailkey init",
                )),
                // Whoever opens it says so.
                (Done::Missing, _) | (_, None) => None,
                (_, Some(problem)) => {
                    let (what, mend) = problem.split_once(": run ").unwrap_or((&problem, "mailkey init"));
                    Some(Finding::warning("permissions", format!("{path}: {what}"), mend.trim_matches('`')))
                }
            }
        };
        inspect(&self.path, config).into_iter().filter(|step| wanted(step.part.as_str())).filter_map(about).collect()
    }
}

fn of_space(database: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let directory = database.parent().unwrap_or(Path::new("/"));
    let Ok(system) = rustix::fs::statvfs(directory) else { return findings };
    let free = system.f_bavail.saturating_mul(system.f_frsize);
    let place = directory.display();
    if system.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
        findings.push(Finding::error(
            "read_only",
            format!("{place} is read-only: no code opens"),
            format!("mount -o remount,rw for {place}; dmesg says why it became so"),
        ));
    } else if free < NO_SPACE || (system.f_files > 0 && system.f_favail == 0) {
        findings.push(Finding::error(
            "disk_full",
            format!("no space is left at {place}: app passwords open, codes do not"),
            "Make room.",
        ));
    } else if free < LITTLE_SPACE {
        findings.push(Finding::warning(
            "disk_nearly_full",
            format!("{} MiB are left at {place}", free >> 20),
            "Make room before codes stop to open.",
        ));
    }
    let wal = PathBuf::from(format!("{}-wal", database.display()));
    if let Ok(metadata) = wal.metadata()
        && metadata.len() > LARGE_WAL
    {
        findings.push(Finding::warning(
            "wal_large",
            format!(
                "{} has {} MiB: something keeps the database open and reads on",
                wal.display(),
                metadata.len() >> 20
            ),
            format!("Find who does, such as a backup that hangs: fuser -v {}", database.display()),
        ));
    }
    findings
}

fn of_content(store: &mut SqliteStore, database: &Path, deep: bool) -> Option<Finding> {
    let size = database.metadata().map_or(0, |metadata| metadata.len());
    if size > QUICKLY_READ && !deep {
        return Some(Finding::note(
            "database_unread",
            "the database is large and was not read through: --deep does that",
        ));
    }
    let faults = match store.faults(deep) {
        Ok(faults) if faults.is_empty() => return None,
        Ok(faults) => faults.join("; "),
        Err(error) => error.to_string(),
    };
    Some(Finding::error(
        "database_damaged",
        format!("the database is damaged: {faults}"),
        "Stop Dovecot and restore the last good backup (\"Traps around us\" in README.md says how).",
    ))
}

fn of_recipients(config: &Config, store: &mut dyn Store) -> Option<Finding> {
    let path = config.recipients.as_ref().filter(|path| path.exists())?;
    // Only root writes it, and so opens it here.
    if !is_root() {
        return None;
    }
    let differ = Recipients::open(path, config.busy_timeout).and_then(|recipients| recipients.differences(store));
    let what = match differ {
        Ok(0) => return None,
        Ok(number) => format!("{number} accounts are not in {} as they are in the database", path.display()),
        Err(error) => error.to_string(),
    };
    Some(Finding::warning("recipients_behind", what, "mailkey init"))
}
