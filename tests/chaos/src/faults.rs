//! What is done to a cluster: each fault begins, lasts, and is over again.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use clap::ValueEnum;
use rand::RngExt;
use rand::rngs::StdRng;
use tokio::time::sleep;

use crate::cluster::Cluster;
use crate::proxy::Link;

/// Where Debian has the library that shows a process another time.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
/// A slow link's delay, which is that to the other side of the world.
const SLOW: Duration = Duration::from_millis(150);
/// A flapping link is whole and cut for so long in turn.
const FLAP: Duration = Duration::from_millis(700);

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// `kill -9` of the leader.
    KillLeader,
    /// `kill -9` of another.
    KillFollower,
    /// `kill -9` of all at once.
    KillAll,
    /// SIGSTOP of the leader, for longer than an election takes.
    PauseLeader,
    /// SIGSTOP of another.
    PauseFollower,
    /// The leader alone on its side.
    IsolateLeader,
    /// Another alone on its side.
    IsolateFollower,
    /// Everybody alone.
    IsolateAll,
    /// The leader hears, and is not heard.
    MuteLeader,
    /// The leader is heard, and does not hear.
    DeafenLeader,
    /// The leader's links come and go.
    Flap,
    /// All links are slow.
    Slow,
    /// SIGTERM and start, one after the other.
    RollingRestart,
    /// A replica comes back with an empty disk.
    Wipe,
    /// A replica comes back at another address.
    Move,
    /// A replica's wall clock jumps by up to an hour, and back later.
    ClockJump,
    /// A replica's fsync fails.
    FailFsync,
    /// A replica's disk is full.
    FullDisk,
}

/// One fault of a run.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// What.
    pub fault: Fault,
    /// How long it is quiet before.
    pub after: Duration,
    /// For how long.
    pub lasts: Duration,
    /// Chooses among those that may be hit.
    pub choice: usize,
}

impl Fault {
    /// Why this machine cannot do it; none if it can.
    #[must_use]
    pub fn missing(self) -> Option<String> {
        let needs = match self {
            Self::ClockJump => FAKETIME,
            Self::FailFsync | Self::FullDisk => "/usr/bin/strace",
            _ => return None,
        };
        (!Path::new(needs).exists()).then(|| format!("{needs} is not there"))
    }

    /// The next one, by chance.
    pub fn plan(among: &[Self], rng: &mut StdRng) -> Planned {
        let fault = among[rng.random_range(0..among.len())];
        let (after, lasts) = (rng.random_range(500..4_000), rng.random_range(1_000..6_000));
        let choice = rng.random_range(0..usize::MAX);
        Planned { fault, after: Duration::from_millis(after), lasts: Duration::from_millis(lasts), choice }
    }
}

/// Has each replica take its wall clock from a file, which [`Fault::ClockJump`] writes.
///
/// # Errors
/// When a file can't be written.
pub fn prepare_clocks(cluster: &mut Cluster) -> anyhow::Result<()> {
    for number in 0..cluster.count() {
        let file = clock_file(cluster, number);
        std::fs::write(&file, "+0")?;
        cluster.set(number, "LD_PRELOAD", Some(FAKETIME));
        cluster.set(number, "FAKETIME_TIMESTAMP_FILE", file.to_str());
        cluster.set(number, "FAKETIME_NO_CACHE", Some("1"));
        cluster.set(number, "FAKETIME_DONT_FAKE_MONOTONIC", Some("1"));
    }
    Ok(())
}

fn clock_file(cluster: &Cluster, number: usize) -> std::path::PathBuf {
    cluster.root().join(format!("clock-{number}"))
}

impl Cluster {
    /// Cuts all links between two groups of replicas, in both directions.
    pub fn part(&self, ones: &[usize], others: &[usize]) {
        let cut = Link { is_cut: true, ..Link::default() };
        for one in ones {
            for other in others.iter().filter(|other| *other != one) {
                self.links.set_both(*one, *other, cut);
            }
        }
    }

    /// Cuts a replica off from all others.
    pub fn isolate(&self, number: usize) {
        self.part(&[number], &(0..self.count()).collect::<Vec<_>>());
    }
}

impl Planned {
    /// Does it, from beginning to end.
    ///
    /// # Errors
    /// When a replica does not do what it must: come back, or stop with an error if its disk fails.
    pub async fn inflict(&self, cluster: &mut Cluster) -> anyhow::Result<()> {
        let leader = cluster.leader().await?;
        let others: Vec<usize> = (0..cluster.count()).filter(|number| *number != leader).collect();
        let other = others[self.choice % others.len()];
        let any = self.choice % cluster.count();
        match self.fault {
            Fault::KillLeader => self.kill(cluster, &[leader]).await,
            Fault::KillFollower => self.kill(cluster, &[other]).await,
            Fault::KillAll => {
                cluster.kill_all()?;
                cluster.start_all()
            }
            Fault::PauseLeader => self.pause(cluster, leader).await,
            Fault::PauseFollower => self.pause(cluster, other).await,
            Fault::Wipe | Fault::Move => self.replace(cluster, any).await,
            Fault::RollingRestart => rolling_restart(cluster).await,
            Fault::ClockJump => self.jump(cluster, any).await,
            Fault::FailFsync => fail(cluster, any, "fsync,fdatasync", "EIO").await,
            Fault::FullDisk => fail(cluster, any, "pwrite64,fallocate,ftruncate", "ENOSPC").await,
            _ => {
                self.cut(cluster, leader, other).await;
                cluster.links.heal();
                Ok(())
            }
        }
    }

    async fn cut(&self, cluster: &Cluster, leader: usize, other: usize) {
        let cut = Link { is_cut: true, ..Link::default() };
        match self.fault {
            Fault::IsolateLeader => cluster.isolate(leader),
            Fault::IsolateFollower => cluster.isolate(other),
            Fault::IsolateAll => (0..cluster.count()).for_each(|number| cluster.isolate(number)),
            Fault::Flap => {
                for _ in 0..=self.lasts.as_millis() / (2 * FLAP.as_millis()) {
                    cluster.isolate(leader);
                    sleep(FLAP).await;
                    cluster.links.heal();
                    sleep(FLAP).await;
                }
                return;
            }
            _ => {
                for number in (0..cluster.count()).filter(|number| *number != leader) {
                    match self.fault {
                        Fault::MuteLeader => cluster.links.set(leader, number, cut),
                        Fault::DeafenLeader => cluster.links.set(number, leader, cut),
                        _ => {
                            let slow = Link { delay: SLOW, is_cut: false };
                            (0..cluster.count()).for_each(|from| cluster.links.set_both(from, number, slow));
                        }
                    }
                }
            }
        }
        sleep(self.lasts).await;
    }

    async fn kill(&self, cluster: &mut Cluster, numbers: &[usize]) -> anyhow::Result<()> {
        for number in numbers {
            cluster.kill(*number)?;
        }
        sleep(self.lasts).await;
        numbers.iter().try_for_each(|number| cluster.start(*number))
    }

    async fn pause(&self, cluster: &mut Cluster, number: usize) -> anyhow::Result<()> {
        cluster.pause(number)?;
        sleep(self.lasts.max(Duration::from_secs(3))).await;
        cluster.resume(number)
    }

    async fn replace(&self, cluster: &mut Cluster, number: usize) -> anyhow::Result<()> {
        cluster.kill(number)?;
        if self.fault == Fault::Wipe {
            cluster.wipe(number)?;
        } else {
            cluster.move_elsewhere(number)?;
        }
        cluster.start(number)?;
        cluster.until_ready(number).await
    }

    async fn jump(&self, cluster: &Cluster, number: usize) -> anyhow::Result<()> {
        let seconds = i64::try_from(self.choice % 7_200)? - 3_600;
        std::fs::write(clock_file(cluster, number), format!("{seconds:+}"))?;
        sleep(self.lasts).await;
        // Another one stays where it is: clocks need not agree.
        Ok(std::fs::write(
            clock_file(cluster, number),
            if self.choice.is_multiple_of(3) { "-600" } else { "+0" },
        )?)
    }
}

/// SIGTERM and start of each in turn, once the one before serves again.
///
/// # Errors
/// When one does not end in order, or does not come back.
pub async fn rolling_restart(cluster: &mut Cluster) -> anyhow::Result<()> {
    for number in 0..cluster.count() {
        cluster.terminate(number).await?;
        cluster.start(number)?;
        cluster.until_ready(number).await?;
    }
    Ok(())
}

/// Has system calls of a replica fail until it stops by itself, which it must, and starts it again.
async fn fail(cluster: &mut Cluster, number: usize, calls: &str, error: &str) -> anyhow::Result<()> {
    let pid = cluster.pid(number).context("it does not run")?.to_string();
    let mut strace = tokio::process::Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-p", &pid, "-e", &format!("trace={calls}")])
        .args(["-e", &format!("inject={calls}:error={error}")])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let status = cluster.ended(number).await;
    strace.kill().await.ok();
    let status = status.context("its disk failed, and it went on")?;
    anyhow::ensure!(!status.success(), "replica {number} ended with success although its disk failed");
    cluster.start(number)?;
    cluster.until_ready(number).await
}
