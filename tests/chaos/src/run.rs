//! A run: load, faults one after the other, and the check of all that was said.

use std::path::PathBuf;
use std::time::Duration;

use boxoffice_raft::Options;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::time::{Instant, sleep};

use crate::checker::{Verdict, check};
use crate::cluster::{Cluster, ClusterOptions};
use crate::faults::{Fault, prepare_clocks};
use crate::history::History;
use crate::{Load, LoadOptions};

/// What is to be done.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// The cluster.
    pub cluster: ClusterOptions,
    /// What all choices follow from.
    pub seed: u64,
    /// For how long faults begin; for a shorter time if the log gets too long to be kept from its beginning.
    pub duration: Duration,
    /// Which.
    pub faults: Vec<Fault>,
    /// Clients at once.
    pub clients: usize,
}

/// What became of it.
pub struct Outcome {
    /// What the checker found.
    pub verdict: Verdict,
    /// How often each fault was inflicted.
    pub inflicted: Vec<(Fault, usize)>,
    /// Where everything lies, if there is something to look into.
    pub kept: Option<PathBuf>,
}

/// Runs, telling `say` what happens.
///
/// # Errors
/// When a process cannot be started, or the cluster does not recover; what is there is kept then as well.
pub async fn run(options: RunOptions, say: impl Fn(&str)) -> anyhow::Result<Outcome> {
    let binary = options.cluster.binary.clone();
    let mut cluster = Cluster::new(options.cluster.clone()).await?;
    let history = History::new();
    let driven = drive(&options, &mut cluster, &history, &say).await;
    let stopped = stop(&mut cluster, driven.is_err()).await;
    let operations = history.operations();
    let mut verdict = match &stopped {
        Ok(()) => {
            say("checking every answer against the log");
            check(&binary, &cluster, &operations)?
        }
        // What was applied last need not be on any disk, so the end of the log could not be told from what is missing.
        Err(_) => Verdict { sent: operations.len(), ..Verdict::default() },
    };
    let inflicted = driven.unwrap_or_else(|error| {
        verdict.violations.push(format!("the cluster does not do what it must: {error:#}"));
        Vec::new()
    });
    if let Err(error) = stopped {
        verdict.violations.push(format!("a replica does not stop in order: {error:#}"));
    }
    let mut kept = None;
    if !verdict.violations.is_empty() {
        let root = cluster.keep();
        let lines: String = operations.iter().map(|operation| format!("{operation:?}\n")).collect();
        std::fs::write(root.join("history.txt"), lines)?;
        kept = Some(root);
    }
    let counts =
        options.faults.iter().map(|fault| (*fault, inflicted.iter().filter(|one| *one == fault).count()));
    Ok(Outcome { inflicted: counts.collect(), verdict, kept })
}

/// Stops all replicas in order, after a run that failed as well as may be.
async fn stop(cluster: &mut Cluster, has_failed: bool) -> anyhow::Result<()> {
    if has_failed && let Err(error) = cluster.heal().await {
        cluster.kill_all()?;
        return Err(error);
    }
    cluster.terminate_all().await
}

/// So long a log may get: a longer one loses its beginning, from which the checker replays it. A replica purges only
/// what exceeds this by more than the slack, so that there is room for the fault under way, and for what comes after.
fn longest_log(cluster: &Cluster) -> u64 {
    Options::new(cluster.root()).keep_log_entries
}

async fn drive(
    options: &RunOptions,
    cluster: &mut Cluster,
    history: &History,
    say: &impl Fn(&str),
) -> anyhow::Result<Vec<Fault>> {
    if options.faults.contains(&Fault::ClockJump) {
        prepare_clocks(cluster)?;
    }
    cluster.start_all()?;
    cluster.until_all_ready().await?;
    let mut rng = StdRng::seed_from_u64(options.seed);
    let pause = Duration::from_millis(20);
    let load = LoadOptions { clients: options.clients, pause, seed: options.seed };
    let load = Load::start(cluster, history, load).await?;
    say(&format!("{} replicas serve, files in {}", cluster.count(), cluster.root().display()));
    let (end, mut inflicted) = (Instant::now() + options.duration, Vec::new());
    let longest = longest_log(cluster);
    while Instant::now() < end {
        if history.newest_told() >= longest {
            say(&format!(
                "it ends here: the replicas keep all of a log of {longest} entries, and no longer one"
            ));
            break;
        }
        if options.faults.is_empty() {
            sleep(Duration::from_millis(200)).await;
            continue;
        }
        let planned = Fault::plan(&options.faults, &mut rng);
        sleep(planned.after).await;
        say(&format!(
            "{:>7.1} s  {:?} for {:.1} s ({} changes acknowledged)",
            history.now().as_secs_f64(),
            planned.fault,
            planned.lasts.as_secs_f64(),
            load.acknowledged()
        ));
        planned.inflict(cluster, history).await?;
        inflicted.push(planned.fault);
    }
    cluster.heal().await?;
    load.stop().await;
    cluster.heal().await?;
    Ok(inflicted)
}
