//! When an event is sent again that was not taken: a function of what happened so far, and of chance.

use std::time::Duration;

use crate::domain::GIVE_UP_AFTER_MS;

/// The longest until the second attempt.
pub const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The longest from one attempt to the next: the first pauses are for a receiver that is started anew, the later ones for
/// one that somebody has to repair. After the last one the pauses stay as long.
const PAUSES: [Duration; 9] = [
    FIRST_PAUSE,
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(4 * 60 * 60),
    Duration::from_secs(8 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];

/// The longest that a receiver is left alone on its own wish. One that wants it longer is asked again then.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// What becomes of an event that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is sent again at this time, in milliseconds.
    At(u64),
    /// It is not sent again.
    GiveUp,
}

/// What becomes of an event whose first attempt began at `first_at_ms` and whose attempt with this number, from 1, failed
/// at `now_ms`, both on one clock in milliseconds. `chance` spreads those that failed together: a pause is a half to the
/// whole of what it may be. `retry_after` is what the receiver asks for.
///
/// The last attempt is made just when the time is over.
pub fn next(first_at_ms: u64, attempt: u32, now_ms: u64, chance: u32, retry_after: Option<Duration>) -> Next {
    let last_at_ms = first_at_ms.saturating_add(GIVE_UP_AFTER_MS);
    if now_ms >= last_at_ms {
        return Next::GiveUp;
    }
    let longest = PAUSES[(attempt.saturating_sub(1) as usize).min(PAUSES.len() - 1)].as_millis() as u64;
    let half = longest / 2;
    let pause_ms = half + (longest - half) * u64::from(chance) / u64::from(u32::MAX);
    let wish = retry_after.unwrap_or_default().min(MAX_RETRY_AFTER);
    let due_at_ms = now_ms.saturating_add(pause_ms.max(wish.as_millis() as u64));
    Next::At(due_at_ms.min(last_at_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_MS: u64 = 1_790_000_000_000;

    /// When an event is tried that is never taken, in milliseconds since it was tried first, on a clock that stands still
    /// but between attempts.
    fn attempts(chance: u32, retry_after: Option<Duration>) -> Vec<u64> {
        let mut tried = vec![0];
        loop {
            let now_ms = START_MS + tried.last().expect("there is one");
            match next(START_MS, tried.len() as u32, now_ms, chance, retry_after) {
                Next::At(at_ms) => tried.push(at_ms - START_MS),
                Next::GiveUp => return tried,
            }
        }
    }

    #[test]
    fn the_second_attempt_comes_within_five_seconds() {
        for chance in [0, 1, u32::MAX / 2, u32::MAX] {
            let second_ms = attempts(chance, None)[1];
            assert!((2_500..=5_000).contains(&second_ms), "{second_ms}");
        }
    }

    #[test]
    fn pauses_grow_and_all_attempts_fall_into_three_days() {
        for chance in [0, u32::MAX / 3, u32::MAX] {
            let tried = attempts(chance, None);
            let pauses: Vec<u64> = tried.windows(2).map(|pair| pair[1] - pair[0]).collect();
            // The last one ends when the time is over.
            let (last, grown) = pauses.split_last().expect("there are some");
            assert!(grown.is_sorted(), "{grown:?}");
            assert!(last <= grown.last().expect("there are some"));
            assert_eq!(tried.last(), Some(&GIVE_UP_AFTER_MS), "the last one is made when the time is over");
            assert!((12..=20).contains(&tried.len()), "{}", tried.len());
        }
    }

    #[test]
    fn chance_spreads_those_that_failed_together() {
        let dues: Vec<u64> = (0..=10)
            .map(|tenth| match next(START_MS, 4, START_MS, tenth * (u32::MAX / 10), None) {
                Next::At(at_ms) => at_ms - START_MS,
                Next::GiveUp => panic!("there is time left"),
            })
            .collect();
        assert!(dues.is_sorted_by(|a, b| a < b), "{dues:?}");
        assert_eq!(dues.first(), Some(&300_000));
        assert!(dues.last().is_some_and(|last| (599_000..=600_000).contains(last)), "{dues:?}");
    }

    #[test]
    fn what_the_receiver_asks_for_lengthens_a_pause_and_never_shortens_it() {
        let at = |attempt, wish_s| next(START_MS, attempt, START_MS, 0, Some(Duration::from_secs(wish_s)));
        assert_eq!(at(1, 0), Next::At(START_MS + 2_500));
        assert_eq!(at(1, 120), Next::At(START_MS + 120_000));
        assert_eq!(at(5, 120), Next::At(START_MS + 900_000));
        assert_eq!(at(1, u64::MAX), Next::At(START_MS + 86_400_000), "a day at most");
        // Not beyond the end: the event is tried a last time then.
        assert_eq!(attempts(0, Some(MAX_RETRY_AFTER)), [0, 86_400_000, 172_800_000, 259_200_000]);
    }

    #[test]
    fn it_is_given_up_once_the_time_is_over_however_few_attempts_there_were() {
        let over_ms = START_MS + GIVE_UP_AFTER_MS;
        assert_eq!(next(START_MS, 1, over_ms, 0, None), Next::GiveUp);
        assert_eq!(next(START_MS, 1, over_ms - 1, 0, None), Next::At(over_ms));
        assert_eq!(next(START_MS, u32::MAX, START_MS, u32::MAX, None), Next::At(START_MS + 43_200_000));
        assert_eq!(next(u64::MAX, 1, u64::MAX, 0, None), Next::GiveUp, "no time is left on any clock");
    }
}
