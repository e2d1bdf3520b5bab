//! What pages are put together from: forms, fields, problems, times, and sentences with something marked in them.

use jiff::Timestamp;
use mailkey::account::{AppPassword, Protocols};
use maud::{Markup, PreEscaped, html};

use super::icon::{Icon, icon};
use super::model::Frame;
use crate::locale::{Argument, Locale, isolated};

/// Messages with something marked in them.
pub(super) trait Rich {
    /// A message in which the arguments of `marked` are HTML. The other arguments, and the message, are text.
    fn rich(&self, id: &str, arguments: &[Argument<'_>], marked: &[(&'static str, Markup)]) -> Markup;
}

impl Rich for Locale {
    fn rich(&self, id: &str, arguments: &[Argument<'_>], marked: &[(&'static str, Markup)]) -> Markup {
        // Each stands in the text as a character that no text has (Unicode's private use area) until it is escaped.
        const FIRST: u32 = 0xf800;
        let places = (FIRST..).filter_map(char::from_u32);
        let mut arguments = arguments.to_vec();
        let marks: Vec<(char, &Markup)> = places
            .zip(marked)
            .map(|(place, (name, markup))| {
                arguments.push((name, place.to_string().into()));
                (place, markup)
            })
            .collect();
        let mut markup = html! { (self.with(id, &arguments)) }.into_string();
        for (place, inner) in marks {
            markup = markup.replace(place, &inner.0);
        }
        PreEscaped(markup)
    }
}

/// A form that changes something. Its token is in it; a second click on its button sends nothing.
pub(super) fn post(frame: &Frame<'_>, action: &str, content: &Markup) -> Markup {
    html! {
        form method="post" action=(frame.href(action)) accept-charset="utf-8" {
            input type="hidden" name="csrf" value=(frame.csrf);
            (content)
        }
    }
}

/// The buttons at the end of a form: what it does, and the way out.
pub(super) fn buttons(frame: &Frame<'_>, does: &str, dangerous: bool, back: Option<(&str, &str)>) -> Markup {
    html! {
        div class="buttons" {
            button class=(if dangerous { "danger" } else { "main" }) type="submit" { (frame.locale.text(does)) }
            @if let Some((path, text)) = back {
                a class="button" href=(frame.href(path)) { (frame.locale.text(text)) }
            }
        }
    }
}

/// What a field is for; browsers and password managers go by it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Free text.
    Text,
    /// The name to sign in with.
    Name,
    /// An address for mail, not the one to sign in with.
    Email,
    /// The password as it is.
    Password,
    /// The password as it will be.
    NewPassword,
    /// A code of an authenticator app.
    Digits,
    /// A recovery code.
    RecoveryCode,
}

/// A field with its label.
pub(super) struct Field<'a> {
    /// Its name in the form, and its `id`.
    pub name: &'a str,
    /// The `id`, where another field has the same name.
    pub id: Option<&'a str>,
    /// What it is for.
    pub kind: Kind,
    /// The message of its label.
    pub label: &'a str,
    /// A hint below the label.
    pub hint: Option<String>,
    /// What stands in it.
    pub value: &'a str,
    /// What is wrong with it.
    pub wrong: Option<String>,
    /// Whether what is wrong with it was said at the top, shortly before: then it is not said again here.
    pub alerted: bool,
    /// Longest text.
    pub max: usize,
    /// Whether the cursor is in it at the beginning.
    pub focus: bool,
    /// Whether it may stay empty.
    pub optional: bool,
}

impl<'a> Field<'a> {
    pub(super) fn new(kind: Kind, name: &'a str, label: &'a str) -> Self {
        let max = match kind {
            Kind::Text => 64,
            Kind::Name | Kind::Email => 254,
            Kind::Password | Kind::NewPassword => 1024,
            Kind::Digits | Kind::RecoveryCode => 40,
        };
        Self {
            name,
            id: None,
            kind,
            label,
            hint: None,
            value: "",
            wrong: None,
            alerted: false,
            max,
            focus: false,
            optional: false,
        }
    }

    pub(super) fn draw(&self, frame: &Frame<'_>) -> Markup {
        let text = |id: &str| frame.locale.text(id);
        let id = self.id.unwrap_or(self.name);
        let (hint, wrong) = (format!("{id}-hint"), format!("{id}-wrong"));
        let described: Vec<&str> = [
            self.alerted.then_some(ALERT),
            self.hint.is_some().then_some(&hint),
            self.wrong.is_some().then_some(&wrong),
        ]
        .into_iter()
        .flatten()
        .collect();
        let described = Some(described.join(" ")).filter(|described| !described.is_empty());
        let password = matches!(self.kind, Kind::Password | Kind::NewPassword);
        let autocomplete = match self.kind {
            Kind::Text => "off",
            Kind::Name => "username",
            Kind::Email => "email",
            Kind::Password => "current-password",
            Kind::NewPassword => "new-password",
            Kind::Digits => "one-time-code",
            Kind::RecoveryCode => "off",
        };
        let inputmode = match self.kind {
            Kind::Digits => Some("numeric"),
            Kind::Name | Kind::Email => Some("email"),
            _ => None,
        };
        let verbatim = self.kind != Kind::Text;
        html! {
            div class="field" {
                label for=(id) {
                    (text(self.label))
                    @if self.optional { " " span class="hint" { (text("optional")) } }
                }
                @if let Some(text) = &self.hint { p class="hint" id=(&hint) { (text) } }
                @if let Some(text) = &self.wrong { p class="wrong" id=(&wrong) { (icon(Icon::Warning)) span { (text) } } }
                div class="input" {
                    input id=(id) name=(self.name) type=(if password { "password" } else { "text" }) value=(self.value)
                        class=[match self.kind { Kind::Digits => Some("digits"), Kind::RecoveryCode => Some("code"), _ => None }]
                        maxlength=(self.max) autocomplete=(autocomplete) inputmode=[inputmode]
                        autocapitalize=[verbatim.then_some("none")] autocorrect=[verbatim.then_some("off")]
                        spellcheck=[verbatim.then_some("false")] dir=[(self.kind == Kind::Text).then_some("auto")]
                        data-show=[password.then(|| text("password-show"))] data-hide=[password.then(|| text("password-hide"))]
                        data-show-label=[password.then(|| text("password-show-label"))] data-hide-label=[password.then(|| text("password-hide-label"))]
                        aria-describedby=[described] aria-invalid=[(self.alerted || self.wrong.is_some()).then_some("true")]
                        required[!self.optional] autofocus[self.focus];
                }
            }
        }
    }
}

/// The `id` of what went wrong.
const ALERT: &str = "wrong";

/// What went wrong, at the top of a page: each with the `id` of the field to go to.
pub(super) fn alert(frame: &Frame<'_>, problems: &[(String, Option<&str>)]) -> Markup {
    html! {
        @if !problems.is_empty() {
            div class="notice bad" role="alert" id=(ALERT) {
                (icon(Icon::Warning))
                div {
                    span class="unseen" { (frame.locale.text("wrong-title")) }
                    @for (text, field) in problems {
                        p {
                            @match field {
                                Some(field) => a href={ "#" (field) } { (text) },
                                None => (text),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A text that somebody typed: its direction is its own.
pub(super) fn typed(text: &str) -> Markup {
    html! { bdi { (text) } }
}

/// The same, marked within a sentence.
pub(super) fn named(text: &str) -> Markup {
    html! { strong { bdi { (text) } } }
}

/// The name of an app password within a sentence of plain text.
pub(super) fn plain_name(row: &AppPassword) -> String {
    isolated(&row.name).into_owned()
}

/// A day.
pub(super) fn date(frame: &Frame<'_>, time: i64) -> Markup {
    html! { time datetime=[machine(time)] data-show="date" { (frame.locale.date(time)) } }
}

/// A day and its time.
pub(super) fn date_time(frame: &Frame<'_>, time: i64) -> Markup {
    html! { time datetime=[machine(time)] data-show="minute" { (frame.locale.date_time(time)) } }
}

/// How long ago.
pub(super) fn ago(frame: &Frame<'_>, time: i64, now: i64) -> Markup {
    // What is not long ago is said in words, and the script leaves it alone.
    let words = (0..86_400).contains(&now.saturating_sub(time));
    let title = words.then(|| frame.locale.date_time(time));
    html! {
        time datetime=[machine(time)] data-show=(if words { "title" } else { "minute" }) title=[title] {
            (frame.locale.ago(time, now))
        }
    }
}

fn machine(time: i64) -> Option<String> {
    Timestamp::from_second(time).ok().map(|time| time.to_string())
}

/// The names of protocols, as apps call them.
pub(super) fn protocols(frame: &Frame<'_>, protocols: Protocols) -> String {
    let names: Vec<_> = protocols.iter().map(|protocol| frame.locale.text(&protocol_name(protocol.as_str()))).collect();
    names.join(", ")
}

/// The message that names a protocol.
pub(super) fn protocol_name(protocol: &str) -> String {
    format!("protocol-{protocol}")
}

/// Whether an app password opens something.
pub(super) fn opens(row: &AppPassword, now: i64) -> bool {
    row.revoked_at.is_none() && row.expires_at.is_none_or(|expires_at| expires_at > now)
}

/// A button that copies the text of an element; there only with JavaScript.
pub(super) fn copy_button(frame: &Frame<'_>, of: &str, label: &str) -> Markup {
    html! {
        button class="js" type="button" data-copy=(of) data-done=(frame.locale.text("copied"))
            data-failed=(frame.locale.text("copy-failed")) {
            (icon(Icon::Copy)) span aria-live="polite" { (frame.locale.text(label)) }
        }
    }
}
