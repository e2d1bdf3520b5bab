//! Notices by mail: whether, and where to.

use maud::{Markup, html};

use super::layout::{Head, page};
use super::model::{Frame, NoticeProblem, Notices};
use super::parts::{Field, Kind, alert, buttons, post};

pub fn notices(frame: &Frame<'_>, shown: &Notices<'_>) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let wrong = shown.problem.map(|problem| {
        let id = match problem {
            NoticeProblem::Address => "problem-notices-address",
            NoticeProblem::Mailbox => "problem-notices-mailbox",
        };
        (text(id).into_owned(), Some("address"))
    });
    let content = html! {
        (alert(frame, wrong.as_slice()))
        p class="lead" { (text("notices-lead")) }
        div class="card" {
            (post(frame, "/notices", &html! {
                div class="checks" {
                    label for="enabled" {
                        input type="checkbox" id="enabled" name="enabled" value="yes" checked[shown.enabled];
                        span { (text("notices-on")) }
                    }
                }
                (Field {
                    hint: Some(text("notices-address-hint").into_owned()),
                    value: shown.address,
                    wrong: wrong.as_ref().map(|(text, _)| text.clone()),
                    optional: true,
                    ..Field::new(Kind::Email, "address", "notices-address")
                }.draw(frame))
                p class="hint" { (text("notices-language")) }
                (buttons(frame, "notices-save", false, Some(("/activity", "cancel"))))
            }))
        }
    };
    page(frame, &Head::new(text("notices-title")).wrong(wrong.is_some()), &content)
}
