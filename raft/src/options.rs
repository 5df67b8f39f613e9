//! How an engine is set up.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use openraft::{Config, SnapshotPolicy};

use crate::log_time::{Clock, SystemClock};
use crate::observer::{NoObserver, Observer};
use crate::peer::PeerOptions;
use crate::storage::{FileStorage, OpenError, Storage};
use crate::wire::FIRST_LEVEL;

/// Whether the log and the state have writers of their own.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Threading {
    /// A thread for each: what a server wants.
    Threads,
    /// All on the caller's thread, in a fixed order: what a simulation wants. The committed index is then
    /// stored only with the next entries and at shutdown, and the state made durable only as commands come.
    Inline,
}

/// Everything an engine needs to know or borrow from outside.
#[derive(Clone)]
pub struct Options {
    /// Where the files are.
    pub storage: Arc<dyn Storage>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who hears how long things take.
    pub observer: Arc<dyn Observer>,
    /// Whether the log and the state have writers of their own.
    pub threading: Threading,
    /// The id that a cluster gets when this replica begins it. Random; never reused.
    pub new_cluster_id: u128,
    /// How it reaches others and is reached; none for a replica that is alone.
    pub peers: Option<PeerOptions>,
    /// Memory for the log: half for the newest entries, half for the database's pages.
    pub log_cache_bytes: usize,
    /// Memory for the pages of the state database.
    pub state_cache_bytes: usize,
    /// The state is made durable at least this often while commands come. A crash replays no more than that.
    pub durable_every: Duration,
    /// The state is made durable once commands of so many bytes were applied.
    pub durable_after_bytes: usize,
    /// The log is purged once its records have more bytes than this, whoever may still need them.
    pub log_max_bytes: u64,
    /// Entries that are older than this are purged.
    pub log_max_age: Duration,
    /// Once the log has this and `purge_slack_entries` more entries, all but this many are purged: whoever lacks more
    /// has the state sooner than the log. Those that a live replica still needs are kept.
    pub keep_log_entries: u64,
    /// How many entries are purged at once, at least, because they are too many.
    pub purge_slack_entries: u64,
    /// How often a leader shows that it lives.
    pub heartbeat: Duration,
    /// A follower whose leader's lease has run out asks to become leader after so long, at least.
    pub election_timeout_min: Duration,
    /// The longest that such a follower waits; each draws its time between the two. It is also how long a follower
    /// takes a leader that it heard of for alive (the lease), so that without a leader it is up to twice as long
    /// until there is a new one.
    pub election_timeout_max: Duration,
    /// The states of all replicas are compared this often while commands come.
    pub digest_every: Duration,
    /// The newest feature level that this program supports. The cluster's is raised once all replicas support a higher
    /// one; a program that does not support the cluster's does not start.
    pub supported_level: u32,
}

impl Options {
    /// The defaults for a server whose files are in `data_dir`.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        Self {
            storage: Arc::new(FileStorage::new(data_dir)),
            clock,
            observer: Arc::new(NoObserver),
            threading: Threading::Threads,
            new_cluster_id: rand::random(),
            peers: None,
            log_cache_bytes: 32 << 20,
            state_cache_bytes: 96 << 20,
            durable_every: Duration::from_secs(1),
            durable_after_bytes: 16 << 20,
            log_max_bytes: 256 << 20,
            log_max_age: Duration::from_secs(7 * 24 * 60 * 60),
            keep_log_entries: 100_000,
            purge_slack_entries: 50_000,
            heartbeat: Duration::from_millis(150),
            election_timeout_min: Duration::from_millis(500),
            election_timeout_max: Duration::from_millis(700),
            digest_every: Duration::from_secs(600),
            supported_level: FIRST_LEVEL,
        }
    }

    /// Takes the time from `clock`.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    pub(crate) fn raft_config(&self) -> Result<Arc<Config>, OpenError> {
        let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let config = Config {
            cluster_name: "boxoffice".to_owned(),
            heartbeat_interval: millis(self.heartbeat),
            election_timeout_min: millis(self.election_timeout_min),
            election_timeout_max: millis(self.election_timeout_max),
            // `purging.rs` decides, by what the engine does not know: bytes, and time.
            snapshot_policy: SnapshotPolicy::Never,
            max_in_snapshot_log_to_keep: u64::MAX,
            enable_pre_vote: Some(true),
            // A leader sends entries to others while it writes them itself. One that crashed before they were on its own
            // disk and led again in the same term would give their places in the log to others.
            enable_leader_restore: Some(false),
            // Without it a leader panics when a follower lacks what it acknowledged, or goes on counting it. Such a
            // follower stops itself (`peer/acknowledged.rs`); meanwhile its acknowledgements are forgotten.
            allow_log_reversion: Some(true),
            ..Config::default()
        };
        config.validate().map(Arc::new).map_err(|e| OpenError::Options(e.to_string()))
    }
}
