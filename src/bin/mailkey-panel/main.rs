//! `mailkey-panel`: the self-service panel of a mailbox's owner.

mod assets;
mod authenticate;
mod config;
mod locale;
mod profile;
mod view;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The self-service panel: 2FA, app passwords and sign-ins of a mailbox, in the browser of its owner.
#[derive(Parser)]
#[command(name = "mailkey-panel", version, max_term_width = 90)]
struct Cli {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Answers one sign-in through libpam; the panel starts it.
    #[command(hide = true)]
    PamWorker,
}

fn main() -> ExitCode {
    match Cli::parse().verb {
        Some(Verb::PamWorker) => authenticate::worker::run(),
        None => ExitCode::FAILURE,
    }
}
