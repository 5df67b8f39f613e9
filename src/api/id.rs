//! Ids in bodies.

use crate::http::rules::{Input, verbatim};

/// Characters of anything that may be an id; what is longer is none.
const MAX_ID_CHARS: usize = 128;

/// The rule for what may be an id. Whether it is one does not matter yet: one that is none names nothing, like
/// one that was never given out.
pub(super) fn id_text(input: Input<'_>) -> Result<String, String> {
    verbatim(1..=MAX_ID_CHARS)(input)
}
