//! `mailkey completions` and `mailkey man`: made from the definitions of the arguments.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

use crate::Cli;
use crate::failure::{Exit, Failure, Outcome};
use crate::manual;
use crate::output::Output;

/// Print a completion script for a shell
#[derive(Args)]
#[command(after_help = "JSON OUTPUT\n  {\"shell\", \"script\"}\n\n\
    EXAMPLES\n  mailkey completions bash > /usr/share/bash-completion/completions/mailkey")]
pub struct Completions {
    /// For which shell.
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub fn run(&self, output: &Output) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "mailkey", &mut script);
        if output.is_json() {
            let script = String::from_utf8_lossy(&script);
            output.json(&json!({"shell": self.shell.to_string(), "script": script}))?;
        } else {
            output.raw(&script)?;
        }
        Ok(Exit::Done)
    }
}

/// Write the manual pages into a directory
#[derive(Args)]
#[command(after_help = "JSON OUTPUT\n  {\"pages\": [PATH...]}\n\nEXAMPLES\n  mailkey man /usr/local/share/man/man8")]
pub struct Man {
    /// The directory; it is made if it is missing, and older pages in it are written over.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

impl Man {
    /// Writes a page for the command and for each verb.
    pub fn run(&self, output: &Output) -> Outcome {
        let mut command = Cli::command().disable_help_subcommand(true);
        command.build();
        let mut pages = Vec::new();
        let written =
            std::fs::create_dir_all(&self.directory).and_then(|()| write_pages(&command, &self.directory, &mut pages));
        written.map_err(|error| {
            Failure::new(Exit::Failed, format_args!("{} cannot be written: {error}", self.directory.display()))
        })?;
        if output.is_json() {
            output.json(&json!({"pages": pages}))?;
        } else {
            for page in pages {
                output.line(page)?;
            }
        }
        Ok(Exit::Done)
    }
}

/// The page of `command`, then those of its verbs: `mailkey-user-add.8`.
fn write_pages(command: &Command, directory: &Path, pages: &mut Vec<String>) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let path = directory.join(format!("{name}.8"));
    std::fs::write(&path, manual::page(command)?)?;
    pages.push(path.display().to_string());
    for verb in command.get_subcommands() {
        write_pages(verb, directory, pages)?;
    }
    Ok(())
}
