//! Pages that say one thing.

use maud::{Markup, html};

use super::layout::{Head, page};
use super::model::{Frame, Message};

pub fn message(frame: &Frame<'_>, shown: Message) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let (name, back, link) = match shown {
        Message::NotFound => ("not-found", "/", "message-home"),
        Message::FormExpired => ("form-expired", frame.path, "message-again"),
        Message::SecretGone => ("secret-gone", "/", "message-home"),
        Message::TooManyRequests => ("too-many-requests", frame.path, "message-again"),
        Message::OutOfService => ("out-of-service", frame.path, "message-again"),
        Message::Internal => ("internal", "/", "message-home"),
    };
    let content = html! {
        p class="lead" { (text(&format!("message-{name}"))) }
        p { a class="button main" href=(frame.href(back)) { (text(link)) } }
        @if let Some(support) = &frame.brand.support {
            @if matches!(shown, Message::OutOfService | Message::Internal) {
                p { a class="go" href=(support) rel="noreferrer" { (text("support")) } }
            }
        }
    };
    page(frame, &Head::new(text(&format!("message-{name}-title"))), &content)
}
