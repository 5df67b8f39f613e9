//! Consistency tokens: how far in the log a client has seen.

use std::fmt;
use std::str::FromStr;

/// Hexadecimal digits of an epoch.
const EPOCH_CHARS: usize = 16;

/// Digits of the greatest index.
const MAX_INDEX_CHARS: usize = u64::MAX.ilog10() as usize + 1;

/// Which history of the log an index belongs to: the first half of the cluster's id. A restore begins a new one,
/// in which indexes of the old one say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch(u64);

/// The least log index that a client wants to be shown, as `<epoch>-<log index>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsistencyToken {
    /// Which history it is of.
    pub epoch: Epoch,
    /// A log index of it.
    pub index: u64,
}

/// The text is not what we write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an epoch and a log index")]
pub struct InvalidToken;

impl Epoch {
    /// The epoch of the cluster with this id.
    pub fn of_cluster(cluster_id: u128) -> Self {
        Self((cluster_id >> u64::BITS) as u64)
    }
}

impl ConsistencyToken {
    /// Characters of the longest token.
    pub const MAX_CHARS: usize = EPOCH_CHARS + 1 + MAX_INDEX_CHARS;
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$x}", self.0, width = EPOCH_CHARS)
    }
}

impl fmt::Display for ConsistencyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.index)
    }
}

/// Takes exactly what is displayed: a token has one spelling.
impl FromStr for Epoch {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let is_ours = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != EPOCH_CHARS || !text.bytes().all(is_ours) {
            return Err(InvalidToken);
        }
        u64::from_str_radix(text, 16).map(Self).map_err(|_| InvalidToken)
    }
}

/// Takes exactly what is displayed: a token has one spelling.
impl FromStr for ConsistencyToken {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let (epoch, index) = text.split_once('-').ok_or(InvalidToken)?;
        let is_plain = index == "0" || !index.starts_with(['0', '+']);
        let index = index.parse().ok().filter(|_| is_plain).ok_or(InvalidToken)?;
        Ok(Self { epoch: epoch.parse()?, index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLUSTER_ID: u128 = 0x0123_4567_89ab_cdef_0000_0000_0000_0000;

    #[test]
    fn a_token_is_half_the_clusters_id_and_an_index() {
        let epoch = Epoch::of_cluster(CLUSTER_ID | 7);
        assert_eq!(epoch, Epoch::of_cluster(CLUSTER_ID), "the other half does not count");
        assert_ne!(epoch, Epoch::of_cluster(CLUSTER_ID + (1 << 64)));
        for (index, text) in [
            (0, "0123456789abcdef-0"),
            (42, "0123456789abcdef-42"),
            (u64::MAX, "0123456789abcdef-18446744073709551615"),
        ] {
            let token = ConsistencyToken { epoch, index };
            assert_eq!(token.to_string(), text);
            assert_eq!(text.parse(), Ok(token));
            assert!(text.len() <= ConsistencyToken::MAX_CHARS);
        }
        assert_eq!(Epoch::of_cluster(1).to_string(), "0000000000000000");
    }

    #[test]
    fn nothing_else_is_a_token() {
        for junk in [
            "",
            "-",
            "42",
            "0123456789abcdef",
            "0123456789abcdef-",
            "-42",
            "0123456789ABCDEF-42",
            "123456789abcdef-42",
            "00123456789abcdef-42",
            "+123456789abcdef-42",
            "0123456789abcdeg-42",
            "0123456789abcdef-042",
            "0123456789abcdef-00",
            "0123456789abcdef-+42",
            "0123456789abcdef--42",
            "0123456789abcdef-42 ",
            "0123456789abcdef-4x",
            "0123456789abcdef-18446744073709551616",
        ] {
            assert_eq!(junk.parse::<ConsistencyToken>(), Err(InvalidToken), "{junk:?}");
        }
    }
}
