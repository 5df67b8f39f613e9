//! When a request is sent again, and after how long a pause.

use std::time::{Duration, Instant};

use http::{HeaderMap, Method, StatusCode};

/// Bounds of trying again.
#[derive(Clone, Debug)]
pub struct RetryOptions {
    /// How often a request is sent at most. 1 for never again.
    pub max_attempts: u32,
    /// How long a call takes at most, all its attempts and pauses together; the last attempt has a second in any case. An
    /// operation that waits for events has as long besides as it waits.
    pub total_time: Duration,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
    /// How long the first pause is at most; each following one may be twice as long.
    pub first_pause: Duration,
    /// How long a pause is at most that the service did not ask for.
    pub longest_pause: Duration,
}

impl Default for RetryOptions {
    fn default() -> Self {
        Self {
            max_attempts: 10,
            total_time: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(30),
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(5),
        }
    }
}

impl RetryOptions {
    /// The pause after this many failures: half of it is chance, so that clients that failed together do not come
    /// back together.
    pub(crate) fn pause(&self, failures: u32) -> Duration {
        let longest =
            self.first_pause.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(self.longest_pause);
        longest.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// What is known of an attempt that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Failure {
    /// Surely nothing has happened.
    NothingHappened,
    /// It may have happened.
    Unknown,
    /// That is the answer; asking again would not change it.
    Final,
}

/// Problems with status 503 that say that nothing happened.
const NOTHING_HAPPENED: &[&str] =
    &["/problems/replica-behind", "/problems/no-leader", "/problems/sales-held"];
/// The first request under the same key is still under way.
const KEY_IN_PROGRESS: &str = "/problems/key-in-progress";

impl Failure {
    /// What a refusal means, by its status and the type of its problem.
    pub(crate) fn of_refusal(status: StatusCode, problem_type: &str) -> Self {
        match status.as_u16() {
            429 => Self::NothingHappened,
            503 if NOTHING_HAPPENED.contains(&problem_type) => Self::NothingHappened,
            409 if problem_type == KEY_IN_PROGRESS => Self::Unknown,
            502..=504 => Self::Unknown,
            _ => Self::Final,
        }
    }
}

/// What an attempt has at least, so that it is not given up before it could be answered.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(1);

/// Whether a request that may have happened may be sent again.
pub(crate) fn is_repeatable(method: &Method, has_key: bool) -> bool {
    has_key || matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE)
}

/// The attempts of one call.
#[derive(Debug)]
pub(crate) struct Attempts {
    options: RetryOptions,
    repeatable: bool,
    began: Instant,
    made: u32,
}

impl Attempts {
    pub(crate) fn new(options: &RetryOptions, repeatable: bool) -> Self {
        Self { options: options.clone(), repeatable, began: Instant::now(), made: 0 }
    }

    /// How long the next attempt may take, of an operation that does not wait.
    pub(crate) fn timeout(&self) -> Duration {
        let left = self.options.total_time.saturating_sub(self.began.elapsed());
        left.max(SHORTEST_ATTEMPT).min(self.options.attempt_timeout)
    }

    /// How long to wait before the next attempt; `None` if there is to be none.
    ///
    /// `asked` is what the service wants to be left alone for. `elsewhere` says that there is somebody else to ask who
    /// was not asked yet.
    pub(crate) fn failed(
        &mut self,
        failure: Failure,
        asked: Option<Duration>,
        elsewhere: bool,
    ) -> Option<Duration> {
        self.made += 1;
        let may = match failure {
            Failure::NothingHappened => true,
            Failure::Unknown => self.repeatable,
            Failure::Final => false,
        };
        let pause = match (asked, elsewhere) {
            (Some(asked), _) => asked + self.options.pause(1),
            (None, true) => Duration::ZERO,
            (None, false) => self.options.pause(self.made),
        };
        let in_time = self.began.elapsed() + pause <= self.options.total_time;
        (may && in_time && self.made < self.options.max_attempts).then_some(pause)
    }

    /// How often the request was sent.
    pub(crate) fn made(&self) -> u32 {
        self.made
    }
}

/// `Retry-After`, in seconds or as a date.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    let now = std::time::SystemTime::now();
    Some(std::time::SystemTime::from(at).duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_vary() {
        let options = RetryOptions::default();
        for (failures, longest_ms) in [(1, 100), (2, 200), (3, 400), (20, 5_000)] {
            let longest = Duration::from_millis(longest_ms);
            for _ in 0..100 {
                let pause = options.pause(failures);
                assert!(pause >= longest / 2 && pause <= longest, "{failures} failures: {pause:?}");
            }
        }
        assert_ne!(options.pause(20), options.pause(20), "there is chance in it");
    }

    #[test]
    fn only_what_is_safe_is_sent_again() {
        let options = RetryOptions::default();
        for (failure, repeatable, again) in [
            (Failure::NothingHappened, false, true),
            (Failure::Unknown, false, false),
            (Failure::Unknown, true, true),
            (Failure::Final, true, false),
        ] {
            let mut attempts = Attempts::new(&options, repeatable);
            assert_eq!(attempts.failed(failure, None, false).is_some(), again, "{failure:?} {repeatable}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", text.parse().expect("a header"));
            retry_after(&headers)
        };
        assert_eq!(read("7"), Some(Duration::from_secs(7)));
        assert_eq!(read("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(read("Tue, 01 Jan 2199 00:00:00 GMT") > Some(Duration::from_secs(3_600)));
        assert_eq!(read("soon"), None);
    }
}
