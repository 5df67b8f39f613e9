//! The versioned codec of commands and replies: a version byte, then protobuf.
//!
//! Golden bytes in the tests hold every version for ever. A version or command that this program does not
//! know stops the replica; skipping it would make replicas differ.

use prost::Message;

use super::command::Envelope;
use super::reply::Reply;

/// The version that this program writes, and the newest that it reads.
pub const COMMAND_VERSION: u8 = 1;

/// Bytes that this program does not understand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Nothing at all.
    #[error("the record is empty")]
    Empty,
    /// Written by a newer version.
    #[error(
        "the record has version {found}, and this program knows up to {COMMAND_VERSION}: install a newer one"
    )]
    UnknownVersion {
        /// The version found.
        found: u8,
    },
    /// The version is known, the command is not.
    #[error("the record holds a command that this program does not know: install a newer one")]
    UnknownCommand,
    /// Not protobuf.
    #[error("the record is damaged: {0}")]
    Damaged(String),
}

/// An envelope's bytes in the log.
pub fn encode_envelope(envelope: &Envelope) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + envelope.encoded_len());
    bytes.push(COMMAND_VERSION);
    envelope.encode_raw(&mut bytes);
    bytes
}

/// The envelope with these bytes in the log.
pub fn decode_envelope(bytes: &[u8]) -> Result<Envelope, WireError> {
    let (&version, message) = bytes.split_first().ok_or(WireError::Empty)?;
    if version != COMMAND_VERSION {
        return Err(WireError::UnknownVersion { found: version });
    }
    let envelope = Envelope::decode(message).map_err(|error| WireError::Damaged(error.to_string()))?;
    if envelope.command.is_none() {
        return Err(WireError::UnknownCommand);
    }
    Ok(envelope)
}

/// A reply's bytes between replicas.
pub fn encode_reply(reply: &Reply) -> Vec<u8> {
    reply.encode_to_vec()
}

/// The reply with these bytes.
pub fn decode_reply(bytes: &[u8]) -> Result<Reply, WireError> {
    Reply::decode(bytes).map_err(|error| WireError::Damaged(error.to_string()))
}
