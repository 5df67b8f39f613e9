//! What goes wrong, and when.

use std::collections::VecDeque;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// Faults that may be planned ahead.
const MAX_PLANNED: usize = 100_000;

/// Something that goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 429 with Retry-After; nothing is done, and nothing remembered under the key.
    RateLimited,
    /// 503 with Retry-After; likewise.
    Unavailable,
    /// 500 without having done it. The answer is remembered under the key.
    ErrorBefore,
    /// 500 having done it. The answer is remembered under the key.
    ErrorAfter,
    /// The connection is cut before anything is done.
    CutBefore,
    /// The connection is cut once it is done.
    CutAfter,
    /// It is done only after a long time, whether anybody still waits or not.
    HangBefore,
    /// It is done at once, and answered after a long time.
    HangAfter,
    /// It is on its way until the test lets it go: only then does it arrive. Never by chance.
    HeldBefore,
    /// It is done at once, and answered once the test lets it go. Never by chance.
    HeldAfter,
}

/// How often what goes wrong, and how long things take. Probabilities are for each call; together they are at most 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Probability of [`Fault::RateLimited`].
    pub rate_limited: f64,
    /// Probability of [`Fault::Unavailable`].
    pub unavailable: f64,
    /// Probability of [`Fault::ErrorBefore`].
    pub error_before: f64,
    /// Probability of [`Fault::ErrorAfter`].
    pub error_after: f64,
    /// Probability of [`Fault::CutBefore`].
    pub cut_before: f64,
    /// Probability of [`Fault::CutAfter`].
    pub cut_after: f64,
    /// Probability of [`Fault::HangBefore`].
    pub hang_before: f64,
    /// Probability of [`Fault::HangAfter`].
    pub hang_after: f64,
    /// How long the last two take.
    pub hang_ms: u64,
    /// What Retry-After says, in seconds.
    pub retry_after_s: u64,
    /// How long a call takes, at least and at most: half of it before it is done, half of it after.
    pub latency_ms: (u64, u64),
    /// Which calls go wrong by chance; all if it is empty.
    pub only: Vec<Operation>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            rate_limited: 0.0,
            unavailable: 0.0,
            error_before: 0.0,
            error_after: 0.0,
            cut_before: 0.0,
            cut_after: 0.0,
            hang_before: 0.0,
            hang_after: 0.0,
            hang_ms: 30_000,
            retry_after_s: 1,
            latency_ms: (0, 0),
            only: Vec::new(),
        }
    }
}

impl Faults {
    /// Each fault with the same share of `probability`, and hanging for `hang`.
    pub fn all(probability: f64, hang: Duration) -> Self {
        let each = probability / 8.0;
        Self {
            rate_limited: each,
            unavailable: each,
            error_before: each,
            error_after: each,
            cut_before: each,
            cut_after: each,
            hang_before: each,
            hang_after: each,
            hang_ms: u64::try_from(hang.as_millis()).unwrap_or(u64::MAX),
            ..Self::default()
        }
    }

    fn shares(&self) -> [(Fault, f64); 8] {
        [
            (Fault::RateLimited, self.rate_limited),
            (Fault::Unavailable, self.unavailable),
            (Fault::ErrorBefore, self.error_before),
            (Fault::ErrorAfter, self.error_after),
            (Fault::CutBefore, self.cut_before),
            (Fault::CutAfter, self.cut_after),
            (Fault::HangBefore, self.hang_before),
            (Fault::HangAfter, self.hang_after),
        ]
    }
}

/// A fault that is to happen to the next calls of a kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Which calls; any if it is not said.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// What happens to them.
    pub fault: Fault,
    /// To how many of them.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

/// What becomes of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fate {
    pub(crate) fault: Option<Fault>,
    /// Before it is done.
    pub(crate) before: Duration,
    /// Once it is done.
    pub(crate) after: Duration,
    pub(crate) retry_after_s: u64,
}

/// Decides what goes wrong. The same seed and the same calls in the same order meet the same faults.
pub(crate) struct Fates {
    pub(crate) faults: Faults,
    planned: VecDeque<Planned>,
    chance: StdRng,
}

impl Fates {
    pub(crate) fn new(seed: u64, faults: Faults) -> Self {
        Self { faults, planned: VecDeque::new(), chance: StdRng::seed_from_u64(seed) }
    }

    pub(crate) fn plan(&mut self, planned: Planned) {
        if self.planned.len() < MAX_PLANNED && planned.times > 0 {
            self.planned.push_back(planned);
        }
    }

    /// No call is held any more that was to be.
    pub(crate) fn hold_no_more(&mut self) {
        self.planned.retain(|planned| !matches!(planned.fault, Fault::HeldBefore | Fault::HeldAfter));
    }

    pub(crate) fn draw(&mut self, operation: Operation) -> Fate {
        // Drawn in any case, so that a plan moves no other fault.
        let (chance, latency) = (self.chance.random::<f64>(), self.latency());
        let fault = self.next_planned(operation).or_else(|| self.by_chance(operation, chance));
        let hang = Duration::from_millis(self.faults.hang_ms);
        let longer = |when: Fault| if fault == Some(when) { hang } else { Duration::ZERO };
        Fate {
            fault,
            before: latency / 2 + longer(Fault::HangBefore),
            after: latency / 2 + longer(Fault::HangAfter),
            retry_after_s: self.faults.retry_after_s,
        }
    }

    fn latency(&mut self) -> Duration {
        let (least, most) = self.faults.latency_ms;
        Duration::from_millis(self.chance.random_range(least..=most.max(least)))
    }

    fn next_planned(&mut self, operation: Operation) -> Option<Fault> {
        let fits = |planned: &Planned| planned.operation.is_none_or(|wanted| wanted == operation);
        let at = self.planned.iter().position(fits)?;
        let planned = &mut self.planned[at];
        let fault = planned.fault;
        planned.times -= 1;
        if planned.times == 0 {
            self.planned.remove(at);
        }
        Some(fault)
    }

    fn by_chance(&self, operation: Operation, mut chance: f64) -> Option<Fault> {
        if !self.faults.only.is_empty() && !self.faults.only.contains(&operation) {
            return None;
        }
        let mut shares = self.faults.shares().into_iter();
        let drawn = shares.find(|(_, share)| {
            chance -= share;
            chance < 0.0
        });
        drawn.map(|(fault, _)| fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64) -> Vec<Option<Fault>> {
        let mut fates = Fates::new(seed, Faults::all(0.4, Duration::ZERO));
        (0..1_000).map(|_| fates.draw(Operation::ConfirmIntent).fault).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        let faults = drawn(3).into_iter().flatten().collect::<Vec<_>>();
        assert!((300..500).contains(&faults.len()), "{}", faults.len());
        let kinds: std::collections::BTreeSet<_> = faults.into_iter().collect();
        assert_eq!(kinds.len(), 8, "each of them");
    }

    #[test]
    fn a_plan_holds_for_the_calls_that_it_names() {
        let mut fates = Fates::new(1, Faults::default());
        fates.plan(Planned { operation: Some(Operation::ConfirmIntent), fault: Fault::CutAfter, times: 2 });
        assert_eq!(fates.draw(Operation::CreateIntent).fault, None);
        assert_eq!(fates.draw(Operation::ConfirmIntent).fault, Some(Fault::CutAfter));
        assert_eq!(fates.draw(Operation::ConfirmIntent).fault, Some(Fault::CutAfter));
        assert_eq!(fates.draw(Operation::ConfirmIntent).fault, None);
    }

    #[test]
    fn only_some_calls_go_wrong_if_so_wanted() {
        let faults = Faults { error_before: 1.0, only: vec![Operation::CreateIntent], ..Faults::default() };
        let mut fates = Fates::new(1, faults);
        assert_eq!(fates.draw(Operation::CreateIntent).fault, Some(Fault::ErrorBefore));
        assert_eq!(fates.draw(Operation::ConfirmIntent).fault, None);
    }
}
