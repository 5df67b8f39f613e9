//! What an operator does to a cluster, by the program's own commands.

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::cluster::{Cluster, PATIENCE, SECRET};

const PAUSE: Duration = Duration::from_millis(200);

/// A backup, and when it was asked for.
#[derive(Clone, Debug)]
pub struct TakenBackup {
    /// The file.
    pub file: PathBuf,
    /// The greatest index that a client had been told of by then.
    pub told: u64,
}

impl Cluster {
    /// Runs one of the program's commands to its end.
    ///
    /// # Errors
    /// When it can't be started.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = Command::new(self.binary());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BOXOFFICE_") {
                command.env_remove(name);
            }
        }
        command.args(arguments).env("BOXOFFICE_CLUSTER_SECRET", SECRET).stdin(Stdio::null());
        Ok(command.kill_on_drop(true).output().await?)
    }

    /// What the leader says of the cluster, asked by way of a replica; or that replica, if nobody leads.
    ///
    /// # Errors
    /// When it says nothing.
    pub async fn status(&self, number: usize) -> anyhow::Result<Value> {
        let peer = self.peer(number).to_string();
        let output = self.run(&["cluster", "status", "--json", "--peer", &peer]).await?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "replica {number} does not say how the cluster is: {said}");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// A replica's node id.
    ///
    /// # Errors
    /// When it is no member, or nobody says so.
    pub async fn id(&self, number: usize) -> anyhow::Result<u64> {
        self.id_in(&self.status(number).await?, number)
            .with_context(|| format!("replica {number} is no member"))
    }

    /// Who was at the same address before, on a disk that is gone, has a lesser id.
    fn id_in(&self, status: &Value, number: usize) -> Option<u64> {
        let address = self.advertised(number).to_string();
        let replicas = status["replicas"].as_array()?.iter();
        replicas
            .filter(|replica| replica["address"] == address.as_str())
            .filter_map(|it| it["id"].as_u64())
            .max()
    }

    /// Gives an order, `promote 3` for example, to a replica, and again as long as it is refused: others may just be
    /// coming back.
    ///
    /// # Errors
    /// When it is refused for too long.
    pub async fn order(&self, number: usize, what: &[&str]) -> anyhow::Result<()> {
        let (peer, deadline) = (self.peer(number).to_string(), Instant::now() + PATIENCE);
        loop {
            let output = self.run(&[&["cluster"], what, &["--peer", &peer]].concat()).await?;
            if output.status.success() {
                return Ok(());
            }
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            ensure!(Instant::now() < deadline, "{what:?} is refused by replica {number}: {said}");
            sleep(PAUSE).await;
        }
    }

    /// Removes a replica, which then ends by itself.
    ///
    /// # Errors
    /// When it is not removed, or goes on.
    pub async fn remove(&mut self, number: usize, by: usize) -> anyhow::Result<()> {
        let id = self.id(number).await?.to_string();
        self.order(by, &["remove", &id]).await?;
        let status = self.ended(number).await.context("it was removed, and goes on")?;
        ensure!(!status.success(), "replica {number} was removed and ended with success");
        let log = self.log_tail(number);
        ensure!(log.contains("wipe its data directory"), "replica {number} does not say what to do: {log}");
        Ok(())
    }

    /// Waits until those that vote are the replicas of the primary region as they are now.
    ///
    /// # Errors
    /// When that takes too long, or one of them does not answer.
    pub async fn until_voting(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.voters_and_wanted().await;
            if found.as_ref().is_ok_and(|(voters, wanted)| voters == wanted) {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "not all that may vote do so: {found:?}");
            sleep(PAUSE).await;
        }
    }

    async fn voters_and_wanted(&self) -> anyhow::Result<(Vec<u64>, Vec<u64>)> {
        let status = self.status(self.leader().await?).await?;
        let replicas = status["replicas"].as_array().context("a list")?;
        let voters = replicas.iter().filter(|replica| replica["role"] == "voter");
        let mut voters: Vec<u64> = voters.filter_map(|replica| replica["id"].as_u64()).collect();
        let ids = (0..self.voters()).map(|number| self.id_in(&status, number));
        let mut wanted = ids.collect::<Option<Vec<u64>>>().context("not all are members")?;
        voters.sort_unstable();
        wanted.sort_unstable();
        Ok((voters, wanted))
    }

    /// Has a replica back its state up, and verifies the file. The checker compares it with the log. `told` is the
    /// greatest index that a client had been told of before.
    ///
    /// # Errors
    /// When there is no backup, or it is not whole.
    pub async fn back_up(&mut self, number: usize, told: u64) -> anyhow::Result<PathBuf> {
        let file = self.root.join(format!("backup-{}", self.backups.len()));
        let (peer, path) = (self.peer(number).to_string(), file.display().to_string());
        for arguments in [&["backup", "--peer", &peer, "--out", &path][..], &["verify", &path]] {
            let output = self.run(arguments).await?;
            if !output.status.success() {
                bail!("{arguments:?} fails: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
        self.backups.push(TakenBackup { file: file.clone(), told });
        Ok(file)
    }
}
