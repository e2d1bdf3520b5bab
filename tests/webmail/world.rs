//! What tests/daemons/test_webmail.py has started, as it describes it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde::Deserialize;

/// Environment variable with the description, in JSON.
const VARIABLE: &str = "MAILKEY_WEBMAIL_WORLD";

/// One mail server with its webmails, under one value of `webmail_session`.
#[derive(Deserialize)]
pub struct World {
    /// Everything that belongs to this run.
    pub directory: PathBuf,
    /// The command `mailkey`.
    pub command: PathBuf,
    /// Its configuration, which the module reads too.
    pub config: PathBuf,
    /// What the module writes to syslog.
    pub syslog: PathBuf,
    /// Where pictures go that a person may want to look at.
    pub pictures: PathBuf,
    /// A file that is shown after the tests.
    pub report: PathBuf,
    /// URL of chromedriver.
    pub chromedriver: String,
    /// Ports of the mail server, by the names of packaging/demo/mailserver.py.
    pub port: HashMap<String, Option<u16>>,
    /// The Roundcubes, by the names that test_webmail.py gives them.
    pub sites: HashMap<String, Site>,
    /// Seconds: `[totp] period` and `session_idle` of the configuration.
    pub period: u32,
    pub idle: u64,
}

/// A Roundcube.
#[derive(Clone, Deserialize)]
pub struct Site {
    pub url: String,
    /// Its configuration, database, logs and temporary files.
    pub directory: PathBuf,
}

/// The world of this run. Without one there is nothing to test with.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let text = std::env::var(VARIABLE)
            .unwrap_or_else(|_| panic!("these tests need a mail server of their own: sudo tests/run webmail"));
        serde_json::from_str(&text).unwrap()
    })
}

impl World {
    pub fn port(&self, name: &str) -> u16 {
        self.port[name].unwrap_or_else(|| panic!("the package of the {name} server is not installed"))
    }
}
