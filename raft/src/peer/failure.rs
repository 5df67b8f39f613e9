//! What a failed call comes down to, for an operator.

use std::error::Error;
use std::io;

use tonic::Status;

use super::certificate::strangeness;

/// Why the other side was not reached, or not any more; none if it answered with what the status says. What is above the
/// last cause tells of a connection that a person has not opened.
pub(crate) fn root_cause(status: &Status) -> Option<String> {
    let mut cause = status.source()?;
    loop {
        let stranger = cause.downcast_ref::<io::Error>().and_then(|error| Some((strangeness(error)?, error)));
        if let Some((why, error)) = stranger {
            return Some(format!("the replica there {why} ({error})"));
        }
        match cause.source() {
            Some(deeper) => cause = deeper,
            None => return Some(cause.to_string()),
        }
    }
}
