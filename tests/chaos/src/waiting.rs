//! Waiting for what a cluster comes to.

use std::time::Duration;

use anyhow::ensure;
use tokio::time::{Instant, sleep};

use crate::cluster::{Cluster, PATIENCE};

impl Cluster {
    /// Makes all whole: links, paused processes, and ended ones. Waits until each has all that was acknowledged.
    ///
    /// # Errors
    /// When one does not in time.
    pub async fn heal(&mut self) -> anyhow::Result<()> {
        self.links.heal();
        for number in 0..self.count() {
            if self.replicas[number].is_paused {
                self.resume(number)?;
            }
            if !self.runs(number) {
                self.kill(number)?;
                self.start(number)?;
            }
        }
        self.until_all_ready().await?;
        for number in 0..self.count() {
            self.until_newest(number).await?;
        }
        Ok(())
    }

    /// Waits until a replica answers a strong read.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn until_newest(&self, number: usize) -> anyhow::Result<()> {
        let (url, deadline) = (format!("{}/api/tickets", self.base(number)), Instant::now() + PATIENCE);
        loop {
            let call = self.http.get(&url).header("consistency", "strong").timeout(Duration::from_secs(5));
            if call.send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            ensure!(
                Instant::now() < deadline,
                "replica {number} is behind; its log: {}",
                self.log_tail(number)
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a replica serves.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn until_ready(&mut self, number: usize) -> anyhow::Result<()> {
        let (url, deadline) = (format!("{}/readyz", self.base(number)), Instant::now() + PATIENCE);
        loop {
            if self.get(&url).await.is_some() {
                return Ok(());
            }
            ensure!(self.runs(number), "replica {number} has ended; its log: {}", self.log_tail(number));
            ensure!(
                Instant::now() < deadline,
                "replica {number} is not ready; its log: {}",
                self.log_tail(number)
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until all serve.
    ///
    /// # Errors
    /// When one does not in time.
    pub async fn until_all_ready(&mut self) -> anyhow::Result<()> {
        for number in 0..self.count() {
            self.until_ready(number).await?;
        }
        Ok(())
    }

    async fn get(&self, url: &str) -> Option<String> {
        let answer = self.http.get(url).timeout(Duration::from_secs(2)).send().await.ok()?;
        answer.error_for_status().ok()?.text().await.ok()
    }

    /// The replicas that say they lead.
    pub async fn leaders(&self) -> Vec<usize> {
        let mut leaders = Vec::new();
        let running = (0..self.count())
            .filter(|number| self.replicas[*number].child.is_some() && !self.replicas[*number].is_paused);
        for number in running {
            let metrics = self.get(&format!("{}/metrics", self.base(number))).await.unwrap_or_default();
            if metrics.lines().any(|line| line == "boxoffice_is_leader 1") {
                leaders.push(number);
            }
        }
        leaders
    }

    /// Waits until one says that it leads, `except` left out, and returns the last one that does.
    ///
    /// # Errors
    /// When none does in time.
    pub async fn leader_except(&self, except: &[usize]) -> anyhow::Result<usize> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(leader) = self.leaders().await.into_iter().rfind(|leader| !except.contains(leader)) {
                return Ok(leader);
            }
            ensure!(
                Instant::now() < deadline,
                "nobody leads after {PATIENCE:?}; files: {}",
                self.root.display()
            );
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until one says that it leads.
    ///
    /// # Errors
    /// When none does in time.
    pub async fn leader(&self) -> anyhow::Result<usize> {
        self.leader_except(&[]).await
    }
}
