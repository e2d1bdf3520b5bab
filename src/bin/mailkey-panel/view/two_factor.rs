//! Two-factor sign-in: what it is, on and off, authenticators, recovery codes.

use mailkey::account::Authenticator;
use mailkey::admin::NameFault;
use mailkey::credential::Secret;
use maud::{Markup, html};

use super::icon::{Icon, icon};
use super::layout::{Head, page};
use super::model::{BeginProblem, Enrol, Frame, RecoveryCodes, RemoveAuthenticator, TwoFactor, TwoFactorOff};
use super::parts::{Field, Kind, Rich, ago, alert, buttons, copy_button, date, named, post, typed};
use super::qr;
use super::sign_in::{At, account_name, sentence};

pub fn two_factor(frame: &Frame<'_>, shown: &TwoFactor<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let wrong = shown.problem.map(|problem| match problem {
        BeginProblem::Name(fault) => (name_sentence(frame, fault), "label"),
        BeginProblem::Invitation(problem) => (sentence(frame, problem), "invitation"),
    });
    // Where it is not asked for any more there is no field to lead to.
    let is_there = |field: &str| field == "label" || shown.invitation;
    let content = html! {
        (alert(frame, &wrong.iter().map(|(text, field)| (text.clone(), Some(*field).filter(|field| is_there(field)))).collect::<Vec<_>>()))
        @if shown.account.two_factor() {
            (status(true, &text("two-factor-is-on")))
            (authenticators(frame, shown, wrong.as_ref()))
            (codes_left(frame, shown.codes_left))
            section class="card" {
                h2 { (text("two-factor-off-title")) }
                p { (text("two-factor-off-teaser")) }
                p { a class="button" href=(frame.href("/two-factor/off")) { (text("two-factor-off-link")) } }
            }
        } @else {
            (status(false, &text("two-factor-is-off")))
            p class="lead" { (text("two-factor-lead")) }
            section class="card" {
                h2 { (text("two-factor-steps-title")) }
                ol class="steps" {
                    @for step in ["two-factor-step-app", "two-factor-step-scan", "two-factor-step-codes", "two-factor-step-apps"] {
                        li { (text(step)) }
                    }
                }
                (begin(frame, shown, "two-factor-begin", wrong.as_ref()))
            }
        }
    };
    page(frame, &Head::new(text("two-factor-title")).wrong(wrong.is_some()), &content)
}

pub(super) fn status(on: bool, text: &str) -> Markup {
    html! { p class=(if on { "status on" } else { "status off" }) { (icon(if on { Icon::Shield } else { Icon::Warning })) span { (text) } } }
}

/// What is wrong, and with which field.
type Wrong = (String, &'static str);

fn begin(frame: &Frame<'_>, shown: &TwoFactor<'_>, does: &str, wrong: Option<&Wrong>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let with = |field: &str| wrong.filter(|(_, at)| *at == field).map(|(text, _)| text.clone());
    let proposed = text("authenticator-proposed");
    let value = if shown.label.is_empty() && with("label").is_none() { &proposed } else { shown.label };
    html! {
        @if let Some(pending) = shown.account.pending() {
            div class="notice" role="note" {
                div {
                    p {
                        (text(if shown.enrolment_held { "enrolment-waits" } else { "enrolment-again" }))
                        " " span class="hint" { "(" (ago(frame, pending.created_at, shown.now)) ")" }
                    }
                    @if shown.enrolment_held {
                        p { a class="go" href=(frame.href("/two-factor/enrol")) { (text("enrolment-go-on")) } }
                    }
                }
            }
        }
        @if shown.invitation { p { (text("invitation-lead")) } }
        (post(frame, "/two-factor/enrol", &html! {
            @if shown.invitation {
                (Field {
                    hint: Some(text("invitation-hint").into_owned()),
                    wrong: with("invitation"),
                    focus: with("invitation").is_some(),
                    ..Field::new(Kind::RecoveryCode, "invitation", "invitation")
                }.draw(frame))
            }
            (Field {
                hint: Some(text("authenticator-name-hint").into_owned()),
                value,
                wrong: with("label"),
                ..Field::new(Kind::Text, "label", "authenticator-name")
            }.draw(frame))
            (buttons(frame, does, false, None))
        }))
    }
}

fn authenticators(frame: &Frame<'_>, shown: &TwoFactor<'_>, wrong: Option<&Wrong>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let list: Vec<&Authenticator> = shown.account.confirmed().collect();
    html! {
        section class="card" {
            h2 { (text("authenticators-title")) }
            ul class="rows" {
                @for one in &list {
                    li {
                        (icon(Icon::Phone))
                        div class="what" {
                            h3 { (typed(&one.name)) }
                            p { (frame.locale.rich("authenticator-since", &[], &[("date", date(frame, one.confirmed_at.unwrap_or(one.created_at)))])) }
                        }
                        @if list.len() > 1 {
                            a class="button" href=(frame.href(&format!("/two-factor/authenticators/{}/remove", one.id))) {
                                (text("authenticator-remove")) span class="unseen" { " – " (typed(&one.name)) }
                            }
                        }
                    }
                }
            }
            details class="other" open[wrong.is_some() || shown.account.pending().is_some()] {
                summary { (text("authenticator-add")) }
                p { (text("authenticator-add-lead")) }
                (begin(frame, shown, "authenticator-begin", wrong))
            }
        }
    }
}

fn codes_left(frame: &Frame<'_>, left: usize) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    html! {
        section class="card" {
            h2 { (text("recovery-codes-title")) }
            p class=[(left <= super::FEW_CODES).then_some("few")] {
                @if left <= super::FEW_CODES { (icon(Icon::Warning)) }
                (frame.locale.with("recovery-codes-left", &[("n", left.into())]))
            }
            p class="hint" { (text("recovery-codes-lead")) }
            details class="other" {
                summary { (text("recovery-codes-new")) }
                p { (text("recovery-codes-new-lead")) }
                (post(frame, "/two-factor/recovery-codes", &buttons(frame, "recovery-codes-make", false, None)))
            }
        }
    }
}

pub(super) fn name_sentence(frame: &Frame<'_>, fault: NameFault) -> String {
    let max = mailkey::admin::MAX_APP_PASSWORD_NAME;
    match fault {
        NameFault::Empty => frame.locale.text("problem-name-empty").into_owned(),
        NameFault::TooLong => frame.locale.with("problem-name-long", &[("max", max.into())]),
        NameFault::Unprintable => frame.locale.text("problem-name-unprintable").into_owned(),
    }
}

pub fn enrol(frame: &Frame<'_>, shown: &Enrol<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let wrong = shown.problem.map(|problem| sentence(frame, problem));
    let secret = shown.secret.as_str().unwrap_or_default();
    let digits = shown.form.digits;
    let content = html! {
        (alert(frame, &wrong.iter().map(|text| (text.clone(), Some("code"))).collect::<Vec<_>>()))
        p class="lead" { (frame.locale.rich("enrol-lead", &[], &[("name", named(shown.label))])) }
        section class="card" {
            h2 { (text("enrol-scan-title")) }
            p { (text("enrol-scan")) }
            @if let Some(picture) = qr::draw(shown.uri, &text("enrol-qr-label")) { (picture) }
            p { a class="go" href=(shown.uri.as_str().unwrap_or_default()) { (text("enrol-open-app")) } }
            details class="other" {
                summary { (text("enrol-by-hand")) }
                p { (text("enrol-by-hand-lead")) }
                dl class="settings" {
                    dt { (text("enrol-secret")) }
                    dd {
                        code class="groups" id="secret" translate="no" { (groups(secret)) }
                        (copy_button(frame, "secret", "copy"))
                    }
                    dt { (text("enrol-form")) }
                    dd {
                        (frame.locale.with("enrol-form-is", &[
                            ("digits", digits.into()),
                            ("period", shown.form.period.into()),
                            ("algorithm", shown.form.algorithm.as_str().into()),
                        ]))
                    }
                }
            }
        }
        section class="card" {
            h2 { (text("enrol-confirm-title")) }
            (post(frame, "/two-factor/confirm", &html! {
                (Field {
                    hint: Some(frame.locale.with("enrol-code-hint", &[("digits", digits.into())])),
                    wrong: wrong.clone(),
                    focus: wrong.is_some(),
                    ..Field::new(Kind::Digits, "code", "code")
                }.draw(frame))
                (buttons(frame, if shown.first { "enrol-confirm-first" } else { "enrol-confirm-further" }, false, None))
            }))
            (post(frame, "/two-factor/cancel", &html! { button class="quiet" type="submit" { (text("cancel")) } }))
        }
    };
    let title = text(if shown.first { "enrol-title-first" } else { "enrol-title-further" });
    page(frame, &Head::new(title).wrong(wrong.is_some()), &content)
}

/// A secret in groups of four, as people read it out; copied, it has no gaps.
fn groups(secret: &str) -> Markup {
    let ends: Vec<usize> = (0..secret.len()).step_by(4).collect();
    html! { @for start in ends { span { (secret.get(start..secret.len().min(start + 4)).unwrap_or_default()) } } }
}

pub fn recovery_codes(frame: &Frame<'_>, shown: &RecoveryCodes<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let content = html! {
        @if shown.first { (status(true, &text("two-factor-is-on"))) }
        p class="lead" { (text("recovery-codes-shown-lead")) }
        section class="card paper" {
            p class="print" { (frame.product()) @if let Some(account) = frame.account { " – " (account.as_str()) } }
            ol class="codes" id="codes" translate="no" {
                @for code in shown.codes { li { code { (code.as_str().unwrap_or_default()) } } }
            }
            p class="print" { (text("recovery-codes-print")) }
            div class="buttons screen" {
                a class="button" href=(frame.href("/two-factor/recovery-codes.txt")) download { (icon(Icon::Save)) span { (text("recovery-codes-save")) } }
                button class="js" type="button" data-print { (icon(Icon::Print)) span { (text("print")) } }
                (copy_button(frame, "codes", "copy"))
            }
        }
        div class="notice warn screen" role="note" { (icon(Icon::Warning)) p { (text("recovery-codes-once")) } }
        div class="screen" {
            (post(frame, "/two-factor/recovery-codes/done", &buttons(frame, "recovery-codes-done", false, None)))
        }
    };
    page(frame, &Head::new(text("recovery-codes-title")), &content)
}

/// The same as a file.
pub fn recovery_codes_text(frame: &Frame<'_>, shown: &RecoveryCodes<'_>) -> Secret {
    let account = frame.account.map_or("", |account| account.as_str());
    let head = format!("{} – {account}\n{}\n\n", frame.product(), frame.locale.text("recovery-codes-title"));
    let foot = format!("\n{}\n", frame.locale.text("recovery-codes-print"));
    let length: usize = shown.codes.iter().map(|code| code.as_bytes().len() + 1).sum();
    // Room for everything, so that the growing text leaves no copy of the codes behind.
    let mut file = Vec::with_capacity(head.len() + length + foot.len());
    file.extend_from_slice(head.as_bytes());
    for code in shown.codes {
        file.extend_from_slice(code.as_bytes());
        file.push(b'\n');
    }
    file.extend_from_slice(foot.as_bytes());
    Secret::new(file)
}

pub fn two_factor_off(frame: &Frame<'_>, shown: &TwoFactorOff) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let wrong = shown.problem.map(|problem| (sentence(frame, problem), At::of(problem)));
    let about = |field: At| {
        let same = |at: At| (at == At::Password) == (field == At::Password);
        wrong.as_ref().filter(|(_, at)| at.is_some_and(same)).map(|(text, _)| text.clone())
    };
    let to = |at: Option<At>| at.map(|at| if at == At::Password { "password" } else { "code" });
    let content = html! {
        (alert(frame, &wrong.iter().map(|(text, at)| (text.clone(), to(*at))).collect::<Vec<_>>()))
        p class="lead" { (text("two-factor-off-lead")) }
        ul class="effects" {
            @for effect in ["two-factor-off-effect-password", "two-factor-off-effect-codes", "two-factor-off-effect-apps", "two-factor-off-effect-again"] {
                li { (text(effect)) }
            }
            @if shown.invitation { li { (text("two-factor-off-effect-invitation")) } }
        }
        div class="card" {
            (post(frame, "/two-factor/off", &html! {
                (account_name(frame.account))
                (Field { wrong: about(At::Password), ..Field::new(Kind::Password, "password", "account-password") }.draw(frame))
                (Field {
                    hint: Some(frame.locale.with("code-or-recovery-hint", &[("digits", shown.digits.into())])),
                    wrong: about(At::Code),
                    ..Field::new(Kind::RecoveryCode, "code", "code")
                }.draw(frame))
                (buttons(frame, "two-factor-off-do", true, Some(("/two-factor", "two-factor-off-keep"))))
            }))
        }
    };
    page(frame, &Head::new(text("two-factor-off-title")).wrong(wrong.is_some()), &content)
}

pub fn remove_authenticator(frame: &Frame<'_>, shown: &RemoveAuthenticator<'_>) -> Markup {
    let name = || named(&shown.authenticator.name);
    let path = format!("/two-factor/authenticators/{}/remove", shown.authenticator.id);
    let content = html! {
        p class="lead" { (frame.locale.rich("authenticator-remove-lead", &[], &[("name", name())])) }
        ul class="effects" {
            li { (frame.locale.text("authenticator-remove-effect-others")) }
            li { (frame.locale.text("authenticator-remove-effect-app")) }
        }
        (post(frame, &path, &buttons(frame, "authenticator-remove-do", true, Some(("/two-factor", "cancel")))))
    };
    page(frame, &Head::new(frame.locale.text("authenticator-remove-title")), &content)
}
