//! The account's own password.

use mailkey::credential::password::{MAX_BYTES, PasswordError};
use maud::{Markup, html};

use super::layout::{Head, page};
use super::model::{Frame, Password, PasswordProblem, Problem};
use super::parts::{Field, Kind, alert, buttons, post};
use super::sign_in::{At, account_name, sentence};

pub fn password(frame: &Frame<'_>, shown: &Password<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    if !shown.keeps_password {
        let content = html! {
            p class="lead" { (text("password-elsewhere")) }
            @if let Some(support) = &frame.brand.support { p { a class="go" href=(support) rel="noreferrer" { (text("support")) } } }
        };
        return page(frame, &Head::new(text("password-title")), &content);
    }
    let wrong = shown.problem.map(|problem| (explain(frame, problem), field_of(problem)));
    let about = |field: &str| wrong.as_ref().filter(|(_, at)| *at == Some(field)).map(|(text, _)| text.clone());
    let content = html! {
        (alert(frame, wrong.as_slice()))
        p class="lead" { (text("password-lead")) }
        div class="card" {
            (post(frame, "/password", &html! {
                (account_name(Some(shown.name)))
                (Field { wrong: about("current"), ..Field::new(Kind::Password, "current", "password-current") }.draw(frame))
                @if shown.two_factor {
                    (Field {
                        hint: Some(frame.locale.with("code-or-recovery-hint", &[("digits", shown.digits.into())])),
                        wrong: about("code"),
                        ..Field::new(Kind::RecoveryCode, "code", "code")
                    }.draw(frame))
                }
                (Field {
                    hint: Some(frame.locale.with("password-new-hint", &[("min", shown.min_length.into())])),
                    wrong: about("new"),
                    ..Field::new(Kind::NewPassword, "new", "password-new")
                }.draw(frame))
                (Field { wrong: about("again"), ..Field::new(Kind::NewPassword, "again", "password-again") }.draw(frame))
                h2 { (text("password-effects-title")) }
                ul class="effects" {
                    li { (text("password-effect-sessions")) }
                    @if shown.app_passwords > 0 {
                        li { (frame.locale.with("password-effect-app-passwords", &[("n", shown.app_passwords.into())])) }
                    }
                }
                @if shown.app_passwords > 0 {
                    div class="checks" {
                        label for="revoke_app_passwords" {
                            input type="checkbox" id="revoke_app_passwords" name="revoke_app_passwords" value="yes" checked[shown.revoke]
                                aria-describedby="revoke-hint";
                            span { (text("password-revoke")) }
                        }
                        p class="hint" id="revoke-hint" { (text("password-revoke-hint")) }
                    }
                }
                (buttons(frame, "password-change", false, None))
            }))
        }
    };
    page(frame, &Head::new(text("password-title")).wrong(wrong.is_some()), &content)
}

fn explain(frame: &Frame<'_>, problem: PasswordProblem) -> String {
    let text = |id: &str| frame.locale.text(id).into_owned();
    match problem {
        PasswordProblem::Proof(problem) => sentence(frame, problem),
        PasswordProblem::Again => text("problem-again"),
        PasswordProblem::New(error) => match error {
            PasswordError::TooShort(least) => frame.locale.with("problem-too-short", &[("min", least.into())]),
            PasswordError::TooLong => frame.locale.with("problem-too-long", &[("max", MAX_BYTES.into())]),
            PasswordError::Control => text("problem-control"),
            PasswordError::LooksLikeCredential => text("problem-looks-like"),
            PasswordError::IsName => text("problem-is-name"),
            PasswordError::Unchanged => text("problem-unchanged"),
        },
    }
}

fn field_of(problem: PasswordProblem) -> Option<&'static str> {
    match problem {
        PasswordProblem::Proof(Problem::Missing) => None,
        PasswordProblem::Proof(problem) => {
            At::of(problem).map(|at| if at == At::Password { "current" } else { "code" })
        }
        PasswordProblem::Again => Some("again"),
        PasswordProblem::New(_) => Some("new"),
    }
}
