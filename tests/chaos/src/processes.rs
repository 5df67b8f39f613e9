//! Replicas end, by force or in order, stand still, and lose their disks.

use std::process::{Child, ExitStatus};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

use crate::cluster::{Cluster, PATIENCE, PLACES};

impl Cluster {
    /// Whether a replica's process was started and neither ended by us nor by itself.
    pub fn runs(&mut self, number: usize) -> bool {
        let child = self.replicas[number].child.as_mut();
        child.is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Ends a replica as `kill -9` does.
    ///
    /// # Errors
    /// When the process can't be killed.
    pub fn kill(&mut self, number: usize) -> anyhow::Result<()> {
        self.replicas[number].is_paused = false;
        if let Some(mut child) = self.replicas[number].child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Ends all of them so, at the same moment as nearly as can be.
    ///
    /// # Errors
    /// When a process can't be killed.
    pub fn kill_all(&mut self) -> anyhow::Result<()> {
        for replica in &mut self.replicas {
            if let Some(child) = &mut replica.child {
                child.kill()?;
            }
        }
        (0..self.count()).try_for_each(|number| self.kill(number))
    }

    fn signal(&self, number: usize, signal: Signal) -> anyhow::Result<()> {
        let child = self.replicas[number].child.as_ref().context("it does not run")?;
        Ok(kill_process(Pid::from_child(child), signal)?)
    }

    /// Stops a replica's process where it is, until it is resumed.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pause(&mut self, number: usize) -> anyhow::Result<()> {
        self.signal(number, Signal::STOP)?;
        self.replicas[number].is_paused = true;
        Ok(())
    }

    /// Lets a paused replica go on.
    ///
    /// # Errors
    /// When it does not run.
    pub fn resume(&mut self, number: usize) -> anyhow::Result<()> {
        self.replicas[number].is_paused = false;
        self.signal(number, Signal::CONT)
    }

    /// Stops a replica in order, by SIGTERM, and waits for its end.
    ///
    /// # Errors
    /// When it does not run, does not end in time, or ends with an error.
    pub async fn terminate(&mut self, number: usize) -> anyhow::Result<()> {
        self.signal(number, Signal::TERM)?;
        let status = self.ended(number).await?;
        ensure!(status.success(), "replica {number} ended with {status}; its log: {}", self.log_tail(number));
        Ok(())
    }

    /// Stops all that run in order, at once.
    ///
    /// # Errors
    /// When one does not end in time, or ends with an error.
    pub async fn terminate_all(&mut self) -> anyhow::Result<()> {
        let running: Vec<usize> = (0..self.count()).filter(|number| self.runs(*number)).collect();
        for number in &running {
            self.signal(*number, Signal::TERM)?;
        }
        for number in running {
            let status = self.ended(number).await?;
            ensure!(
                status.success(),
                "replica {number} ended with {status}; its log: {}",
                self.log_tail(number)
            );
        }
        Ok(())
    }

    /// The id of a replica's process.
    #[must_use]
    pub fn pid(&self, number: usize) -> Option<u32> {
        self.replicas[number].child.as_ref().map(Child::id)
    }

    /// Waits until a replica's process ends by itself.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn ended(&mut self, number: usize) -> anyhow::Result<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        let mut child = self.replicas[number].child.take().context("it does not run")?;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                child.kill()?;
                child.wait()?;
                bail!("replica {number} did not end within {PATIENCE:?}; its log: {}", self.log_tail(number));
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Gives a replica that does not run an empty disk. The old one is kept for the checker.
    ///
    /// # Errors
    /// When it runs.
    pub fn wipe(&mut self, number: usize) -> anyhow::Result<()> {
        ensure!(!self.runs(number), "replica {number} runs");
        self.replicas[number].disk += 1;
        Ok(())
    }

    /// Moves a replica that does not run to its other peer address, which the others know as one of many.
    ///
    /// # Errors
    /// When it runs.
    pub fn move_elsewhere(&mut self, number: usize) -> anyhow::Result<()> {
        ensure!(!self.runs(number), "replica {number} runs");
        self.replicas[number].place = (self.replicas[number].place + 1) % PLACES;
        Ok(())
    }

    /// The end of a replica's log file.
    #[must_use]
    pub fn log_tail(&self, number: usize) -> String {
        let log = std::fs::read_to_string(self.log_file(number)).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}
