//! What is around every page: head, header, navigation, notices, footer.

use maud::{DOCTYPE, Markup, html};

use super::icon::{Icon, icon};
use super::model::{Frame, MustEnrol, Section};
use super::parts::{Rich, date_time, post};
use crate::locale::LANGUAGES;

/// What a page says about itself.
pub(super) struct Head {
    /// Its title and only `h1`.
    pub title: String,
    /// Whether something that was typed is wrong: the title of the window begins with that.
    pub wrong: bool,
}

impl Head {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), wrong: false }
    }

    pub(super) fn wrong(self, wrong: bool) -> Self {
        Self { wrong, ..self }
    }
}

/// A page within the panel, or one that stands alone where nobody is signed in.
pub(super) fn page(frame: &Frame<'_>, head: &Head, content: &Markup) -> Markup {
    let text = |id: &str| frame.locale.text(id);
    let product = frame.product();
    let wrong = if head.wrong { text("wrong-prefix") } else { "".into() };
    let asset = |name: &str| frame.assets.link(frame.base, name);
    let navigation = frame.account.is_some() && frame.must_enrol != Some(MustEnrol::Now);
    html! {
        (DOCTYPE)
        html lang=(frame.locale.language().tag) {
            head {
                meta charset="utf-8";
                title { (wrong) (head.title) " – " (product) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex, nofollow";
                link rel="stylesheet" href=(asset("panel.css"));
                link rel="stylesheet" href=(asset("brand.css"));
                link rel="icon" href=(asset("logo"));
                script src=(asset("panel.js")) defer {}
            }
            body class=[frame.account.is_none().then_some("alone")] {
                a class="skip" href="#main" { (text("skip")) }
                header class="top" {
                    div class="bar" {
                        a class="brand" href=(frame.href("/")) {
                            img src=(asset("logo")) alt="" height="32";
                            span { (product) }
                        }
                        @if let Some(account) = frame.account {
                            div class="who" {
                                span class="name" { (account.as_str()) }
                                (post(frame, "/sign-out", &html! {
                                    button class="quiet" type="submit" { (text("sign-out")) }
                                }))
                            }
                        }
                    }
                }
                div class="frame" {
                    @if navigation { (sections(frame)) }
                    main id="main" tabindex="-1" {
                        (notices(frame))
                        h1 { (head.title) }
                        (content)
                    }
                }
                (footer(frame))
            }
        }
    }
}

fn sections(frame: &Frame<'_>) -> Markup {
    const SECTIONS: [(Section, &str, &str, Icon); 5] = [
        (Section::Overview, "/", "nav-overview", Icon::Home),
        (Section::TwoFactor, "/two-factor", "nav-two-factor", Icon::Shield),
        (Section::AppPasswords, "/app-passwords", "nav-app-passwords", Icon::Key),
        (Section::Password, "/password", "nav-password", Icon::Lock),
        (Section::Activity, "/activity", "nav-activity", Icon::Clock),
    ];
    html! {
        nav class="sections" aria-label=(frame.locale.text("nav-label")) {
            ul {
                @for (section, path, title, picture) in SECTIONS {
                    li {
                        a href=(frame.href(path)) aria-current=[(frame.section == Some(section)).then_some("page")] {
                            (icon(picture))
                            span { (frame.locale.text(title)) }
                        }
                    }
                }
            }
        }
    }
}

/// What was just done, and what must be done.
fn notices(frame: &Frame<'_>) -> Markup {
    html! {
        @if let Some(notice) = frame.notice {
            div class="notice good" role="status" {
                (icon(Icon::Tick))
                p { (frame.locale.text(&format!("notice-{}", notice.as_str()))) }
            }
        }
        @match frame.must_enrol {
            Some(MustEnrol::From(time)) => {
                div class="notice warn" role="note" {
                    (icon(Icon::Warning))
                    div {
                        p { (frame.locale.rich("must-enrol-from", &[], &[("time", date_time(frame, time))])) }
                        @if frame.section != Some(Section::TwoFactor) {
                            p { a class="go" href=(frame.href("/two-factor")) { (frame.locale.text("must-enrol-link")) } }
                        }
                    }
                }
            }
            Some(MustEnrol::Now) => {
                div class="notice warn" role="note" {
                    (icon(Icon::Warning))
                    p { (frame.locale.text("must-enrol-now")) }
                }
            }
            None => {}
        }
    }
}

fn footer(frame: &Frame<'_>) -> Markup {
    let language = frame.locale.language();
    html! {
        footer class="bottom" {
            details class="languages" {
                summary {
                    (icon(Icon::Globe))
                    span class="unseen" { (frame.locale.text("language")) ": " }
                    span { (language.name) }
                }
                ul {
                    @for other in LANGUAGES {
                        li {
                            a href=(frame.language_link(other.tag)) lang=(other.tag) hreflang=(other.tag)
                                aria-current=[(other == *language).then_some("true")] { (other.name) }
                        }
                    }
                }
            }
            @if let Some(support) = &frame.brand.support {
                a class="support" href=(support) rel="noreferrer" { (icon(Icon::Help)) span { (frame.locale.text("support")) } }
            }
        }
    }
}

impl Frame<'_> {
    /// The name of the product.
    pub fn product(&self) -> String {
        self.brand.product.clone().unwrap_or_else(|| self.locale.text("product").into_owned())
    }

    /// A link within the panel; `path` begins with a slash.
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn language_link(&self, tag: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("to", tag).append_pair("next", self.path);
        format!("{}/language?{}", self.base, query.finish())
    }
}
