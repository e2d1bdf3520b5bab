//! The step up: who has been signed in for a while shows a code (or the password) again before a sensitive change.

use axum::extract::{Request, State};
use axum::response::Response;
use mailkey::auth::Reason;

use super::sign_in::status_of;
use super::two_factor::{identify_again, load};
use crate::cookie::Token;
use crate::desk::Pace;
use crate::failure::Failure;
use crate::form::Form;
use crate::state::{Panel, Shared, now};
use crate::view;
use crate::view::model::{Problem, Prove};
use crate::visit::{SignedIn, Visit, go, with_token};

/// Asks for the proof, and then goes on to `next`.
pub fn first(panel: &Panel, next: &str) -> Response {
    go(panel, &format!("/prove?next={next}"))
}

/// `GET /prove?next=…`
pub async fn show(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    request: Request,
) -> Result<Response, Failure> {
    let next = request.uri().query().and_then(|query| query.strip_prefix("next=")).unwrap_or_default();
    page(&panel, &visit, &signed_in, own(next), None).await
}

async fn page(
    panel: &Shared,
    visit: &Visit,
    signed_in: &SignedIn,
    next: &str,
    problem: Option<Problem>,
) -> Result<Response, Failure> {
    let account = load(panel, signed_in).await?;
    let page = Prove { two_factor: account.two_factor(), digits: account.code_digits(), next, problem };
    Ok(visit.draw(panel, None, status_of(problem), |frame| view::prove(frame, &page)))
}

/// A page of the panel's own; anything else is the first page.
pub fn own(next: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'/';
    if next.starts_with('/') && !next.contains("//") && next.bytes().all(plain) { next } else { "/" }
}

/// `POST /prove`
pub async fn submit(
    State(panel): State<Shared>,
    visit: Visit,
    signed_in: SignedIn,
    form: Form,
) -> Result<Response, Failure> {
    let next = form.text("next");
    let next = own(&next);
    let problem = if signed_in.found.two_factor {
        by_code(&panel, &signed_in, &form).await?
    } else {
        identify_again(&panel, &visit, &signed_in, &form.secret("password"), &form.secret("code")).await?
    };
    if problem.is_some() {
        return page(&panel, &visit, &signed_in, next, problem).await;
    }
    let (account, old) = (signed_in.found.account, signed_in.digest());
    let prove = signed_in.work(&panel, Pace::Quick, move |admin, _| admin.prove_panel_session(account, old, now()));
    let renewed = prove.await?;
    let token = renewed.and_then(Token::of).ok_or(Failure::SessionEnded)?;
    panel.held.rename(old, token.digest());
    Ok(with_token(&panel, &token, go(&panel, next)))
}

/// Checks a code; returns what is wrong with it.
async fn by_code(panel: &Panel, signed_in: &SignedIn, form: &Form) -> Result<Option<Problem>, Failure> {
    let code = form.secret("code");
    if code.as_bytes().trim_ascii().is_empty() {
        return Ok(Some(Problem::Missing));
    }
    let verify = signed_in.work(panel, Pace::Slow, move |admin, name| admin.verify_code(name, &code, now()));
    Ok(verify.await?.err().map(problem_of))
}

fn problem_of(reason: Reason) -> Problem {
    match reason {
        Reason::CodeUsed => Problem::CodeUsed,
        Reason::RecoveryCodeUsed => Problem::RecoveryCodeUsed,
        Reason::WrongRecoveryCode => Problem::WrongRecoveryCode,
        Reason::Throttled => Problem::Throttled,
        Reason::AccountChanged | Reason::AccountDisabled => Problem::Changed,
        _ => Problem::WrongCode,
    }
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn it_goes_on_to_a_page_of_the_panel_and_nowhere_else() {
        assert_eq!(own("/app-passwords/new"), "/app-passwords/new");
        for elsewhere in
            ["//evil.example/", "https://evil.example/", "/\\evil.example", "", "app-passwords", "/%2f", "/a//b"]
        {
            assert_eq!(own(elsewhere), "/", "{elsewhere}");
        }
    }
}
