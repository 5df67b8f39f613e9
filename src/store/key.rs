//! Keys: parts put together so that they sort as the parts do.

/// A key that is being put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Key(Vec<u8>);

impl Key {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(48))
    }

    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Ascending.
    pub(super) fn number(self, number: u64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Descending: the newest first.
    pub(super) fn inverted(self, number: u64) -> Self {
        self.number(!number)
    }

    pub(super) fn byte(self, byte: u8) -> Self {
        self.bytes(&[byte])
    }

    /// A text that ends, so that no other text's key starts with it; words hold no zero byte.
    pub(super) fn terminated(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).byte(0)
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// The least key greater than every key with this prefix; `None` if there is no such key.
pub(super) fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let last = prefix.iter().rposition(|&byte| byte != u8::MAX)?;
    let mut next = prefix[..=last].to_vec();
    next[last] += 1;
    Some(next)
}

/// The big-endian number in the last eight bytes of a key, or `None` if the key is shorter.
pub(super) fn trailing_number(key: &[u8]) -> Option<u64> {
    key.last_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// The big-endian number in the first eight bytes of a key, or `None` if the key is shorter.
pub(super) fn leading_number(key: &[u8]) -> Option<u64> {
    key.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// The identifier at the start of a key or value, or `None` if there is none.
pub(super) fn leading_id(bytes: &[u8]) -> Option<[u8; 16]> {
    bytes.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_after_a_prefix_is_after_all_that_start_with_it() {
        assert_eq!(after_prefix(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(after_prefix(&[1, 0xff, 0xff]), Some(vec![2]));
        assert_eq!(after_prefix(&[0xff]), None);
        assert_eq!(after_prefix(&[]), None);
    }
}
