//! What tests/daemons/test_panel.py has started, as it describes it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde::Deserialize;

/// Environment variable with the description, in JSON.
const VARIABLE: &str = "MAILKEY_PANEL_WORLD";

/// One mail server, and what a panel beside it needs.
#[derive(Deserialize)]
pub struct World {
    /// Everything that belongs to this run.
    pub directory: PathBuf,
    /// The command `mailkey`.
    pub command: PathBuf,
    /// The program `mailkey-panel`, where its own user may run it.
    pub panel: PathBuf,
    /// User and group of the panel: no more than its package gives it.
    pub user: u32,
    pub group: u32,
    /// The configuration of mailkey, which the module reads too.
    pub config: PathBuf,
    /// The database.
    pub database: PathBuf,
    /// What the module writes to syslog.
    pub syslog: PathBuf,
    /// Certificate and key for [`crate::panel::HOST`].
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// Where pictures go that a person may want to look at.
    pub pictures: PathBuf,
    /// URL of chromedriver.
    pub chromedriver: String,
    /// The accessibility checker axe-core: a script.
    pub axe: PathBuf,
    /// The sources of the program that is tested.
    pub sources: PathBuf,
    /// Ports of the mail server, by the names of packaging/demo/mailserver.py.
    pub port: HashMap<String, Option<u16>>,
    /// Seconds: `[totp] period` of the configuration.
    pub period: u32,
}

/// The world of this run. Without one there is nothing to test with.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let text = std::env::var(VARIABLE)
            .unwrap_or_else(|_| panic!("these tests need a mail server of their own: sudo tests/run panel"));
        serde_json::from_str(&text).unwrap()
    })
}

impl World {
    pub fn port(&self, name: &str) -> u16 {
        self.port[name].unwrap_or_else(|| panic!("the package of the {name} server is not installed"))
    }
}
