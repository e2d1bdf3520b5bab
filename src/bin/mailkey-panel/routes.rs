//! Every address of the panel, with who may go there.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

use crate::pages::{
    activity, app_passwords, enrolment, general, notices, overview, password, prove, sign_in, two_factor,
};
use crate::state::Shared;
use crate::view::model::MustEnrol;
use crate::visit::{Visit, Who, attend, go, set_all};

/// Who may go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Everybody.
    Everybody,
    /// Who owes a code.
    SecondStep,
    /// Who is signed in, also while 2FA must be turned on before anything else.
    Enrolment,
    /// Who is signed in.
    SignedIn,
}

/// The pages.
pub fn pages() -> Vec<(Level, &'static str, MethodRouter<Shared>)> {
    use Level::*;
    vec![
        (Everybody, "/sign-in", get(sign_in::show).post(sign_in::submit)),
        (Everybody, "/language", get(general::language)),
        (SecondStep, "/sign-in/code", get(sign_in::show_code).post(sign_in::submit_code)),
        (SignedIn, "/", get(overview::show)),
        (Enrolment, "/sign-out", post(sign_in::sign_out)),
        (Enrolment, "/prove", get(prove::show).post(prove::submit)),
        (Enrolment, "/two-factor", get(two_factor::show)),
        (Enrolment, "/two-factor/enrol", get(enrolment::show).post(enrolment::begin)),
        (Enrolment, "/two-factor/confirm", post(enrolment::confirm)),
        (Enrolment, "/two-factor/cancel", post(enrolment::cancel)),
        (SignedIn, "/two-factor/recovery-codes", get(two_factor::recovery_codes).post(two_factor::new_recovery_codes)),
        (SignedIn, "/two-factor/recovery-codes.txt", get(two_factor::recovery_codes_file)),
        (SignedIn, "/two-factor/recovery-codes/done", post(two_factor::recovery_codes_done)),
        (SignedIn, "/two-factor/off", get(two_factor::ask_off).post(two_factor::off)),
        (SignedIn, "/two-factor/authenticators/{id}/remove", get(two_factor::ask_remove).post(two_factor::remove)),
        (SignedIn, "/app-passwords", get(app_passwords::list).post(app_passwords::create)),
        (SignedIn, "/app-passwords/new", get(app_passwords::ask_new)),
        (SignedIn, "/app-passwords/revoke-all", get(app_passwords::ask_revoke_all).post(app_passwords::revoke_all)),
        (SignedIn, "/app-passwords/{id}/created", get(app_passwords::created)),
        (SignedIn, "/app-passwords/{id}/profile.mobileconfig", get(app_passwords::mobileconfig)),
        (SignedIn, "/app-passwords/{id}/done", post(app_passwords::done)),
        (SignedIn, "/app-passwords/{id}/revoke", get(app_passwords::ask_revoke).post(app_passwords::revoke)),
        (SignedIn, "/password", get(password::show).post(password::change)),
        (SignedIn, "/activity", get(activity::show)),
        (SignedIn, "/notices", get(notices::show).post(notices::save)),
        (SignedIn, "/sessions/webmail/{id}/end", post(activity::end_webmail)),
        (SignedIn, "/sessions/panel/{id}/end", post(activity::end_panel)),
        (SignedIn, "/sessions/end-others", post(activity::end_others)),
    ]
}

/// The service.
pub fn app(panel: Shared) -> Router {
    let mut router = Router::new();
    for (level, path, page) in pages() {
        let checked = from_fn_with_state(panel.clone(), move |state, visit, request, next| {
            admit(level, state, visit, request, next)
        });
        router = router.route(path, page.route_layer(checked));
    }
    let base = panel.config.url.base.clone();
    let pages = router.fallback(|| async { crate::failure::Failure::NotFound });
    let pages = pages.layer(from_fn_with_state(panel.clone(), attend));
    let files = Router::new().route("/assets/{name}", get(general::asset));
    let below = if base.is_empty() {
        pages.merge(files)
    } else {
        // `/panel`, `/panel/` (which `nest` alone would leave out) and everything below it.
        Router::new().nest_service(&base, pages.merge(files).with_state(panel.clone()))
    };
    below
        .route("/.well-known/change-password", get(general::change_password))
        .route("/healthz", get(general::health))
        .route("/mail/config-v1.1.xml", get(general::autoconfig))
        .route("/.well-known/autoconfig/mail/config-v1.1.xml", get(general::autoconfig))
        .with_state(panel)
        .layer(map_response(harden))
}

/// What every answer carries, also one that is no page: what is not there, and methods that are not known.
async fn harden(mut response: Response) -> Response {
    set_all(response.headers_mut());
    response
}

/// Lets the visitor through, or sends him where he has to go first.
async fn admit(level: Level, State(panel): State<Shared>, visit: Visit, request: Request, next: Next) -> Response {
    let elsewhere = match (&visit.who, level) {
        (_, Level::Everybody) => None,
        (Who::Waiting, Level::SecondStep) => None,
        (Who::Waiting, _) => Some("/sign-in/code"),
        (Who::Visitor, Level::SecondStep) => Some("/sign-in?late"),
        // Somebody's first page, or a session that is over: a visitor without a cookie had none.
        (Who::Visitor, _) if visit.is_new || visit.path == "/" => Some("/sign-in"),
        (Who::Visitor, _) => Some("/sign-in?ended"),
        (Who::SignedIn(_), Level::SecondStep) => Some("/"),
        (Who::SignedIn(signed_in), Level::SignedIn) if signed_in.must_enrol == Some(MustEnrol::Now) => {
            Some("/two-factor")
        }
        (Who::SignedIn(_), _) => None,
    };
    match elsewhere {
        None => next.run(request).await,
        Some(path) => go(&panel, path),
    }
}
