//! The state as a whole: a consistent view of it, as a stream of frames that is checked on its way and becomes
//! another replica's state, or a backup.

mod build;
mod check;
mod digest;
mod error;
mod frame;
mod message;
mod progress;
mod receive;
mod send;
mod split;

pub(crate) use build::StateBuilder;
pub(crate) use check::{Content, StreamCheck};
pub(crate) use digest::STATE_META;
pub use digest::{Digest, TableDigest, digest, dump};
pub use error::SnapshotError;
pub use frame::MAX_FRAME_BYTES;
pub(crate) use message::Header;
pub use progress::{SnapshotProgress, SnapshotTransfer};
pub(crate) use receive::{INCOMING_FILE, Received, SnapshotReceiver, put_progress};
pub use send::SnapshotFrames;
pub(crate) use split::FrameSplitter;

use openraft::Snapshot;
use openraft::vote::RaftLeaderId;

use crate::log_time::LogTime;
use crate::store::ReadView;
use crate::types::{LeaderId, Node};

/// Rows of the engine's own table that are the same on every replica, and so go with each snapshot. The others
/// are this replica's, or in a header anyway.
const REPLICATED_KEYS: &[&str] = &["cluster"];

/// A consistent view of the state of one replica.
pub(crate) struct StateView {
    pub(crate) txn: ReadView,
    /// The replicated clock at the view's last command.
    pub(crate) log_time: LogTime,
}

/// The state that a snapshot is about.
pub(crate) enum SnapshotData {
    /// This replica's own.
    View(StateView),
    /// One that came from another.
    Received(Box<Received>),
}

/// A snapshot, as the consensus engine hands it on.
pub(crate) type StateSnapshot = Snapshot<<LeaderId as RaftLeaderId>::Committed, u64, Node, SnapshotData>;
