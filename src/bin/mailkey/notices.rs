//! `mailkey user notices`: how somebody wants to be told.

use clap::Args;
use mailkey::notice::NoticeSettings;
use serde_json::json;

use crate::clock::now;
use crate::failure::{Exit, Outcome, warn};
use crate::output::Output;
use crate::site::Site;
use crate::user::Address;

pub const AFTER_HELP: &str = "\
Notices go to the mailbox itself, which does not help somebody who cannot read it any more: an address outside of it gets \
them too. Without an option, shows how it is set. Users set it themselves in the panel.

JSON OUTPUT
  {\"account\", \"notices\", \"also\", \"language\"}
  also: the second address, or null
  language: null until it is known; then the configuration says which

EXAMPLES
  mailkey user notices alice@example.org
  mailkey user notices alice@example.org --also alice@elsewhere.example --language de
  mailkey user notices alice@example.org --off";

/// Who is told what by mail
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Notices {
    #[command(flatten)]
    account: Address,
    /// Send notices.
    #[arg(long, conflicts_with = "off")]
    on: bool,
    /// Send none.
    #[arg(long)]
    off: bool,
    /// Send them to this address, too.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "mailbox_only")]
    also: Option<String>,
    /// Send them to the mailbox alone.
    #[arg(long)]
    mailbox_only: bool,
    /// In this language: de, en, es, fr, it, ja, nl, pl, pt-BR, zh-Hans.
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
}

impl Notices {
    /// Shows or sets it.
    pub fn run(&self, site: &mut Site, output: &Output) -> Outcome {
        let name = site.name(&self.account.address)?;
        let before = site.admin().notice_settings(&name)?;
        let wanted = self.change(before.clone());
        if wanted != before {
            site.admin().set_notice_settings(&name, &wanted, now())?;
        }
        if site.config.notices.is_none() {
            warn("notices have no sender, so that none are sent: see [notices] in the configuration");
        }
        let NoticeSettings { enabled, address, language } = wanted;
        if output.is_json() {
            output
                .json(&json!({"account": name.as_str(), "notices": enabled, "also": address, "language": language}))?;
            return Ok(Exit::Done);
        }
        if !enabled {
            output.line(format_args!("{name} gets no notices"))?;
            return Ok(Exit::Done);
        }
        let also = address.map(|address| format!(" and {address}")).unwrap_or_default();
        let language = language.map(|tag| format!(", in the language {tag}")).unwrap_or_default();
        output.line(format_args!("notices go to {name}{also}{language}"))?;
        Ok(Exit::Done)
    }

    fn change(&self, before: NoticeSettings) -> NoticeSettings {
        let address = if self.mailbox_only { None } else { self.also.clone().or(before.address) };
        NoticeSettings {
            enabled: self.on || (before.enabled && !self.off),
            address,
            language: self.language.clone().or(before.language),
        }
    }
}
