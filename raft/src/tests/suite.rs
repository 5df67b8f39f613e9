//! The consensus library's own tests of what it is stored in.

use std::sync::atomic::Ordering;

use futures_util::future;
use openraft::StorageError;
use openraft::testing::log::{StoreBuilder, Suite};

use super::{Recorder, both_threadings, options};
use crate::log_store::LogStore;
use crate::start::open_lone_stores;
use crate::state_store::StateStore;
use crate::testing::MemoryStorage;
use crate::types::TypeConfig;
use crate::{Options, Threading};

struct Builder(Threading, usize);

impl StoreBuilder<TypeConfig, LogStore, StateStore, ()> for Builder {
    async fn build(&self) -> Result<((), LogStore, StateStore), StorageError<TypeConfig>> {
        let options =
            Options { threading: self.0, log_cache_bytes: self.1, ..options(&MemoryStorage::new()) };
        let stores = open_lone_stores(&options, Box::new(Recorder)).expect("opens");
        // The suite purges logs of which it applied nothing.
        stores.state.shared().durable.store(u64::MAX, Ordering::SeqCst);
        Ok(((), stores.log, stores.state))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_the_storage_suite() {
    // The second size keeps nothing in memory, so that all is read from the file. Side by side, for the suite
    // sleeps for seconds to give background purges time.
    let setups = both_threadings().into_iter().flat_map(|threading| [(threading, 32 << 20), (threading, 0)]);
    let runs = setups.map(|(threading, cache_bytes)| Suite::test_all(Builder(threading, cache_bytes)));
    future::try_join_all(runs).await.expect("the suite passes");
}
