//! The first page: how things are.

use axum::extract::State;
use axum::response::Response;

use super::activity::without_first_steps;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::state::{Shared, now};
use crate::view;
use crate::view::model::{Overview, Section};
use crate::visit::{SignedIn, Visit};

/// Entries of the newest activity.
const LAST: usize = 5;

/// `GET /`
pub async fn show(State(panel): State<Shared>, visit: Visit, signed_in: SignedIn) -> Result<Response, Failure> {
    let fetch = signed_in.work(&panel, Pace::Quick, move |admin, name| {
        let explanation = admin.explain(name, now())?;
        Ok((explanation, admin.account(name)?, admin.activity(Some(name), 2 * LAST as u32)?))
    });
    let (explanation, account, last) = fetch.await?;
    let mut last = without_first_steps(last);
    last.truncate(LAST);
    let page = Overview {
        two_factor: account.two_factor(),
        authenticators: account.confirmed().count(),
        codes_left: explanation.account.recovery_codes as usize,
        app_passwords: &explanation.app_passwords,
        findings: &explanation.findings,
        last: &last,
        now: now(),
    };
    Ok(visit.page(&panel, Section::Overview, |frame| view::overview(frame, &page)))
}
