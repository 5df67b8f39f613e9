//! Positions in the events: how far somebody has seen what happened.

use std::fmt;
use std::str::FromStr;

use super::token::{ConsistencyToken, Epoch, InvalidToken};

/// A place among the events, as `<epoch>-<sequence>`: the event there, or what comes after it. With the sequence 0 it is
/// before all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventPosition {
    /// Which history it is of: a restore begins a new one.
    pub epoch: Epoch,
    /// A sequence of it.
    pub sequence: u64,
}

impl EventPosition {
    /// The place of this sequence in the history of the cluster with this id.
    pub fn of_cluster(cluster_id: u128, sequence: u64) -> Self {
        Self { epoch: Epoch::of_cluster(cluster_id), sequence }
    }
}

impl fmt::Display for EventPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.sequence)
    }
}

/// Takes exactly what is displayed: a position has one spelling, which is that of a [`ConsistencyToken`].
impl FromStr for EventPosition {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let ConsistencyToken { epoch, index } = text.parse()?;
        Ok(Self { epoch, sequence: index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_an_epoch_and_a_sequence() {
        let epoch = Epoch::of_cluster(0x0123_4567_89ab_cdef << u64::BITS);
        for (sequence, text) in [(0, "0123456789abcdef-0"), (42, "0123456789abcdef-42")] {
            let position = EventPosition { epoch, sequence };
            assert_eq!(position.to_string(), text);
            assert_eq!(text.parse(), Ok(position));
        }
        for junk in
            ["", "42", "0123456789abcdef", "0123456789abcdef-042", "0123456789abcdef-00000000000000000042"]
        {
            assert_eq!(junk.parse::<EventPosition>(), Err(InvalidToken), "{junk:?}");
        }
    }
}
