//! Commands a second through one replica, each durable before it is acknowledged, by concurrent writers.
//!
//! `cargo run --release -p boxoffice-raft --example throughput [DIRECTORY]`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use boxoffice_raft::{ApplyError, Committed, Engine, Observer, Options, StateMachine};
use bytes::Bytes;
use redb::{TableDefinition, WriteTransaction};

const COMMAND_BYTES: usize = 300;
const WRITERS: [u64; 4] = [1, 64, 256, 1024];
const RUN: Duration = Duration::from_secs(4);
const ROWS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("rows");

/// Stores each command under its first eight bytes.
struct Rows;

impl StateMachine for Rows {
    fn apply(&mut self, txn: &WriteTransaction, batch: &[Committed<'_>]) -> Result<Vec<Bytes>, ApplyError> {
        let mut table = txn.open_table(ROWS)?;
        for committed in batch {
            table.insert(&committed.command[..8], committed.command)?;
        }
        Ok(vec![Bytes::new(); batch.len()])
    }
}

#[derive(Default)]
struct Counts {
    syncs: AtomicU64,
    sync_micros: AtomicU64,
    batches: AtomicU64,
    apply_micros: AtomicU64,
    state_sync_micros: AtomicU64,
}

impl Observer for Counts {
    fn log_synced(&self, duration: Duration, _entries: usize) {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.sync_micros.fetch_add(duration.as_micros() as u64, Ordering::Relaxed);
    }

    fn applied(&self, duration: Duration, _commands: usize) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.apply_micros.fetch_add(duration.as_micros() as u64, Ordering::Relaxed);
    }

    fn state_synced(&self, duration: Duration) {
        self.state_sync_micros.fetch_max(duration.as_micros() as u64, Ordering::Relaxed);
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let parent = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    println!(
        "{:>7} {:>10} {:>9} {:>9} {:>12} {:>9} {:>12} {:>9} {:>14}",
        "writers",
        "commands/s",
        "p50 ms",
        "p99 ms",
        "commands/log",
        "log ms",
        "cmds/apply",
        "apply ms",
        "max state ms"
    );
    for writers in WRITERS {
        let directory = parent.join(format!("throughput-{}-{writers}", std::process::id()));
        let outcome = run(&directory, writers).await;
        std::fs::remove_dir_all(&directory)?;
        outcome?;
    }
    Ok(())
}

async fn run(directory: &Path, writers: u64) -> Result<(), Box<dyn Error>> {
    let counts = Arc::new(Counts::default());
    let options = Options { observer: counts.clone(), ..Options::new(directory) };
    let engine = Engine::open(options, Box::new(Rows)).await?;
    engine.wait_recovered().await?;
    let started = Instant::now();
    let tasks: Vec<_> =
        (0..writers).map(|writer| tokio::spawn(write(engine.clone(), writer, started + RUN))).collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let seconds = started.elapsed().as_secs_f64();
    engine.shutdown().await?;
    latencies.sort_unstable();
    report(writers, &latencies, seconds, &counts);
    Ok(())
}

/// Proposes one command after the other until `end`; returns how long each took.
async fn write(engine: Engine, writer: u64, end: Instant) -> Result<Vec<u32>, boxoffice_raft::ProposeError> {
    let mut latencies = Vec::new();
    let mut key = writer << 32;
    while Instant::now() < end {
        let mut command = vec![0x5a; COMMAND_BYTES];
        // Spread over the key space, as hashed ids would be.
        command[..8].copy_from_slice(&key.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        key += 1;
        let begun = Instant::now();
        engine.propose(Bytes::from(command)).await?;
        latencies.push(begun.elapsed().as_micros() as u32);
    }
    Ok(latencies)
}

fn report(writers: u64, latencies: &[u32], seconds: f64, counts: &Counts) {
    let commands = latencies.len() as f64;
    let percentile_ms = |p: f64| f64::from(latencies[(p * (commands - 1.0)) as usize]) / 1000.0;
    let get = |count: &AtomicU64| count.load(Ordering::Relaxed) as f64;
    let (syncs, batches) = (get(&counts.syncs), get(&counts.batches));
    println!(
        "{writers:>7} {:>10.0} {:>9.2} {:>9.2} {:>12.1} {:>9.2} {:>12.1} {:>9.2} {:>14.1}",
        commands / seconds,
        percentile_ms(0.5),
        percentile_ms(0.99),
        commands / syncs,
        get(&counts.sync_micros) / syncs / 1000.0,
        commands / batches,
        get(&counts.apply_micros) / batches / 1000.0,
        get(&counts.state_sync_micros) / 1000.0,
    );
}
