//! The first page after the sign-in: how the account stands.

use maud::{Markup, html};

use super::attention;
use super::icon::{Icon, icon};
use super::layout::{Head, page};
use super::model::{Frame, Overview};
use super::parts::opens;
use super::two_factor::status;
use super::{FEW_CODES, words};

pub fn overview(frame: &Frame<'_>, shown: &Overview<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let active = shown.app_passwords.iter().filter(|row| opens(row, shown.now)).count();
    let content = html! {
        (attention::card(frame, shown))
        section class="card" {
            h2 { (text("two-factor-title")) }
            @if shown.two_factor {
                (status(true, &text("two-factor-is-on")))
                p { (frame.locale.with("overview-authenticators", &[("n", shown.authenticators.into())])) }
                p class=[(shown.codes_left <= FEW_CODES).then_some("few")] {
                    @if shown.codes_left <= FEW_CODES { (icon(Icon::Warning)) }
                    (frame.locale.with("recovery-codes-left", &[("n", shown.codes_left.into())]))
                }
                p { a class="button" href=(frame.href("/two-factor")) { (text("overview-manage")) span class="unseen" { " – " (text("two-factor-title")) } } }
            } @else {
                (status(false, &text("two-factor-is-off")))
                p { (text("two-factor-lead")) }
                p { a class="button main" href=(frame.href("/two-factor")) { (text("overview-turn-on")) } }
            }
        }
        section class="card" {
            h2 { (text("app-passwords-title")) }
            p { (frame.locale.with("overview-app-passwords", &[("n", active.into())])) }
            p { a class="button" href=(frame.href("/app-passwords")) { (text("overview-manage")) span class="unseen" { " – " (text("app-passwords-title")) } } }
        }
        section class="card" {
            h2 { (text("overview-last")) }
            @if shown.last.is_empty() { p class="empty" { (text("activity-none")) } }
            @else { (words::list(frame, shown.last, shown.app_passwords, shown.now)) }
            p { a class="button" href=(frame.href("/activity")) { (text("overview-all-activity")) } }
        }
    };
    page(frame, &Head::new(text("overview-title")), &content)
}
