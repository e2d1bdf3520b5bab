//! Who does something at the same time, by network: nobody takes all places for himself.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mailkey::account::throttle_network;

/// Counts by network: an IPv4 address, or the /64 of an IPv6 address.
pub struct Crowd {
    most: usize,
    inside: Mutex<HashMap<String, usize>>,
}

/// A place, for as long as it is kept.
pub struct Place {
    crowd: Arc<Crowd>,
    network: Option<String>,
}

impl Crowd {
    /// At most `most` of one network at once.
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, inside: Mutex::default() })
    }

    /// A place; none: too many at once. Who has no address is not counted.
    pub fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let network = address.map(throttle_network);
        if let Some(network) = &network {
            let mut inside = self.inside();
            let count = inside.entry(network.clone()).or_default();
            if *count >= self.most {
                return None;
            }
            *count += 1;
        }
        Some(Place { crowd: Arc::clone(self), network })
    }

    fn inside(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        // A panic elsewhere leaves the numbers whole.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(network) = self.network.take() else { return };
        let mut inside = self.crowd.inside();
        if let Some(count) = inside.get_mut(&network) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                inside.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_has_so_many_places_and_gets_them_back() {
        let crowd = Crowd::new(2);
        let [one, neighbour, other] = ["2001:db8::1", "2001:db8::2", "192.0.2.1"].map(|text| text.parse().ok());
        let first = crowd.enter(one);
        let second = crowd.enter(neighbour);
        assert!(first.is_some() && second.is_some());
        assert!(crowd.enter(one).is_none() && crowd.enter(other).is_some() && crowd.enter(None).is_some());
        drop(first);
        assert!(crowd.enter(one).is_some());
        drop(second);
        assert!(crowd.inside().is_empty());
    }
}
