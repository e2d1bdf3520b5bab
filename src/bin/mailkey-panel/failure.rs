//! Why a request was not answered as it was meant. The handlers return it; the page about it is drawn in one place
//! ([`crate::visit`]), where the visitor's language is known.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mailkey::admin::AdminError;

use crate::journal;
use crate::view::model::Message;

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no such page, or nothing of this account has that id.
    NotFound,
    /// The form is not from this session.
    FormExpired,
    /// A secret that was shown once is not held any more.
    SecretGone,
    /// Too many requests.
    TooMany,
    /// The form is too large, or is none.
    BadForm,
    /// Somebody else changed the account meanwhile, so that the session has ended.
    SessionEnded,
    /// Too much to do just now.
    Busy,
    /// Store or keys cannot answer; for the journal.
    Unavailable(String),
    /// A fault of ours; for the journal.
    Internal(String),
    /// A change that was not made for a reason that the handler should have met.
    Refused(AdminError),
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Unavailable(what) => Self::Unavailable(what),
            // It was removed while its owner was signed in.
            AdminError::NoAccount(_) | AdminError::Changed(_) => Self::SessionEnded,
            AdminError::NoAppPassword(..) | AdminError::NoSession(..) => Self::NotFound,
            AdminError::NoAuthenticator(..) | AdminError::LastAuthenticator(_) => Self::NotFound,
            other => Self::Refused(other),
        }
    }
}

impl Failure {
    /// What the visitor sees; none where he is sent to the sign-in.
    pub fn page(&self) -> Option<(StatusCode, Message)> {
        Some(match self {
            Self::NotFound => (StatusCode::NOT_FOUND, Message::NotFound),
            Self::FormExpired => (StatusCode::FORBIDDEN, Message::FormExpired),
            Self::SecretGone => (StatusCode::NOT_FOUND, Message::SecretGone),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, Message::TooManyRequests),
            Self::BadForm => (StatusCode::BAD_REQUEST, Message::FormExpired),
            Self::Busy | Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, Message::OutOfService),
            Self::Internal(_) | Self::Refused(_) => (StatusCode::INTERNAL_SERVER_ERROR, Message::Internal),
            Self::SessionEnded => return None,
        })
    }

    /// Tells the administrator what only he can mend.
    pub fn report(&self) {
        match self {
            Self::Unavailable(what) => journal::error(format_args!("unavailable: {what}")),
            Self::Internal(what) => journal::error(format_args!("internal: {what}: please report it")),
            Self::Refused(error) => journal::error(format_args!("internal: an answer without a page: {error}")),
            Self::Busy => journal::warning(format_args!("busy: a request found no free place in time")),
            _ => {}
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.report();
        let status = self.page().map_or(StatusCode::SEE_OTHER, |(status, _)| status);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
