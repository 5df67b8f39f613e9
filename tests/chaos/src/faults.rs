//! What is done to a cluster: each fault begins, lasts, and is over again.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::ValueEnum;
use rand::RngExt;
use rand::rngs::StdRng;
use tokio::time::sleep;

use crate::cluster::Cluster;
use crate::history::History;
use crate::proxy::Link;

/// Where Debian has the library that shows a process another time.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
const STRACE: &str = "/usr/bin/strace";
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
    /// `kill -9` of most of the voters: nothing can be changed until they are back.
    KillMajority,
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
    /// Two groups, by chance.
    Split,
    /// One replica does not hear another, which hears it.
    OneWay,
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
    /// A replica is removed by the operator, ends, and comes back with an empty disk.
    Remove,
    /// The operator takes a backup, which is compared with the log at the end.
    Backup,
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
            Self::FailFsync | Self::FullDisk => STRACE,
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
        set_clock(cluster, number, 0)?;
        let file = clock_file(cluster, number);
        cluster.set(number, "LD_PRELOAD", Some(FAKETIME));
        cluster.set(number, "FAKETIME_TIMESTAMP_FILE", file.to_str());
        cluster.set(number, "FAKETIME_NO_CACHE", Some("1"));
        cluster.set(number, "FAKETIME_DONT_FAKE_MONOTONIC", Some("1"));
    }
    Ok(())
}

/// Has a replica's wall clock jump to so many seconds before or behind the machine's.
///
/// # Errors
/// When the file can't be written.
pub fn set_clock(cluster: &Cluster, number: usize, seconds: i64) -> anyhow::Result<()> {
    // In one piece: it is read all the time.
    let (file, next) = (clock_file(cluster, number), cluster.root().join(format!("next-clock-{number}")));
    std::fs::write(&next, format!("{seconds:+}"))?;
    Ok(std::fs::rename(next, file)?)
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
    pub async fn inflict(&self, cluster: &mut Cluster, history: &History) -> anyhow::Result<()> {
        let leader = cluster.leader().await?;
        let others: Vec<usize> = (0..cluster.count()).filter(|number| *number != leader).collect();
        let other = others[self.choice % others.len()];
        let any = self.choice % cluster.count();
        match self.fault {
            Fault::KillLeader => self.kill(cluster, &[leader]).await,
            Fault::KillFollower => self.kill(cluster, &[other]).await,
            Fault::KillMajority => {
                let first = self.choice % cluster.voters();
                let most: Vec<usize> =
                    (0..=cluster.voters() / 2).map(|step| (first + step) % cluster.voters()).collect();
                self.kill(cluster, &most).await
            }
            Fault::KillAll => {
                cluster.kill_all()?;
                cluster.start_all()
            }
            Fault::PauseLeader => self.pause(cluster, leader).await,
            Fault::PauseFollower => self.pause(cluster, other).await,
            Fault::Wipe | Fault::Move => self.replace(cluster, any).await,
            Fault::Remove => remove(cluster, any).await,
            Fault::Backup => cluster.back_up(any, history.newest_told()).await.map(drop),
            Fault::RollingRestart => rolling_restart(cluster).await,
            Fault::ClockJump => self.jump(cluster, any).await,
            Fault::FailFsync => fail_and_return(cluster, any, DiskFault::Fsync).await,
            Fault::FullDisk => fail_and_return(cluster, any, DiskFault::Full).await,
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
            Fault::Split => {
                // Each number whose bit is set, and neither all nor nobody.
                let bits = 1 + self.choice % ((1 << cluster.count()) - 2);
                let (ones, others): (Vec<usize>, Vec<usize>) =
                    (0..cluster.count()).partition(|number| bits >> number & 1 == 1);
                cluster.part(&ones, &others);
            }
            Fault::OneWay => {
                let (from, to) =
                    if self.choice.is_multiple_of(2) { (leader, other) } else { (other, leader) };
                cluster.links.set(from, to, cut);
            }
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
                            let slow = Link { delay: SLOW, ..Link::default() };
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
        cluster.until_ready(number).await?;
        // Else the next disk that is lost would be one too many.
        cluster.until_voting().await
    }

    async fn jump(&self, cluster: &Cluster, number: usize) -> anyhow::Result<()> {
        set_clock(cluster, number, i64::try_from(self.choice % 7_200)? - 3_600)?;
        sleep(self.lasts).await;
        // Another one stays where it is: clocks need not agree.
        set_clock(cluster, number, if self.choice.is_multiple_of(3) { -600 } else { 0 })
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

/// Removes a replica, and has it come back as somebody new.
async fn remove(cluster: &mut Cluster, number: usize) -> anyhow::Result<()> {
    cluster.remove(number, (number + 1) % cluster.count()).await?;
    cluster.wipe(number)?;
    cluster.start(number)?;
    cluster.until_ready(number).await?;
    cluster.until_voting().await
}

async fn fail_and_return(cluster: &mut Cluster, number: usize, fault: DiskFault) -> anyhow::Result<()> {
    fail_disk(cluster, number, fault).await?;
    cluster.start(number)?;
    cluster.until_ready(number).await
}

/// What a replica's disk does not do any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// What was written does not become durable.
    Fsync,
    /// There is no room.
    Full,
}

/// Has system calls of a replica fail until it stops by itself, which it must.
///
/// # Errors
/// When it goes on, or ends with success.
pub async fn fail_disk(cluster: &mut Cluster, number: usize, fault: DiskFault) -> anyhow::Result<()> {
    let (calls, error) = match fault {
        DiskFault::Fsync => ("fsync,fdatasync", "EIO"),
        DiskFault::Full => ("pwrite64,fallocate,ftruncate", "ENOSPC"),
    };
    let pid = cluster.pid(number).context("it does not run")?.to_string();
    let mut strace = tokio::process::Command::new(STRACE)
        .args(["-f", "-qq", "-o", "/dev/null", "-p", &pid, "-e", &format!("trace={calls}")])
        .args(["-e", &format!("inject={calls}:error={error}")])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let status = cluster.ended(number).await;
    strace.kill().await.ok();
    let status = status.with_context(|| format!("{fault:?}: its disk failed, and it went on"))?;
    ensure!(!status.success(), "{fault:?}: replica {number} ended with success although its disk failed");
    Ok(())
}
