//! What all requests share.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use mailkey::account::throttle_network;

use crate::assets::Assets;
use crate::chosen::Authenticator;
use crate::config::Config;
use crate::crowd::{Crowd, Place};
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
    signing_in: Arc<Crowd>,
}

impl Visitors {
    /// Lets through that many a minute, all of them at once if need be.
    pub fn new(requests_per_minute: u32) -> Self {
        let most = NonZeroU32::new(requests_per_minute).unwrap_or(NonZeroU32::MIN);
        Self { requests: RateLimiter::keyed(Quota::per_minute(most)), signing_in: Crowd::new(MOST_SIGN_INS) }
    }

    /// Counts a request; false: too many.
    pub fn may_ask(&self, address: IpAddr) -> bool {
        self.requests.check_key(&throttle_network(address)).is_ok()
    }

    /// Counts a sign-in for as long as the answer is kept; none: too many at once. Where no address is known, only the
    /// places for all count.
    pub fn sign_in(&self, address: Option<IpAddr>) -> Option<Place> {
        self.signing_in.enter(address)
    }

    /// Forgets those who have not asked for a while.
    pub fn sweep(&self) {
        self.requests.retain_recent();
        self.requests.shrink_to_fit();
    }
}

/// Seconds since the Unix epoch.
#[allow(clippy::disallowed_methods)] // the one place where the panel reads the clock
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}
