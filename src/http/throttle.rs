//! Bounds how often one address may ask for something dear.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Problem;
use super::problem_type::ProblemType;

/// After so many checks, addresses whose allowance is whole again are forgotten. An address is remembered
/// for a minute at the most, so memory is bounded by the requests of a minute.
const CHECKS_BETWEEN_CLEANINGS: u32 = 4_096;

/// So many a minute for each address, all at once if need be.
pub struct Throttle<C: Clock = DefaultClock> {
    limiter: Option<Limiter<C>>,
    checks: AtomicU32,
}

type Limiter<C> = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, C, NoOpMiddleware<<C as Clock>::Instant>>;

impl Throttle {
    /// `per_minute` of 0 lets everything pass.
    pub fn new(per_minute: u32) -> Throttle {
        Throttle::with_clock(per_minute, DefaultClock::default())
    }
}

impl<C: Clock> Throttle<C> {
    fn with_clock(per_minute: u32, clock: C) -> Throttle<C> {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        let limiter = quota.map(|quota| RateLimiter::dashmap_with_clock(quota, clock));
        Throttle { limiter, checks: AtomicU32::new(0) }
    }

    /// Takes one from the allowance of an address. Callers without one, on a Unix socket, are let pass.
    ///
    /// # Errors
    /// [`ProblemType::TooManyRequests`], with the time to wait, when it is used up.
    pub fn check(&self, client: Option<IpAddr>) -> Result<(), Problem> {
        let (Some(limiter), Some(client)) = (&self.limiter, client) else { return Ok(()) };
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_BETWEEN_CLEANINGS
            == CHECKS_BETWEEN_CLEANINGS - 1
        {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        limiter.check_key(&network_of(client)).map_err(|not_until| {
            let wait = not_until.wait_time_from(limiter.clock().now());
            Problem::new(ProblemType::TooManyRequests).retry_after(wait)
        })
    }

    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.limiter.as_ref().map_or(0, RateLimiter::len)
    }
}

/// An IPv6 customer has a whole /64 to choose addresses from.
pub fn network_of(address: IpAddr) -> IpAddr {
    const INTERFACE_BITS: u32 = 64;
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> INTERFACE_BITS << INTERFACE_BITS))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn the_allowance_is_per_address_and_comes_back() {
        let clock = FakeRelativeClock::default();
        let throttle = Throttle::with_clock(60, clock.clone());
        for _ in 0..60 {
            assert_eq!(throttle.check(address("192.0.2.1")), Ok(()));
        }
        let problem = throttle.check(address("192.0.2.1")).unwrap_err();
        assert_eq!(problem.to_response(None).header("retry-after"), Some("1"));
        assert!(throttle.check(address("::ffff:192.0.2.1")).is_err());
        assert_eq!(throttle.check(address("192.0.2.2")), Ok(()));
        clock.advance(Duration::from_secs(1));
        assert_eq!(throttle.check(address("192.0.2.1")), Ok(()));
        assert!(throttle.check(address("192.0.2.1")).is_err());
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        let throttle = Throttle::with_clock(1, FakeRelativeClock::default());
        assert!(throttle.check(address("2001:db8:0:1::1")).is_ok());
        assert!(throttle.check(address("2001:db8:0:1:ffff::2")).is_err());
        assert!(throttle.check(address("2001:db8:0:2::1")).is_ok());
    }

    #[test]
    fn zero_turns_it_off() {
        let throttle = Throttle::new(0);
        assert!((0..1_000).all(|_| throttle.check(address("192.0.2.1")).is_ok()));
    }

    #[test]
    fn idle_addresses_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let throttle = Throttle::with_clock(60, clock.clone());
        for number in 0..CHECKS_BETWEEN_CLEANINGS * 3 {
            let _ = throttle.check(Some(IpAddr::from(number.to_be_bytes())));
            clock.advance(Duration::from_millis(10));
        }
        assert!(
            throttle.remembered() <= CHECKS_BETWEEN_CLEANINGS as usize + 200,
            "{}",
            throttle.remembered()
        );
    }
}
