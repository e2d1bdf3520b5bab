//! `mailkey-panel`: the self-service panel. People turn 2FA on and off there, and make app passwords, by themselves.
//!
//! One request passes through these rooms:
//!
//! ```text
//! serve (connection, TLS) → routes (address, who may go there) → visit (cookie → session, language, headers)
//!   → pages (what is fetched or done: desk → mailkey::admin; identify → authenticate) → view (HTML)
//! ```
//!
//! Security: passwords are checked by libpam in a process of its own, or by the mail server; a session is 256 random bits
//! of which the store has a digest; nothing that is shown once is kept on disk.

mod agent;
mod assets;
mod authenticate;
mod chosen;
mod client;
mod config;
mod cookie;
mod crowd;
mod desk;
mod failure;
mod form;
mod held;
mod identify;
mod journal;
mod locale;
#[path = "../mailkey/manual.rs"]
mod manual;
mod pages;
mod profile;
mod routes;
mod serve;
mod state;
mod view;
mod visit;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Command, CommandFactory, Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use crate::chosen::Authenticator;
use crate::config::Config;
use crate::serve::{Certificate, Door};
use crate::state::{Panel, Shared, Visitors};

const AFTER_HELP: &str = "\
FILES
  /etc/mailkey/panel.toml      the panel's configuration: every setting, explained
  /etc/mailkey/mailkey.toml    mailkey's own: what accounts may do

SIGNALS
  HUP    reads a renewed certificate; other settings are read at the start
  TERM   serves those who are being served, and ends; sessions go on after the next start

EXAMPLES
  mailkey-panel --check             is the configuration right, and can the database be opened?
  systemctl reload mailkey-panel    after the certificate was renewed";

/// Self-service panel of mailkey: two-factor sign-in and app passwords for mailbox users
#[derive(Parser)]
#[command(name = "mailkey-panel", version, max_term_width = 100)]
#[command(after_help = AFTER_HELP)]
struct Cli {
    /// The panel's configuration
    #[arg(long, value_name = "FILE", default_value = config::DEFAULT_PATH)]
    config: PathBuf,
    /// Look at configuration, certificate and database, say what is wrong, and end
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Answers one sign-in through libpam; the panel starts it.
    #[command(hide = true)]
    PamWorker,
    /// Writes the manual page to standard output, for packages.
    #[command(hide = true)]
    Man,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.verb {
        Some(Verb::PamWorker) => return mailkey::pam_worker::run("mailkey-panel"),
        Some(Verb::Man) => write_manual(),
        None => {
            journal::listen();
            start(&cli)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            journal::error(format_args!("{what}"));
            ExitCode::FAILURE
        }
    }
}

fn write_manual() -> Result<(), String> {
    let cli = Cli::command();
    // Without the verbs, which are nobody's but the panel's and the packages'.
    let command = Command::new("mailkey-panel")
        .version(env!("CARGO_PKG_VERSION"))
        .about(cli.get_about().cloned().unwrap_or_default())
        .after_help(AFTER_HELP)
        .args(cli.get_arguments().cloned());
    let page = manual::page(&command).map_err(|error| error.to_string())?;
    std::io::stdout().write_all(&page).map_err(|error| error.to_string())
}

fn start(cli: &Cli) -> Result<(), String> {
    let config = Config::read(&cli.config).map_err(|error| error.to_string())?;
    let certificate = config.tls.as_ref().map(Certificate::read).transpose()?.map(Arc::new);
    let panel = open(config)?;
    if cli.check {
        journal::info(format_args!("{}: all is well", cli.config.display()));
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(run(panel, certificate))
}

/// Everything that requests share, opened.
fn open(config: Config) -> Result<Shared, String> {
    let locales =
        locale::Locales::new(&locale::TEXTS, config.time_zone.as_deref()).map_err(|error| error.to_string())?;
    let (mailkey, _) = mailkey::config::load(&config.mailkey).map_err(|error| error.to_string())?;
    Ok(Arc::new(Panel {
        locales,
        assets: assets::Assets::new(&config.brand),
        desks: Arc::new(desk::Desks::open(&config.mailkey)?),
        authenticator: Authenticator::new(&config, &mailkey)?,
        held: held::Held::default(),
        visitors: Visitors::new(config.requests_per_minute),
        config,
    }))
}

async fn run(panel: Shared, certificate: Option<Arc<Certificate>>) -> Result<(), String> {
    let door = Door::open(&panel.config.listen).await;
    let door = door.map_err(|error| format!("listen = {}: {error}", panel.config.listen))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    tokio::spawn(reload(certificate.clone()));
    tokio::spawn(sweep(panel.clone()));
    journal::info(format_args!(
        "mailkey-panel {} listens on {} for {}{}/",
        env!("CARGO_PKG_VERSION"),
        door.name(),
        panel.config.url.origin,
        panel.config.url.base
    ));
    notify(sd_notify::NotifyState::Ready);
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        notify(sd_notify::NotifyState::Stopping);
    };
    let proxies = panel.config.trusted_proxies.clone();
    serve::serve(door, certificate, &proxies, routes::app(panel), stop).await;
    journal::info(format_args!("ended"));
    Ok(())
}

/// Tells systemd, where it asked to be told.
fn notify(state: sd_notify::NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        journal::warning(format_args!("systemd was not told: {error}"));
    }
}

/// Reads the certificate again at each SIGHUP.
async fn reload(certificate: Option<Arc<Certificate>>) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    while hangup.recv().await.is_some() {
        match certificate.as_deref().map(Certificate::reload) {
            Some(Ok(())) => journal::info(format_args!("the certificate was read again")),
            Some(Err(what)) => journal::error(format_args!("the certificate stays as it was: {what}")),
            None => {}
        }
    }
}

/// Forgets what is too old, twice a minute.
async fn sweep(panel: Shared) {
    let mut interval = tokio::time::interval(Duration::from_secs(30));
    loop {
        interval.tick().await;
        panel.held.sweep();
        panel.visitors.sweep();
    }
}
