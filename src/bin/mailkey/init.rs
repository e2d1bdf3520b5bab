//! `mailkey init`.

use std::path::{Path, PathBuf};

use clap::Args;
use mailkey::admin::instance::{self, Access, Done, GROUP, Instance, Part};
use serde_json::{Value, json};

use crate::failure::{Exit, Outcome, warn};
use crate::output::{Output, Style};

const AFTER_HELP: &str = "\
The configuration is written where --config says, the key beside it, the database as mailkey.db into DIR. Without \
--data-dir that is /var/lib/mailkey, or where the configuration that is there says. Root and the members of the group \
mailkey can then use mailkey; without root it is all your own, for trying things out.

What is there is never written over. A database of an older version is migrated. A wrong mode is reported with the \
command that mends it. Where the configuration names a recipients database (for Dovecot's userdb and Postfix), it is \
made, for root alone to write, and brought into step with the accounts. What is wrong with that one is reported and \
stops nothing: no sign-in needs it.

JSON OUTPUT
  {\"config\", \"key\", \"data_dir\", \"database\", \"recipients\", \"group\",
   \"steps\": [{\"part\", \"path\", \"done\", \"problem\"}]}
  recipients: null where none is configured
  part: config, key, data_dir, database, recipients_dir, recipients
  done: made, kept, migrated, updated, missing
  problem: a sentence, or null
  group: mailkey, or null where files belong to root or to you alone

EXAMPLES
  mailkey init
  mailkey init --quiet
  mailkey --config /tmp/try/mailkey.toml init --data-dir /tmp/try/data";

/// Make configuration, key and database; safe to repeat
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Init {
    /// The directory of the database.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Say nothing but what is wrong, on standard error.
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
}

impl Init {
    /// Makes what is missing, and says what was made and what was there.
    pub fn run(&self, config: &Path, output: &Output) -> Outcome {
        let instance = instance::make(config, self.data_dir.as_deref())?;
        if self.quiet {
            instance.steps.iter().for_each(|step| {
                if let Some(problem) = &step.problem {
                    warn(format_args!("{}: {problem}", step.path.display()));
                }
            });
        } else if output.is_json() {
            output.json(&as_json(&instance))?;
        } else {
            show(&instance, output)?;
        }
        Ok(Exit::Done)
    }
}

fn as_json(instance: &Instance) -> Value {
    let path = |part| instance.path(part).map(Path::display).map(|path| path.to_string());
    let steps: Vec<Value> = instance
        .steps
        .iter()
        .map(|step| {
            json!({
                "part": step.part.as_str(), "path": step.path.display().to_string(),
                "done": step.done.as_str(), "problem": step.problem,
            })
        })
        .collect();
    json!({
        "config": path(Part::Config), "key": path(Part::Key), "data_dir": path(Part::DataDir),
        "database": path(Part::Database), "recipients": path(Part::Recipients), "group": matches!(instance.access, Access::Group(_)).then_some(GROUP),
        "steps": steps,
    })
}

fn show(instance: &Instance, output: &Output) -> std::io::Result<()> {
    let mut problems = 0;
    for step in &instance.steps {
        let style = if step.done == Done::Kept { Style::Dim } else { Style::Green };
        let done = output.style(style, format_args!("{:<9}", step.done.as_str()));
        output.line(format_args!("{done} {:<13} {}", title(step.part), step.path.display()))?;
        if let Some(problem) = &step.problem {
            problems += 1;
            output.line(format_args!("{}   {problem}", output.style(Style::Yellow, "  wrong:")))?;
        }
    }
    let made = |part| instance.steps.iter().any(|step| step.part == part && step.done == Done::Made);
    output.line(match instance.access {
        Access::Group(_) => format!("root and the members of the group {GROUP} can use it"),
        Access::RootOnly => format!(
            "only root can use it: there is no group {GROUP} (`groupadd --system {GROUP}`, then init says what to change)"
        ),
        Access::User => "only you can use it; a mail server's needs root: `sudo mailkey init`".to_string(),
    })?;
    if made(Part::Key) {
        output
            .line("keep a copy of the key apart from the backups of the database: neither opens without the other")?;
    }
    match problems {
        0 if made(Part::Database) => output.line("next: mailkey user add ADDRESS"),
        0 => Ok(()),
        _ => output.line("nothing that was there has been changed: the commands above mend it"),
    }
}

fn title(part: Part) -> &'static str {
    match part {
        Part::Config => "configuration",
        Part::Key => "key",
        Part::DataDir => "directory",
        Part::Database => "database",
        Part::RecipientsDir => "directory",
        Part::Recipients => "recipients",
    }
}
