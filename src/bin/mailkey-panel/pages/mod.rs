//! The handlers: what a page needs is fetched, what a form asks for is done, and [`crate::view`] draws it.

pub mod activity;
pub mod app_passwords;
pub mod enrolment;
pub mod general;
pub mod notices;
pub mod overview;
pub mod password;
pub mod prove;
pub mod sign_in;
pub mod two_factor;
