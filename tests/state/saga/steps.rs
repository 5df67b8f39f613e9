//! Random steps of a saga: small and independent of each other.

use proptest::prelude::*;

use super::gateway::{ACTS, CANNOT_CONFIRM, DECLINES, ONCE, PAYS, REFUSED, TAKES_LONG};

/// How far the clock goes at once: around the end of the window, the time to cancel, and the end of the grace.
const WAITS_MS: &[u64] = &[0, 1, 2_999, 3_000, 14_999, 15_000, 15_001, 30_000, 60_000];

/// What becomes of a call or a command.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    /// It comes to pass, and whoever asked is told.
    Answered,
    /// It comes to pass, and whoever asked is told that nobody knows.
    AnswerLost,
    /// Whoever asked gives up, and it comes to pass all the same, at any time.
    GivenUp,
    /// It never comes to pass.
    Lost,
}

/// What a buyer pays with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Pays,
    Declines,
    Acts,
    TakesLong,
    Once,
    Refused,
    CannotConfirm,
    Browser,
}

impl Source {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pays => PAYS,
            Self::Declines => DECLINES,
            Self::Acts => ACTS,
            Self::TakesLong => TAKES_LONG,
            Self::Once => ONCE,
            Self::Refused => REFUSED,
            Self::CannotConfirm => CANNOT_CONFIRM,
            Self::Browser => "",
        }
    }
}

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Lets the clock go on.
    Wait(u64),
    /// Somebody reserves a ticket.
    Reserve { buyer: u8, ticket: u8 },
    /// The buyer of an order pays for it.
    Pay { order: u8, source: Source },
    /// The buyer gives an order back.
    Cancel { order: u8 },
    /// Releases what is due.
    Expire,
    /// Somebody begins a run for a payment, on a state that is so many commands behind.
    Run { payment: u8, behind: u8, tries: u8 },
    /// A run ends in the middle, as its leader does.
    Kill { run: u8 },
    /// A call to the gateway comes to pass, or not.
    Serve { call: u8, fate: Fate },
    /// A command comes to pass, or not.
    Apply { proposal: u8, fate: Fate },
    /// The seller gives money of a payment back, and the gateway is to fail it the first time, or not.
    Refund { payment: u8, half: bool, fails: bool },
    /// An operator has a refund that failed tried again.
    Retry { refund: u8 },
    /// A browser is given a payment's secret.
    TakeSecret { payment: u8 },
    /// A browser confirms with a secret that it has, also one of a payment that is over.
    Browse { secret: u8, source: Source },
    /// The buyer does what they have to, or the gateway is through with it: well or not.
    GoOn { intent: u8, well: bool },
    /// The buyer wants no more of the attempt that an order awaits.
    Withdraw { order: u8, cancels_order: bool },
    /// Somebody gives money back in the gateway's dashboard.
    RefundByHand { payment: u8, half: bool },
    /// Somebody hears of a payment's refunds, and looks at them with a state that is so many commands behind.
    Review { payment: u8, behind: u8 },
}

/// A sequence of up to so many steps.
pub(crate) fn sequence(at_most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..=at_most)
}

/// The latest of anything, mostly: what is still open.
fn latest() -> impl Strategy<Value = u8> {
    prop_oneof![6 => Just(0_u8), 3 => Just(1), 1 => any::<u8>()]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::sample::select(WAITS_MS).prop_map(Step::Wait),
        3 => (0..2_u8, 0..2_u8).prop_map(|(buyer, ticket)| Step::Reserve { buyer, ticket }),
        9 => (latest(), source()).prop_map(|(order, source)| Step::Pay { order, source }),
        1 => latest().prop_map(|order| Step::Cancel { order }),
        2 => Just(Step::Expire),
        14 => (latest(), prop_oneof![4 => Just(0_u8), 1 => 0..6_u8], 0..3_u8)
            .prop_map(|(payment, behind, tries)| Step::Run { payment, behind, tries }),
        1 => any::<u8>().prop_map(|run| Step::Kill { run }),
        24 => (latest(), fate()).prop_map(|(call, fate)| Step::Serve { call, fate }),
        24 => (latest(), fate()).prop_map(|(proposal, fate)| Step::Apply { proposal, fate }),
        4 => (latest(), any::<bool>(), prop::bool::weighted(0.3))
            .prop_map(|(payment, half, fails)| Step::Refund { payment, half, fails }),
        2 => latest().prop_map(|refund| Step::Retry { refund }),
        4 => latest().prop_map(|payment| Step::TakeSecret { payment }),
        4 => (latest(), source()).prop_map(|(secret, source)| Step::Browse { secret, source }),
        4 => (any::<u8>(), any::<bool>()).prop_map(|(intent, well)| Step::GoOn { intent, well }),
        3 => (latest(), any::<bool>())
            .prop_map(|(order, cancels_order)| Step::Withdraw { order, cancels_order }),
        2 => (latest(), any::<bool>()).prop_map(|(payment, half)| Step::RefundByHand { payment, half }),
        3 => (latest(), prop_oneof![4 => Just(0_u8), 1 => 0..6_u8])
            .prop_map(|(payment, behind)| Step::Review { payment, behind }),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Answered),
        1 => Just(Fate::AnswerLost),
        1 => Just(Fate::GivenUp),
        1 => Just(Fate::Lost),
    ]
}

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        5 => Just(Source::Pays),
        4 => Just(Source::Declines),
        2 => Just(Source::Acts),
        2 => Just(Source::TakesLong),
        3 => Just(Source::Once),
        1 => Just(Source::Refused),
        1 => Just(Source::CannotConfirm),
        3 => Just(Source::Browser),
    ]
}
