//! Settings for mail apps as files: Apple's configuration profile, and Thunderbird's autoconfig.

use mailkey::account::Protocols;
use mailkey::credential::Secret;

use crate::config::Servers;

/// What a configuration profile is made of.
pub struct Profile<'a> {
    /// The address that mail is sent from.
    pub address: &'a str,
    /// The user name that the servers expect.
    pub user: &'a str,
    /// The app password; without it the phone asks for it.
    pub password: Option<&'a Secret>,
    /// What the app password is for.
    pub protocols: Protocols,
    /// The servers.
    pub servers: &'a Servers,
    /// The name of the product.
    pub product: &'a str,
    /// The id of the app password: another one makes another profile.
    pub id: &'a str,
}

/// Whether a profile can be made: a server for reading, that the app password is for, and one for sending.
pub fn is_possible(protocols: Protocols, servers: &Servers) -> bool {
    let _ = (protocols, servers);
    false
}

/// Media type of [`mobileconfig`].
pub const MOBILECONFIG_TYPE: &str = "application/x-apple-aspen-config";

/// Apple's configuration profile, an XML property list. None where none can be made ([`is_possible`]).
pub fn mobileconfig(profile: &Profile<'_>) -> Option<Secret> {
    let _ = profile;
    None
}

/// Thunderbird's autoconfig (`config-v1.1.xml`) for the addresses of `domain`. None without a server for reading or one
/// for sending.
pub fn autoconfig(domain: &str, product: &str, servers: &Servers) -> Option<String> {
    let _ = (domain, product, servers);
    None
}
