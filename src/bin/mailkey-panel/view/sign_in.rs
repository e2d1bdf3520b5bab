//! Where people come in: password, second step, and the same again before something that matters.

use mailkey::account::AccountName;
use maud::{Markup, html};

use super::layout::{Head, page};
use super::model::{Frame, Problem, Prove, SecondStep, SignIn};
use super::parts::{Field, Kind, Rich, alert, buttons, named, post};

/// What is wrong, in a sentence that says what to do.
pub(super) fn sentence(frame: &Frame<'_>, problem: Problem) -> String {
    let text = |id: &str| frame.locale.text(id).into_owned();
    match problem {
        Problem::Missing => text("problem-missing"),
        Problem::SignIn => text("problem-sign-in"),
        Problem::WrongPassword => text("problem-wrong-password"),
        Problem::CodeShape(digits) => frame.locale.with("problem-code-shape", &[("digits", digits.into())]),
        Problem::WrongCode => text("problem-wrong-code"),
        Problem::CodeUsed => text("problem-code-used"),
        Problem::WrongRecoveryCode => text("problem-wrong-recovery-code"),
        Problem::RecoveryCodeUsed => text("problem-recovery-code-used"),
        Problem::InvitationMissing => text("problem-invitation-missing"),
        Problem::InvitationShape => text("problem-invitation-shape"),
        Problem::InvitationWrong => text("problem-invitation-wrong"),
        Problem::InvitationExpired => text("problem-invitation-expired"),
        Problem::AppPassword => text("problem-app-password"),
        Problem::Disabled => text("problem-disabled"),
        Problem::PasswordExpired => text("problem-password-expired"),
        Problem::Throttled => text("problem-throttled"),
        Problem::Changed => text("problem-changed"),
        Problem::StepExpired => text("problem-step-expired"),
        Problem::SessionEnded => text("problem-session-ended"),
        Problem::Busy => text("problem-busy"),
        Problem::Unavailable => text("problem-unavailable"),
    }
}

/// Which of two fields a problem is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Password,
    Code,
    RecoveryCode,
}

impl At {
    pub(super) fn of(problem: Problem) -> Option<Self> {
        match problem {
            Problem::WrongPassword | Problem::AppPassword => Some(Self::Password),
            Problem::CodeShape(_) | Problem::WrongCode | Problem::CodeUsed => Some(Self::Code),
            Problem::WrongRecoveryCode | Problem::RecoveryCodeUsed => Some(Self::RecoveryCode),
            _ => None,
        }
    }
}

pub fn sign_in(frame: &Frame<'_>, shown: &SignIn<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    // It is no mistake of theirs when a session has ended.
    let told = matches!(shown.problem, Some(Problem::SessionEnded));
    let wrong = shown.problem.filter(|_| !told).map(|problem| sentence(frame, problem));
    let at = shown.problem.and_then(At::of);
    let both = matches!(shown.problem, Some(Problem::SignIn));
    let content = html! {
        @if told {
            div class="notice" role="status" { p { (text("problem-session-ended")) } }
        }
        (alert(frame, &wrong.map(|text| (text, (both || at == Some(At::Password)).then_some("password"))).into_iter().collect::<Vec<_>>()))
        p class="lead" { (text("sign-in-lead")) }
        (post(frame, "/sign-in", &html! {
            (Field { value: shown.name, alerted: both, focus: shown.name.is_empty(), ..Field::new(Kind::Name, "name", "sign-in-name") }.draw(frame))
            (Field {
                focus: !shown.name.is_empty(),
                alerted: both || at == Some(At::Password),
                ..Field::new(Kind::Password, "password", "sign-in-password")
            }.draw(frame))
            @if shown.code_field {
                (Field { hint: Some(text("sign-in-code-hint").into_owned()), optional: true, ..Field::new(Kind::RecoveryCode, "code", "code") }.draw(frame))
            }
            (buttons(frame, "sign-in", false, None))
        }))
        p class="hint" { (text("sign-in-not-app-password")) }
    };
    page(frame, &Head::new(text("sign-in-title")).wrong(shown.problem.is_some() && !told), &content)
}

pub fn second_step(frame: &Frame<'_>, shown: &SecondStep<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let wrong = shown.problem.map(|problem| sentence(frame, problem));
    let content = html! {
        (code_problem(frame, shown.problem))
        p class="lead" { (frame.locale.rich("second-step-lead", &[], &[("name", named(shown.name))])) }
        (codes(frame, "/sign-in/code", "second-step-continue", shown.digits, shown.problem, &html! {}))
        p { a class="go" href=(frame.href("/sign-in")) { (text("second-step-back")) } }
    };
    page(frame, &Head::new(text("second-step-title")).wrong(wrong.is_some()), &content)
}

pub fn prove(frame: &Frame<'_>, shown: &Prove<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let next = html! { input type="hidden" name="next" value=(shown.next); };
    let content = html! {
        @if shown.two_factor {
            (code_problem(frame, shown.problem))
            p class="lead" { (text("prove-code-lead")) }
            div class="card" { (codes(frame, "/prove", "prove-continue", shown.digits, shown.problem, &next)) }
        } @else {
            (alert(frame, &shown.problem.map(|problem| (sentence(frame, problem), Some("password"))).into_iter().collect::<Vec<_>>()))
            p class="lead" { (text("prove-password-lead")) }
            div class="card" {
                (post(frame, "/prove", &html! {
                    (next)
                    (account_name(frame.account))
                    (Field {
                        alerted: shown.problem.is_some(),
                        focus: true,
                        ..Field::new(Kind::Password, "password", "account-password")
                    }.draw(frame))
                    (buttons(frame, "prove-continue", false, None))
                }))
            }
        }
    };
    page(frame, &Head::new(text("prove-title")).wrong(shown.problem.is_some()), &content)
}

/// A form for the code of the app and, folded away, one for a recovery code: a keyboard of digits has no letters.
fn codes(frame: &Frame<'_>, action: &str, does: &str, digits: u8, problem: Option<Problem>, hidden: &Markup) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let at = problem.and_then(At::of);
    let recovery = at == Some(At::RecoveryCode);
    html! {
        (post(frame, action, &html! {
            (hidden)
            (Field {
                hint: Some(frame.locale.with("code-hint", &[("digits", digits.into())])),
                alerted: at == Some(At::Code),
                focus: !recovery,
                ..Field::new(Kind::Digits, "code", "code")
            }.draw(frame))
            (buttons(frame, does, false, None))
        }))
        details class="other" open[recovery] {
            summary { (text("recovery-code-use")) }
            (post(frame, action, &html! {
                (hidden)
                (Field {
                    id: Some("recovery-code"),
                    hint: Some(text("recovery-code-hint").into_owned()),
                    alerted: at == Some(At::RecoveryCode),
                    focus: recovery,
                    ..Field::new(Kind::RecoveryCode, "code", "recovery-code")
                }.draw(frame))
                (buttons(frame, does, false, None))
            }))
        }
    }
}

fn code_problem(frame: &Frame<'_>, problem: Option<Problem>) -> Markup {
    let problem = problem.map(|problem| {
        let field = match At::of(problem) {
            Some(At::RecoveryCode) => Some("recovery-code"),
            Some(At::Code) => Some("code"),
            _ => None,
        };
        (sentence(frame, problem), field)
    });
    alert(frame, &problem.into_iter().collect::<Vec<_>>())
}

/// Tells the password manager whose password a form is about.
pub(super) fn account_name(account: Option<&AccountName>) -> Markup {
    html! {
        @if let Some(account) = account {
            input class="unseen" type="text" name="username" value=(account.as_str()) autocomplete="username" readonly
                tabindex="-1" aria-hidden="true";
        }
    }
}
