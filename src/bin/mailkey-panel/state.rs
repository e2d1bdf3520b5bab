//! What all requests share.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use mailkey::account::throttle_network;

use crate::assets::Assets;
use crate::chosen::Authenticator;
use crate::config::Config;
use crate::desk::Desks;
use crate::held::Held;
use crate::locale::Locales;

/// What handlers get.
pub type Shared = Arc<Panel>;

/// The service.
pub struct Panel {
    /// Its settings.
    pub config: Config,
    /// The languages.
    pub locales: Locales,
    /// Style sheets, script, logo.
    pub assets: Assets,
    /// The stores.
    pub desks: Arc<Desks>,
    /// Who checks passwords.
    pub authenticator: Authenticator,
    /// What is kept for a few minutes.
    pub held: Held,
    /// Who asks how often.
    pub visitors: Visitors,
}

/// Most sign-ins of one network at once: nobody takes all places of [`crate::authenticate`] for himself.
const MOST_SIGN_INS: usize = 16;

/// Counts requests by network: an IPv4 address, or the /64 of an IPv6 address.
pub struct Visitors {
    requests: RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>,
    signing_in: Mutex<HashMap<String, usize>>,
}

impl Visitors {
    /// Lets through that many a minute, all of them at once if need be.
    pub fn new(requests_per_minute: u32) -> Self {
        let most = NonZeroU32::new(requests_per_minute).unwrap_or(NonZeroU32::MIN);
        Self { requests: RateLimiter::keyed(Quota::per_minute(most)), signing_in: Mutex::default() }
    }

    /// Counts a request; false: too many.
    pub fn may_ask(&self, address: IpAddr) -> bool {
        self.requests.check_key(&throttle_network(address)).is_ok()
    }

    /// Counts a sign-in for as long as the answer is kept; none: too many at once. Where no address is known, only the
    /// places for all count.
    pub fn sign_in(&self, address: Option<IpAddr>) -> Option<SigningIn<'_>> {
        let network = address.map(throttle_network);
        if let Some(network) = &network {
            let mut signing_in = self.signing_in();
            let count = signing_in.entry(network.clone()).or_default();
            if *count >= MOST_SIGN_INS {
                return None;
            }
            *count += 1;
        }
        Some(SigningIn { visitors: self, network })
    }

    /// Forgets those who have not asked for a while.
    pub fn sweep(&self) {
        self.requests.retain_recent();
        self.requests.shrink_to_fit();
    }

    fn signing_in(&self) -> std::sync::MutexGuard<'_, HashMap<String, usize>> {
        // A panic elsewhere leaves the numbers whole.
        self.signing_in.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A sign-in that is under way.
pub struct SigningIn<'a> {
    visitors: &'a Visitors,
    network: Option<String>,
}

impl Drop for SigningIn<'_> {
    fn drop(&mut self) {
        let Some(network) = self.network.take() else { return };
        let mut signing_in = self.visitors.signing_in();
        if let Some(count) = signing_in.get_mut(&network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                signing_in.remove(&network);
            }
        }
    }
}

/// Seconds since the Unix epoch.
#[allow(clippy::disallowed_methods)] // the one place where the panel reads the clock
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_signs_in_so_often_at_once_and_others_are_not_kept_out() {
        let visitors = Visitors::new(300);
        let at = |address: &str| Some(address.parse().unwrap());
        let mut under_way: Vec<_> = (0..MOST_SIGN_INS).map(|_| visitors.sign_in(at("2001:db8::1")).unwrap()).collect();
        assert!(visitors.sign_in(at("2001:db8::2")).is_none());
        assert!(visitors.sign_in(at("2001:db8:0:1::1")).is_some() && visitors.sign_in(None).is_some());
        under_way.pop();
        under_way.push(visitors.sign_in(at("2001:db8::2")).unwrap());
        assert!(visitors.sign_in(at("2001:db8::1")).is_none());
        drop(under_way);
        assert!(visitors.signing_in().is_empty());
    }
}
