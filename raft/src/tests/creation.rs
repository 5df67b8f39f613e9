//! A first start that fails or is killed half way leaves nothing that a later one cannot go on from.

use super::{both_threadings, open, options, write};
use crate::inspect::inspect_storage;
use crate::testing::{Fault, MemoryStorage};
use crate::{Engine, Options};

#[tokio::test]
async fn a_start_can_be_cut_off_anywhere() {
    for threading in both_threadings() {
        let steps = {
            let storage = MemoryStorage::new();
            let engine = open(Options { threading, ..options(&storage) }).await;
            let steps = storage.operations();
            engine.shutdown().await.expect("shuts down");
            steps
        };
        for at in 0..steps {
            for fault in [Fault::Fail, Fault::Tear] {
                let storage = MemoryStorage::new();
                storage.fail_at(at, fault);
                let cut_off =
                    Engine::open(Options { threading, ..options(&storage) }, Box::new(super::Recorder)).await;
                for left in [storage.crashed(), storage.crashed_at_random(at)] {
                    let engine = open(options(&left)).await;
                    write(&engine, "after all").await;
                    engine.shutdown().await.expect("shuts down");
                    inspect_storage(&left).expect("the store is whole");
                }
                if let Ok(engine) = cut_off {
                    engine.shutdown().await.ok();
                }
            }
        }
    }
}
