//! The pages: plain data in ([`model`]), HTML out. No page reads the clock, the store or the request.

pub mod model;

use maud::{DOCTYPE, Markup, html};

use model::*;

fn page(frame: &Frame<'_>, title: &str) -> Markup {
    html! { (DOCTYPE) html lang=(frame.locale.language().tag) { head { title { (title) } } body { h1 { (title) } } } }
}

pub fn sign_in(frame: &Frame<'_>, _page: &SignIn<'_>) -> Markup {
    page(frame, "sign_in")
}
pub fn second_step(frame: &Frame<'_>, _page: &SecondStep<'_>) -> Markup {
    page(frame, "second_step")
}
pub fn overview(frame: &Frame<'_>, _page: &Overview<'_>) -> Markup {
    page(frame, "overview")
}
pub fn two_factor(frame: &Frame<'_>, _page: &TwoFactor<'_>) -> Markup {
    page(frame, "two_factor")
}
pub fn enrol(frame: &Frame<'_>, _page: &Enrol<'_>) -> Markup {
    page(frame, "enrol")
}
pub fn recovery_codes(frame: &Frame<'_>, _page: &RecoveryCodes<'_>) -> Markup {
    page(frame, "recovery_codes")
}
pub fn two_factor_off(frame: &Frame<'_>, _page: &TwoFactorOff) -> Markup {
    page(frame, "two_factor_off")
}
pub fn remove_authenticator(frame: &Frame<'_>, _page: &RemoveAuthenticator<'_>) -> Markup {
    page(frame, "remove_authenticator")
}
pub fn app_passwords(frame: &Frame<'_>, _page: &AppPasswords<'_>) -> Markup {
    page(frame, "app_passwords")
}
pub fn new_app_password(frame: &Frame<'_>, _page: &NewAppPassword<'_>) -> Markup {
    page(frame, "new_app_password")
}
pub fn app_password_created(frame: &Frame<'_>, _page: &AppPasswordCreated<'_>) -> Markup {
    page(frame, "app_password_created")
}
pub fn revoke_app_password(frame: &Frame<'_>, _page: &RevokeAppPassword<'_>) -> Markup {
    page(frame, "revoke_app_password")
}
pub fn password(frame: &Frame<'_>, _page: &Password<'_>) -> Markup {
    page(frame, "password")
}
pub fn activity(frame: &Frame<'_>, _page: &Activity<'_>) -> Markup {
    page(frame, "activity")
}
pub fn prove(frame: &Frame<'_>, _page: &Prove<'_>) -> Markup {
    page(frame, "prove")
}
pub fn message(frame: &Frame<'_>, _page: Message) -> Markup {
    page(frame, "message")
}
