//! What needs its owner's attention: the findings of [`mailkey::admin::explain`] that concern her, in her words, each
//! with the step to take. What only an administrator can mend is left out, and so is what every page says at its top.

use mailkey::account::Protocol;
use mailkey::admin::explain::{Finding, FindingKind};
use mailkey::record::CounterKind;
use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::model::{Frame, Overview};
use super::parts::{Rich, ago, date_time, protocol_name};
use crate::locale::isolated;

/// Findings that are shown; the rest is in the activity.
const MOST: usize = 5;

/// Seconds for which guesses are worth a word: they come at all times, and are slowed down.
const RECENT_GUESSES: i64 = 86_400;

/// A finding as it is shown.
struct Shown<'a> {
    finding: &'a Finding,
    /// The message of its sentence, and of its step.
    id: String,
    /// Where its step is taken; none: elsewhere.
    path: Option<&'static str>,
    /// Whether somebody had the password.
    password_known: bool,
}

/// The card; nothing where nothing is the matter.
pub(super) fn card(frame: &Frame<'_>, overview: &Overview<'_>) -> Markup {
    let all: Vec<Shown<'_>> = overview.findings.iter().filter_map(|finding| shown(finding, overview.now)).collect();
    let more = all.len().saturating_sub(MOST);
    html! {
        @if !all.is_empty() {
            section class="card attention" {
                h2 { (frame.locale.text("attention-title")) }
                ul class="rows activity" {
                    @for shown in all.iter().take(MOST) { (row(frame, shown, overview)) }
                }
                @if more > 0 {
                    p { a class="go" href=(frame.href("/activity")) { (frame.locale.with("attention-more", &[("n", more.into())])) } }
                }
            }
        }
    }
}

/// How a finding is shown, if it concerns its owner.
fn shown(finding: &Finding, now: i64) -> Option<Shown<'_>> {
    let (path, password_known) = match finding.kind {
        FindingKind::AccountPasswordUsed => (Some("/app-passwords/new"), true),
        FindingKind::CodeInMailApp
        | FindingKind::RevokedAppPasswordUsed
        | FindingKind::ExpiredAppPasswordUsed
        | FindingKind::AppPasswordForOtherProtocols
        | FindingKind::AppPasswordForOtherNetworks => (Some("/app-passwords/new"), false),
        FindingKind::WrongAppPassword => (Some("/app-passwords"), false),
        FindingKind::AppPasswordOutsideMailApps => (Some("/activity"), false),
        FindingKind::CodeMissing | FindingKind::WrongCode => (None, true),
        FindingKind::WrongRecoveryCode => (Some("/two-factor"), true),
        FindingKind::WrongPassword => (None, false),
        FindingKind::Guesses if finding.last.is_some_and(|last| last > now - RECENT_GUESSES) => {
            (Some("/activity"), false)
        }
        FindingKind::FewRecoveryCodes | FindingKind::EnrolmentPending => (Some("/two-factor"), false),
        FindingKind::Paused => match finding.paused {
            Some(CounterKind::Code | CounterKind::CodeHour) => (None, true),
            // Many accounts were tried from there, and this one hardly ever.
            Some(CounterKind::Network) => return None,
            Some(CounterKind::Password) | None => (Some("/activity"), false),
        },
        // Old guesses; what is at the top of each page; the webmail's; the administrator's; and nobody is signed in here.
        FindingKind::Guesses
        | FindingKind::EnrolmentRequired
        | FindingKind::EnrolmentAhead
        | FindingKind::SessionOver
        | FindingKind::CodeUsed
        | FindingKind::ProtocolUnknown
        | FindingKind::SessionNotAllowedHere
        | FindingKind::SessionBroken
        | FindingKind::AccountDisabled => return None,
    };
    let id = match (finding.kind, finding.paused) {
        (FindingKind::Paused, Some(CounterKind::Code | CounterKind::CodeHour)) => "finding-paused-codes".into(),
        (FindingKind::Paused, _) => "finding-paused-passwords".into(),
        (FindingKind::FewRecoveryCodes, _) => "recovery-codes-left".into(),
        (kind, _) => format!("finding-{}", kind.as_str().replace('_', "-")),
    };
    Some(Shown { finding, id, path, password_known })
}

fn row(frame: &Frame<'_>, shown: &Shown<'_>, overview: &Overview<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let finding = shown.finding;
    let step = match finding.kind {
        FindingKind::FewRecoveryCodes => Some(text("recovery-codes-new").into_owned()),
        _ => frame.locale.step(&shown.id),
    };
    let turn_on = finding.kind == FindingKind::Guesses && !overview.two_factor;
    html! {
        li {
            (icon(Icon::Warning))
            div class="what" {
                p class="event" { (sentence(frame, shown)) }
                (facts(frame, finding, overview.now))
                @if let Some(step) = step {
                    p class="step" {
                        @match shown.path {
                            Some(path) => a class="go" href=(frame.href(path)) { (step) },
                            None => (step),
                        }
                    }
                }
                @if turn_on { p class="step" { a class="go" href=(frame.href("/two-factor")) { (text("overview-turn-on")) } } }
                @if shown.password_known { p class="step" { a class="go" href=(frame.href("/password")) { (text("finding-not-you")) } } }
            }
        }
    }
}

/// What is the matter.
fn sentence(frame: &Frame<'_>, shown: &Shown<'_>) -> Markup {
    let finding = shown.finding;
    let number = [("n", finding.number.unwrap_or_default().into())];
    let said = match finding.kind {
        FindingKind::Paused => {
            let until = date_time(frame, finding.until.unwrap_or_default());
            return frame.locale.rich(&shown.id, &[], &[("time", until)]);
        }
        FindingKind::FewRecoveryCodes | FindingKind::Guesses => frame.locale.with(&shown.id, &number),
        _ => frame.locale.text(&shown.id).into_owned(),
    };
    let id = finding.credential.as_str();
    let app = match &finding.name {
        Some(name) => frame.locale.with("app-password-by-name", &[("name", isolated(name).into()), ("id", id.into())]),
        None if !id.is_empty() => frame.locale.with("app-password-by-id", &[("id", id.into())]),
        None => return html! { (said) },
    };
    html! { (frame.locale.with("activity-about", &[("event", said.into()), ("app", app.into())])) }
}

/// When, how often, from where, for what; nothing where it is no attempt.
fn facts(frame: &Frame<'_>, finding: &Finding, now: i64) -> Markup {
    html! {
        @if let Some(last) = finding.last {
            p class="hint" {
                (ago(frame, last, now))
                @if let Some(since) = finding.since.filter(|_| finding.count > 1) {
                    " · " (frame.locale.rich("activity-count", &[("n", finding.count.into())], &[("since", date_time(frame, since))]))
                }
                @if !finding.address.is_empty() { " · " (finding.address) }
                @if let Some(protocol) = Protocol::parse(&finding.protocol) {
                    " · " (frame.locale.text(&protocol_name(protocol.as_str())))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::samples::{NOW, finding};

    /// The kinds that are shown, with the messages that they are shown by.
    fn messages(now: i64) -> Vec<String> {
        let pauses = [CounterKind::Code, CounterKind::Password, CounterKind::Network];
        let paused = pauses.map(|kind| Finding { paused: Some(kind), ..finding(FindingKind::Paused) });
        let others = FindingKind::ALL.into_iter().filter(|kind| *kind != FindingKind::Paused).map(finding);
        let all: Vec<Finding> = paused.into_iter().chain(others).collect();
        all.iter().filter_map(|finding| shown(finding, now)).map(|shown| shown.id).collect()
    }

    #[test]
    fn every_kind_that_concerns_people_has_a_sentence_and_only_those_have() {
        let english = include_str!("../locales/en.ftl");
        let said = english.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id.to_string());
        let mut said: Vec<String> = said.filter(|id| id.starts_with("finding-") && id != "finding-not-you").collect();
        let mut wanted: Vec<String> = messages(NOW).into_iter().filter(|id| id.starts_with("finding-")).collect();
        said.sort();
        wanted.sort();
        assert_eq!(said, wanted);
    }

    #[test]
    fn guesses_are_no_news_after_a_day() {
        assert!(messages(NOW).contains(&"finding-guesses".to_string()));
        assert!(!messages(NOW + RECENT_GUESSES).contains(&"finding-guesses".to_string()));
    }
}
