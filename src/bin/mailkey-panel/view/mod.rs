//! The pages: plain data in ([`model`]), HTML out. No page reads the clock, the store or the request.
//!
//! Nothing is inline: the style sheet, the script and the pictures come from [`crate::assets`], so that a strict
//! Content-Security-Policy holds. Every page works without the script.

mod activity;
mod app_passwords;
mod attention;
mod icon;
mod layout;
mod message;
pub mod model;
mod notices;
mod overview;
mod parts;
mod password;
mod qr;
#[cfg(test)]
mod samples;
mod sign_in;
#[cfg(test)]
mod tests;
mod two_factor;
mod words;

pub use activity::activity;
pub use app_passwords::{app_password_created, app_passwords, new_app_password, revoke_app_password};
pub use message::message;
pub use notices::notices;
pub use overview::overview;
pub use password::password;
pub use sign_in::{prove, second_step, sign_in};
pub use two_factor::{enrol, recovery_codes, recovery_codes_text, remove_authenticator, two_factor, two_factor_off};

/// So many recovery codes or fewer are few: pages say so.
const FEW_CODES: usize = mailkey::admin::explain::FEW_CODES as usize;
