//! `mailkey`: the command.
//!
//! This file is the arguments and who carries them out; each group of verbs has a file. [`site`] opens what the
//! configuration names, [`input`] reads secrets, [`output`] is the only way to standard output, [`failure`] says what
//! went wrong and with which exit code.

mod app_password;
mod backup;
mod bulk;
mod check;
mod clock;
mod doctor;
mod domain;
mod explain;
mod export;
mod failure;
mod generate;
mod hook;
mod import;
mod init;
mod input;
mod invite;
mod key;
mod log;
mod manual;
mod node;
mod notices;
mod notify;
mod output;
mod progress;
mod qr;
mod recovery_codes;
mod replace;
mod report;
mod require;
mod reset;
mod session;
mod site;
mod store;
mod table;
mod tidy;
mod totp;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::{Outcome, report};
use output::Output;

const AFTER_HELP: &str = "\
EXIT CODES
  0  done; for check: accepted
  1  failed: configuration, key or database is broken, or not for this user
  2  the arguments are wrong
  3  refused: a wrong code, a password against the rules; for check: refused
  4  not found: no such account, app password, session or enrolment
  5  exists already
  6  done; doctor found what wants attention
  7  done; doctor found what is wrong

JSON OUTPUT
With --json each verb prints one JSON value on standard output; its own help describes it. Times are RFC 3339 in UTC, \
and what does not apply is null. Members may be added in later versions, never renamed or removed. On failure nothing \
is printed there: the exit code and standard error say why. (check and import print their answer also when it is a refusal.)

SECRETS
Passwords and codes are read from the terminal or from standard input, never from the arguments.

EXAMPLES
  mailkey init
  mailkey user add alice@example.org
  mailkey totp enroll alice@example.org
  mailkey app-password add alice@example.org --name Phone
A second instance, to try things out:
  mailkey --config /tmp/try/mailkey.toml init --data-dir /tmp/try/data";

/// Two-factor sign-in for mail: accounts, codes and app passwords.
#[derive(Parser)]
#[command(name = "mailkey", version, after_help = AFTER_HELP, max_term_width = 90)]
struct Cli {
    /// The configuration file.
    #[arg(long, global = true, display_order = 100, value_name = "PATH", default_value = mailkey::config::DEFAULT_PATH)]
    config: PathBuf,
    /// Print JSON.
    #[arg(long, global = true, display_order = 101)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Init(init::Init),
    #[command(subcommand)]
    User(user::User),
    #[command(subcommand)]
    Domain(domain::Domain),
    #[command(subcommand)]
    Totp(totp::Totp),
    #[command(subcommand)]
    RecoveryCodes(recovery_codes::RecoveryCodes),
    #[command(subcommand)]
    AppPassword(app_password::AppPassword),
    #[command(subcommand)]
    Session(session::Session),
    #[command(subcommand)]
    Hook(hook::Hook),
    #[command(subcommand)]
    Node(node::NodeVerb),
    Import(import::Import),
    #[command(subcommand)]
    Require(require::Require),
    Check(check::Check),
    Explain(explain::Explain),
    Doctor(doctor::Doctor),
    Log(log::Log),
    Report(report::Report),
    Tidy(tidy::Tidy),
    Backup(backup::Backup),
    Restore(backup::Restore),
    #[command(subcommand)]
    Store(store::Store),
    #[command(subcommand)]
    Key(key::Key),
    Notify(notify::Notify),
    Completions(generate::Completions),
    Man(generate::Man),
    /// Answers one sign-in through libpam; doctor starts it.
    #[command(hide = true)]
    PamWorker,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => return failure::usage(&message),
    };
    if let Verb::PamWorker = cli.verb {
        return mailkey::pam_worker::run("mailkey");
    }
    let output = Output::new(cli.json);
    report(run(&cli, &output))
}

fn run(cli: &Cli, output: &Output) -> Outcome {
    let open = || site::Site::open(&cli.config);
    // For verbs that may revoke something.
    let change = |verb: &dyn Fn(&mut site::Site) -> Outcome| {
        let mut site = open()?;
        let outcome = verb(&mut site);
        hook::run_now(&mut site);
        outcome
    };
    match &cli.verb {
        Verb::Init(init) => init.run(&cli.config, output),
        Verb::User(user) => change(&|site| user.run(site, output)),
        Verb::Domain(domain) => change(&|site| domain.run(site, output)),
        Verb::Totp(totp) => change(&|site| totp.run(site, output)),
        Verb::RecoveryCodes(codes) => change(&|site| codes.run(site, output)),
        Verb::AppPassword(password) => change(&|site| password.run(site, output)),
        Verb::Session(session) => change(&|site| session.run(site, output)),
        Verb::Import(import) => change(&|site| import.run(site, output)),
        Verb::Require(require) => change(&|site| require.run(site, output)),
        Verb::Hook(hook) => hook.run(&mut open()?, output),
        Verb::Node(node) => node.run(&mut open()?, output),
        Verb::Check(check) => check.run(&mut open()?, output),
        Verb::Explain(explain) => explain.run(&mut open()?, output),
        Verb::Doctor(doctor) => doctor.run(&cli.config, output),
        Verb::Report(report) => report.run(&mut open()?, output),
        Verb::Log(log) => log.run(&mut open()?, output),
        Verb::Tidy(tidy) => tidy.run(&mut open()?, output),
        Verb::Backup(backup) => backup.run(&mut open()?, output),
        Verb::Restore(restore) => restore.run(&cli.config, output),
        Verb::Store(store) => store.run(output),
        Verb::Key(key) => key.run(&mut open()?, &cli.config, output),
        Verb::Notify(notify) => notify.run(&mut open()?, output),
        Verb::Completions(completions) => completions.run(output),
        Verb::Man(man) => man.run(output),
        // It has no use for any of this.
        Verb::PamWorker => Ok(failure::Exit::Done),
    }
}
