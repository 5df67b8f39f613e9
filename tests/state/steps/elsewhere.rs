//! What the gateway says of what is done there, by hand and by banks.

use boxoffice::domain::RefundStatus;
use proptest::option;
use proptest::prelude::*;

use super::{outcome, rarely};

/// One word of the gateway's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Elsewhere {
    /// On one of a payment's refunds: one that is known here, or that somebody made there.
    Refund { payment: u8, name: u8, amount_minor: u64, outcome: RefundStatus, of_ours: Option<u8> },
    /// On a dispute.
    Dispute { payment: u8, name: u8, status: u8, is_withdrawn: bool, is_stale: bool },
}

pub(super) fn steps() -> BoxedStrategy<Elsewhere> {
    let of_ours = option::weighted(0.4, any::<u8>());
    prop_oneof![
        (any::<u8>(), 0..4_u8, 1..5_u64, outcome(), of_ours).prop_map(
            |(payment, name, amount_minor, outcome, of_ours)| {
                Elsewhere::Refund { payment, name, amount_minor, outcome, of_ours }
            }
        ),
        (any::<u8>(), 0..2_u8, 0..3_u8, any::<bool>(), rarely()).prop_map(
            |(payment, name, status, is_withdrawn, is_stale)| {
                Elsewhere::Dispute { payment, name, status, is_withdrawn, is_stale }
            }
        ),
    ]
    .boxed()
}
