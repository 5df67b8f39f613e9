//! What readers of the log are given when it was purged before them.

use std::sync::atomic::Ordering;

use futures_util::StreamExt;
use openraft::RaftLogReader;
use openraft::storage::RaftLogStorage;

use super::snapshot::commands;
use super::snapshot_crash::append;
use super::{Recorder, both_threadings, options};
use crate::log_store::LogStore;
use crate::start::open_lone_stores;
use crate::storage::StorageError;
use crate::testing::MemoryStorage;
use crate::types::Entry;
use crate::{Options, Threading};

/// A log of entries 0 to 9, of which those up to 5 are purged. Keep the store, which the log is a part of.
async fn purged_log(threading: Threading, log_cache_bytes: usize) -> LogStore {
    let options = Options { threading, log_cache_bytes, ..options(&MemoryStorage::new()) };
    let mut stores = open_lone_stores(&options, Box::new(Recorder)).expect("opens");
    let entries = commands(0, &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    let upto = entries[5].log_id;
    append(&mut stores.log, entries).await;
    // As if the state was durable that far.
    stores.state.shared().durable.store(6, Ordering::SeqCst);
    stores.log.purge(upto).await.expect("purges");
    stores.log
}

fn indexes(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.log_id.index).collect()
}

#[tokio::test]
async fn nobody_takes_later_entries_for_those_that_were_purged() {
    for threading in both_threadings() {
        // The second size keeps nothing in memory, so that all is read from the file.
        for cache_bytes in [32 << 20, 0] {
            let mut log = purged_log(threading, cache_bytes).await;
            for start in [0, 3, 5] {
                let refused = log.read_chunk(start, 10);
                assert!(
                    matches!(&refused, Err(StorageError::Purged { index, first: 6, .. }) if *index == start),
                    "from {start}: {refused:?}"
                );
                let to_send =
                    log.limited_get_log_entries(start, 10).await.expect("no failure of this replica");
                assert_eq!(indexes(&to_send), [0; 0], "a follower would get a hole");
                let to_apply: Vec<_> = log.entries_stream(start..10).await.collect().await;
                assert_eq!(to_apply.len(), 1, "from {start}");
                assert!(to_apply[0].is_err(), "an entry would be skipped: {to_apply:?}");
                let rest = log.try_get_log_entries(start..10).await.expect("what there is");
                assert_eq!(indexes(&rest), [6, 7, 8, 9]);
            }
            let whole = log.read_chunk(6, 10).expect("all is there");
            assert_eq!(indexes(&whole), [6, 7, 8, 9]);
            assert!(log.read_chunk(10, 20).expect("beyond the end").is_empty());
            assert!(log.read_chunk(3, 3).expect("nothing asked").is_empty());
        }
    }
}
