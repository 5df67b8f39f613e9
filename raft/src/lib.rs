//! A replicated-log engine on openraft and redb. Knows no tickets.
//!
//! An [`Engine`] is one replica. Commands are opaque bytes: [`Engine::propose`] puts one into the log, makes it
//! durable on a quorum and has the [`StateMachine`] apply it, in the log's order, on every replica. The log and
//! the state are two redb databases; the log is synced before anything is acknowledged, the state now and then,
//! for the log can apply it again.

mod backup;
mod batch;
mod clock;
mod cluster_state;
mod damage;
mod digest_thread;
mod engine;
mod files;
pub mod formation;
mod freshness;
mod health;
mod home;
mod inner;
mod inspect;
mod integrity;
mod log_memory;
mod log_size;
mod log_store;
mod log_thread;
mod log_time;
mod machine;
mod membership;
mod network;
mod observer;
mod operator;
mod options;
mod peer;
mod planted;
mod purging;
mod record;
mod snapshot;
mod start;
mod state_failure;
mod state_shared;
mod state_store;
mod state_thread;
mod storage;
mod store;
mod successor;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod types;
mod wire;
mod writer;

pub use backup::{
    Backup, BackupError, BackupInspection, BackupReadError, BackupSummary, BackupWriter, inspect_backup,
};
pub use engine::{
    Applied, Engine, Leadership, MAX_COMMAND_BYTES, ProposeError, ReadError, Status, WaitError,
};
pub use files::STATE_FILE;
pub use formation::{DnsPeers, StaticPeers};
pub use health::FatalReason;
pub use inspect::{Inspection, LastEntry, LoggedEntry, inspect, read_log};
pub use log_time::{Clock, LogTime, SystemClock};
pub use machine::{ApplyError, Committed, StateMachine};
pub use observer::{NoObserver, Observer};
pub use operator::{
    ClusterStatus, HAND_OVER_LIMIT, HandOverError, InitOrder, OperatorClient, OperatorError, Order,
    ReplicaLag, ReplicaRole, ReplicaStatus, TransferOrder,
};
pub use options::{Options, Threading};
pub use peer::{
    BackupClient, BackupDownload, CallFailed, Credentials, CredentialsError, PEER_NAME, PeerOptions, Peering,
};
pub use record::RecordError;
pub use snapshot::{
    Digest, MAX_FRAME_BYTES, SnapshotError, SnapshotFrames, SnapshotProgress, SnapshotTransfer, TableDigest,
    digest, dump,
};
pub use storage::{FileStorage, OpenError, Storage, StorageError};
pub use store::ReadView;
pub use successor::{Ancestor, NewCluster, Origin, RecoverError, Recovery, RestoreError, restore};
pub use types::Node;
